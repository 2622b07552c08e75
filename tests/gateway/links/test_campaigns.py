"""Campaigns remind at their rate, by the calendar, and pass over who needs it no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from msgspec import structs
from structlog.testing import capture_logs

from gateway.clock import SimulatedClock
from gateway.config import CampaignConfig
from gateway.core.decision import Record
from gateway.core.events import RegistrationTold, SubscribersImported
from gateway.core.imports import ImportRow
from gateway.core.numbers import Msisdn
from gateway.core.programme import Target
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.subscriber import Status
from gateway.flow import Feed, Flow
from gateway.links import campaigns as module
from gateway.links.campaigns import Campaigns
from gateway.store.memory import MemoryStore
from gateway.store.protocol import NotCommitted
from tests.gateway.core.network import OPEN_AT, RULES, wib
from tests.turns import until

NUMBERS = [Msisdn(f"62812{index:08}") for index in range(300)]
XL = Msisdn("6281710000001")
WISH = CampaignConfig(name="weekly", per_second=100_000.0)


class Nobody:
    """Takes what is to leave."""

    def take(self, outgoing: object) -> None:
        """Nothing leaves: there are no phones."""


class Trouble(MemoryStore):
    """A store that cannot commit for a while."""

    refuses = 0

    async def commit(self, records: Sequence[Record]) -> None:
        """Refuse some."""
        if self.refuses:
            self.refuses -= 1
            raise NotCommitted("the disk is full")
        await super().commit(records)


class It:
    """Campaigns with their flow and store."""

    def __init__(self, scheduled: Sequence[CampaignConfig], store: Trouble | None) -> None:
        self.clock = SimulatedClock(wib(OPEN_AT), 0.0)
        self.store = store or Trouble(RULES.schedule, RULES.ring_ms)
        self.flow = Flow(self.store, self.clock, RULES, Nobody(), Feed())
        self.campaigns = Campaigns(self.flow, self.store, self.clock, scheduled)

    async def sent(self, most: int) -> None:
        """Wait until a round that is slow has sent some, not all."""
        await until(lambda: any(0 < one.sent < most for one in self.campaigns.views()))

    def reminded(self) -> int:
        return sum(one.reminded_at > 0 for one in self.store.subscribers())

    async def ended(self) -> None:
        await until(lambda: all(one.ended_at for one in self.store.campaigns.values()))


@asynccontextmanager
async def running(*scheduled: CampaignConfig, store: Trouble | None = None) -> AsyncIterator[It]:
    it = It(scheduled, store)
    async with asyncio.TaskGroup() as tasks:
        flow = tasks.create_task(it.flow.run(), name="flow")
        if store is None:
            rows = tuple(ImportRow(one, Status.UNREGISTERED) for one in (*NUMBERS, XL))
            await it.flow.ask(SubscribersImported(rows, False))
        work = tasks.create_task(it.campaigns.run(), name="campaigns")
        yield it
        flow.cancel()
        work.cancel()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_IDLE_S", 0.01)
    monkeypatch.setattr(module, "_TICK_S", 0.005)


async def test_all_that_are_unregistered_are_reminded() -> None:
    with capture_logs() as logs:
        async with running() as it:
            told = RegistrationTold(XL, OutcomeKind.REGISTERED, "gerai 1")
            begun = await it.campaigns.start(WISH)
            assert begun is not None
            assert (begun.left, begun.running) == (301, True)
            await it.flow.ask(told)
            assert await it.campaigns.start(WISH) is None
            await it.ended()
            (view,) = it.campaigns.views()
            assert it.reminded() == 300
    assert (view.sent, view.passed_over, view.left) == (300, 1, 0)
    assert it.store.campaigns["weekly"].sent == 300
    assert [line["event"] for line in logs] == ["campaign begins", "campaign ended"]


async def test_one_operator_only_and_not_who_was_reminded_since() -> None:
    async with running() as it:
        await it.campaigns.start(CampaignConfig(name="xl", per_second=1_000.0, operator="xl"))
        await it.ended()
        assert it.reminded() == 1
        await it.campaigns.start(WISH, wib(OPEN_AT))
        await it.ended()
        assert [one.sent for one in it.campaigns.views()] == [1, 300]
        assert [one.passed_over for one in it.campaigns.views()] == [0, 1]


async def test_those_whose_data_are_not_validated_have_their_own() -> None:
    async with running() as it:
        await it.flow.ask(RegistrationTold(XL, OutcomeKind.REGISTERED_UNVALIDATED, "gerai 1"))
        begun = await it.campaigns.start(structs.replace(WISH, target=Target.UNVALIDATED))
        assert begun is not None
        assert (begun.left, begun.target) == (1, Target.UNVALIDATED)
        await it.ended()
        (view,) = it.campaigns.views()
    assert (view.sent, view.passed_over) == (1, 0)


async def test_the_rate_is_kept_and_a_round_can_be_stopped() -> None:
    async with running() as it:
        await it.campaigns.start(CampaignConfig(name="slow", per_second=100.0))
        await until(lambda: it.campaigns.views()[0].sent > 0)
        stopped = await it.campaigns.stop("slow")
        assert stopped is not None
        assert not stopped.running
        assert stopped.left > 200
        assert await it.campaigns.stop("unknown") is None
        kept = it.store.campaigns["slow"]
        assert (kept.sent, kept.left, kept.ended_at) == (stopped.sent, stopped.left, wib(OPEN_AT))
        assert await it.campaigns.stop("slow") == stopped


async def test_what_cannot_be_stored_is_sent_later() -> None:
    async with running() as it:
        it.store.refuses = 1
        with pytest.raises(NotCommitted, match="the disk is full"):
            await it.campaigns.start(WISH)
        assert it.campaigns.views() == []
        await it.campaigns.start(WISH)
        it.store.refuses = 2
        await it.ended()
        assert it.reminded() == 301


async def test_the_calendar_begins_rounds() -> None:
    weekly = CampaignConfig(name="weekly", begin="2018-03-01", every_days=7, per_second=9e4)
    async with running(weekly) as it:
        assert it.campaigns.views() == []
        it.clock.set(wib("2018-03-02 08:00"), 0.0)
        await until(lambda: it.reminded() == 301)
        await it.ended()
        it.clock.set(wib("2018-03-09 08:00"), 0.0)
        await until(
            lambda: all(
                one.reminded_at == wib("2018-03-09 08:00") for one in it.store.subscribers()
            )
        )
        (view,) = it.campaigns.views()
        assert view.sent == 301


async def test_a_round_that_lags_ends_when_the_next_begins() -> None:
    slow = CampaignConfig(name="slow", begin="2018-03-01", every_days=7, per_second=20.0)
    async with running(slow) as it:
        it.clock.set(wib("2018-03-02 08:00"), 0.0)
        await until(lambda: it.reminded() > 0)
        it.clock.set(wib("2018-03-09 08:00"), 0.0)
        await until(lambda: it.campaigns.views()[0].began_at == wib("2018-03-09 08:00"))


# ---- after a restart


SLOW = CampaignConfig(name="slow", per_second=1_000.0)


async def test_a_round_goes_on_after_a_restart_and_nobody_is_reminded_twice() -> None:
    async with running() as it:
        await it.campaigns.start(SLOW)
        await it.sent(200)
        store, before = it.store, {one.msisdn: one for one in it.store.subscribers()}
    sent = sum(one.reminded_at > 0 for one in before.values())
    changed: list[Msisdn] = []
    with capture_logs() as logs:
        async with running(store=store) as it:
            it.clock.set(wib("2018-02-27 12:00"), 0.0)
            await it.ended()
            changed += [one.msisdn for one in store.subscribers() if one != before[one.msisdn]]
            (view,) = it.campaigns.views()
            await until(lambda: store.campaigns["slow"].ended_at > 0)
    assert len(changed) == 301 - sent
    assert all(not before[msisdn].reminded_at for msisdn in changed)
    assert (view.sent, view.passed_over, view.left) == (301, 0, 0)
    assert view.began_at == wib(OPEN_AT)
    assert [line["event"] for line in logs] == ["campaign goes on", "campaign ended"]


async def test_a_round_that_was_stopped_stays_so_after_a_restart() -> None:
    async with running() as it:
        await it.campaigns.start(SLOW)
        await it.sent(200)
        stopped = await it.campaigns.stop("slow")
        store = it.store
    async with running(store=store) as it:
        assert it.campaigns.views() == [stopped]
        await it.campaigns.start(WISH)
        await it.ended()
        assert it.campaigns.views()[0] == stopped


async def test_a_scheduled_round_that_has_ended_does_not_begin_again_after_a_restart() -> None:
    weekly = CampaignConfig(name="weekly", begin="2018-02-20", every_days=7, per_second=9e4)
    async with running(weekly) as it:
        await until(lambda: it.reminded() == 301)
        await until(lambda: it.store.campaigns["weekly"].ended_at > 0)
        store, seq = it.store, it.store.next_seq()
    async with running(weekly, store=store) as it:
        await it.campaigns.start(structs.replace(WISH, name="other"))
        await until(lambda: store.campaigns["other"].ended_at > 0)
        assert [one.name for one in it.campaigns.views()] == ["weekly", "other"]
        assert (await it.campaigns.start(WISH)) is not None
        assert store.next_seq() > seq


@pytest.mark.parametrize(
    ("now", "ended"),
    [
        pytest.param({"per_second": 9e4}, {"slow": 301}, id="another rate"),
        pytest.param({"per_second": 9e4, "operator": "xl"}, {"slow": 1}, id="other numbers"),
        pytest.param(None, {"slow": -1}, id="taken out"),
    ],
)
async def test_a_scheduled_round_goes_on_as_the_configuration_says_now(
    now: dict[str, object] | None, ended: dict[str, int]
) -> None:
    slow = CampaignConfig(name="slow", begin="2018-02-20", per_second=20.0)
    async with running(slow) as it:
        await it.sent(200)
        store, sent = it.store, it.campaigns.views()[0].sent
    scheduled = [] if now is None else [structs.replace(slow, **now)]
    async with running(*scheduled, store=store) as it:
        await until(lambda: store.campaigns["slow"].ended_at > 0)
        (view,) = it.campaigns.views()
        assert not view.running
    expected = ended["slow"]
    assert view.sent == (sent if expected < 0 else expected)


# ---- each number by its own date


async def test_the_unvalidated_are_reminded_by_their_own_dates() -> None:
    weekly = CampaignConfig(
        name="again",
        begin="2018-02-01",
        every_days=7,
        per_second=9e4,
        target=Target.UNVALIDATED,
    )
    first, second = NUMBERS[:2]

    def reminded(it: It) -> list[int]:
        found = [it.store.subscriber(number) for number in (first, second)]
        return [one.reminded_at if one is not None else -1 for one in found]

    async def day(it: It, written: str, *reminders: str) -> None:
        it.clock.set(wib(written), 0.0)
        await until(lambda: it.campaigns.views()[0].began_at == wib(written))
        await it.ended()
        assert reminded(it) == [wib(one) if one else 0 for one in reminders]

    with capture_logs() as logs:
        async with running(weekly) as it:
            await until(lambda: bool(it.campaigns.views()))
            await it.flow.ask(RegistrationTold(first, OutcomeKind.REGISTERED_UNVALIDATED, "app"))
            it.clock.set(wib("2018-02-28 20:00"), 0.0)
            await it.flow.ask(RegistrationTold(second, OutcomeKind.REGISTERED_UNVALIDATED, "app"))
            await day(it, "2018-03-04 09:00", "", "")
            await day(it, "2018-03-05 09:00", "2018-03-05 09:00", "")
            await day(it, "2018-03-06 09:00", "2018-03-05 09:00", "")
            await day(it, "2018-03-08 09:00", "2018-03-05 09:00", "2018-03-08 09:00")
            await day(it, "2018-03-13 09:00", "2018-03-13 09:00", "2018-03-08 09:00")
    # Days on which nobody has a date are not told.
    assert [line["event"] for line in logs] == ["campaign begins", "campaign ended"] * 3
