"""The SQLite store over crashes, full disks, foreign files, and what its tables say."""

from __future__ import annotations

import asyncio
import contextlib
import math
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiosqlite
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import structs

from gateway.core.chance import Fixed
from gateway.core.decision import (
    Accepted,
    CallState,
    Message,
    MessageState,
    Questions,
    Receiver,
    Record,
)
from gateway.core.events import (
    Acknowledged,
    CallAction,
    CallStep,
    CampaignBegan,
    CampaignEnded,
    DataOpen,
    Dial,
    Presence,
    VerdictDue,
)
from gateway.core.numbers import Msisdn
from gateway.core.programme import Campaign, Target
from gateway.core.registration.profiles import DEFAULT_PROFILES, index_profiles
from gateway.core.subscriber import Status, Subscriber
from gateway.store import checkpoints, rows, sqlite
from gateway.store.checkpoints import Checkpoints
from gateway.store.protocol import CannotOpen, NotCommitted
from gateway.store.sqlite import SqliteStore
from tests.gateway.core.network import (
    INDOSAT,
    RULES,
    SITI,
    TELKOMSEL,
    accepted_id,
    esme,
    in_parts,
    mt,
    registration,
    role_a,
    sms,
    wib,
)
from tests.gateway.store.writing import RING_MS, SCHEDULE, Writer
from tests.properties.happenings import stories
from tests.properties.test_switch import Story, tell
from tests.turns import turn, until

# A database of a version before that.
_NO_RETENTION = (
    "DROP TABLE deleted; DROP TRIGGER message_deleted; DROP TRIGGER records_deleted;"
    "DROP TRIGGER call_deleted; DROP TRIGGER data_session_deleted;"
    "DROP TABLE tags; DROP TABLE cleared; DROP TRIGGER tags_deleted;"
)


