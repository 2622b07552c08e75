"""An ESME on raw bytes, for tests that break off in the middle."""

from __future__ import annotations

import socket
import struct

from gateway.smpp import codec, pdu
from gateway.smpp.codes import CommandStatus


class RawEsme:
    """A blocking client on raw bytes, so that nothing between it and the wire is clever."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=10)
        self.buffer = b""

    def send(self, *pdus: pdu.Pdu) -> None:
        self.socket.sendall(b"".join(codec.encode(one) for one in pdus))

    def receive(self) -> pdu.Pdu:
        """Read one PDU; raises OSError or EOFError when the connection is gone."""
        while True:
            if len(self.buffer) >= 4:
                length = struct.unpack(">I", self.buffer[:4])[0]
                if len(self.buffer) >= length:
                    frame, self.buffer = self.buffer[:length], self.buffer[length:]
                    decoded = codec.decode(frame)
                    assert not hasattr(decoded, "rule"), decoded
                    return decoded  # type: ignore[return-value]
            data = self.socket.recv(65536)
            if not data:
                raise EOFError
            self.buffer += data

    def bind(self) -> None:
        self.send(pdu.BindTransceiver(sequence_number=1, system_id="qa", password="qa"))
        response = self.receive()
        assert isinstance(response, pdu.BindTransceiverResp)
        assert response.command_status == CommandStatus.ESME_ROK


def submit(number: int) -> pdu.SubmitSm:
    return pdu.SubmitSm(
        sequence_number=10 + number,
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr=f"62812{number:07d}",
        destination_addr="4444",
        short_message=f"REG 320101{number:010d}#3201060401130027#".encode(),
    )
