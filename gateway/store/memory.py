"""A store that forgets: for tests, and for runs that need no file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import islice, takewhile
from typing import Final, TypeVar

from gateway.core.ageing import Schedule
from gateway.core.decision import (
    Call,
    CallState,
    DataSession,
    Facts,
    Message,
    MessageState,
    Questions,
    Record,
)
from gateway.core.numbers import Msisdn
from gateway.pacing import Pace
from gateway.store.annotations import Annotations
from gateway.store.from_state import FromState
from gateway.store.retention import ALL, Deleted, Retention
from gateway.store.state import State

# An Enum's member costs a call in CPython 3.11.
_ENROUTE: Final = MessageState.ENROUTE
# Real seconds between two looks for what is too old, and messages that are looked at together.
_EVERY_S = 2.0
_AT_ONCE = 500
_Row = TypeVar("_Row")


class MemoryStore(FromState):
    """Keeps everything in the process; see Store."""

    def __init__(self, schedule: Schedule, ring_ms: int, keep: Retention = ALL) -> None:
        super().__init__(State(schedule, ring_ms))
        self.annotations = Annotations()
        self._keep = keep
        self._deleted = Deleted()

    async def open(self) -> None:
        """Nothing to open."""

    async def answer(self, questions: Questions) -> Facts:
        """See Store."""
        return self._state.answer(questions)

    async def commit(self, records: Sequence[Record]) -> None:
        """See Store."""
        self._state.apply(records)

    @property
    def keeps_journal(self) -> bool:
        """Nothing is kept of what was decided."""
        return False

    async def records(
        self, after: int = 0, words: Sequence[str] = ()
    ) -> AsyncIterator[Sequence[Record]]:
        """There are none."""
        nothing: tuple[Sequence[Record], ...] = ()
        for records in nothing:
            yield records

    async def call_records(self) -> AsyncIterator[Sequence[Call | DataSession]]:
        """See Store."""
        calls = self._state.touched_calls.values()
        yield [call for call in calls if call.state is CallState.ENDED]
        yield list(self._state.touched_sessions)

    def numbers(self) -> dict[str, int]:
        """See Store."""
        return {
            "records": self._state.seq,
            "subscribers": len(self._state.subscribers),
            "pending": len(self._state.pending),
        }

    async def messages(self, msisdn: Msisdn | None, after: int, limit: int) -> list[Message]:
        """See Store."""
        found = (
            message
            for id_, message in self._state.touched_messages.items()
            if id_ > after and (msisdn is None or msisdn in (message.source, message.destination))
        )
        return sorted(found, key=_by_id)[:limit]

    @property
    def deleted(self) -> Deleted:
        """See Store."""
        return self._deleted

    def size(self) -> dict[str, int]:
        """There are no files."""
        return {}

    async def run(self) -> None:
        """Delete again and again what has become too old."""
        while True:
            await asyncio.sleep(_EVERY_S)
            await self.prune()

    async def prune(self) -> None:
        """Delete the messages and call records that are too old now, bit by bit."""
        keep, state = self._keep, self._state
        if not (keep.messages_most or keep.messages_ms):
            return
        up_to = state.next_id - 1 - keep.messages_most if keep.messages_most else 0
        before = state.at - keep.messages_ms if keep.messages_ms else -1
        count, newest = await _delete_old(
            state.touched_messages, _message_began, _message_ended, up_to, before
        )
        calls, _ = await _delete_old(state.touched_calls, _call_began, _call_ended, up_to, before)
        sessions = state.touched_sessions
        old = sum(1 for _ in takewhile(lambda one: one.ended_at <= before, sessions))
        if keep.messages_most:
            old = max(old, len(sessions) - keep.messages_most)
        del sessions[:old]
        gone = self._deleted
        self._deleted = Deleted(
            messages=gone.messages + count,
            up_to=max(gone.up_to, newest),
            call_records=gone.call_records + calls + old,
        )

    async def close(self) -> None:
        """Nothing to close."""


def _by_id(message: Message) -> int:
    return message.id


async def _delete_old(
    rows: dict[int, _Row],
    began: Callable[[_Row], int],
    ended: Callable[[_Row], int | None],
    up_to: int,
    before: int,
) -> tuple[int, int]:
    """Delete the oldest bit by bit, but for what has not ended; gives how many, and the newest."""
    pace, passed, count, newest = Pace(), 0, 0, 0
    while page := list(islice(rows.items(), passed, passed + _AT_ONCE)):
        old = [
            id_
            for id_, row in page
            if (end := ended(row)) is not None and (id_ <= up_to or max(began(row), end) <= before)
        ]
        for id_ in old:
            del rows[id_]
        count += len(old)
        newest = max(newest, *old[-1:], 0)
        passed += len(page) - len(old)
        if page[-1][0] > up_to and began(page[-1][1]) > before:
            break
        await pace.rest()
    return count, newest


def _message_began(message: Message) -> int:
    return message.accepted_at


def _message_ended(message: Message) -> int | None:
    return None if message.state is _ENROUTE else message.ended_at


def _call_began(call: Call) -> int:
    return call.started_at


def _call_ended(call: Call) -> int | None:
    return call.ended_at if call.state is CallState.ENDED else None
