"""The flow: batches, order, nothing before the commit, back-pressure, draining."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import pytest
from structlog.testing import capture_logs

from gateway import flow as flow_module
from gateway.clock import SimulatedClock
from gateway.core.causes import Cause
from gateway.core.decision import (
    NOTED,
    Accepted,
    Decision,
    Denied,
    Facts,
    Judged,
    Message,
    MessageStored,
    Outgoing,
    Questions,
    Record,
    SubscriberChanged,
    TakenByDesk,
)
from gateway.core.events import ClockSet, Event, Presence
from gateway.core.fault_aim import Count, arm
from gateway.core.faults import FaultRule, NoResponse
from gateway.core.subscriber import Status
from gateway.flow import Feed, Flow
from gateway.store.memory import MemoryStore
from gateway.store.protocol import NotCommitted
from tests.gateway.core.network import (
    INDOSAT,
    OPEN_AT,
    OTHER,
    RULES,
    SITI,
    TELKOMSEL,
    esme,
    mt,
    registration,
    sms,
    wib,
)
from tests.turns import turn


class GatedStore(MemoryStore):
    """A store whose commits wait for the test, or fail."""

    def __init__(self) -> None:
        super().__init__(RULES.schedule, RULES.ring_ms)
        self.gate = asyncio.Event()
        self.gate.set()
        self.committing = asyncio.Event()
        self.committed: list[list[Record]] = []
        self.answers = 0
        self.full = False

    async def answer(self, questions: Questions) -> Facts:
        self.answers += 1
        return await super().answer(questions)

    async def commit(self, records: Sequence[Record]) -> None:
        self.committing.set()
        await self.gate.wait()
        self.committing.clear()
        if self.full:
            raise NotCommitted("x.sqlite3: database or disk is full: make room on the disk")
        await super().commit(records)
        self.committed.append(list(records))


class Bench:
    """A flow with its store, and all that comes out of it, in order."""

    def __init__(self) -> None:
        self.store = GatedStore()
        self.clock = SimulatedClock(wib(OPEN_AT), 0.0)
        self.feed = Feed()
        self.flow = Flow(self.store, self.clock, RULES, self, self.feed)
        self.taken: list[Outgoing] = []
        self.said: list[str] = []

    def take(self, outgoing: Sequence[Outgoing]) -> None:
        """Be the courier."""
        self.taken += outgoing
        self.said.append("outgoing")

    def offer(self, name: str, *events: Event) -> list[Decision]:
        """Offer events; their decisions come into the list that is given back."""
        got: list[Decision] = []

        def answered(decisions: Sequence[Decision]) -> None:
            got.extend(decisions)
            self.said.append(name)

        self.flow.offer(events, answered)
        return got

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            group.create_task(self.flow.run(), name="flow")
            yield
            self.store.gate.set()
            self.flow.drain()


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_what_comes_while_a_batch_commits_is_the_next_batch(bench: Bench) -> None:
    bench.store.gate.clear()
    async with bench.running():
        bench.offer("a", Presence(TELKOMSEL, True))
        await bench.store.committing.wait()
        bench.offer("b", Presence(INDOSAT, True), Presence(OTHER, True))
        bench.offer("c", mt(TELKOMSEL, esme()))
        assert bench.flow.waiting == 3
        assert bench.said == []
    assert [len(records) for records in bench.store.committed] == [1, 3]
    assert [record.seq for records in bench.store.committed for record in records] == [1, 2, 3, 4]
    assert bench.flow.waiting == 0


async def test_what_is_offered_together_waits_together_from_the_start(bench: Bench) -> None:
    bench.offer("a", Presence(TELKOMSEL, True))
    bench.offer("b", mt(TELKOMSEL, esme()))
    async with bench.running():
        pass
    assert [len(records) for records in bench.store.committed] == [2]
    assert bench.store.answers == 1


async def test_everybody_gets_his_own_decisions_in_order(bench: Bench) -> None:
    a = bench.offer("a", Presence(TELKOMSEL, True), mt(TELKOMSEL, esme()))
    b = bench.offer("b", ClockSet(1, 1.0))
    c = bench.offer("c", sms(INDOSAT, "777"), sms(INDOSAT, TELKOMSEL, ref="a2"))
    async with bench.running():
        pass
    assert [one.answer for one in a] == [NOTED, Accepted(1)]
    assert [one.answer for one in b] == [NOTED]
    assert [one.answer for one in c] == [Denied(Cause.UNASSIGNED_NUMBER), Accepted(2)]
    assert bench.said == ["a", "b", "c", "outgoing"]


async def test_nothing_is_answered_and_nothing_leaves_before_the_commit(bench: Bench) -> None:
    fed: list[Record] = []
    bench.feed.watch(fed.extend)
    bench.store.gate.clear()
    async with bench.running():
        got = bench.offer("a", Presence(TELKOMSEL, True), sms(TELKOMSEL, "4444", "halo"))
        await bench.store.committing.wait()
        assert (bench.said, bench.taken, got, fed) == ([], [], [], [])
        bench.store.gate.set()
    assert bench.said == ["a", "outgoing"]
    assert [type(one) for one in bench.taken if type(one) is Message] == [Message]
    assert fed == bench.store.committed[0]


async def test_outgoing_keeps_the_order_of_the_decisions(bench: Bench) -> None:
    bench.offer("a", Presence(TELKOMSEL, True), *[mt(TELKOMSEL, esme())] * 3)
    async with bench.running():
        pass
    assert [one.id for one in bench.taken if type(one) is Message] == [1, 2, 3]


async def test_a_batch_with_nothing_to_send_does_not_wake_the_courier(bench: Bench) -> None:
    bench.offer("a", ClockSet(1, 1.0))
    async with bench.running():
        pass
    assert bench.said == ["a"]


async def test_no_events_need_no_commit(bench: Bench) -> None:
    assert bench.offer("a") == []
    assert bench.said == ["a"]
    async with bench.running():
        pass
    assert bench.store.committed == []


async def test_records_say_what_when_and_why(bench: Bench) -> None:
    bench.offer("a", sms(TELKOMSEL, "4444", registration(SITI)))
    async with bench.running():
        pass
    ((record,),) = bench.store.committed
    assert (record.seq, record.at) == (1, wib(OPEN_AT))
    assert record.event == sms(TELKOMSEL, "4444", registration(SITI))
    assert record.answer == Accepted(1)
    assert "registered on NIK" in record.why
    changed = [type(change) for change in record.changes]
    assert sorted(changed, key=str) == [Judged, MessageStored, SubscriberChanged, TakenByDesk]


async def test_a_batch_is_decided_by_the_calendar_s_time_then(bench: Bench) -> None:
    async with bench.running():
        first = await bench.flow.ask(sms(TELKOMSEL, INDOSAT))
        bench.clock.set(wib("2018-03-01 00:00"), 0.0)
        second = await bench.flow.ask(sms(TELKOMSEL, INDOSAT, ref="a2"))
    assert type(first.answer) is Accepted
    assert second.answer == Denied(Cause.OPERATOR_DETERMINED_BARRING)


# ---- what cannot be stored


async def test_an_outage_of_the_store_is_told_once(bench: Bench) -> None:
    bench.store.full = True
    with capture_logs() as logs:
        async with bench.running():
            for _ in range(3):
                await bench.flow.ask(Presence(TELKOMSEL, True))
            bench.store.full = False
            for _ in range(2):
                await bench.flow.ask(Presence(TELKOMSEL, True))
    assert [(entry["log_level"], entry.get("not_stored")) for entry in logs] == [
        ("error", None),
        ("warning", 3),
    ]


async def test_a_batch_that_is_not_stored_is_denied_to_all_and_leaves_nothing(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    fed: list[Record] = []
    bench.feed.watch(fed.extend)
    bench.store.full = True
    async with bench.running():
        a = bench.offer("a", Presence(TELKOMSEL, True), sms(TELKOMSEL, "4444", registration(SITI)))
        b = bench.offer("b", mt(TELKOMSEL, esme()))
        # Asked after them and alone in its batch: then the two were answered.
        await bench.flow.ask(ClockSet(1, 1.0))
        denied = [one.answer for one in [*a, *b]]
        assert denied == [Denied(Cause.CONGESTION)] * 3
        assert "send again: x.sqlite3: database or disk is full" in b[0].why
        assert all((one.changes, one.outgoing) == ((), ()) for one in [*a, *b])
        assert (bench.taken, fed) == ([], [])
        assert bench.store.subscriber(TELKOMSEL) is None
        storing = [bench.flow.storing]
        # The flow goes on; the repeat is decided anew, not answered as a repeat.
        bench.store.full = False
        again = await bench.flow.ask(sms(TELKOMSEL, "4444", registration(SITI)))
    assert again.answer == Accepted(1)
    assert [*storing, bench.flow.storing] == [False, True]
    subscriber = bench.store.subscriber(TELKOMSEL)
    assert subscriber is not None
    assert subscriber.status is Status.REGISTERED
    assert [record.seq for records in bench.store.committed for record in records] == [1]


# ---- back-pressure


async def test_links_stop_reading_while_too_much_waits(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_module, "WAITING_MOST", 10)
    monkeypatch.setattr(flow_module, "BATCH_MOST", 2)
    bench.store.gate.clear()
    async with bench.running():
        bench.offer("first", Presence(TELKOMSEL, True))
        await bench.store.committing.wait()
        fullness = []
        for number in range(11):
            bench.offer(str(number), mt(TELKOMSEL, esme()))
            fullness.append(bench.flow.full)
        assert fullness == [False] * 10 + [True]
        room = asyncio.create_task(bench.flow.room())
        await turn()
        assert not room.done()
        bench.store.gate.set()
        await room
        # Room is made when half of it is decided, not with the first batch.
        assert bench.flow.waiting <= 5


async def test_a_batch_has_its_limit_but_an_offer_is_never_split(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_module, "BATCH_MOST", 3)
    for name, count in (("a", 2), ("b", 5), ("c", 1), ("d", 1), ("e", 1), ("f", 1)):
        bench.offer(name, *[mt(TELKOMSEL, esme())] * count)
    async with bench.running():
        pass
    assert [len(records) for records in bench.store.committed] == [7, 3, 1]


# ---- asking


async def test_who_gives_up_waiting_stops_nobody(bench: Bench) -> None:
    bench.store.gate.clear()
    async with bench.running():
        asking = asyncio.create_task(bench.flow.ask(Presence(TELKOMSEL, True)))
        await bench.store.committing.wait()
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking
        bench.store.gate.set()
        assert (await bench.flow.ask(mt(TELKOMSEL, esme()))).answer == Accepted(1)


async def test_the_rules_are_shown(bench: Bench) -> None:
    assert bench.flow.rules is RULES


# ---- draining


async def test_draining_decides_what_waits_and_ends(bench: Bench) -> None:
    bench.store.gate.clear()
    async with asyncio.timeout(10):
        task = asyncio.create_task(bench.flow.run(), name="flow")
        bench.offer("a", Presence(TELKOMSEL, True))
        await bench.store.committing.wait()
        bench.offer("b", Presence(INDOSAT, True))
        bench.flow.drain()
        drained = asyncio.create_task(bench.flow.drained())
        await turn()
        assert not task.done()
        assert not drained.done()
        bench.store.gate.set()
        await drained
        await task
    assert bench.said == ["a", "outgoing", "b", "outgoing"]


async def test_draining_an_idle_flow_ends_it(bench: Bench) -> None:
    async with asyncio.timeout(10):
        task = asyncio.create_task(bench.flow.run(), name="flow")
        await turn()
        bench.flow.drain()
        await task
        await bench.flow.drained()


# ---- the feed


async def test_watchers_are_told_until_they_stop(bench: Bench) -> None:
    one: list[Record] = []
    two: list[Record] = []
    stop = bench.feed.watch(one.extend)
    bench.feed.watch(two.extend)
    async with bench.running():
        await bench.flow.ask(Presence(TELKOMSEL, True))
        stop()
        await bench.flow.ask(Presence(INDOSAT, True))
    assert [record.seq for record in one] == [1]
    assert [record.seq for record in two] == [1, 2]


async def test_a_watcher_may_stop_while_it_is_told(bench: Bench) -> None:
    told: list[int] = []

    def once(records: Sequence[Record]) -> None:
        told.extend(record.seq for record in records)
        stop()

    stop = bench.feed.watch(once)
    async with bench.running():
        await bench.flow.ask(Presence(TELKOMSEL, True))
        await bench.flow.ask(Presence(INDOSAT, True))
    assert told == [1]


async def test_waiting_for_the_next_commit(bench: Bench) -> None:
    async with bench.running():
        waiting = asyncio.create_task(bench.feed.changed())
        await turn()
        assert not waiting.done()
        await bench.flow.ask(Presence(TELKOMSEL, True))
        await waiting
        later = asyncio.create_task(bench.feed.changed())
        await turn()
        assert not later.done()
        later.cancel()


async def test_faults_change_between_batches_and_what_stays_keeps_its_counts(bench: Bench) -> None:
    stays, goes = (FaultRule(name=name, fault=NoResponse()) for name in ("stays", "goes"))
    assert not bench.flow.rules.faults
    bench.flow.set_faults(arm([stays, goes], 1))
    bench.flow.tally.update(stays=Count(2, 1), goes=Count(1, 1))
    bench.flow.set_faults(arm([stays], 1))
    assert bench.flow.rules.faults.rules == (stays,)
    assert bench.flow.tally == {"stays": Count(2, 1)}