def store_at(path: Path, *, full: bool = False) -> SqliteStore:
    return SqliteStore(path, full=full, schedule=SCHEDULE, ring_ms=RING_MS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gateway.sqlite3"


@pytest.fixture
async def writer(path: Path) -> AsyncIterator[Writer]:
    store = store_at(path)
    await store.open()
    yield Writer(store)
    await store.close()


def of(writer: Writer) -> SqliteStore:
    assert isinstance(writer.store, SqliteStore)
    return writer.store


@contextlib.asynccontextmanager
async def crashed(path: Path, name: str = "after") -> AsyncIterator[Writer]:
    """Open a copy of the files as they lie now: what a crash at this moment would leave."""
    folder = path.parent / name
    folder.mkdir()
    for file in path.parent.glob(path.name + "*"):
        if not file.name.endswith((".lock", "-shm")):
            shutil.copy(file, folder)
    store = store_at(folder / path.name)
    await store.open()
    yield Writer(store)
    await store.close()


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask the database from outside, as a person with the sqlite3 shell does."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


async def some_traffic(writer: Writer) -> None:
    """A registration, messages that wait and that ended, a call, a repeat's answer."""
    await writer.batch(Presence(TELKOMSEL, True), Presence(INDOSAT, True))
    await writer.batch(sms(TELKOMSEL, "4444", registration(SITI)), mt(INDOSAT, esme(1)))
    await writer.batch(Acknowledged(INDOSAT, (3,)), mt(INDOSAT, esme(1), "kedua"))


async def same_as(one: Writer, other: Writer) -> bool:
    """Whether two stores answer alike (presence is lost with a restart)."""
    asked = Questions(
        msisdns={TELKOMSEL, INDOSAT},
        niks={(SITI.nik.digits, "telkomsel")},
        message_ids=set(range(20)),
        refs={f"sms {TELKOMSEL}/a1"},
        pending_of={TELKOMSEL, INDOSAT},
    )
    facts, others = await one.store.answer(asked), await other.store.answer(asked)
    for subscribers in (facts.subscribers, others.subscribers):
        for msisdn, subscriber in subscribers.items():
            subscribers[msisdn] = msgspec.structs.replace(subscriber, online=False)
    return (
        facts == others
        and one.store.pending() == other.store.pending()
        and one.store.next_seq() == other.store.next_seq()
        and one.store.last_at() == other.store.last_at()
        and await one.store.messages(None, 0, 100) == await other.store.messages(None, 0, 100)
    )


# ---- reopening


async def test_messages_of_a_number_come_over_blocks_of_ids_and_from_an_earlier_index(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await writer.batch(*[mt(TELKOMSEL, esme()), mt(INDOSAT, esme())] * 4)
    store = of(writer)
    with monkeypatch.context() as patched:
        patched.setattr(rows, "BLOCK", 3)
        await store.fold()
        assert query(path, "SELECT DISTINCT block FROM messages_of") == [(0,), (1,), (2,)]

        async def listed(after: int, limit: int) -> list[int]:
            return [one.id for one in await store.messages(TELKOMSEL, after, limit)]

        assert await listed(0, 10) == [1, 3, 5, 7]
        assert await listed(0, 3) == [1, 3, 5]
        assert await listed(3, 10) == [5, 7]
        assert await listed(7, 10) == []
    await store.close()
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        other.executescript(
            "CREATE TABLE message_index (msisdn INTEGER, id INTEGER);"
            "INSERT INTO message_index SELECT msisdn, id FROM messages_of;"
            "DROP TABLE messages_of; ALTER TABLE folded DROP COLUMN campaigns;"
            f"{_NO_RETENTION} PRAGMA user_version = 3;"
        )
    again = store_at(path)
    await again.open()
    assert [one.id for one in await again.messages(TELKOMSEL, 1, 2)] == [3, 5]
    await again.close()


async def test_what_was_committed_is_there_after_closing(path: Path, writer: Writer) -> None:
    await some_traffic(writer)
    async with crashed(path) as kept:
        await writer.store.close()
        store = store_at(path)
        await store.open()
        assert await same_as(Writer(store), kept)
        # All but that both phones are off now.
        assert not store._state.touched_messages
        assert store.numbers()["unfolded"] == 2
        await store.close()


@pytest.mark.parametrize("folds", [(), (0,), (1,), (2,), (0, 1, 2)])
async def test_what_was_committed_is_there_after_a_crash(
    path: Path, writer: Writer, folds: tuple[int, ...]
) -> None:
    for number, traffic in enumerate([some_traffic, some_more_traffic, some_more_traffic]):
        await traffic(writer)
        if number in folds:
            await of(writer).fold()
    async with crashed(path) as after:
        assert await same_as(after, writer)
        await some_more_traffic(after)
        await some_more_traffic(writer)
        assert await same_as(after, writer)


async def some_more_traffic(writer: Writer) -> None:
    seq = writer.store.next_seq()
    await writer.batch(mt(INDOSAT, esme(1), f"pesan {seq}"), mt(TELKOMSEL, esme(), "lagi"))
    oldest = writer.store.pending()[0]
    await writer.batch(Acknowledged(oldest.account or oldest.destination, (oldest.id,)))


@pytest.mark.parametrize("after_statements", range(6))
async def test_a_fold_cut_short_by_a_crash_is_repeated(
    path: Path, writer: Writer, after_statements: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await some_traffic(writer)
    await writer.batch(Dial(TELKOMSEL, INDOSAT, "c1"))
    done = 0
    execute = aiosqlite.Connection.execute_insert

    async def stops(connection: aiosqlite.Connection, *args: object) -> object:
        nonlocal done
        if done == after_statements:
            raise sqlite3.OperationalError("disk I/O error")
        done += 1
        return await execute(connection, *args)

    with monkeypatch.context() as patched:
        patched.setattr(aiosqlite.Connection, "execute_insert", stops)
        with contextlib.suppress(sqlite3.OperationalError):
            await of(writer).fold()
    async with crashed(path) as after:
        assert await same_as_but_for_calls(after, writer)
        await of(after).fold()
        await of(after).fold()
        assert await same_as_but_for_calls(after, writer)
    # And the store that lived on lost nothing either.
    await of(writer).fold()
    assert of(writer).numbers()["unfolded"] == 0
    assert query(path, "SELECT count(*) FROM messages") == [(5,)]
    assert query(path, "SELECT count(*) FROM subscribers") == [(2,)]


async def same_as_but_for_calls(after: Writer, before: Writer) -> bool:
    """Calls end with a restart: compare with the parties' calls put aside."""
    messages = await after.store.messages(None, 0, 100)
    return (
        messages == await before.store.messages(None, 0, 100)
        and after.store.pending() == before.store.pending()
        and after.store.next_seq() == before.store.next_seq()
        and all(
            one is not None and one.call_id == 0
            for one in map(after.store.subscriber, (TELKOMSEL, INDOSAT))
        )
    )


async def test_a_cancelled_fold_loses_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_at(path)
    await store.open()
    writer = Writer(store)
    await some_traffic(writer)
    entered = asyncio.Event()

    async def hangs(self: SqliteStore, *args: object) -> None:
        entered.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStore, "_fold", hangs)
        folding = asyncio.create_task(store.fold())
        await asyncio.wait_for(entered.wait(), 5)
        # What is being folded is still listed.
        assert len(await store.messages(None, 0, 10)) == 5
        # Five messages of two subscribers.
        assert store.numbers()["unfolded"] == 7
        folding.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await folding
    await store.close()
    assert query(path, "SELECT count(*) FROM messages") == [(5,)]
    again = store_at(path)
    await again.open()
    assert [message.text for message in again.pending() if message.text == "kedua"]
    await again.close()


async def test_a_restart_ends_calls_and_sessions(path: Path, writer: Writer) -> None:
    await writer.batch(Presence(TELKOMSEL, True), Presence(INDOSAT, True))
    await writer.batch(DataOpen(INDOSAT, "d1"), Dial(TELKOMSEL, INDOSAT, "c1"))
    await of(writer).fold()
    async with crashed(path) as after:
        for msisdn in (TELKOMSEL, INDOSAT):
            phone = after.store.subscriber(msisdn)
            assert phone is not None
            assert (phone.has_phone, phone.online) == (True, False)
            assert (phone.call_id, phone.data_ref) == (0, "")
        await of(after).fold()
        states = query(path.parent / "after" / path.name, "SELECT state FROM calls")
        assert states == [("ended",)]
        # Its id is not given again.
        (decision,) = await after.batch(mt(TELKOMSEL, esme()))
        assert accepted_id(decision) == 2


async def test_repeats_are_known_after_a_restart_though_folded(path: Path, writer: Writer) -> None:
    (first,) = await writer.batch(sms(TELKOMSEL, "4444", registration(SITI)))
    await of(writer).fold()
    async with crashed(path) as after:
        (again,) = await after.batch(sms(TELKOMSEL, "4444", registration(SITI)))
        assert (again.answer, again.changes) == (first.answer, ())


async def test_a_batch_larger_than_what_is_read_for_answers(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "JOURNAL_LEAST", 2)
    await writer.batch(*[mt(TELKOMSEL, esme())] * 5)
    await of(writer).fold()
    async with crashed(path) as after:
        assert (after.store.next_seq(), after.store.last_at()) == (6, writer.now)
        await after.batch(mt(TELKOMSEL, esme()))
        assert after.store.next_seq() == 7


async def test_a_new_file_opens_again_without_traffic(path: Path) -> None:
    for _ in range(2):
        store = store_at(path, full=True)
        await store.open()
        assert (store.next_seq(), store.last_at()) == (1, 0)
        await store.close()


async def test_durability_is_the_setting(path: Path) -> None:
    for full, synchronous in ((True, 2), (False, 1)):
        store = store_at(path, full=full)
        await store.open()
        assert await store._fetch_write("PRAGMA synchronous") == [(synchronous,)]
        await store.close()


# ---- tables and journal, for whoever looks


async def test_the_journal_is_readable_by_anybody(path: Path, writer: Writer) -> None:
    await some_traffic(writer)
    rows = query(path, "SELECT seq, event, why FROM journal_records ORDER BY seq")
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row[1] for row in rows] == [
        "presence", "presence", "mo_sms", "mt_sms", "acknowledged", "mt_sms",
    ]  # fmt: skip
    assert "registered on NIK" in str(rows[2][2])
    assert query(path, "SELECT DISTINCT at FROM journal_records") == [(writer.now,)]
    (body,) = query(path, "SELECT record FROM journal_records WHERE seq = 3")[0]
    record = msgspec.json.decode(str(body), type=Record)
    assert record.answer == Accepted(1)


async def test_folded_tables_are_the_state(path: Path, writer: Writer) -> None:
    await some_traffic(writer)
    await writer.batch(Dial(TELKOMSEL, INDOSAT, "c1"))
    await of(writer).fold()
    seq, next_id = query(path, "SELECT seq, next_id FROM folded")[0]
    assert (seq, next_id) == (7, 7)
    for msisdn, operator, status, body in query(
        path, "SELECT msisdn, operator, status, body FROM subscribers"
    ):
        subscriber = msgspec.json.decode(str(body), type=Subscriber)
        assert subscriber == writer.store.subscriber(Msisdn(str(msisdn)))
        assert (operator, status) == (subscriber.operator, subscriber.status.value)
    kept = await writer.store.messages(None, 0, 100)
    rows = query(path, "SELECT id, state, body FROM messages ORDER BY id")
    assert [msgspec.json.decode(str(row[2]), type=Message) for row in rows] == kept
    assert [row[:2] for row in rows] == [(one.id, one.state.value) for one in kept]
    assert query(path, "SELECT id, state FROM calls") == [(6, CallState.RINGING.value)]
    await writer.batch(CallStep(INDOSAT, CallAction.REJECT, 6))
    await of(writer).fold()
    assert query(path, "SELECT id, state FROM calls") == [(6, "ended")]


async def test_subscribers_with_scattered_numbers(path: Path, writer: Writer) -> None:
    # More than one statement folds, in an order that is not the numbers' own.
    numbers = [Msisdn(f"62812{index * 7_919_371 % 10**8:08}") for index in range(2_500)]
    assert len(set(numbers)) == len(numbers)
    await writer.batch(*(mt(number, esme()) for number in numbers))
    await of(writer).fold()
    rows = query(path, "SELECT msisdn FROM subscribers")
    assert [row[0] for row in rows] == sorted(map(int, numbers))
    async with crashed(path) as after:
        assert after.store.numbers()["subscribers"] == 2_500
        (found,) = await after.store.messages(numbers[1_234], 0, 10)
        assert found.id == 1_235


async def test_listing_puts_what_is_not_folded_over_what_is(writer: Writer) -> None:
    store = of(writer)
    await writer.batch(Presence(TELKOMSEL, True), *[mt(TELKOMSEL, esme())] * 3)
    await store.fold()
    await writer.batch(Acknowledged(TELKOMSEL, (2,)), mt(TELKOMSEL, esme()))
    states = [(one.id, one.state) for one in await store.messages(TELKOMSEL, 0, 10)]
    waits, ended = MessageState.ENROUTE, MessageState.DELIVERED
    assert states == [(1, waits), (2, ended), (3, waits), (4, waits)]
    assert [one.id for one in await store.messages(TELKOMSEL, 1, 2)] == [2, 3]
    assert [one.id for one in await store.messages(INDOSAT, 0, 10)] == []


@pytest.mark.parametrize("folded", [True, False])
async def test_a_pending_verdict_survives_a_crash(writer: Writer, path: Path, folded: bool) -> None:
    writer.rules = structs.replace(writer.rules, verdict_delay=Fixed(60_000))
    await writer.batch(sms(TELKOMSEL, "4444", registration(SITI)))
    if folded:
        await of(writer).fold()
    async with crashed(path) as after:
        after.now = writer.now + 60_000
        assert after.store.due(after.now) == [VerdictDue(TELKOMSEL, after.now)]
        await after.catch_up()
        found = after.store.subscriber(TELKOMSEL)
        assert found is not None
        assert (found.status, found.nik) == (Status.REGISTERED, SITI.nik)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories)
