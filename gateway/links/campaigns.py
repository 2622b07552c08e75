"""Campaigns: reminders from 4444 at a rate, beside everything else.

They come to all unregistered numbers, or to those whose data are not validated yet.

Who was reminded is in the journal, with the moment: a round that is begun again, because the
gateway was stopped in the middle, reminds only those that it did not come to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from msgspec import Struct

from gateway.clock import Clock, monotonic
from gateway.config import CampaignConfig
from gateway.core.decision import Decision, Denied
from gateway.core.numbers import Msisdn
from gateway.core.programme import Remind, Target
from gateway.core.reminders import TARGETED
from gateway.flow import Flow
from gateway.store.protocol import Store

log = structlog.get_logger()

_IDLE_S = 0.25
_TICK_S = 0.05
_AT_ONCE = 100
_BURST_S = 0.25


class CampaignView(Struct, frozen=True, gc=False):
    """How a round of a campaign stands; `began_at` on the calendar.

    `sent` were reminded, `passed_over` had registered or been reminded already.
    """

    name: str
    operator: str
    target: Target
    per_second: float
    began_at: int
    running: bool
    sent: int
    passed_over: int
    left: int


class _Round:
    """One round: whom it has still to come to."""

    def __init__(self, wish: CampaignConfig, began_at: int, since: int, numbers: list[Msisdn]):
        self.wish = wish
        self.began_at = began_at
        self.since = since
        self.numbers = numbers
        self.next = 0
        self.sent = 0
        self.stopped = False
        self.budget = 0.0

    @property
    def running(self) -> bool:
        return not self.stopped and self.next < len(self.numbers)

    def view(self) -> CampaignView:
        return CampaignView(
            self.wish.name,
            self.wish.operator,
            self.wish.target,
            self.wish.per_second,
            self.began_at,
            self.running,
            self.sent,
            self.next - self.sent,
            len(self.numbers) - self.next,
        )


class Campaigns:
    """Owns the rounds; those of [[campaigns]] begin by the calendar."""

    def __init__(
        self, flow: Flow, store: Store, clock: Clock, scheduled: Sequence[CampaignConfig]
    ) -> None:
        self._flow = flow
        self._store = store
        self._clock = clock
        self._scheduled = scheduled
        self._rounds: dict[str, _Round] = {}
        self._work = asyncio.Event()

    def views(self) -> list[CampaignView]:
        """Show the newest round of each campaign, as they were begun."""
        return [one.view() for one in self._rounds.values()]

    def start(self, wish: CampaignConfig, since: int | None = None) -> CampaignView | None:
        """Begin a round; None where one of this name runs.

        Numbers that were reminded at `since` or later are passed over; None: this round's begin.
        """
        known = self._rounds.get(wish.name)
        if known is not None and known.running:
            return None
        now, status = self._clock.now(), TARGETED[wish.target]
        numbers = [
            one.msisdn
            for one in self._store.subscribers()
            if one.status is status and wish.operator in ("", one.operator)
        ]
        self._rounds.pop(wish.name, None)
        begun = _Round(wish, now, now if since is None else since, numbers)
        self._rounds[wish.name] = begun
        log.info("campaign begins", name=wish.name, numbers=len(numbers))
        self._work.set()
        return begun.view()

    def stop(self, name: str) -> CampaignView | None:
        """End a round; None where there is none of this name."""
        known = self._rounds.get(name)
        if known is None:
            return None
        known.stopped = True
        return known.view()

    async def run(self) -> None:
        """Send what is due, until cancelled."""
        last = monotonic()
        while True:
            self._begin_scheduled()
            running = [one for one in self._rounds.values() if one.running]
            if not running:
                self._work.clear()
                try:
                    await asyncio.wait_for(self._work.wait(), _IDLE_S)
                except TimeoutError:
                    last = monotonic()
                    continue
            now = monotonic()
            for one in running:
                await self._send(one, now - last)
            last = now
            await asyncio.sleep(_TICK_S)

    def _begin_scheduled(self) -> None:
        now = self._clock.now()
        for row in self._scheduled:
            at = row.round_at(now)
            known = self._rounds.get(row.name)
            if at is not None and (known is None or known.since < at):
                if known is not None:
                    known.stopped = True
                self.start(row, at)

    async def _send(self, one: _Round, elapsed: float) -> None:
        rate = one.wish.per_second
        one.budget = min(one.budget + rate * elapsed, max(1.0, rate * _BURST_S))
        while one.running and one.budget >= 1:
            numbers = one.numbers[one.next : one.next + min(_AT_ONCE, int(one.budget))]
            decisions = await self._decided(
                [Remind(msisdn, one.wish.name, one.since, one.wish.target) for msisdn in numbers]
            )
            if any(type(decision.answer) is Denied for decision in decisions):
                return
            one.next += len(numbers)
            sent = sum(bool(decision.changes) for decision in decisions)
            one.sent += sent
            # Who needs no reminder costs no time.
            one.budget -= sent
        if not one.running and not one.stopped:
            log.info("campaign ended", name=one.wish.name, sent=one.sent)

    async def _decided(self, events: Sequence[Remind]) -> Sequence[Decision]:
        future: asyncio.Future[Sequence[Decision]] = asyncio.get_running_loop().create_future()

        def answered(decisions: Sequence[Decision]) -> None:
            if not future.done():
                future.set_result(decisions)

        self._flow.offer(events, answered)
        return await future
