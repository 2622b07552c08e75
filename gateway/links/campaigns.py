"""Campaigns: reminders from 4444 at a rate, beside everything else.

They come to all unregistered numbers, or to those whose data are not validated yet.

Which rounds began, and who was reminded when, is in the journal: a gateway that was killed goes on
with the rounds that had not ended, and reminds only those that they did not come to.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

import structlog
from msgspec import Struct, structs

from gateway.clock import Clock, monotonic
from gateway.config import CampaignConfig
from gateway.core.decision import Decision, Denied
from gateway.core.numbers import Msisdn
from gateway.core.programme import Campaign, CampaignBegan, CampaignEnded, Remind, Target
from gateway.core.reminders import TARGETED
from gateway.flow import Flow
from gateway.store.protocol import NotCommitted, Store

log = structlog.get_logger()

_IDLE_S = 0.25
_TICK_S = 0.05
_AT_ONCE = 100
_BURST_S = 0.25
_PAGE: Final = 2_000


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
    """One round: whom it has still to come to; `numbers` is None until they are looked up."""

    def __init__(self, campaign: Campaign, resumed: bool) -> None:
        self.campaign = campaign
        self.resumed = resumed
        self.numbers: list[Msisdn] | None = None
        self.next = 0
        self.sent = campaign.sent
        self.passed_over = campaign.passed_over
        self.stopped = False
        self.budget = 0.0
        # Held while numbers are looked up or reminded, so that what an end tells is whole.
        self.lock = asyncio.Lock()

    @property
    def running(self) -> bool:
        return (
            not self.campaign.ended_at
            and not self.stopped
            and (self.numbers is None or self.left > 0)
        )

    @property
    def left(self) -> int:
        return self.campaign.left if self.numbers is None else len(self.numbers) - self.next

    def view(self) -> CampaignView:
        campaign = self.campaign
        return CampaignView(
            campaign.name,
            campaign.operator,
            campaign.target,
            campaign.per_second,
            campaign.began_at,
            self.running,
            self.sent,
            self.passed_over,
            self.left,
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
        self._rounds = _resumed(store, scheduled)
        self._work = asyncio.Event()
        # Held while a begin or an end becomes durable: of one name they come one after the other.
        self._changing = asyncio.Lock()

    def views(self) -> list[CampaignView]:
        """Show the newest round of each campaign, as they were begun."""
        return [one.view() for one in self._rounds.values()]

    async def start(self, wish: CampaignConfig, since: int | None = None) -> CampaignView | None:
        """Begin a round; None where one of this name runs. Raises NotCommitted.

        Numbers that were reminded at `since` or later are passed over; None: this round's begin.
        """
        async with self._changing:
            known = self._rounds.get(wish.name)
            if known is not None and known.running:
                return None
            now = self._clock.now()
            begun = await self._begin(wish, now, now if since is None else since, False)
        await self._look_up(begun)
        self._work.set()
        return begun.view()

    async def stop(self, name: str) -> CampaignView | None:
        """End a round; None where there is none of this name. Raises NotCommitted."""
        known = self._rounds.get(name)
        if known is None:
            return None
        known.stopped = True
        await self._end(known)
        return known.view()

    async def run(self) -> None:
        """Send what is due, until cancelled."""
        last = monotonic()
        while True:
            elapsed, last = monotonic() - last, monotonic()
            self._work.clear()
            try:
                await self._begin_scheduled()
                going = [one for one in self._rounds.values() if not one.campaign.ended_at]
                for one in going:
                    await self._go_on(one, elapsed)
            except NotCommitted:
                # The flow has told people; what could not be stored is done again.
                going = []
            if going:
                await asyncio.sleep(_TICK_S)
            else:
                await self._idle()
                last = monotonic()

    async def _idle(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._work.wait(), _IDLE_S)

    async def _begin_scheduled(self) -> None:
        now = self._clock.now()
        for row in self._scheduled:
            at = row.round_at(now)
            known = self._rounds.get(row.name)
            if at is not None and (known is None or known.campaign.since < at):
                async with self._changing:
                    if known is not None:
                        known.stopped = True
                    await self._begin(row, now, at, True)

    async def _begin(self, wish: CampaignConfig, now: int, since: int, scheduled: bool) -> _Round:
        campaign = Campaign(
            name=wish.name,
            operator=wish.operator,
            target=wish.target,
            per_second=wish.per_second,
            began_at=now,
            since=since,
            scheduled=scheduled,
        )
        await self._note(CampaignBegan(campaign))
        begun = _Round(campaign, False)
        self._rounds.pop(wish.name, None)
        self._rounds[wish.name] = begun
        return begun

    async def _look_up(self, one: _Round) -> None:
        """Find whom a round is to come to; after a restart count whom it came to before."""
        async with one.lock:
            if one.numbers is not None or one.campaign.ended_at:
                return
            campaign, status = one.campaign, TARGETED[one.campaign.target]
            numbers: list[Msisdn] = []
            sent = passed_over = 0
            async for page in self._store.in_pages(_PAGE):
                for subscriber in page:
                    if campaign.operator not in ("", subscriber.operator):
                        continue
                    if one.resumed and subscriber.reminded_at >= campaign.began_at:
                        sent += 1
                    elif subscriber.status is not status:
                        continue
                    elif subscriber.reminded_at >= campaign.since:
                        passed_over += 1
                    else:
                        numbers.append(subscriber.msisdn)
            one.numbers, one.sent, one.passed_over = numbers, sent, passed_over
        begins = "campaign goes on" if one.resumed else "campaign begins"
        log.info(begins, name=campaign.name, numbers=len(numbers))

    async def _go_on(self, one: _Round, elapsed: float) -> None:
        await self._look_up(one)
        if one.running:
            await self._send(one, elapsed)
        if not one.running:
            await self._end(one)

    async def _send(self, one: _Round, elapsed: float) -> None:
        rate = one.campaign.per_second
        one.budget = min(one.budget + rate * elapsed, max(1.0, rate * _BURST_S))
        while one.running and one.budget >= 1:
            async with one.lock:
                await self._remind(one)

    async def _remind(self, one: _Round) -> None:
        """Remind as many as come at once; raises NotCommitted."""
        campaign = one.campaign
        assert one.numbers is not None
        numbers = one.numbers[one.next : one.next + min(_AT_ONCE, int(one.budget))]
        decisions = await self._decided(
            [Remind(msisdn, campaign.name, campaign.since, campaign.target) for msisdn in numbers]
        )
        for decision in decisions:
            if type(decision.answer) is Denied:
                raise NotCommitted(decision.why)
        one.next += len(numbers)
        sent = sum(bool(decision.changes) for decision in decisions)
        one.sent += sent
        one.passed_over += len(numbers) - sent
        # Who needs no reminder costs no time.
        one.budget -= sent

    async def _end(self, one: _Round) -> None:
        """Make it durable that a round has ended, unless it is or another took its place."""
        await self._look_up(one)
        async with self._changing, one.lock:
            campaign = one.campaign
            if campaign.ended_at or self._rounds.get(campaign.name) is not one:
                return
            ended = structs.replace(
                campaign,
                ended_at=self._clock.now(),
                sent=one.sent,
                passed_over=one.passed_over,
                left=one.left,
            )
            await self._note(CampaignEnded(ended))
            one.campaign, one.numbers = ended, None
        log.info("campaign ended", name=campaign.name, sent=one.sent, left=one.left)

    async def _note(self, event: CampaignBegan | CampaignEnded) -> None:
        decision = await self._flow.ask(event)
        if type(decision.answer) is Denied:
            raise NotCommitted(decision.why)

    async def _decided(self, events: Sequence[Remind]) -> Sequence[Decision]:
        future: asyncio.Future[Sequence[Decision]] = asyncio.get_running_loop().create_future()

        def answered(decisions: Sequence[Decision]) -> None:
            if not future.done():
                future.set_result(decisions)

        self._flow.offer(events, answered)
        return await future


def _resumed(store: Store, scheduled: Sequence[CampaignConfig]) -> dict[str, _Round]:
    """Take up what the store has; the configuration may say otherwise of its own than it did."""
    rows = {row.name: row for row in scheduled}
    rounds: dict[str, _Round] = {}
    for campaign in sorted(store.campaigns.values(), key=_began_at):
        row = rows.get(campaign.name) if campaign.scheduled else None
        if row is not None:
            if (row.operator, row.target) != (campaign.operator, campaign.target):
                continue  # It begins anew, in the place of this.
            campaign = structs.replace(campaign, per_second=row.per_second)
        rounds[campaign.name] = _Round(campaign, True)
        # One that was taken out of the configuration ends.
        rounds[campaign.name].stopped = campaign.scheduled and row is None
    return rounds


def _began_at(campaign: Campaign) -> int:
    return campaign.began_at
