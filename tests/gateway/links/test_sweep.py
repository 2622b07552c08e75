"""The sweep bars numbers at its rate, beside everything else, and goes on after trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from msgspec import structs
from structlog.testing import capture_logs

from gateway.clock import SimulatedClock
from gateway.core.ageing import stage_at
from gateway.core.decision import Record
from gateway.core.events import SubscribersImported
from gateway.core.imports import ImportRow
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage, Status
from gateway.flow import Feed, Flow
from gateway.links import sweep as sweep_module
from gateway.links.sweep import Sweep
from gateway.store.memory import MemoryStore
from gateway.store.protocol import NotCommitted
from tests.gateway.core.network import OUTGOING_BARRED_AT, RULES, wib
from tests.turns import until

DEADLINE_S = 10
SWEPT = structs.replace(RULES, schedule=structs.replace(RULES.schedule, swept=True))
NUMBERS = [Msisdn(f"62812{index:08}") for index in range(500)]


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


class Swept:
    """A sweep with its flow and store."""

    def __init__(self, per_second: float) -> None:
        self.clock = SimulatedClock(wib(OUTGOING_BARRED_AT), 0.0)
        self.store = Trouble(SWEPT.schedule, SWEPT.ring_ms)
        self.feed = Feed()
        self.flow = Flow(self.store, self.clock, SWEPT, Nobody(), self.feed)
        self.sweep = Sweep(self.flow, self.store, self.clock, per_second)

    async def known(self) -> None:
        rows = tuple(ImportRow(one, Status.UNREGISTERED) for one in NUMBERS)
        await self.flow.ask(SubscribersImported(rows, False))

    def stages(self) -> set[BlockStage]:
        now = self.clock.now()
        return {stage_at(SWEPT.schedule, one, now) for one in self.store.subscribers()}

    async def until(self, left: int) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while self.sweep.view().left > left:
                await self.feed.changed()


@asynccontextmanager
async def swept(per_second: float) -> AsyncIterator[Swept]:
    made = Swept(per_second)
    async with asyncio.TaskGroup() as tasks:
        flow = tasks.create_task(made.flow.run(), name="flow")
        await made.known()
        sweep = tasks.create_task(made.sweep.run(), name="sweep")
        yield made
        flow.cancel()
        sweep.cancel()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_module, "_IDLE_S", 0.01)


async def test_all_that_is_due_is_barred_and_told() -> None:
    with capture_logs() as logs:
        async with swept(100_000) as it:
            assert it.stages() == {BlockStage.OPEN}
            assert it.sweep.view().running
            await it.until(0)
            assert it.stages() == {BlockStage.OUTGOING_BARRED}
            await until(lambda: len(logs) > 1)
            view = it.sweep.view()
    assert (view.done, view.left, view.running) == (500, 0, False)
    assert view.seconds > 0
    assert [line["event"] for line in logs] == ["sweep begins", "sweep ended"]
    assert (logs[0]["left"], logs[1]["done"]) == (500, 500)


async def test_the_rate_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_module, "_TOLD_EVERY_S", 0.0)
    with capture_logs() as logs:
        async with swept(2_000) as it:
            await it.until(400)
            view = it.sweep.view()
            assert view.left > 0
            assert view.done <= 2_000 * (view.seconds + 0.25) + 1
    assert logs[1]["event"] == "sweep"


async def test_what_cannot_be_stored_is_swept_later() -> None:
    async with swept(100_000) as it:
        it.store.refuses = 3
        await it.until(0)
        assert it.stages() == {BlockStage.OUTGOING_BARRED}


async def test_without_a_rate_there_is_nothing_to_do() -> None:
    made = Swept(0)
    await asyncio.wait_for(made.sweep.run(), DEADLINE_S)
    assert not made.sweep.view().running
