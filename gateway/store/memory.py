"""A store that forgets: for tests, and for runs that need no file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from gateway.core.ageing import Schedule
from gateway.core.decision import Call, CallState, DataSession, Facts, Message, Questions, Record
from gateway.core.numbers import Msisdn
from gateway.store.from_state import FromState
from gateway.store.state import State


class MemoryStore(FromState):
    """Keeps everything in the process; see Store."""

    def __init__(self, schedule: Schedule, ring_ms: int) -> None:
        super().__init__(State(schedule, ring_ms))

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

    async def run(self) -> None:
        """Nothing to do in the background."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Nothing to close."""


def _by_id(message: Message) -> int:
    return message.id