def test_any_story_survives_a_crash_and_a_fold(tmp_path: Path, story: Story) -> None:
    network, _ = tell(story)
    records = network.records
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    path = folder / "gateway.sqlite3"

    async def survives() -> None:
        store = store_at(path)
        await store.open()
        half = len(records) // 2
        for part, fold in ((records[:half], True), (records[half:], False)):
            if part:
                await store.commit(part)
            if fold:
                await store.fold()
        async with crashed(path) as after:
            assert after.store.pending() == sorted(store.pending(), key=lambda one: one.id)
            assert after.store.next_seq() == store.next_seq()
            for msisdn, subscriber in network.state.subscribers.items():
                kept = after.store.subscriber(msisdn)
                assert kept == msgspec.structs.replace(
                    subscriber, online=False, data_ref="", data_since=0, call_id=0
                )
            everything = await after.store.messages(None, 0, 10_000)
            assert everything == list(network.state.touched_messages.values())
            facts = await after.store.answer(Questions(niks=set(network.state.numbers_per_nik)))
            assert facts.numbers_per_nik == network.state.numbers_per_nik
            assert facts.next_id == network.state.next_id
        await store.close()

    asyncio.run(survives())


# ---- what an ESME sent, after a restart

NOON = wib("2018-02-26 12:00")
Restarted = Callable[[], contextlib.AbstractAsyncContextManager[Writer]]


