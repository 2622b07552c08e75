"""One sender's run: hands over each message at its time, and closes the book every second."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Final

from handsets.load.book import Book, Flight
from handsets.load.curve import Closed
from handsets.load.plan import Plan
from handsets.load.tally import Tally
from handsets.load.target import Sender

_SECOND: Final = 1.0
# The least pause between two batches, and the longest sleep: a stop must be seen.
_TICK_S: Final = 0.001
_NAP_S: Final = 0.2
_GC_THRESHOLDS: Final = (10_000, 10, 10_000)
# What a closed loop takes from the plan at a time.
_REFILL_MOST: Final = 10_000
# Why what was due is not sent in the end.
_OUT_OF_REACH: Final = "no connection to the target"
_NO_ROOM: Final = "no room in the window until the end"
_STOPPED: Final = "in the queue when the run was stopped"

Tell = Callable[[Tally], None]


class Run:
    """Sends a plan through its senders, by kind of message."""

    def __init__(self, plan: Plan, book: Book, senders: Mapping[str, Sender], tell: Tell) -> None:
        """`tell` is given each second's tally."""
        self._plan = plan
        self._book = book
        self._senders = senders
        self._each = list({id(sender): sender for sender in senders.values()}.values())
        self._tell = tell
        self._shots = iter(plan)
        self._stopped = asyncio.Event()
        self._ends_at = 0.0
        self._loop = asyncio.get_running_loop()

    def stop(self) -> None:
        """Send no more; what is under way is waited for."""
        self._stopped.set()

    async def run(self) -> None:
        """Send everything, then wait for what is under way, at most the profile's patience."""
        with _collecting_seldom():
            start = self._loop.time()
            seconds = self._loop.create_task(self._seconds(start), name="load seconds")
            try:
                if isinstance(self._plan.curve, Closed):
                    await self._closed(start, self._plan.curve)
                else:
                    await self._open(start)
                await self._drain()
            finally:
                seconds.cancel()
        self._tell(self._book.turn(0, self._down()))

    def refill(self) -> None:
        """In a closed loop: send as many as have ended."""
        curve = self._plan.curve
        now = self._loop.time()
        if isinstance(curve, Closed) and now < self._ends_at and not self._stopped.is_set():
            room = curve.window - self._book.open - self._queued()
            if room > 0:
                shots = islice(self._shots, min(room, _REFILL_MOST))
                self._hand_over([Flight(shot, now) for shot in shots], now)

    async def _open(self, start: float) -> None:
        loop, shots = self._loop, self._shots
        shot = next(shots, None)
        while shot is not None and not self._stopped.is_set():
            batch: list[Flight] = []
            now = loop.time()
            while shot is not None and start + shot.at <= now and len(batch) < _REFILL_MOST:
                batch.append(Flight(shot, start + shot.at))
                shot = next(shots, None)
            if batch:
                self._hand_over(batch, now)
            if shot is not None:
                due = start + shot.at - loop.time()
                await asyncio.sleep(min(_NAP_S, max(_TICK_S if due > 0 else 0.0, due)))

    async def _closed(self, start: float, curve: Closed) -> None:
        self._ends_at = start + curve.seconds
        while self._loop.time() < self._ends_at and not self._stopped.is_set():
            self.refill()
            await asyncio.sleep(0.01)

    def _hand_over(self, flights: list[Flight], now: float) -> None:
        by_kind: dict[str, list[Flight]] = {}
        for flight in flights:
            self._book.offered(flight, now)
            by_kind.setdefault(flight.shot.kind, []).append(flight)
        for kind, some in by_kind.items():
            self._senders[kind].send(some)

    async def _drain(self) -> None:
        ends = self._loop.time() + self._plan.profile.patience
        while (self._book.open or self._queued()) and self._loop.time() < ends:
            await asyncio.sleep(0.01)
            if self._stopped.is_set():
                break
        stopped = self._stopped.is_set()
        for sender in self._each:
            held = _OUT_OF_REACH if sender.down else _STOPPED if stopped else _NO_ROOM
            self._book.unsent(sender.drop(), held)
        why = "under way when the run was stopped" if stopped else ""
        self._book.expire(self._loop.time(), 0.0, why)

    async def _seconds(self, start: float) -> None:
        at = start
        while True:
            at += _SECOND
            await asyncio.sleep(max(0.0, at - self._loop.time()))
            self._book.expire(self._loop.time())
            self._tell(self._book.turn(self._queued(), self._down()))

    def _queued(self) -> int:
        return sum(sender.queued for sender in self._each)

    def _down(self) -> int:
        return sum(sender.down for sender in self._each)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Have the collector look seldom, and not at what is there: its pauses would be measured."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
