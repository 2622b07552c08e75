"""How much of the past a store keeps, and what it deleted of the rest."""

from __future__ import annotations

from msgspec import Struct


class Retention(Struct, frozen=True, gc=False):
    """What is kept; 0 means all of it. Messages that have not ended are kept in any case.

    `messages_most` of the newest ids, which messages and calls take, and as many data sessions;
    `messages_ms` on the calendar since the end of any; `journal_most` of the newest records.
    """

    messages_most: int = 0
    messages_ms: int = 0
    journal_most: int = 0


ALL = Retention()


class Deleted(Struct, frozen=True, gc=False):
    """What a store has deleted in all: messages, records, the newest message's id, call records."""

    messages: int = 0
    records: int = 0
    up_to: int = 0
    call_records: int = 0