@pytest.fixture(params=["folded", "journal"])
async def restarted(request: pytest.FixtureRequest, path: Path, writer: Writer) -> Restarted:
    """What crashes and starts again, from the tables or from the journal's tail."""

    @contextlib.asynccontextmanager
    async def again() -> AsyncIterator[Writer]:
        if request.param == "folded":
            await of(writer).fold()
        async with crashed(path) as after:
            yield after

    return again


async def asked_about(writer: Writer, *ids: int) -> dict[int, MessageState]:
    facts = await writer.store.answer(Questions(asked_about=set(ids)))
    return {id_: one.state for id_, one in sorted((facts.messages | facts.ended).items())}


TWO_A_DAY = index_profiles(tuple(structs.replace(one, daily_quota=2) for one in DEFAULT_PROFILES))


async def test_the_registry_s_quota_of_the_day_is_counted_over_crashes(
    path: Path, writer: Writer, restarted: Restarted
) -> None:
    writer.rules = structs.replace(RULES, profiles=TWO_A_DAY)

    async def asks(one: Writer, last: int) -> str:
        number = Msisdn(f"62812100000{last:02}")
        (decision,) = await one.batch(sms(number, "4444", registration(SITI)))
        return decision.why

    assert "registered on NIK" in await asks(writer, 1)
    async with restarted() as after:
        after.rules = writer.rules
        assert "registered on NIK" in await asks(after, 2)
        assert "quota of 2 a day is used up for telkomsel" in await asks(after, 3)
        after.at("2018-02-27 00:00")
        assert "registered on NIK" in await asks(after, 4)


