"""Moves the write-ahead log into the database on a connection of its own, so that commits go on.

SQLite's own way lets the commit that fills the log do it, and every commit behind that one waits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from sqlite3 import Row

import aiosqlite

from gateway.clock import monotonic
from gateway.store.files import Files

LOG_MOST = 256 * 1024 * 1024
"""Octets: a log that has grown larger begins anew, and its file is cut."""

# Real seconds between two moves while commits write it, and while the tables are written. The
# longer the log, the longer commits wait for the disk, which gets it all at once; each move makes
# them wait a little.
_COMMITTING_S, _FOLDING_S = 10.0, 1.0


class Checkpoints:
    """Owns the connection that moves; `fetch_write` asks the one that commits."""

    def __init__(
        self, files: Files, fetch_write: Callable[[str], Awaitable[Sequence[Row]]]
    ) -> None:
        self._files = files
        self._fetch_write = fetch_write
        self._connection: aiosqlite.Connection | None = None
        self._moved = monotonic()

    def open(self, connection: aiosqlite.Connection) -> None:
        """Take a connection to move with."""
        self._connection = connection

    async def keep_up(self, *, folding: bool) -> None:
        """Move if the last move is a while ago; to be called often while much is written."""
        if monotonic() - self._moved >= (_FOLDING_S if folding else _COMMITTING_S):
            await self.move()

    async def move(self) -> None:
        """Move what the log has; raises sqlite3.Error.

        A log that is large is begun anew. Commits wait for that, but only while what came during
        the move is moved too.
        """
        assert self._connection is not None, "the store is not open"
        await self._connection.execute_fetchall("PRAGMA wal_checkpoint(PASSIVE)")
        if self._files.size()["log"] > LOG_MOST:
            await self._fetch_write("PRAGMA wal_checkpoint(RESTART)")
        self._moved = monotonic()

    async def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
