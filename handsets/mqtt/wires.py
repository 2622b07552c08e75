"""MQTT connections by the ten thousand: a few tasks dial them, one timer keeps them alive.

What is sent within one turn of the event loop goes out as one write per connection. A lost
connection is dialled again after a pause that doubles, with jitter.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from random import Random
from typing import Protocol, cast

from handsets.broker import Broker, tls_to
from handsets.mqtt.packets import FramingLost, Publish, Will
from handsets.mqtt.session import Manner, Refused, Session, State
from handsets.mqtt.wheel import Wheel

# Seconds between looks at what is due, and the pauses before a lost connection is dialled again.
_SLOT_S = 0.1
_PAUSE_FIRST_S = 0.5
_PAUSE_MOST_S = 30.0
# Connections that are dialled at one time: a broker's backlog is short.
_DIALLED_AT_ONCE = 64
# Seconds that the broker has to end a connection after the goodbye.
_FAREWELL_S = 2.0
_LEAVING_AT_ONCE = 100


class Listener(Protocol):
    """Whom a wire tells what happens to it."""

    def heard(self, message: Publish) -> None:
        """A message came."""
        ...

    def wire_up(self) -> None:
        """The broker has taken the connection and the subscriptions."""
        ...

    def wire_down(self, why: str) -> None:
        """The connection is lost, or could not be made; it is dialled again."""
        ...


class Wire(asyncio.Protocol):
    """One connection to the broker, over all its reconnections; made by `Wires.wire`."""

    __slots__ = ("_failures", "_listener", "_transport", "_why", "_wires", "session", "wanted")

    def __init__(self, wires: Wires, session: Session, listener: Listener) -> None:
        self.session = session
        # Whether it is to be connected.
        self.wanted = False
        self._wires = wires
        self._listener = listener
        self._transport: asyncio.Transport | None = None
        self._failures = 0
        self._why = ""

    @property
    def up(self) -> bool:
        """Whether it carries messages now."""
        return self.session.state is State.UP

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bool:
        """Send a message at the end of this turn; whether it could be taken (Session.publish)."""
        taken = self.session.publish(topic, payload, qos=qos, retain=retain)
        if taken:
            self._wires.flush_soon(self)
        return taken

    def subscribe(self, filters: Iterable[str]) -> None:
        """Subscribe to more."""
        self.session.subscribe(filters, self._wires.now())
        self._wires.flush_soon(self)

    def unsubscribe(self, filters: Iterable[str]) -> None:
        """Hear these no more."""
        self.session.unsubscribe(filters)
        self._wires.flush_soon(self)

    def hang_up(self) -> None:
        """Say goodbye and dial no more, until `dial`; the broker ends the connection."""
        if not self.wanted:
            return
        self.wanted = False
        if self._transport is not None:
            self.session.leave()
            self.flush()
            self._wires.at(self._wires.now() + _FAREWELL_S, self._abandon)

    def dial(self) -> None:
        """Connect (again), as soon as it is this one's turn."""
        if self.wanted and self._transport is not None:
            return
        self.wanted = True
        if self._transport is None:
            self._wires.dial_soon(self)

    def flush(self) -> None:
        """Write what waits."""
        octets = self.session.outgoing(self._wires.now())
        if octets and self._transport is not None:
            self._transport.write(octets)

    def tick(self) -> None:
        """Do what is due; called by the one timer."""
        if self._transport is None:
            if self.wanted:
                self._wires.dial_soon(self)
            return
        try:
            self.session.tick(self._wires.now())
        except TimeoutError as trouble:
            self._break(str(trouble))
            return
        self.flush()
        self._wires.put(self, self.session.next_due())

    def failed(self, why: str) -> None:
        """Dialling did not work: wait, then try again."""
        pause = min(_PAUSE_MOST_S, _PAUSE_FIRST_S * 2 ** min(self._failures, 10))
        self._failures += 1
        self._listener.wire_down(why)
        if self.wanted:
            self._wires.put(self, self._wires.now() + pause * self._wires.jitter())

    # ---- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Introduce the client."""
        self._transport = cast(asyncio.Transport, transport)
        if not self.wanted:
            self._transport.abort()
            return
        self.session.opened(self._wires.now())
        self.flush()
        self._wires.put(self, self.session.next_due())

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        session, was_up = self.session, self.up
        try:
            messages = session.received(data, self._wires.now())
        except (FramingLost, Refused) as trouble:
            self._break(str(trouble))
            return
        if self.up and not was_up:
            self._failures = 0
            self._listener.wire_up()
        for message in messages:
            self._listener.heard(message)
        if session.waiting:
            self._wires.flush_soon(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note it, and dial again after a pause."""
        self._transport = None
        self.session.lost()
        self._wires.ended(self)
        why, self._why = self._why or str(exc or "the broker ended the connection"), ""
        if self.wanted:
            self.failed(why)

    def _abandon(self) -> None:
        if not self.wanted and self._transport is not None:
            self._transport.abort()

    def _break(self, why: str) -> None:
        self._why = why
        if self._transport is not None:
            self._transport.abort()


class Wires:
    """All connections of this process to one broker; made by `wires_to`."""

    def __init__(
        self, broker: Broker, manner: Manner, chance: Random, tls: ssl.SSLContext | None
    ) -> None:
        self._broker = broker
        self._manner = manner
        self._chance = chance
        self._tls = tls
        self._loop = asyncio.get_running_loop()
        self._wheel: Wheel[Callable[[], None]] = Wheel(_SLOT_S)
        self._to_dial: deque[Wire] = deque()
        self._someone = asyncio.Event()
        self._unflushed: list[Wire] = []
        self._wires: set[Wire] = set()
        self._open: set[Wire] = set()
        self._one_ended = asyncio.Event()
        self._turning: asyncio.TimerHandle | None = None

    def wire(
        self, client_id: str, filters: Iterable[str], will: Will | None, listener: Listener
    ) -> Wire:
        """Give a new connection; it is made when `dial` is called."""
        wire = Wire(self, Session(client_id, filters, will, self._manner), listener)
        self._wires.add(wire)
        return wire

    def forget(self, wire: Wire) -> None:
        """End a connection for good."""
        wire.hang_up()
        self._wires.discard(wire)

    def at(self, when: float, do: Callable[[], None]) -> None:
        """Call at this steady time, up to a tenth of a second later; it cannot be taken back."""
        self._wheel.put(do, when)

    def now(self) -> float:
        """Give the steady seconds of the event loop."""
        return self._loop.time()

    def jitter(self) -> float:
        """Draw a factor from 0.5 to 1.5."""
        return 0.5 + self._chance.random()

    # ---- for the wires

    def put(self, wire: Wire, at: float) -> None:
        """Have a wire's `tick` called."""
        self._wheel.put(wire.tick, at)

    def flush_soon(self, wire: Wire) -> None:
        """Write what a wire has when this turn of the event loop is over."""
        if not self._unflushed:
            self._loop.call_soon(self._flush)
        self._unflushed.append(wire)

    def dial_soon(self, wire: Wire) -> None:
        """Queue a wire to be dialled."""
        self._to_dial.append(wire)
        self._someone.set()

    def ended(self, wire: Wire) -> None:
        """Note that a connection is over."""
        self._open.discard(wire)
        self._one_ended.set()

    # ---- running

    async def dial(self) -> None:
        """Dial one connection after the other, until cancelled; several do."""
        while True:
            while not self._to_dial:
                self._someone.clear()
                await self._someone.wait()
            wire = self._to_dial.popleft()
            if not wire.wanted or wire in self._open:
                continue
            self._open.add(wire)
            try:
                async with asyncio.timeout(self._manner.patience):
                    await self._loop.create_connection(
                        lambda wire=wire: wire,
                        self._broker.host,
                        self._broker.port,
                        ssl=self._tls,
                    )
            except (OSError, UnicodeError, TimeoutError) as trouble:
                self.ended(wire)
                wire.failed(self._told(trouble))

    def turn(self) -> None:
        """Do what is due, now and a tenth of a second later."""
        for do in self._wheel.due(self.now()):
            do()
        self._turning = self._loop.call_later(_SLOT_S, self.turn)

    async def close(self) -> None:
        """End all connections, each with a goodbye, a hundred at a time.

        rumqttd, the embedded broker, locks up for good when a thousand leave at once.
        """
        leaving = list(self._open)
        for start in range(0, len(leaving), _LEAVING_AT_ONCE):
            some = leaving[start : start + _LEAVING_AT_ONCE]
            for wire in some:
                wire.hang_up()
            await self.gone(some)
        if self._turning is not None:
            self._turning.cancel()

    async def gone(self, wires: Iterable[Wire]) -> None:
        """Wait until these connections have ended; a moment longer than one may take to."""
        try:
            async with asyncio.timeout(2 * _FAREWELL_S):
                while not self._open.isdisjoint(wires):
                    self._one_ended.clear()
                    await self._one_ended.wait()
        except TimeoutError:
            return

    def _flush(self) -> None:
        wires, self._unflushed = self._unflushed, []
        for wire in wires:
            wire.flush()

    def _told(self, trouble: Exception) -> str:
        if isinstance(trouble, TimeoutError):
            return f"no connection to {self._broker} within {self._manner.patience:g} s"
        if isinstance(trouble, ssl.SSLError):
            return f"{self._broker}: TLS fails ({trouble.reason or trouble})"
        why = getattr(trouble, "strerror", "") or str(trouble)
        return f"{self._broker}: {why.splitlines()[0] if why else type(trouble).__name__}"


@asynccontextmanager
async def wires_to(broker: Broker, manner: Manner, chance: Random) -> AsyncIterator[Wires]:
    """Hold connections to a broker; user and password are `manner`'s. Raises BadCertificates."""
    wires = Wires(broker, manner, chance, tls_to(broker))
    async with asyncio.TaskGroup() as tasks:
        dialling = [
            tasks.create_task(wires.dial(), name="mqtt: dial") for _ in range(_DIALLED_AT_ONCE)
        ]
        wires.turn()
        try:
            yield wires
        finally:
            for task in dialling:
                task.cancel()
            await wires.close()
