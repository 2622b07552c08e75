"""How values lie in SQL: the statements of the journal and of the tables folded from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from gateway.core.decision import Call, DataSession, Message, Record
from gateway.core.numbers import Msisdn, is_msisdn
from gateway.core.subscriber import Subscriber
from gateway.store.programme import RegistryUse, Rounds

_T = TypeVar("_T")
_encoder = msgspec.json.Encoder()
_use = msgspec.json.Decoder(RegistryUse)
_rounds = msgspec.json.Decoder(Rounds)
_records = msgspec.json.Decoder(list[Record])

# The bytes are JSON text; the cast saves building a str of them.
APPEND = "INSERT INTO journal (first, last, at, records) VALUES (?, ?, ?, CAST(? AS TEXT))"


class Fold(Struct, frozen=True, gc=False):
    """How values of one kind are written into their table, many by one statement.

    One statement is one transaction and one turn of the database's thread, so that appends to the
    journal come between them and are durable on their own. All of them may be repeated.
    """

    insert: str
    columns: int
    conflict: str
    row: Callable[[Any], tuple[object, ...]]

    def statement(self, values: Sequence[object]) -> tuple[str, list[object]]:
        """Make the statement for values, and what is bound in it."""
        return _fold_text(self, len(values)), list(chain.from_iterable(map(self.row, values)))


# Nearly all statements are as long as they may be: SQLite keeps them prepared.
@lru_cache(maxsize=32)
def _fold_text(fold: Fold, count: int) -> str:
    one = "(" + ",".join("?" * fold.columns) + ")"
    return f"{fold.insert} VALUES {','.join([one] * count)} {fold.conflict}"


def _body(value: object) -> str:
    return _encoder.encode(value).decode()


def _subscriber_row(one: Subscriber) -> tuple[object, ...]:
    return int(one.msisdn), one.operator, one.status.value, _body(one)


def _state_row(one: Message | Call) -> tuple[object, ...]:
    return one.id, one.state.value, _body(one)


def _session_row(one: DataSession) -> tuple[object, ...]:
    return int(one.msisdn), one.started_at, one.ref, _body(one)


FOLD_SUBSCRIBERS = Fold(
    "INSERT INTO subscribers (msisdn, operator, status, body)",
    4,
    "ON CONFLICT (msisdn) DO UPDATE "
    "SET operator = excluded.operator, status = excluded.status, body = excluded.body",
    _subscriber_row,
)
_NEW_STATE = "ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body"
FOLD_MESSAGES = Fold("INSERT INTO messages (id, state, body)", 3, _NEW_STATE, _state_row)
FOLD_CALLS = Fold("INSERT INTO calls (id, state, body)", 3, _NEW_STATE, _state_row)
FOLD_INDEX = Fold("INSERT OR IGNORE INTO messages_of (block, msisdn, id)", 3, "", tuple)
FOLD_SESSIONS = Fold(
    "INSERT OR IGNORE INTO data_sessions (msisdn, started_at, ref, body)", 4, "", _session_row
)
FOLDED = """
UPDATE folded SET seq = ?, next_id = ?, registry_use = CAST(? AS TEXT), campaigns = CAST(? AS TEXT)
"""
HOW_FAR = "SELECT seq, next_id, registry_use, campaigns FROM folded"

NEWEST = "SELECT last, at FROM journal ORDER BY first DESC LIMIT 1"
FIRST_UP_TO = "SELECT coalesce(max(first), 0) FROM journal WHERE first <= ?"
# The bodies of a page as one JSON array, and where it ends; nulls where there are none.
SUBSCRIBERS_PAGE = """
SELECT '[' || group_concat(body, ',') || ']', max(msisdn) FROM
    (SELECT body, msisdn FROM subscribers WHERE msisdn > ? ORDER BY msisdn LIMIT ?)
"""
# Batches in which none of the words (a JSON array) stands are left out; [""] leaves none out.
JOURNAL_PAGE = """
SELECT records, last FROM journal
WHERE first >= ? AND EXISTS (SELECT 1 FROM json_each(?) WHERE instr(records, value))
ORDER BY first LIMIT ?
"""

ENDED_CALLS = """
SELECT body, id FROM calls WHERE id > ? AND state = 'ended' ORDER BY id LIMIT ?
"""
SESSIONS = "SELECT body, rowid FROM data_sessions WHERE rowid > ? ORDER BY rowid LIMIT ?"

# The index lies in blocks of ids, so that it is written in one small place at a time. It may name
# messages that were deleted, until its block goes.
MESSAGES_OF = """
WITH RECURSIVE blocks (block) AS (
    SELECT ? UNION ALL
    SELECT block + 1 FROM blocks WHERE block < (SELECT max(block) FROM messages_of)
)
SELECT body FROM messages WHERE id IN (
    SELECT messages_of.id FROM blocks CROSS JOIN messages_of USING (block)
    WHERE msisdn = ? AND messages_of.id > ?
    AND EXISTS (SELECT 1 FROM messages AS kept WHERE kept.id = messages_of.id) LIMIT ?
) ORDER BY id
"""
BLOCK = 1 << 18
"""Ids of a block of the index."""
MESSAGE = "SELECT body FROM messages WHERE id = ?"
MESSAGES = "SELECT body FROM messages WHERE id > ? ORDER BY id LIMIT ?"


def append_row(records: Sequence[Record]) -> tuple[int, int, int, bytes]:
    """Make the journal's row of one batch."""
    return records[0].seq, records[-1].seq, records[-1].at, _encoder.encode(records)


def how_far(
    seq: int, next_id: int, registry_use: RegistryUse, campaigns: Rounds
) -> tuple[int, int, bytes, bytes]:
    """Make what FOLDED says of the state that the tables have."""
    return seq, next_id, _encoder.encode(registry_use), _encoder.encode(campaigns)


def read_use(text: str) -> RegistryUse:
    """Read how often each operator asked the civil registry on which day."""
    return _use.decode(text)


def read_rounds(text: str) -> Rounds:
    """Read the newest round of each campaign."""
    return _rounds.decode(text)


def json_rows(values: Iterable[object]) -> str:
    """Write values as the JSON array that a FOLD statement takes."""
    return _encoder.encode(list(values)).decode()


def index_rows(messages: Iterable[Message]) -> list[tuple[int, int, int]]:
    """List under which numbers messages are found, in the index's own order."""
    triples = {
        (message.id // BLOCK, int(number), message.id)
        for message in messages
        for number in (message.source, message.destination)
        if is_msisdn(number)
    }
    return sorted(triples)


def messages_of(msisdn: Msisdn, after: int, most: int) -> tuple[int, int, int, int]:
    """Make what MESSAGES_OF is asked for: a number's messages with an id above `after`."""
    return after // BLOCK, int(msisdn), after, most


def read_rows(rows: Iterable[Sequence[str]], kind: type[_T]) -> list[_T]:
    """Read the JSON bodies of a query's first column."""
    return read_list("[" + ",".join(row[0] for row in rows) + "]", kind)


def read_list(text: str, kind: type[_T]) -> list[_T]:
    """Read a JSON array of bodies."""
    # The type is a value here, which mypy does not follow.
    return msgspec.json.decode(text, type=list[kind])  # type: ignore[valid-type]


def read_records(text: str) -> list[Record]:
    """Read the records of one journal row, oldest first."""
    return _records.decode(text)


def read_calls(rows: Iterable[Sequence[str]]) -> list[Call]:
    """Read calls."""
    return read_rows(rows, Call)
