"""The default store: a journal that only grows, and tables folded from it behind.

A commit is one INSERT of one row, the batch as JSON: nothing is looked up or rewritten on the
way to the disk, so its cost does not depend on how many subscribers there are or how scattered
their numbers lie. The state that decisions need is in memory (`State`); `run` writes it behind
into tables, in key order. `open` reads the tables and replays the journal's tail.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from itertools import chain
from pathlib import Path

import aiosqlite
import msgspec
import structlog

from gateway.clock import monotonic
from gateway.core.ageing import Schedule
from gateway.core.decision import Call, DataSession, Facts, Message, Questions, Record
from gateway.core.numbers import Msisdn
from gateway.pacing import Pace
from gateway.store import history, rows
from gateway.store.annotations import Annotations
from gateway.store.checkpoints import LOG_MOST, Checkpoints
from gateway.store.files import Files
from gateway.store.from_state import FromState
from gateway.store.in_order import in_order
from gateway.store.loading import all_phones_off, load_tables
from gateway.store.lock import FileLock
from gateway.store.migrating import migrate, try_to_open
from gateway.store.protocol import CannotOpen, NotCommitted
from gateway.store.pruning import JOURNAL_LEAST, Pruning
from gateway.store.remedies import remedy
from gateway.store.retention import ALL, Deleted, Retention
from gateway.store.state import State

log = structlog.get_logger()

# Seconds that SQLite waits for a lock that another process holds.
_BUSY_S = 2.0
# Fold when nothing was committed for this long, or when this many messages or subscribers wait to
# be folded; beyond the last figure commits wait, so that memory is bounded.
_QUIET_S = 0.25
_FOLD_AT = 200_000
_FOLD_MOST = 1_000_000
# Messages or subscribers that are still folded while somebody waits for the gateway to stop.
_FOLD_AT_CLOSE = 20_000
# Rows of one fold statement: a commit waits behind one statement at the most.
_FOLD_ROWS, _FOLD_SUBSCRIBERS = 1_000, 250


class SqliteStore(FromState):
    """One SQLite file; see Store."""

    def __init__(
        self, path: Path, *, full: bool, schedule: Schedule, ring_ms: int, keep: Retention = ALL
    ) -> None:
        super().__init__(State(schedule, ring_ms))
        self._path = path
        self._full = full
        self._files = Files(path)
        self._lock = FileLock(path.with_name(path.name + ".lock"))
        self._writer: aiosqlite.Connection | None = None
        self._reader: aiosqlite.Connection | None = None
        self._folding: dict[int, Message] = {}
        self._folding_now = 0
        self._fold_lock = asyncio.Lock()
        self._committed = asyncio.Event()
        self._last_commit = 0.0
        fetch = self._fetch_read, self._fetch_write
        self.annotations = Annotations(self._fetch_write, path)
        self._checkpoints = Checkpoints(self._files, self._fetch_write)
        self._pruning = Pruning(keep, self._state, *fetch, self._checkpoints.move)

    # ---- opening

    async def open(self) -> None:
        """Open or create the file, bring its schema up to date, replay; raises CannotOpen."""
        self._lock.take()
        try:
            await asyncio.to_thread(try_to_open, self._path)
            self._writer = await self._connect()
            await migrate(self._writer)
            self._reader = await self._connect()
            self._checkpoints.open(await self._connect())
            await self._load()
            await self._pruning.load()
            await self.annotations.load()
            self._files.note()
        except (sqlite3.Error, OSError, msgspec.MsgspecError) as trouble:
            await self._close_connections()
            self._lock.release()
            raise CannotOpen(remedy(self._path, trouble)) from trouble

    async def _connect(self) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(self._path, isolation_level=None, timeout=_BUSY_S)
        try:
            await connection.execute("PRAGMA journal_mode = WAL")
            await connection.execute(f"PRAGMA synchronous = {'FULL' if self._full else 'NORMAL'}")
            await connection.execute("PRAGMA wal_autocheckpoint = 0")
            await connection.execute(f"PRAGMA journal_size_limit = {LOG_MOST}")
            await connection.execute("PRAGMA cache_size = -65536")
            await connection.execute("BEGIN IMMEDIATE")
            await connection.execute("COMMIT")
        except sqlite3.Error:
            await connection.close()
            raise
        return connection

    async def _load(self) -> None:
        state = self._state
        folded = await load_tables(self._fetch_write, state)
        newest = await self._fetch_write(rows.NEWEST)
        if not newest:
            return
        state.seq, state.at = newest[0]
        since = min(folded, state.seq - JOURNAL_LEAST)
        async for records in self.records(since):
            state.remember_answers(record for record in records if record.seq <= folded)
            state.apply(record for record in records if record.seq > folded)
        all_phones_off(state)
        self._committed.set()  # That the phones are off is to be folded.

    # ---- the flow's side

    async def answer(self, questions: Questions) -> Facts:
        """See Store; what ended long ago comes from the tables."""
        facts = self._state.answer(questions)
        folding = self._folding  # A fold that ends while this waits has written these.
        for id_ in questions.asked_about.difference(facts.messages, facts.ended):
            found = await self._fetch_read(rows.MESSAGE, (id_,))
            known = [folding[id_]] if id_ in folding else rows.read_rows(found, Message)
            facts.ended |= {message.id: message for message in known}
        return facts

    async def commit(self, records: Sequence[Record]) -> None:
        """Append one row; durable when this returns."""
        try:
            if len(self._state.touched_messages) > _FOLD_MOST:
                await self.fold()
            writer = self._write
            self._files.check()
            await writer.execute_insert(rows.APPEND, rows.append_row(records))
        except sqlite3.Error as trouble:
            raise NotCommitted(remedy(self._path, trouble)) from trouble
        self._state.apply(records)
        self._last_commit = monotonic()
        self._committed.set()

    @property
    def keeps_journal(self) -> bool:
        """All that was decided is in the file."""
        return True

    def records(self, after: int = 0, words: Sequence[str] = ()) -> AsyncIterator[Sequence[Record]]:
        """See Store; what is committed meanwhile comes too."""
        return history.records(self._fetch_read, after, words)

    async def call_records(self) -> AsyncIterator[Sequence[Call | DataSession]]:
        """See Store; all is folded before."""
        await self.fold()
        async for page in history.call_records(self._fetch_read):
            yield page

    def numbers(self) -> dict[str, int]:
        """See Store; `unfolded` counts what is in the journal and not in its table."""
        return {
            "records": self._state.seq,
            "subscribers": len(self._state.subscribers),
            "pending": len(self._state.pending),
            "unfolded": self._state.unfolded + self._folding_now,
        }

    @property
    def deleted(self) -> Deleted:
        """See Store."""
        return self._pruning.deleted

    def size(self) -> dict[str, int]:
        """See Store."""
        return self._files.size()

    async def messages(self, msisdn: Msisdn | None, after: int, limit: int) -> list[Message]:
        """See Store; what is not folded yet comes from memory."""
        recent = chain(self._folding.items(), self._state.touched_messages.items())
        if msisdn is None:
            found = await self._fetch_read(rows.MESSAGES, (after, limit))
        else:
            wanted = rows.messages_of(msisdn, after, limit)
            found = await self._fetch_read(rows.MESSAGES_OF, wanted)
        merged = {message.id: message for message in rows.read_rows(found, Message)}
        for id_, message in recent:
            if id_ > after and (msisdn is None or msisdn in (message.source, message.destination)):
                merged[id_] = message
        return [merged[id_] for id_ in sorted(merged)[:limit]]

    # ---- writing behind

    async def run(self) -> None:
        """Fold when it is quiet, or when too much waits; delete what is too old."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_folding(), name="fold")
            tasks.create_task(self._pruning.run(), name="prune")

    async def _keep_folding(self) -> None:
        while True:
            await self._committed.wait()
            await asyncio.sleep(_QUIET_S)
            quiet = monotonic() - self._last_commit >= _QUIET_S
            try:
                if quiet or self._state.touched > _FOLD_AT:
                    self._committed.clear()
                    await self.fold()
                else:
                    await self._checkpoints.keep_up(folding=False)
            except sqlite3.Error as trouble:
                self._committed.set()
                log.error("tables not written, tried again", why=remedy(self._path, trouble))
                await asyncio.sleep(_BUSY_S)

    async def fold(self) -> None:
        """Write what the journal's tail changed into the tables, then say how far they are."""
        async with self._fold_lock:
            state = self._state
            how_far = rows.how_far(state.seq, state.next_id, state.registry_use, state.campaigns)
            self._folding_now = state.unfolded
            subscribers, messages, calls, sessions = taken = state.take_touched()
            self._folding = messages
            try:
                async for page in in_order(list(subscribers), _FOLD_SUBSCRIBERS, Pace()):
                    await self._fold(rows.FOLD_SUBSCRIBERS, [subscribers[one] for one in page])
                    await self._checkpoints.keep_up(folding=True)
                await self._fold_messages(list(messages.values()))
                await self._fold(rows.FOLD_CALLS, list(calls.values()))
                await self._fold(rows.FOLD_SESSIONS, sessions)
                await self._write.execute_insert(rows.FOLDED, how_far)
            except BaseException:
                # Also when `run` is cancelled in the middle: the fold of `close` has it then.
                state.give_back(taken)
                raise
            finally:
                self._folding, self._folding_now = {}, 0
            await self._checkpoints.move()

    async def _fold_messages(self, messages: Sequence[Message]) -> None:
        pace = Pace()
        for start in range(0, len(messages), _FOLD_ROWS):
            chunk = messages[start : start + _FOLD_ROWS]
            await self._fold(rows.FOLD_INDEX, rows.index_rows(chunk))
            await self._fold(rows.FOLD_MESSAGES, chunk)
            await pace.rest()
            await self._checkpoints.keep_up(folding=True)

    async def _fold(self, fold: rows.Fold, values: Sequence[object]) -> None:
        for start in range(0, len(values), _FOLD_ROWS):
            await self._write.execute_insert(*fold.statement(values[start : start + _FOLD_ROWS]))

    async def close(self) -> None:
        """Fold if that is quick, shrink the write-ahead log, close.

        A long tail stays in the journal: to replay it at the next start is several times faster.
        """
        if self._writer is not None:
            try:
                if self._state.touched <= _FOLD_AT_CLOSE:
                    await self.fold()
                await self._fetch_write("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as trouble:
                log.error("tables not written; the journal has it", why=str(trouble))
        await self._close_connections()
        self._lock.release()

    async def _close_connections(self) -> None:
        await self._checkpoints.close()
        for connection in (self._reader, self._writer):
            if connection is not None:
                await connection.close()
        self._reader = self._writer = None

    @property
    def _write(self) -> aiosqlite.Connection:
        if self._writer is None:
            raise RuntimeError("the store is not open")
        return self._writer

    @property
    def _read(self) -> aiosqlite.Connection:
        if self._reader is None:
            raise RuntimeError("the store is not open")
        return self._reader

    async def _fetch_read(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        return list(await self._read.execute_fetchall(sql, values))

    async def _fetch_write(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        return list(await self._write.execute_fetchall(sql, values))
