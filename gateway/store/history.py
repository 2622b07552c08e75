"""What SQLite has of the past, read page by page."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from gateway.core.decision import Call, DataSession, Record
from gateway.store import rows

# Reads all rows of a statement with these values.
Fetch = Callable[[str, Sequence[object]], Awaitable[list[sqlite3.Row]]]

# Rows of the journal, each the records of one batch, and of tables, that are read at once.
_BATCHES = 20
_ROWS = 1_000


async def records(
    fetch: Fetch, after: int, words: Sequence[str]
) -> AsyncIterator[Sequence[Record]]:
    """Read the journal from a record on; what is committed meanwhile comes too."""
    wanted = rows.json_rows(words or [""])
    first = (await fetch(rows.FIRST_UP_TO, (after,)))[0][0]
    while page := await fetch(rows.JOURNAL_PAGE, (first, wanted, _BATCHES)):
        for text, last in page:
            batch = rows.read_records(text)
            if last > after:
                yield [one for one in batch if one.seq > after]
            first = last + 1


async def call_records(fetch: Fetch) -> AsyncIterator[Sequence[Call | DataSession]]:
    """Read the calls that ended, then the data sessions."""
    last = 0
    while page := await fetch(rows.ENDED_CALLS, (last, _ROWS)):
        last = page[-1][1]
        yield rows.read_calls(page)
    last = 0
    while page := await fetch(rows.SESSIONS, (last, _ROWS)):
        last = page[-1][1]
        yield rows.read_rows(page, DataSession)
