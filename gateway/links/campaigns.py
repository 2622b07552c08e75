"""Campaigns: reminders from 4444 at a rate, beside everything else.

They come to all unregistered numbers, or to those whose data are not validated yet.

Which rounds began, and who was reminded when, is in the journal: a gateway that was killed goes on
with the rounds that had not ended, and reminds only those that they did not come to.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from typing import Final

import structlog
from msgspec import structs

from gateway.clock import Clock, monotonic
from gateway.config import CampaignConfig
from gateway.core.decision import Decision, Denied
from gateway.core.numbers import Msisdn
from gateway.core.programme import Campaign, CampaignBegan, CampaignEnded, Remind
from gateway.core.reminders import TARGETED, due_since
from gateway.flow import Flow
from gateway.links.rounds import CampaignView, Round
from gateway.store.protocol import NotCommitted, Store

log = structlog.get_logger()

_IDLE_S = 0.25
_TICK_S = 0.05
_AT_ONCE = 100
_BURST_S = 0.25
_PAGE: Final = 2_000


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

    async def _begin(self, wish: CampaignConfig, now: int, since: int, scheduled: bool) -> Round:
        campaign = Campaign(
            name=wish.name,
            operator=wish.operator,
            target=wish.target,
            per_second=wish.per_second,
            began_at=now,
            since=since,
            scheduled=scheduled,
            own_days=wish.own_days if scheduled else 0,
        )
        await self._note(CampaignBegan(campaign))
        begun = Round(campaign, False)
        self._rounds.pop(wish.name, None)
        self._rounds[wish.name] = begun
        return begun

    async def _look_up(self, one: Round) -> None:
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
                    elif subscriber.status is status:
                        since = due_since(campaign, subscriber)
                        if since is not None and subscriber.reminded_at < since:
                            numbers.append(subscriber.msisdn)
                        passed_over += since is not None and subscriber.reminded_at >= since
            one.numbers, one.sent, one.passed_over = numbers, sent, passed_over
        if not one.idle:
            begins = "campaign goes on" if one.resumed else "campaign begins"
            log.info(begins, name=campaign.name, numbers=len(numbers))

    async def _go_on(self, one: Round, elapsed: float) -> None:
        await self._look_up(one)
        if one.running:
            await self._send(one, elapsed)
        if not one.running:
            await self._end(one)

    async def _send(self, one: Round, elapsed: float) -> None:
        rate = one.campaign.per_second
        one.budget = min(one.budget + rate * elapsed, max(1.0, rate * _BURST_S))
        while one.running and one.budget >= 1:
            async with one.lock:
                await self._remind(one)

    async def _remind(self, one: Round) -> None:
        """Remind as many as come at once; raises NotCommitted."""
        campaign = one.campaign
        assert one.numbers is not None
        numbers = one.numbers[one.next : one.next + min(_AT_ONCE, int(one.budget))]
        decisions = await self._decided(list(self._reminders(campaign, numbers)))
        for decision in decisions:
            if type(decision.answer) is Denied:
                raise NotCommitted(decision.why)
        one.next += len(numbers)
        sent = sum(bool(decision.changes) for decision in decisions)
        one.sent += sent
        one.passed_over += len(numbers) - sent
        # Who needs no reminder costs no time.
        one.budget -= sent

    def _reminders(self, campaign: Campaign, numbers: Sequence[Msisdn]) -> Iterator[Remind]:
        for msisdn in numbers:
            subscriber = self._store.subscriber(msisdn)
            since = due_since(campaign, subscriber) if subscriber is not None else None
            if since is not None:
                yield Remind(msisdn, campaign.name, since, campaign.target)

    async def _end(self, one: Round) -> None:
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
            if not one.idle:
                log.info("campaign ended", name=campaign.name, sent=one.sent, left=one.left)
            one.campaign, one.numbers = ended, None

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


def _resumed(store: Store, scheduled: Sequence[CampaignConfig]) -> dict[str, Round]:
    """Take up what the store has; the configuration may say otherwise of its own than it did."""
    rows = {row.name: row for row in scheduled}
    rounds: dict[str, Round] = {}
    for campaign in sorted(store.campaigns.values(), key=_began_at):
        row = rows.get(campaign.name) if campaign.scheduled else None
        if row is not None:
            wanted = (row.operator, row.target, row.own_days)
            if wanted != (campaign.operator, campaign.target, campaign.own_days):
                continue  # It begins anew, in the place of this.
            campaign = structs.replace(campaign, per_second=row.per_second)
        rounds[campaign.name] = Round(campaign, True)
        # One that was taken out of the configuration ends.
        rounds[campaign.name].stopped = campaign.scheduled and row is None
    return rounds


def _began_at(campaign: Campaign) -> int:
    return campaign.began_at
