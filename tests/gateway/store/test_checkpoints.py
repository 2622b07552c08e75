"""The write-ahead log moves into the database beside commits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiosqlite
import pytest

from gateway.store import checkpoints
from gateway.store.checkpoints import Checkpoints
from gateway.store.files import Files


class Database:
    """A writer whose log nobody else moves."""

    def __init__(self, path: Path, writer: aiosqlite.Connection) -> None:
        self.wal = path.with_name(f"{path.name}-wal")
        self.asked: list[str] = []
        self._writer = writer
        self.checkpoints = Checkpoints(Files(path), self._ask)

    async def _ask(self, sql: str) -> list[aiosqlite.Row]:
        self.asked.append(sql)
        return list(await self._writer.execute_fetchall(sql))

    async def write(self) -> None:
        """Write some 50 pages."""
        await self._writer.execute("INSERT INTO t SELECT zeroblob(200000)")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "one.sqlite3"
    async with aiosqlite.connect(path, isolation_level=None) as writer:
        await writer.execute("PRAGMA journal_mode = WAL")
        await writer.execute("PRAGMA wal_autocheckpoint = 0")
        await writer.execute("CREATE TABLE t (x)")
        found = Database(path, writer)
        found.checkpoints.open(await aiosqlite.connect(path, isolation_level=None))
        yield found
        await found.checkpoints.close()


async def test_a_small_log_is_moved_without_the_writer(database: Database) -> None:
    await database.write()
    await database.checkpoints.move()
    assert database.asked == []
    size = database.wal.stat().st_size
    await database.write()
    # All was moved: the log begins at its start again by itself.
    assert database.wal.stat().st_size == size


async def test_a_large_log_begins_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "LOG_MOST", 1)
    await database.write()
    await database.checkpoints.move()
    assert database.asked == ["PRAGMA wal_checkpoint(RESTART)"]
    size = database.wal.stat().st_size
    await database.write()
    assert database.wal.stat().st_size == size


async def test_it_is_closed_twice_without_harm(database: Database) -> None:
    await database.checkpoints.close()
    await database.checkpoints.close()
