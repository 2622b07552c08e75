"""Tags and the cleared mark: there after a restart, gone with their message."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.store.annotations import Annotations
from gateway.store.protocol import NotCommitted
from gateway.store.retention import Retention
from gateway.store.sqlite import SqliteStore
from tests.gateway.core.network import TELKOMSEL, esme, mt
from tests.gateway.store.writing import RING_MS, SCHEDULE, Writer


@contextlib.asynccontextmanager
async def opened(path: Path, keep: Retention | None = None) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(
        path, full=False, schedule=SCHEDULE, ring_ms=RING_MS, keep=keep or Retention()
    )
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gateway.sqlite3"


def rows(path: Path) -> list[tuple[int, str]]:
    with contextlib.closing(sqlite3.connect(path)) as reader:
        return reader.execute("SELECT id, tags FROM tags ORDER BY id").fetchall()


async def test_they_survive_a_restart(path: Path) -> None:
    async with opened(path) as store:
        await store.annotations.tag(1, ["smoke", "run-7", "smoke"])
        await store.annotations.tag(2, ["other"])
        await store.annotations.tag(2, [])
        # What is noted is in the file at once: a kill -9 takes nothing away.
        assert rows(path) == [(1, '["smoke","run-7"]')]
    async with opened(path) as store:
        assert store.annotations.tags(1) == ("smoke", "run-7")
        assert store.annotations.tags(2) == ()
        assert store.annotations.cleared == 0
        await store.annotations.clear(12)
        assert store.annotations.tags(1) == ()
    async with opened(path) as store:
        assert store.annotations.cleared == 12
        assert store.annotations.tags(1) == ()
        assert rows(path) == []


async def test_those_that_were_tagged_first_lose_their_tags(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.store.annotations.TAGGED_MOST", 2)
    async with opened(path) as store:
        for id_ in (3, 1, 2):
            await store.annotations.tag(id_, ["x"])
        assert [store.annotations.tags(id_) for id_ in (1, 2, 3)] == [("x",), ("x",), ()]
        assert [id_ for id_, _ in rows(path)] == [1, 2]


async def test_tags_go_with_a_message_that_is_deleted(path: Path) -> None:
    async with opened(path, Retention(messages_most=1)) as store:
        writer = Writer(store)
        await writer.batch(mt(TELKOMSEL, esme()), mt(TELKOMSEL, esme()))
        await store.annotations.tag(1, ["old"])
        await store.annotations.tag(2, ["new"])
        await store.fold()
        await store._pruning.prune()
        assert rows(path) == [(2, '["new"]')]


async def test_what_the_file_does_not_take_is_not_noted(path: Path) -> None:
    async with opened(path) as store:
        await store.annotations.tag(1, ["kept"])
        await store._fetch_write("PRAGMA query_only = 1")
        with pytest.raises(NotCommitted, match="readonly"):
            await store.annotations.tag(1, [])
        with pytest.raises(NotCommitted, match="make the file and its folder writable"):
            await store.annotations.clear(7)
        assert (store.annotations.tags(1), store.annotations.cleared) == (("kept",), 0)
        await store._fetch_write("PRAGMA query_only = 0")


async def test_in_memory_they_are_kept_while_it_lives() -> None:
    notes = Annotations()
    await notes.load()
    await notes.tag(1, ["a"])
    assert notes.tags(1) == ("a",)
    await notes.clear(5)
    assert (notes.tags(1), notes.cleared) == ((), 5)