async def test_campaigns_are_known_after_a_crash(writer: Writer, restarted: Restarted) -> None:
    weekly = Campaign("weekly", "", Target.UNREGISTERED, 10.0, writer.now, writer.now)
    ended = structs.replace(weekly, name="xl", operator="xl", ended_at=writer.now, sent=3)
    await writer.batch(CampaignBegan(weekly), CampaignBegan(structs.replace(weekly, name="xl")))
    await writer.batch(CampaignEnded(ended))
    async with restarted() as after:
        assert after.store.campaigns == {"weekly": weekly, "xl": ended}


async def test_a_database_from_before_campaigns_were_kept_opens(path: Path, writer: Writer) -> None:
    await some_traffic(writer)
    await of(writer).fold()
    await of(writer).close()
    with contextlib.closing(sqlite3.connect(path)) as other, other:
        other.executescript(
            f"ALTER TABLE folded DROP COLUMN campaigns; {_NO_RETENTION} PRAGMA user_version = 4;"
        )
    again = store_at(path)
    await again.open()
    assert again.campaigns == {}
    weekly = Campaign("weekly", "", Target.UNREGISTERED, 10.0, writer.now, writer.now)
    await Writer(again).batch(CampaignBegan(weekly))
    await again.fold()
    async with crashed(path) as after:
        assert after.store.campaigns == {"weekly": weekly}
        assert after.store.subscriber(TELKOMSEL) is not None
    await again.close()


async def test_ended_messages_are_found_after_a_restart(
    writer: Writer, restarted: Restarted
) -> None:
    await some_traffic(writer)
    async with restarted() as after:
        states = await asked_about(after, 1, 3, 5, 99)
    assert states == {
        1: MessageState.DELIVERED,
        3: MessageState.DELIVERED,
        5: MessageState.ENROUTE,
    }


