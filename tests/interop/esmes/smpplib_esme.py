"""smpplib (PyPI): blocks; splits with its own `gsm.make_parts`."""

from __future__ import annotations

import json
import os
import select
import ssl
import sys
from typing import Any

import smpplib.client
import smpplib.consts
import smpplib.gsm

from tests.interop.esmes.lines import delivered, tell

TLVS = (
    "receipted_message_id",
    "message_state",
    "message_payload",
    "sar_msg_ref_num",
    "sar_total_segments",
    "sar_segment_seqnum",
)


class Esme:
    def __init__(self) -> None:
        self.client: Any = None
        self.responses: list[Any] = []

    def run(self) -> None:
        rest = b""
        while True:
            sources = [sys.stdin.fileno()]
            if self.client is not None:
                sources.append(self.client._socket)
            ready, _, _ = select.select(sources, [], [])
            if self.client is not None and self.client._socket in ready:
                self._read()
            if sys.stdin.fileno() in ready:
                data = os.read(sys.stdin.fileno(), 65536)
                if not data:
                    return
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    order = json.loads(line)
                    getattr(self, order.pop("do"))(**order)

    def _read(self) -> None:
        """Read a PDU, and what TLS has unpacked already, which select does not see."""
        self.client.read_once(auto_send_enquire_link=False)
        while isinstance(self.client._socket, ssl.SSLSocket) and self.client._socket.pending():
            self.client.read_once(auto_send_enquire_link=False)

    def bind(self, mode: str, port: int, tls: bool, system_id: str, password: str) -> None:
        context = ssl.create_default_context() if tls else None
        if context is not None:
            # smpplib tells no name that could be compared.
            context.check_hostname = False
        client = smpplib.client.Client(
            "127.0.0.1", port, timeout=15, allow_unknown_opt_params=True, ssl_context=context
        )
        client.set_message_received_handler(self._received)
        client.set_message_sent_handler(lambda pdu: self.responses.append(pdu))
        client.set_query_resp_handler(lambda pdu: self.responses.append(pdu))
        client.set_error_pdu_handler(self._failed)
        client.connect()
        try:
            response = getattr(client, f"bind_{mode}")(system_id=system_id, password=password)
        except smpplib.exceptions.PDUError as error:
            client.disconnect()
            tell(answer="bind", command_status=error.args[1])
            return
        self.client = client
        tell(answer="bind", command_status=response.status, system_id=_text(response.system_id))

    def _failed(self, pdu: Any) -> None:
        # An error response comes here first, and then where its command's responses go.
        if pdu.command == "generic_nack":
            self.responses.append(pdu)

    def _wait(self, count: int) -> list[Any]:
        while len(self.responses) < count:
            self._read()
        got, self.responses = self.responses, []
        return got

    def submit(
        self,
        source: list[Any],
        destination: list[Any],
        text: str,
        registered_delivery: int,
        parts: str,
        schedule: str,
    ) -> None:
        segments, data_coding, esm_class = smpplib.gsm.make_parts(text, use_udhi=parts == "udh")
        for number, segment in enumerate(segments, start=1):
            sar = (
                {
                    "sar_msg_ref_num": 7,
                    "sar_total_segments": len(segments),
                    "sar_segment_seqnum": number,
                }
                if parts == "sar" and len(segments) > 1
                else {}
            )
            self.client.send_message(
                **_address("source_addr", "source_addr", source),
                **_address("dest_addr", "destination_addr", destination),
                short_message=segment,
                data_coding=data_coding,
                esm_class=esm_class,
                registered_delivery=registered_delivery,
                schedule_delivery_time=schedule,
                **sar,
            )
        got = self._wait(len(segments))
        tell(answer="submit", responses=[_response(one) for one in got])

    def query_sm(self, message_id: str, source: list[Any]) -> None:
        self.client.query_message(
            message_id=message_id, **_address("source_addr", "source_addr", source)
        )
        (got,) = self._wait(1)
        tell(
            answer="query_sm",
            command_status=got.status,
            message_id=_text(getattr(got, "message_id", None)),
            message_state=getattr(got, "message_state", None),
            final_date=_text(getattr(got, "final_date", None)),
        )

    def unbind(self) -> None:
        response = self.client.unbind()
        self.client.disconnect()
        self.client = None
        tell(answer="unbind", command_status=response.status)

    def _received(self, pdu: Any) -> None:
        tlvs = {
            name: value.hex() if isinstance(value, bytes) else value
            for name in TLVS
            if (value := getattr(pdu, name, None)) is not None
        }
        delivered(
            pdu.command,
            _text(pdu.source_addr),
            _text(pdu.destination_addr),
            pdu.esm_class,
            pdu.data_coding,
            octets=(pdu.short_message or b"").hex(),
            tlvs=tlvs,
        )


def _address(prefix: str, digits: str, address: list[Any]) -> dict[str, Any]:
    return {f"{prefix}_ton": address[0], f"{prefix}_npi": address[1], digits: address[2]}


def _response(pdu: Any) -> dict[str, Any]:
    message_id = _text(getattr(pdu, "message_id", None))
    return {"command_status": pdu.status, "message_id": message_id}


def _text(octets: Any) -> str:
    return (octets or b"").decode("ascii").rstrip("\0")


if __name__ == "__main__":
    Esme().run()
