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

from gateway.air.packets import Will
from gateway.air.session import Manner, Session
from handsets.broker import Broker, tls_to
from handsets.mqtt.wheel import Wheel
from handsets.mqtt.wire import FAREWELL_S, Listener, Wire

# Seconds between looks at what is due.
_SLOT_S = 0.1
# Connections that are dialled at one time: a broker's backlog is short.
_DIALLED_AT_ONCE = 64
_LEAVING_AT_ONCE = 100


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
        self._settling: dict[Wire, asyncio.Future[None]] = {}
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

    def settled(self, wire: Wire) -> None:
        """Note that a connection is up, or has ended: another may be dialled."""
        future = self._settling.pop(wire, None)
        if future is not None and not future.done():
            future.set_result(None)

    def ended(self, wire: Wire) -> None:
        """Note that a connection is over."""
        self._open.discard(wire)
        self.settled(wire)
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
            settled = self._settling[wire] = self._loop.create_future()
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
            else:
                # Not earlier: a connection that the broker has not accepted yet looks the same,
                # and it accepts a few hundred a second. The wire's own deadlines end it.
                await settled

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
            async with asyncio.timeout(2 * FAREWELL_S):
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
    try:
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
    except BaseExceptionGroup as group:
        # What the caller raised is the caller's, not one of a group.
        raise (group.exceptions[0] if len(group.exceptions) == 1 else group) from None
