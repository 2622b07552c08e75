"""What all viewers of the console's page are sent: one sample a fifth of a second, made once.

While nobody looks nothing is watched. At any rate of traffic a tick holds at most SHOWN_MOST
events and says how many passed; a viewer that cannot follow is told to look anew.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

import msgspec

from gateway.console.page_events import is_shown, shown_event
from gateway.console.polling import MessagePolls
from gateway.console.view import Gateway
from gateway.core.decision import Record
from gateway.core.events import ClockSet, FaultsSet
from gateway.core.numbers import Msisdn

TICK_S = 0.2
SHOWN_MOST = 12
"""Events of one tick that are shown; the rest is counted."""

VIEWERS_MOST = 500
# Ticks that a viewer may be behind.
_BEHIND_MOST = 50
_SILENCE_S = 15.0


class _Viewer:
    """One who looks: what is still to be sent, and whether ticks were lost."""

    def __init__(self, woken: asyncio.Event) -> None:
        self.ticks: deque[bytes] = deque()
        self.lost = False
        self._woken = woken

    def give(self, tick: bytes) -> None:
        """Add a tick; a viewer too far behind loses all, and is told."""
        if len(self.ticks) >= _BEHIND_MOST:
            self.ticks.clear()
            self.lost = True
        self.ticks.append(tick)
        self._woken.set()


class PageFeed:
    """Collects what happens between two ticks; `show_phone` gives a phone as the page has it."""

    def __init__(self, gateway: Gateway, show_phone: Callable[[Msisdn], Any]) -> None:
        self._gateway = gateway
        self._show_phone = show_phone
        self._viewers: set[_Viewer] = set()
        self._unwatch: Callable[[], None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._passed = 0
        self._shown: list[Record] = []
        self._phones: dict[Msisdn, None] = {}
        self._clock = False
        self._faults = False
        self._lesson: Any = None
        self.tick = 0
        """How many ticks were told: what is shown apart from them says after which it was."""

    @property
    def viewers(self) -> int:
        """How many look."""
        return len(self._viewers)

    # ---- what happens

    def phone_changed(self, msisdn: Msisdn) -> None:
        """Send this phone with the next tick."""
        self._phones[msisdn] = None
        self._later()

    def lesson_changed(self, lesson: Any) -> None:
        """Send the lesson's state with the next tick."""
        self._lesson = lesson
        self._later()

    def _committed(self, records: Sequence[Record]) -> None:
        self._passed += len(records)
        for record in records:
            if len(self._shown) >= SHOWN_MOST:
                break
            if is_shown(record):
                self._shown.append(record)
        # A trainer's own events come alone: a batch of thousands need not be looked through.
        for record in records[:SHOWN_MOST]:
            self._clock = self._clock or type(record.event) is ClockSet
            self._faults = self._faults or type(record.event) is FaultsSet
        self._later()

    def _later(self) -> None:
        if self._timer is None and self._viewers:
            self._timer = asyncio.get_running_loop().call_later(TICK_S, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.tick += 1
        told: dict[str, Any] = {
            "tick": self.tick,
            "passed": self._passed,
            "events": [shown_event(record) for record in self._shown],
            "phones": {msisdn: self._show_phone(msisdn) for msisdn in self._phones},
            "faults": self._faults,
        }
        if self._clock:
            told["clock"] = clock_shown(self._gateway)
        if self._lesson is not None:
            told["lesson"] = self._lesson
        self._passed, self._clock, self._faults, self._lesson = 0, False, False, None
        self._shown, self._phones = [], {}
        tick = b"event: tick\ndata: " + msgspec.json.encode(told) + b"\n\n"
        for viewer in self._viewers:
            viewer.give(tick)

    # ---- who looks

    async def ticks(self, polls: MessagePolls) -> AsyncGenerator[bytes, None]:
        """Give one viewer the ticks as server-sent events, until the gateway stops."""
        with polls.waker() as woken:
            viewer = _Viewer(woken)
            self._comes(viewer)
            try:
                yield b": connected\nretry: 1000\n\n"
                while not polls.ended:
                    if viewer.lost:
                        viewer.lost = False
                        yield b"event: lost\ndata: {}\n\n"
                    while viewer.ticks:
                        yield viewer.ticks.popleft()
                    woken.clear()
                    try:
                        async with asyncio.timeout(_SILENCE_S):
                            await woken.wait()
                    except TimeoutError:
                        yield b": nothing new\n\n"
            finally:
                self._goes(viewer)

    def _comes(self, viewer: _Viewer) -> None:
        if self._unwatch is None:
            self._unwatch = self._gateway.feed.watch(self._committed)
        self._viewers.add(viewer)

    def _goes(self, viewer: _Viewer) -> None:
        self._viewers.discard(viewer)
        if self._viewers or self._unwatch is None:
            return
        self._unwatch()
        self._unwatch = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._passed, self._shown = 0, []


def clock_shown(gateway: Gateway) -> dict[str, Any]:
    """Give the calendar in milliseconds since 1970 UTC, and its speed."""
    return {"now": gateway.clock.now(), "speed": gateway.clock.speed}
