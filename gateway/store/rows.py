"""How values lie in SQL: the statements of the journal and of the tables folded from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from gateway.core.decision import Call, Message, Record
from gateway.core.numbers import is_msisdn

_T = TypeVar("_T")
_encoder = msgspec.json.Encoder()
RegistryUse = dict[str, tuple[int, int]]

_use = msgspec.json.Decoder(RegistryUse)
_records = msgspec.json.Decoder(list[Record])

# The bytes are JSON text; the cast saves building a str of them.
APPEND = "INSERT INTO journal (first, last, at, records) VALUES (?, ?, ?, CAST(? AS TEXT))"

# One statement is one transaction and one turn of the database's thread, so that appends to the
# journal come between them and are durable on their own. All of them may be repeated.
FOLD_SUBSCRIBERS = """
INSERT INTO subscribers (msisdn, operator, status, body)
SELECT CAST(json_extract(value, '$.msisdn') AS INTEGER), json_extract(value, '$.operator'),
       json_extract(value, '$.status'), value
FROM json_each(?) WHERE true
ON CONFLICT (msisdn) DO UPDATE
SET operator = excluded.operator, status = excluded.status, body = excluded.body
"""
FOLD_MESSAGES = """
INSERT INTO messages (id, state, body)
SELECT json_extract(value, '$.id'), json_extract(value, '$.state'), value
FROM json_each(?) WHERE true
ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body
"""
FOLD_INDEX = """
INSERT OR IGNORE INTO message_index (msisdn, id)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)
"""
FOLD_CALLS = """
INSERT INTO calls (id, state, body)
SELECT json_extract(value, '$.id'), json_extract(value, '$.state'), value
FROM json_each(?) WHERE true
ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body
"""
FOLD_SESSIONS = """
INSERT OR IGNORE INTO data_sessions (msisdn, started_at, ref, body)
SELECT CAST(json_extract(value, '$.msisdn') AS INTEGER), json_extract(value, '$.started_at'),
       json_extract(value, '$.ref'), value
FROM json_each(?)
"""
FOLDED = "UPDATE folded SET seq = ?, next_id = ?, registry_use = CAST(? AS TEXT)"
HOW_FAR = "SELECT seq, next_id, registry_use FROM folded"

NEWEST = "SELECT last, at FROM journal ORDER BY first DESC LIMIT 1"
FIRST_UP_TO = "SELECT coalesce(max(first), 0) FROM journal WHERE first <= ?"
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

MESSAGES_OF = """
SELECT body FROM messages WHERE id IN
    (SELECT id FROM message_index WHERE msisdn = ? AND id > ? ORDER BY id LIMIT ?)
ORDER BY id
"""
MESSAGE = "SELECT body FROM messages WHERE id = ?"
MESSAGES = "SELECT body FROM messages WHERE id > ? ORDER BY id LIMIT ?"


def append_row(records: Sequence[Record]) -> tuple[int, int, int, bytes]:
    """Make the journal's row of one batch."""
    return records[0].seq, records[-1].seq, records[-1].at, _encoder.encode(records)


def how_far(seq: int, next_id: int, registry_use: RegistryUse) -> tuple[int, int, bytes]:
    """Make what FOLDED says of the state that the tables have."""
    return seq, next_id, _encoder.encode(registry_use)


def read_use(text: str) -> RegistryUse:
    """Read how often each operator asked the civil registry on which day."""
    return _use.decode(text)


def json_rows(values: Iterable[object]) -> str:
    """Write values as the JSON array that a FOLD statement takes."""
    return _encoder.encode(list(values)).decode()


def index_rows(messages: Iterable[Message]) -> list[tuple[int, int]]:
    """List under which numbers messages are found, in the index's own order."""
    pairs = {
        (int(number), message.id)
        for message in messages
        for number in (message.source, message.destination)
        if is_msisdn(number)
    }
    return sorted(pairs)


def read_rows(rows: Iterable[Sequence[str]], kind: type[_T]) -> list[_T]:
    """Read the JSON bodies of a query's first column."""
    text = "[" + ",".join(row[0] for row in rows) + "]"
    # The type is a value here, which mypy does not follow.
    return msgspec.json.decode(text.encode(), type=list[kind])  # type: ignore[valid-type]


def read_records(text: str) -> list[Record]:
    """Read the records of one journal row, oldest first."""
    return _records.decode(text)


def read_calls(rows: Iterable[Sequence[str]]) -> list[Call]:
    """Read calls."""
    return read_rows(rows, Call)
