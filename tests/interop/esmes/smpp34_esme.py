"""smpp34 (PyPI): Rust underneath; takes and gives octets."""

from __future__ import annotations

import asyncio
from typing import Any

import smpp34
from smpplib import gsm

from tests.interop.esmes.lines import delivered, orders, tell

MODES = {"transmitter": "TX", "receiver": "RX", "transceiver": "TRX"}
# SMPP 3.4 section 5.3.2
SAR_MSG_REF_NUM, SAR_TOTAL_SEGMENTS, SAR_SEGMENT_SEQNUM = 0x020C, 0x020E, 0x020F
MESSAGE_PAYLOAD = 0x0424
NAMES = {
    0x001E: "receipted_message_id",
    0x0427: "message_state",
    SAR_MSG_REF_NUM: "sar_msg_ref_num",
    SAR_TOTAL_SEGMENTS: "sar_total_segments",
    SAR_SEGMENT_SEQNUM: "sar_segment_seqnum",
    MESSAGE_PAYLOAD: "message_payload",
}


class Driven:
    def __init__(self) -> None:
        self.smsc: Any = None
        self.listening: asyncio.Task[None] | None = None

    async def bind(self, mode: str, port: int, tls: bool, system_id: str, password: str) -> None:
        client = smpp34.Client(
            "127.0.0.1", port, system_id, password, bind_type=MODES[mode], tls=tls
        )
        self.smsc = await client.connect()
        self.listening = asyncio.create_task(self._listen())
        tell(answer="bind", command_status=0)

    async def _listen(self) -> None:
        while isinstance(event := await self.smsc.next(), smpp34.DeliverSmEvent):
            delivered(
                "deliver_sm",
                event.source_addr,
                event.destination_addr,
                event.esm_class,
                event.data_coding,
                octets=event.short_message.hex(),
                tlvs={NAMES.get(tlv.tag, str(tlv.tag)): tlv.value.hex() for tlv in event.tlvs},
            )

    async def submit(
        self,
        source: list[Any],
        destination: list[Any],
        text: str,
        registered_delivery: int,
        parts: str,
        schedule: str,
    ) -> None:
        segments, data_coding, esm_class = gsm.make_parts(text, use_udhi=parts == "udh")
        tlvs: list[Any] = []
        if parts == "payload":
            whole = gsm.ENCODINGS[data_coding][0](text)
            segments, tlvs = [b""], [smpp34.Tlv(MESSAGE_PAYLOAD, whole)]
        responses = []
        for number, segment in enumerate(segments, start=1):
            response = await self.smsc.submit_sm(
                destination[2],
                segment,
                source_addr=source[2],
                source_addr_ton=source[0],
                source_addr_npi=source[1],
                dest_addr_ton=destination[0],
                dest_addr_npi=destination[1],
                esm_class=esm_class,
                data_coding=data_coding,
                registered_delivery=registered_delivery,
                schedule_delivery_time=schedule,
                tlvs=tlvs or (_sar(number, len(segments)) if parts == "sar" else []),
            )
            responses.append(
                {"command_status": response.command_status, "message_id": response.message_id}
            )
        tell(answer="submit", responses=responses)

    async def unbind(self) -> None:
        await self.smsc.unbind()
        assert self.listening is not None
        await self.listening
        tell(answer="unbind", command_status=0)


def _sar(number: int, total: int) -> list[Any]:
    return [
        smpp34.Tlv(SAR_MSG_REF_NUM, (300).to_bytes(2, "big")),
        smpp34.Tlv(SAR_TOTAL_SEGMENTS, bytes([total])),
        smpp34.Tlv(SAR_SEGMENT_SEQNUM, bytes([number])),
    ]


async def main() -> None:
    driven = Driven()
    async for order in orders():
        await getattr(driven, order.pop("do"))(**order)


if __name__ == "__main__":
    asyncio.run(main())
