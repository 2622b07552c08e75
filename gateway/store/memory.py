"""A store that forgets: for tests, and for runs that need no file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import islice
from typing import Final

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
        """Delete the messages that are too old now, bit by bit."""
        keep, state, pace = self._keep, self._state, Pace()
        if not (keep.messages_most or keep.messages_ms):
            return
        up_to = state.next_id - 1 - keep.messages_most if keep.messages_most else 0
        before = state.at - keep.messages_ms if keep.messages_ms else -1
        messages = state.touched_messages
        passed = 0
        while page := list(islice(messages.values(), passed, passed + _AT_ONCE)):
            old = [
                one
                for one in page
                if one.state is not _ENROUTE
                and (one.id <= up_to or max(one.accepted_at, one.ended_at) <= before)
            ]
            for one in old:
                del messages[one.id]
            if old:
                count = self._deleted.messages + len(old)
                newest = max(self._deleted.up_to, old[-1].id)
                self._deleted = Deleted(messages=count, up_to=newest)
            passed += len(page) - len(old)
            if page[-1].id > up_to and page[-1].accepted_at > before:
                return
            await pace.rest()

    async def close(self) -> None:
        """Nothing to close."""


def _by_id(message: Message) -> int:
    return message.id