async def test_ended_messages_are_found_while_they_are_folded(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = of(writer)
    await some_traffic(writer)
    written = store._fold
    asked = asyncio.Event()

    async def after_the_question(*args: Any) -> None:
        await asked.wait()
        await written(*args)

    monkeypatch.setattr(store, "_fold", after_the_question)
    folding = asyncio.create_task(store.fold(), name="fold")
    await turn()
    assert store.numbers()["unfolded"] > 0
    fetch = store._fetch_read

    async def before_the_fold(*args: Any) -> list[sqlite3.Row]:
        # What is read is from before the fold, which is over when it is looked at.
        monkeypatch.setattr(store, "_fetch_read", fetch)
        found = await fetch(*args)
        asked.set()
        await folding
        return found

    monkeypatch.setattr(store, "_fetch_read", before_the_fold)
    states = await asked_about(writer, 1, 3)
    assert states == {1: MessageState.DELIVERED, 3: MessageState.DELIVERED}
    assert store.numbers()["unfolded"] == 0


async def test_a_scheduled_message_is_sent_after_a_restart(
    writer: Writer, restarted: Restarted
) -> None:
    via = msgspec.structs.replace(esme(1), not_before=NOON)
    await writer.batch(Presence(INDOSAT, True), mt(INDOSAT, via))
    async with restarted() as after:
        assert after.store.due(NOON - 1) == []
        after.now = NOON
        await after.catch_up()
        (message,) = after.store.pending()
        assert (message.id, message.receiver) == (1, Receiver.PHONE)


async def test_parts_wait_for_their_others_over_a_restart(
    writer: Writer, restarted: Restarted
) -> None:
    text = registration(SITI)
    first, second = in_parts(role_a("", registered_delivery=1), text[:20], text[20:])
    await writer.batch(first)
    async with restarted() as after:
        await after.batch(second)
        subscriber = after.store.subscriber(TELKOMSEL)
        assert subscriber is not None
        assert subscriber.nik == SITI.nik
        receipts = [one.receipt for one in after.store.pending() if one.receipt is not None]
        assert [one.message_id for one in receipts] == [1, 2]


@pytest.mark.parametrize("scheduled", [0, NOON])
async def test_a_whole_message_ends_with_its_parts_after_a_restart(
    writer: Writer, restarted: Restarted, scheduled: int
) -> None:
    via = msgspec.structs.replace(esme(1), not_before=scheduled)
    await writer.batch(Presence(INDOSAT, True))
    await writer.batch(*in_parts(mt(INDOSAT, via), "Promo ", "besar"))
    async with restarted() as after:
        # The parts' own time is over, but they are in a whole that waits.
        after.now = NOON
        await after.catch_up()
        assert [one.id for one in after.store.pending()] == [1, 2, 3]
        await after.batch(Acknowledged(INDOSAT, (3,)))
        assert await asked_about(after, 1, 2, 3) == dict.fromkeys((1, 2, 3), MessageState.DELIVERED)
        receipts = [one.receipt for one in after.store.pending() if one.receipt is not None]
        assert [one.message_id for one in receipts] == [1, 2]


async def test_queues_are_counted_after_a_restart(writer: Writer, restarted: Restarted) -> None:
    await writer.batch(Presence(INDOSAT, True), *[mt(INDOSAT, esme(1))] * 2)
    await writer.batch(*in_parts(mt(INDOSAT, esme()), "Promo ", "besar"))
    await writer.batch(Acknowledged(INDOSAT, (1,)))
    async with restarted() as after:
        facts = await after.store.answer(Questions(accounts={"a2p"}))
        assert facts.queued == {"a2p": 3}
        await after.batch(Acknowledged(INDOSAT, (2, 5)))
        facts = await after.store.answer(Questions(accounts={"a2p"}))
        assert facts.queued == {"a2p": 0}


# ---- folding in the background


@contextlib.asynccontextmanager
async def running(store: SqliteStore) -> AsyncIterator[None]:
    task = asyncio.create_task(store.run(), name="store")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_it_folds_when_it_is_quiet(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def folded_to(seq: int) -> bool:
        # The file has it before the store has heard so.
        folded = query(path, "SELECT seq FROM folded") == [(seq,)]
        return folded and of(writer).numbers()["unfolded"] == 0

    monkeypatch.setattr(sqlite, "_QUIET_S", 0.01)
    async with running(of(writer)):
        await some_traffic(writer)
        await until(lambda: folded_to(6))
        await some_more_traffic(writer)
        await until(lambda: folded_to(9))


async def test_it_folds_under_load_when_much_waits(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_QUIET_S", 0.01)
    monkeypatch.setattr(sqlite, "_FOLD_AT", 2)
    reads = 0

    def always_just_now() -> float:
        # A commit is always just now: it is never quiet.
        nonlocal reads
        reads += 1
        return 0.0

    monkeypatch.setattr(sqlite, "monotonic", always_just_now)
    async with running(of(writer)):
        await writer.batch(mt(TELKOMSEL, esme()))
        # The commit reads the time once, each look of `run` once more; a fold ends the looks.
        await until(lambda: reads == 4)
        assert query(path, "SELECT seq FROM folded") == [(0,)]
        await writer.batch(*[mt(TELKOMSEL, esme())] * 2)
        await until(lambda: query(path, "SELECT seq FROM folded") == [(3,)])


async def test_commits_wait_when_too_much_waits(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_FOLD_MOST", 2)
    await writer.batch(*[mt(TELKOMSEL, esme())] * 3)
    assert query(path, "SELECT seq FROM folded") == [(0,)]
    await writer.batch(mt(TELKOMSEL, esme()))
    assert query(path, "SELECT seq FROM folded") == [(3,)]


async def test_a_fold_that_fails_is_tried_again(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_QUIET_S", 0.01)
    monkeypatch.setattr(sqlite, "_BUSY_S", 0.01)
    failures = 0
    fold = SqliteStore.fold

    async def fails_twice(store: SqliteStore) -> None:
        nonlocal failures
        failures += 1
        if failures <= 2:
            raise sqlite3.OperationalError("database or disk is full")
        await fold(store)

    monkeypatch.setattr(SqliteStore, "fold", fails_twice)
    async with running(of(writer)):
        await writer.batch(mt(TELKOMSEL, esme()))
        await until(lambda: query(path, "SELECT seq FROM folded") == [(1,)])


@pytest.fixture
def moves(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One entry for each time that the log was moved; no pause is too short."""
    moves: list[None] = []
    move = Checkpoints.move

    async def counted(one: Checkpoints) -> None:
        moves.append(None)
        await move(one)

    monkeypatch.setattr(checkpoints, "_COMMITTING_S", 0.0)
    monkeypatch.setattr(checkpoints, "_FOLDING_S", 0.0)
    monkeypatch.setattr(Checkpoints, "move", counted)
    return moves


async def test_a_long_fold_moves_the_log_in_between(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch, moves: list[None]
) -> None:
    monkeypatch.setattr(sqlite, "_FOLD_ROWS", 1)
    monkeypatch.setattr(sqlite, "_FOLD_SUBSCRIBERS", 1)
    await writer.batch(*(mt(TELKOMSEL, esme()) for _ in range(4)))
    await writer.batch(Presence(TELKOMSEL, True), Presence(INDOSAT, True))
    await of(writer).fold()
    assert query(path, "SELECT count(*) FROM messages") == [(4,)]
    # After each message, after each subscriber, and at the end.
    assert len(moves) == 4 + 2 + 1


async def test_the_log_is_moved_while_commits_go_on(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch, moves: list[None]
) -> None:
    monkeypatch.setattr(sqlite, "_QUIET_S", 0.001)
    async with running(of(writer)):
        await writer.batch(mt(TELKOMSEL, esme()))
        # As if the last commit were always just now.
        of(writer)._last_commit = math.inf
        await until(lambda: len(moves) >= 2)
    assert query(path, "SELECT seq FROM folded") == [(0,)]


async def test_a_move_that_is_due_waits_for_its_time(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, moves: list[None]
) -> None:
    monkeypatch.setattr(checkpoints, "_COMMITTING_S", 3_600.0)
    await of(writer)._checkpoints.keep_up(folding=False)
    assert not moves
    await of(writer)._checkpoints.keep_up(folding=True)
    assert moves


# ---- what cannot be stored


async def test_a_full_disk_is_not_committed_and_nothing_of_it_is_there(
    path: Path, writer: Writer
) -> None:
    await some_traffic(writer)
    await of(writer).fold()
    store = of(writer)
    pages = (await store._fetch_write("PRAGMA page_count"))[0][0]
    await store._fetch_write(f"PRAGMA max_page_count = {pages}")
    _, records = await writer.decided(mt(TELKOMSEL, esme(), "x" * 100_000))
    with pytest.raises(NotCommitted, match="full: make room on the disk"):
        await store.commit(records)
    assert store.next_seq() == 7
    assert len(await store.messages(None, 0, 100)) == 5
    await store._fetch_write("PRAGMA max_page_count = 1000000")
    await store.commit(records)
    assert len(await store.messages(None, 0, 100)) == 6
    async with crashed(path) as after:
        assert await same_as(after, writer)


async def test_what_is_to_be_written_is_counted_whatever_it_is(writer: Writer) -> None:
    store = of(writer)
    await writer.batch(Presence(TELKOMSEL, True), Presence(INDOSAT, True))
    assert store.numbers()["unfolded"] == 2
    await store.fold()
    assert store.numbers()["unfolded"] == 0
    await writer.batch(Dial(TELKOMSEL, "112", "c1"))
    # The call, and its caller that is in it.
    assert store.numbers()["unfolded"] == 2
    await store.fold()
    await writer.batch(DataOpen(INDOSAT, "d1"))
    await writer.batch(Presence(INDOSAT, False))
    assert store.numbers()["unfolded"] == 2
    await store.fold()
    assert store.numbers()["unfolded"] == 0


async def test_a_full_disk_while_commits_wait_for_the_fold(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_FOLD_MOST", 0)
    await writer.batch(mt(TELKOMSEL, esme()))
    store = of(writer)
    pages = (await store._fetch_write("PRAGMA page_count"))[0][0]
    await store._fetch_write(f"PRAGMA max_page_count = {pages}")
    store._state.touched_messages[1] = msgspec.structs.replace(
        store._state.touched_messages[1], text="x" * 100_000
    )
    with pytest.raises(NotCommitted, match="make room"):
        await writer.batch(mt(TELKOMSEL, esme()))
    assert store.next_seq() == 2
    assert store.numbers()["unfolded"] == 2
    await store._fetch_write("PRAGMA max_page_count = 1000000")
    await writer.batch(mt(TELKOMSEL, esme()))
    assert store.numbers()["unfolded"] == 1


async def test_a_database_that_another_program_locks_is_not_committed(
    path: Path, writer: Writer
) -> None:
    store = of(writer)
    await store._fetch_write("PRAGMA busy_timeout = 10")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotCommitted, match="locked: another program has it open"):
            await writer.batch(mt(TELKOMSEL, esme()))
        other.execute("ROLLBACK")
    await writer.batch(mt(TELKOMSEL, esme()))
    assert store.next_seq() == 2


@pytest.mark.parametrize("suffix", ["", "-wal"])
async def test_a_file_that_is_taken_away_is_not_committed_to(
    path: Path, writer: Writer, suffix: str
) -> None:
    await some_traffic(writer)
    file, aside = path.with_name(path.name + suffix), path.with_name("aside")
    file.rename(aside)
    with pytest.raises(NotCommitted, match="removed or replaced while"):
        await writer.batch(mt(TELKOMSEL, esme()))
    aside.rename(file)
    await writer.batch(mt(TELKOMSEL, esme()))
    async with crashed(path) as after:
        assert await same_as(after, writer)


async def test_closing_when_the_disk_is_full_leaves_it_to_the_journal(path: Path) -> None:
    store = store_at(path)
    await store.open()
    writer = Writer(store)
    await some_traffic(writer)
    await writer.batch(mt(TELKOMSEL, esme(), "kecil"))
    pages = (await store._fetch_write("PRAGMA page_count"))[0][0]
    await store._fetch_write(f"PRAGMA max_page_count = {pages}")
    store._state.touched_messages[1] = msgspec.structs.replace(
        store._state.touched_messages[1], text="x" * 100_000
    )
    await store.close()
    again = store_at(path)
    await again.open()
    assert again.next_seq() == 8
    assert len(await again.messages(None, 0, 100)) == 6
    await again.close()


# ---- what cannot be opened


async def refused(path: Path) -> str:
    store = store_at(path)
    with pytest.raises(CannotOpen) as caught:
        await store.open()
    # The lock is free again and nothing is left open.
    with contextlib.suppress(CannotOpen):
        await store.open()
    await store.close()
    return str(caught.value)


async def test_two_gateways_on_one_file(path: Path, writer: Writer) -> None:
    assert "another gateway has it open; stop that one or name another" in await refused(path)
    await writer.batch(mt(TELKOMSEL, esme()))


async def test_a_file_that_another_program_locks(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_BUSY_S", 0.01)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        assert "locked: another program has it open; stop that one" in await refused(path)


async def test_a_newer_schema(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")
    why = await refused(path)
    assert "its schema 99 is newer than this program's: run the program that wrote it" in why


async def test_a_file_that_is_no_database(path: Path) -> None:
    path.write_text("not a database at all, but a text " * 100)  # noqa: ASYNC240 - small
    assert "it is some other file; name another [store] path" in await refused(path)


async def test_another_program_s_database(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE messages (id)")
    assert "another program's database; name another [store] path" in await refused(path)
    assert query(path, "SELECT name FROM sqlite_schema") == [("messages",)]


async def test_a_missing_folder(tmp_path: Path) -> None:
    why = await refused(tmp_path / "nowhere" / "gateway.sqlite3")
    assert "make its folder exist and writable" in why


async def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "gateway.sqlite3").mkdir()
    assert "name another [store] path" in await refused(tmp_path / "gateway.sqlite3")


@pytest.mark.parametrize("body", ["{}", "{", '{"msisdn":1}'])
async def test_bodies_that_this_program_cannot_read(path: Path, writer: Writer, body: str) -> None:
    await some_traffic(writer)
    await writer.store.close()
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE subscribers SET body = ?", (body,))
        other.commit()
    why = await refused(path)
    assert why.startswith(f"{path}: ")
    assert why.endswith("name another [store] path")


async def test_a_store_that_is_not_open_says_so(path: Path) -> None:
    store = store_at(path)
    with pytest.raises(RuntimeError, match="not open"):
        await store.commit([])
    with pytest.raises(RuntimeError, match="not open"):
        await store.messages(None, 0, 1)
    await store.close()


async def test_statuses_are_for_people_to_query(path: Path, writer: Writer) -> None:
    await some_traffic(writer)
    await of(writer).fold()
    rows = query(path, "SELECT status, count(*) FROM subscribers GROUP BY status ORDER BY status")
    assert rows == [(Status.REGISTERED.value, 1), (Status.UNREGISTERED.value, 1)]


async def test_closing_leaves_a_long_tail_to_the_next_start(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_FOLD_AT_CLOSE", 0)
    store = store_at(path)
    await store.open()
    await Writer(store).batch(sms(TELKOMSEL, "4444", registration(SITI)))
    await store.close()
    assert query(path, "SELECT count(*) FROM subscribers") == [(0,)]

    again = store_at(path)
    await again.open()
    found = again.subscriber(TELKOMSEL)
    await again.close()
    assert found is not None
    assert found.status is Status.REGISTERED
