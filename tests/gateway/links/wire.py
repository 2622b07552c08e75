"""One connection without a socket: a transport that shows what is done to it."""

from __future__ import annotations

import asyncio

from gateway.config import SmppConfig
from gateway.links.smpp_exchange import Exchange
from gateway.links.smpp_peer import SmppPeer
from tests.gateway.links.esme import (
    BIND_TRX,
    Running,
    bind_body,
    pdu,
)


class Wire(asyncio.Transport):
    """A transport that keeps what is written, write by write."""

    def __init__(self, peername: tuple[str, int] | None = ("127.0.0.1", 40000)) -> None:
        super().__init__({"peername": peername})
        self.writes: list[bytes] = []
        self.reading = True
        self.pauses = self.resumes = 0
        self.closing = False
        self.aborted = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return sum(map(len, self.writes))

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        assert high

    def pause_reading(self) -> None:
        assert self.reading
        self.reading = False
        self.pauses += 1

    def resume_reading(self) -> None:
        assert not self.reading
        self.reading = True
        self.resumes += 1

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = self.aborted = True


class Line:
    """A peer on a wire, with everything behind it."""

    def __init__(self, **settings: object) -> None:
        config = SmppConfig(**settings)  # type: ignore[arg-type]
        self.parts = Running(config, None)
        self.exchange = Exchange(
            config, "4444", self.parts.flow, self.parts.courier, self.parts.clock
        )
        self.gone: list[SmppPeer] = []
        self.wire = Wire()
        self.peer = SmppPeer(self.exchange, self.gone.append)
        self.peer.connection_made(self.wire)

    async def say(self, *pdus: bytes) -> bytes:
        """Give the peer one read; gives what it writes in the next turns."""
        before = len(self.wire.writes)
        self.peer.data_received(b"".join(pdus))
        await turns()
        return b"".join(self.wire.writes[before:])

    async def bind(self, system_id: str = "qa") -> None:
        answer = await self.say(pdu(BIND_TRX, 1, bind_body(system_id, system_id)))
        assert answer[8:12] == bytes(4)

    async def decide(self) -> None:
        """Let the flow decide all that waits."""
        self.parts.flow.drain()
        await self.parts.flow.run()
        await turns()


async def turns() -> None:
    for _ in range(3):
        await asyncio.sleep(0)
