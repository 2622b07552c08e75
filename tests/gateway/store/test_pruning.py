"""What is older than is to be kept goes, in steps that a crash may cut short; the rest stays."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.core.decision import Questions
from gateway.core.events import CallAction, CallStep, DataClose, DataOpen, Dial, Presence
from gateway.store import pruning, rows
from gateway.store.memory import MemoryStore
from gateway.store.retention import Deleted, Retention
from gateway.store.sqlite import SqliteStore
from tests.gateway.core.network import (
    INDOSAT,
    SITI,
    TELKOMSEL,
    accepted_id,
    esme,
    mt,
    registration,
    sms,
)
from tests.gateway.store.writing import RING_MS, SCHEDULE, Writer
from tests.turns import until

DAY_MS = 86_400_000


@contextlib.asynccontextmanager
async def kept(path: Path, keep: Retention) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path, full=False, schedule=SCHEDULE, ring_ms=RING_MS, keep=keep)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gateway.sqlite3"


async def some_messages(writer: Writer) -> None:
    """One that waits for its phone; then registrations, which ended, and replies, which wait."""
    await writer.batch(Presence(TELKOMSEL, True), Presence(TELKOMSEL, False))
    await writer.batch(mt(TELKOMSEL, esme()))
    for turn in range(3):
        await writer.batch(
            Presence(INDOSAT, True), sms(INDOSAT, "4444", registration(SITI), ref=f"r{turn}")
        )
        await writer.batch(Presence(INDOSAT, False))


async def ids(store: SqliteStore | MemoryStore) -> list[int]:
    return [message.id for message in await store.messages(None, 0, 100)]


async def prune(store: SqliteStore | MemoryStore) -> None:
    if isinstance(store, SqliteStore):
        await store.fold()
        await store._pruning.prune()
    else:
        await store.prune()


def index(path: Path) -> set[int]:
    with contextlib.closing(sqlite3.connect(path)) as reader:
        return {row[0] for row in reader.execute("SELECT DISTINCT id FROM messages_of")}


@pytest.fixture(params=["memory", "sqlite"])
async def limited(request: pytest.FixtureRequest, path: Path) -> AsyncIterator[Writer]:
    """A store that keeps the two newest ids."""
    async for writer in writing(request.param, path, Retention(messages_most=2)):
        yield writer


@pytest.fixture(params=["memory", "sqlite"])
async def for_a_day(request: pytest.FixtureRequest, path: Path) -> AsyncIterator[Writer]:
    """A store that keeps what ended less than a day ago."""
    async for writer in writing(request.param, path, Retention(messages_ms=DAY_MS)):
        yield writer


async def writing(kind: str, path: Path, keep: Retention) -> AsyncIterator[Writer]:
    if kind == "memory":
        yield Writer(MemoryStore(SCHEDULE, RING_MS, keep))
        return
    async with kept(path, keep) as store:
        yield Writer(store)


async def test_the_newest_stay_and_so_does_what_has_not_ended(limited: Writer) -> None:
    store = limited.store
    assert isinstance(store, SqliteStore | MemoryStore)
    await some_messages(limited)
    before = await ids(store)
    ended = [one for one in before if one not in {message.id for message in store.pending()}]
    await prune(store)
    newest = before[-1]
    old = [one for one in ended if one <= newest - 2]
    assert old
    assert await ids(store) == [one for one in before if one not in old]
    assert store.deleted == Deleted(messages=len(old), up_to=old[-1])
    assert next(one.id for one in store.pending()) == 1
    # What is asked about one that is gone is not known; the numbers' own state is untouched.
    facts = await store.answer(Questions(asked_about={old[0]}))
    assert not facts.ended
    assert store.subscriber(INDOSAT) is not None


async def test_days_count_from_the_end(path: Path) -> None:
    async with kept(path, Retention(messages_ms=DAY_MS)) as store:
        writer = Writer(store, at="2018-03-01T08:00:00+07:00")
        await some_messages(writer)
        await prune(store)
        assert store.deleted == Deleted()
        writer.at("2018-03-02T07:59:59+07:00")
        await writer.batch(Presence(INDOSAT, True))
        await prune(store)
        assert store.deleted == Deleted()
        writer.at("2018-03-02T08:00:00+07:00")
        await writer.batch(Presence(INDOSAT, False))
        pending = [one.id for one in store.pending()]
        await prune(store)
        assert await ids(store) == pending
        # What the index says of those that are gone is not seen, and takes no place in a page.
        assert [one.id for one in await store.messages(INDOSAT, 0, 2)] == pending[1:3]


async def call_records(writer: Writer) -> list[str]:
    pages = [page async for page in writer.store.call_records()]
    return [getattr(one, "callee", "") or getattr(one, "ref", "") for page in pages for one in page]


async def some_calls(writer: Writer) -> None:
    """A call that goes on, three that ended, and three data sessions that did."""
    await writer.batch(Presence(INDOSAT, True))
    await writer.batch(Dial(TELKOMSEL, "112", "c1"))
    for callee in ("110", "113", "118"):
        (taken,) = await writer.batch(Dial(INDOSAT, callee, callee))
        await writer.batch(CallStep(INDOSAT, CallAction.HANGUP, accepted_id(taken)))
    for ref in ("d1", "d2", "d3"):
        await writer.batch(DataOpen(INDOSAT, ref), DataClose(INDOSAT, f"end of {ref}"))


async def test_the_newest_call_records_stay_and_so_does_what_goes_on(limited: Writer) -> None:
    store = limited.store
    assert isinstance(store, SqliteStore | MemoryStore)
    await some_calls(limited)
    assert await call_records(limited) == ["110", "113", "118", "d1", "d2", "d3"]
    await prune(store)
    await prune(store)
    assert await call_records(limited) == ["113", "118", "d2", "d3"]
    assert store.deleted == Deleted(call_records=2)
    facts = await store.answer(Questions(call_ids={1}))
    assert facts.calls[1].callee == "112"


async def test_days_of_call_records_count_from_their_end(for_a_day: Writer) -> None:
    store = for_a_day.store
    assert isinstance(store, SqliteStore | MemoryStore)
    for_a_day.at("2018-03-01T08:00:00+07:00")
    await some_calls(for_a_day)
    for_a_day.at("2018-03-01T20:00:00+07:00")
    await for_a_day.batch(CallStep(TELKOMSEL, CallAction.HANGUP, 1))
    for_a_day.at("2018-03-02T08:00:00+07:00")
    await for_a_day.batch(DataOpen(INDOSAT, "d4"))
    await prune(store)
    assert await call_records(for_a_day) == ["112"]
    assert store.deleted == Deleted(call_records=6)


async def test_a_memory_counts_days_too() -> None:
    store = MemoryStore(SCHEDULE, RING_MS, Retention(messages_ms=DAY_MS))
    writer = Writer(store, at="2018-03-01T08:00:00+07:00")
    await some_messages(writer)
    writer.at("2018-03-02T08:00:00+07:00")
    await writer.batch(Presence(TELKOMSEL, True))
    await store.prune()
    assert await ids(store) == [one.id for one in store.pending()]


async def test_it_goes_on_after_a_restart_and_counts_on(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "_ROWS", 1)
    async with kept(path, Retention()) as store:
        await some_messages(Writer(store))
        await prune(store)
        assert store.deleted == Deleted()
        whole = await ids(store)
    async with kept(path, Retention(messages_most=1)) as store:
        done = store._pruning._delete

        async def killed(*args: object) -> None:
            await done(*args)  # type: ignore[arg-type]  # its own arguments
            raise ConnectionAbortedError

        monkeypatch.setattr(store._pruning, "_delete", killed)
        with pytest.raises(ConnectionAbortedError):
            await prune(store)
    async with kept(path, Retention(messages_most=1)) as store:
        assert store.deleted.messages == 1
        await prune(store)
        assert await ids(store) == [one.id for one in store.pending()]
        assert store.deleted.messages == len(whole) - len(store.pending()) == 3


async def test_the_index_goes_by_whole_blocks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BLOCK", 2)
    monkeypatch.setattr(pruning, "_INDEX", 0)
    async with kept(path, Retention(messages_most=1)) as store:
        writer = Writer(store)
        # These end at once, as nobody knows their numbers.
        for _ in range(4):
            await writer.batch(mt(TELKOMSEL, esme()), mt(INDOSAT, esme()))
        await store._pruning.prune()
        assert index(path) == set()
        await prune(store)
        # The ids 2 to 7 lie in three blocks; 1 alone in the first; 8 is kept.
        assert await ids(store) == [8]
        assert index(path) == {8}
        assert [one.id for one in await store.messages(INDOSAT, 0, 10)] == [8]


async def test_the_journal_keeps_what_a_restart_needs(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "JOURNAL_LEAST", 2)
    monkeypatch.setattr(pruning, "_RECORDS", 2)
    async with kept(path, Retention(journal_most=1)) as store:
        writer = Writer(store)
        await some_messages(writer)
        await store._pruning.prune()
        # Nothing of it is in the tables yet.
        assert store.deleted.records == 0
        await prune(store)
        newest = store.next_seq() - 1
        kept_records = [record.seq async for records in store.records() for record in records]
        # Batches go as a whole; the newest two records are needed.
        assert kept_records == [newest - 2, newest - 1, newest]
        assert store.deleted.records == newest - 3
        before = {one.msisdn: one for one in store.subscribers()}
        pending = store.pending()
    async with kept(path, Retention(journal_most=1)) as store:
        assert {one.msisdn: one for one in store.subscribers()} == before
        assert store.pending() == pending
        assert store.next_seq() == newest + 1
        assert store.deleted.records == newest - 3


async def test_it_works_in_the_background_and_tells_its_trouble_once(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pruning, "_EVERY_S", 0.001)
    async with kept(path, Retention(messages_most=1)) as store:
        work = store._pruning
        real, tries = work.prune, 0

        async def fails_twice() -> None:
            nonlocal tries
            tries += 1
            if tries < 3:
                raise sqlite3.OperationalError("disk I/O error")
            await real()

        monkeypatch.setattr(work, "prune", fails_twice)
        await some_messages(Writer(store))
        running = asyncio.create_task(store.run(), name="store")
        await until(lambda: bool(store.deleted.messages))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert capsys.readouterr().out.count("disk I/O error") == 1


async def test_a_memory_works_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.store.memory._EVERY_S", 0.0)
    store = MemoryStore(SCHEDULE, RING_MS, Retention(messages_most=1))
    await some_messages(Writer(store))
    running = asyncio.create_task(store.run(), name="store")
    await until(lambda: bool(store.deleted.messages))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_memory_s_default_keeps_all() -> None:
    store = MemoryStore(SCHEDULE, RING_MS)
    await some_messages(Writer(store))
    whole = await ids(store)
    await store.prune()
    assert await ids(store) == whole
    assert store.size() == {}
