"""One connection without a socket: a transport that shows what is done to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context

import pytest

from gateway.config import SmppConfig
from gateway.links import smpp_alarm, smpp_exchange, smpp_peer, smpp_pipe, smpp_tap, smpp_watch
from gateway.links.smpp_exchange import Common, Exchange
from gateway.links.smpp_peer import SmppPeer
from gateway.links.smpp_tap import Tap
from gateway.links.smpp_watch import Watching
from tests.gateway.links.esme import (
    BIND_TRX,
    Running,
    bind_body,
    pdu,
)
from tests.turns import turn


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

    def __init__(self, *, watched: bool = False, **settings: object) -> None:
        """`watched` is whether `watching` watches it."""
        config = SmppConfig(**settings)  # type: ignore[arg-type]
        self.parts = Running(config, None)
        accounts = {account.system_id: account for account in config.accounts}
        self.watching = Watching(accounts, self.parts.clock, [config.pcap])
        self.exchange = Exchange(
            config,
            "4444",
            self.parts.flow,
            self.parts.courier,
            self.parts.clock,
            Common((config,), self.watching if watched else None),
        )
        self.met: list[SmppPeer] = []
        self.gone: list[SmppPeer] = []
        self.connect()

    def connect(self) -> None:
        """Let an ESME connect."""
        self.wire = Wire()
        self.peer = SmppPeer(self.exchange, self.met.append, self.gone.append)
        self.peer.connection_made(self.wire)

    @property
    def tap(self) -> Tap:
        """What watches the connection."""
        tap = self.peer._pipe.tap
        assert tap is not None
        return tap

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


class Steady:
    """The steady time of deadlines, moved by the test: timers ring when it passes them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make it the time of peers and alarms that are made from now on in this loop."""
        self.now = 0.0
        self._loop = asyncio.get_running_loop()
        self._set: list[tuple[asyncio.TimerHandle, Callable[[], object]]] = []
        for module in (smpp_alarm, smpp_exchange, smpp_peer, smpp_pipe, smpp_tap, smpp_watch):
            monkeypatch.setattr(module, "monotonic", lambda: self.now)
        monkeypatch.setattr(self._loop, "call_later", self._call_later)

    async def passes(self, seconds: float) -> None:
        """Let so much time pass; all that falls due rings in order, at its own time."""
        end = self.now + seconds
        while due := [one for one in self._waiting() if one[0].when() <= end]:
            first = min(due, key=lambda one: one[0].when())
            self._set.remove(first)
            self.now = max(self.now, first[0].when())
            first[1]()
            await turns()
        self.now = end

    def _waiting(self) -> list[tuple[asyncio.TimerHandle, Callable[[], object]]]:
        return [one for one in self._set if not one[0].cancelled()]

    def _call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: object,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        when = self.now + delay
        handle = asyncio.TimerHandle(when, callback, args, self._loop, context)
        self._set.append((handle, lambda: callback(*args)))
        return handle


async def turns() -> None:
    for _ in range(3):
        await turn()
