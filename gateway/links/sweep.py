"""The sweep: bars the numbers whose stage is due in bulk, at a rate, beside everything else.

domain.md 3.3, roll-out lag: an operator's machines cannot bar all numbers in one night. What is
barred is in the journal, so that after a crash the sweep goes on where it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from msgspec import Struct

from gateway.clock import Clock, monotonic
from gateway.core.decision import Decision, Denied
from gateway.core.events import StageDue
from gateway.flow import Flow
from gateway.store.protocol import Store

log = structlog.get_logger()

# Real seconds between looks at the calendar while nothing is due, and while the sweep runs.
_IDLE_S = 0.2
_TICK_S = 0.02
# Numbers of one batch: others wait for no more than these.
_AT_ONCE = 200
# What a sweep that was held up may catch up, in seconds of its rate.
_BURST_S = 0.25
_TOLD_EVERY_S = 10.0


class SweepView(Struct, frozen=True, gc=False):
    """How the sweep stands: `per_second` as configured (0: everything is barred at once).

    `done` and `seconds` are those of the run that goes on, or of the last one.
    """

    per_second: float
    running: bool
    done: int
    left: int
    seconds: float


class Sweep:
    """Offers the numbers that are due to the flow, oldest date first."""

    def __init__(self, flow: Flow, store: Store, clock: Clock, per_second: float) -> None:
        self._flow = flow
        self._store = store
        self._clock = clock
        self._per_second = per_second
        self._running = False
        self._done = 0
        self._began = 0.0
        self._seconds = 0.0
        self._told = 0.0

    def view(self) -> SweepView:
        """Show how it stands."""
        left = self._store.sweep_left(self._clock.now())
        running = left > 0 and self._per_second > 0
        seconds = monotonic() - self._began if self._running else self._seconds
        return SweepView(self._per_second, running, self._done, left, seconds)

    async def run(self) -> None:
        """Sweep whenever something is due, until cancelled; nothing to do without a rate."""
        budget, last = 0.0, monotonic()
        while self._per_second > 0:
            await asyncio.sleep(_TICK_S if self._running else _IDLE_S)
            now = monotonic()
            budget = min(budget + self._per_second * (now - last), self._most())
            last = now
            budget -= await self._sweep(int(budget))

    def _most(self) -> float:
        return max(1.0, self._per_second * _BURST_S)

    async def _sweep(self, most: int) -> int:
        """Bar so many numbers at the most; gives how many were decided."""
        done = 0
        while done < most:
            events = self._store.sweep_due(self._clock.now(), min(most - done, _AT_ONCE))
            if not events:
                break
            self._go_on()
            if not await self._decided(events):
                break
            done += len(events)
            self._done += len(events)
        if self._running and not self._left():
            self._running, self._seconds = False, monotonic() - self._began
            log.info("sweep ended", done=self._done, seconds=round(self._seconds, 1))
        return done

    def _go_on(self) -> None:
        """Tell of the beginning, and of the progress."""
        now = monotonic()
        if not self._running:
            self._running, self._done, self._began, self._told = True, 0, now, now
            log.info("sweep begins", left=self._left(), per_second=self._per_second)
        elif now - self._told >= _TOLD_EVERY_S:
            self._told = now
            log.info("sweep", done=self._done, left=self._left())

    def _left(self) -> int:
        return self._store.sweep_left(self._clock.now())

    async def _decided(self, events: Sequence[StageDue]) -> bool:
        """Have them decided; False where nothing can be stored now: the next look tries again."""
        future: asyncio.Future[Sequence[Decision]] = asyncio.get_running_loop().create_future()

        def answered(decisions: Sequence[Decision]) -> None:
            if not future.done():
                future.set_result(decisions)

        self._flow.offer(events, answered)
        return not any(type(decision.answer) is Denied for decision in await future)
