"""Deletes from SQLite what is older than is to be kept, a little at a time.

Each statement is one transaction of its own, so that appends to the journal come between them. What
is to go is looked for from the oldest on in every pass: a pass that was cut short by a crash is
simply repeated. The file does not shrink; what was freed is used for what comes.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from itertools import takewhile
from typing import NamedTuple

import msgspec
import structlog

from gateway.clock import monotonic
from gateway.store import rows
from gateway.store.history import Fetch
from gateway.store.retention import Deleted, Retention
from gateway.store.state import State

log = structlog.get_logger()

# Real seconds between two passes.
_EVERY_S = 2.0
# Messages or call records of one statement, and records of the journal: a commit waits behind one
# statement at the most.
_ROWS, _RECORDS, _INDEX = 100, 250, 500
# Batches of the journal that are looked at together.
_BATCHES = 250
# After each statement there is a rest so many times as long.
_REST = 4
# Statements after which the write-ahead log is moved into the file.
_CHECKPOINT_AFTER = 200

# Records that a restart needs for the answers to repeats.
JOURNAL_LEAST = 20_000


class _Table(NamedTuple):
    """Where rows that have ended lie, oldest first: key, when one began and when it ended."""

    ended: str
    delete: str


_MESSAGES = _Table(
    """
SELECT id, json_extract(body, '$.accepted_at'), coalesce(json_extract(body, '$.ended_at'), 0)
FROM messages WHERE id > ? AND state <> 'ENROUTE' ORDER BY id LIMIT ?
""",
    "DELETE FROM messages WHERE id IN (SELECT value FROM json_each(?))",
)
_CALLS = _Table(
    """
SELECT id, json_extract(body, '$.started_at'), coalesce(json_extract(body, '$.ended_at'), 0)
FROM calls WHERE id > ? AND state = 'ended' ORDER BY id LIMIT ?
""",
    "DELETE FROM calls WHERE id IN (SELECT value FROM json_each(?))",
)
_SESSIONS = _Table(
    """
SELECT rowid, started_at, json_extract(body, '$.ended_at')
FROM data_sessions WHERE rowid > ? ORDER BY rowid LIMIT ?
""",
    "DELETE FROM data_sessions WHERE rowid IN (SELECT value FROM json_each(?))",
)
_NEWEST_SESSION = "SELECT coalesce(max(rowid), 0) FROM data_sessions"
_OLDEST_BATCHES = "SELECT first, last FROM journal ORDER BY first LIMIT ?"
_DELETE_BATCHES = "DELETE FROM journal WHERE first <= ?"
_DELETED = "SELECT messages, records, up_to, call_records FROM deleted"
_FOLDED = "SELECT seq, next_id FROM folded"
# The index of the oldest block, if no message of it is left.
_OLDEST_BLOCK = "SELECT min(block) FROM messages_of"
_ANY_BETWEEN = "SELECT 1 FROM messages WHERE id >= ? AND id < ? LIMIT 1"
_DELETE_INDEX = """
DELETE FROM messages_of WHERE block = ?1 AND msisdn <= coalesce(
    (SELECT msisdn FROM messages_of WHERE block = ?1 ORDER BY msisdn LIMIT 1 OFFSET ?2), 1 << 62)
"""


class Pruning:
    """Keeps one store's file within its limits; `deleted` is what went so far."""

    def __init__(
        self,
        keep: Retention,
        state: State,
        read: Fetch,
        write: Fetch,
        checkpoint: Callable[[], Awaitable[None]],
    ) -> None:
        self._keep = keep
        self._state = state
        self._read = read
        self._write = write
        self._checkpoint = checkpoint
        self._statements = 0
        self.deleted = Deleted()

    async def load(self) -> None:
        """Learn what was deleted so far."""
        self.deleted = Deleted(*(await self._read(_DELETED, ()))[0])

    async def run(self) -> None:
        """Delete again and again what has become too old."""
        told = ""
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                await self.prune()
                told = ""
            except sqlite3.Error as trouble:
                if str(trouble) != told:
                    log.error("what is too old is not deleted, tried again", why=str(trouble))
                told = str(trouble)

    async def prune(self) -> None:
        """Delete all that is too old now."""
        keep, before = self._keep, self.deleted
        if keep.messages_most or keep.messages_ms:
            newest = self._state.next_id - 1
            await self._prune_table(_MESSAGES, newest)
            await self._prune_index()
            await self._prune_table(_CALLS, newest)
            await self._prune_table(_SESSIONS, (await self._read(_NEWEST_SESSION, ()))[0][0])
        if keep.journal_most:
            await self._prune_journal()
        if self._statements:
            self._statements = 0
            await self._checkpoint()
        if self.deleted.up_to and not before.up_to:
            log.info("messages older than [retention] keeps are deleted from now on")
        if self.deleted.call_records and not before.call_records:
            log.info("call records older than [retention] keeps are deleted from now on")
        if self.deleted.records and not before.records:
            log.info("records older than [retention] keeps are deleted from now on")

    async def _prune_table(self, table: _Table, newest: int) -> None:
        """Delete what ended too long ago, or so far before the newest key."""
        keep = self._keep
        up_to = newest - keep.messages_most if keep.messages_most else 0
        before = self._state.at - keep.messages_ms if keep.messages_ms else -1
        after = 0
        while page := await self._read(table.ended, (after, _ROWS)):
            after, began_at, _ = page[-1]
            old = [key for key, began, ended in page if key <= up_to or max(began, ended) <= before]
            if old:
                await self._delete(table.delete, (msgspec.json.encode(old).decode(),))
            if after > up_to and began_at > before:
                return

    async def _prune_index(self) -> None:
        """Delete blocks of which no message is left; in the newest some may not be folded yet."""
        folded = (await self._read(_FOLDED, ()))[0][1]
        while True:
            block = (await self._read(_OLDEST_BLOCK, ()))[0][0]
            if block is None or (block + 1) * rows.BLOCK > folded:
                return
            if await self._read(_ANY_BETWEEN, (block * rows.BLOCK, (block + 1) * rows.BLOCK)):
                return
            await self._delete(_DELETE_INDEX, (block, _INDEX))

    async def _prune_journal(self) -> None:
        folded = (await self._read(_FOLDED, ()))[0][0]
        newest = self._state.seq
        most = max(self._keep.journal_most, JOURNAL_LEAST)
        up_to = min(newest - most, folded)
        while up_to > 0:
            batches = await self._read(_OLDEST_BATCHES, (_BATCHES,))
            old = list(takewhile(lambda batch: batch[1] <= up_to, batches))
            if not old:
                return
            # One statement takes so many records, or one batch.
            end = old[0][0] + _RECORDS
            fitting = [first for first, last in old if last < end] or [old[0][0]]
            await self._delete(_DELETE_BATCHES, (fitting[-1],))

    async def _delete(self, statement: str, which: Sequence[object]) -> None:
        """Delete in one transaction; then rest, so that nearly all the time is the commits'."""
        began = monotonic()
        await self._write(statement, which)
        took = monotonic() - began
        await self.load()
        self._statements += 1
        if self._statements % _CHECKPOINT_AFTER == 0:
            await self._checkpoint()
        await asyncio.sleep(_REST * took)
