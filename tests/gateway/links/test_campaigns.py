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

    def __init__(self, *scheduled: CampaignConfig) -> None:
        self.clock = SimulatedClock(wib(OPEN_AT), 0.0)
        self.store = Trouble(RULES.schedule, RULES.ring_ms)
        self.flow = Flow(self.store, self.clock, RULES, Nobody(), Feed())
        self.campaigns = Campaigns(self.flow, self.store, self.clock, scheduled)

    def reminded(self) -> int:
        return sum(one.reminded_at > 0 for one in self.store.subscribers())

    async def ended(self) -> None:
        await until(lambda: not any(one.running for one in self.campaigns.views()))


@asynccontextmanager
async def running(*scheduled: CampaignConfig) -> AsyncIterator[It]:
    it = It(*scheduled)
    async with asyncio.TaskGroup() as tasks:
        flow = tasks.create_task(it.flow.run(), name="flow")
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
            begun = it.campaigns.start(WISH)
            assert begun is not None
            assert (begun.left, begun.running) == (301, True)
            await it.flow.ask(told)
            assert it.campaigns.start(WISH) is None
            await it.ended()
            (view,) = it.campaigns.views()
            assert it.reminded() == 300
    assert (view.sent, view.passed_over, view.left) == (300, 1, 0)
    assert [line["event"] for line in logs] == ["campaign begins", "campaign ended"]


async def test_one_operator_only_and_not_who_was_reminded_since() -> None:
    async with running() as it:
        it.campaigns.start(CampaignConfig(name="xl", per_second=1_000.0, operator="xl"))
        await it.ended()
        assert it.reminded() == 1
        it.campaigns.start(WISH, wib(OPEN_AT))
        await it.ended()
        assert [one.sent for one in it.campaigns.views()] == [1, 300]


async def test_those_whose_data_are_not_validated_have_their_own() -> None:
    async with running() as it:
        await it.flow.ask(RegistrationTold(XL, OutcomeKind.REGISTERED_UNVALIDATED, "gerai 1"))
        begun = it.campaigns.start(structs.replace(WISH, target=Target.UNVALIDATED))
        assert begun is not None
        assert (begun.left, begun.target) == (1, Target.UNVALIDATED)
        await it.ended()
        (view,) = it.campaigns.views()
    assert (view.sent, view.passed_over) == (1, 0)


async def test_the_rate_is_kept_and_a_round_can_be_stopped() -> None:
    async with running() as it:
        it.campaigns.start(CampaignConfig(name="slow", per_second=100.0))
        await until(lambda: it.campaigns.views()[0].sent > 0)
        stopped = it.campaigns.stop("slow")
        assert stopped is not None
        assert not stopped.running
        assert stopped.left > 200
        assert it.campaigns.stop("unknown") is None


async def test_what_cannot_be_stored_is_sent_later() -> None:
    async with running() as it:
        it.store.refuses = 2
        it.campaigns.start(WISH)
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
