"""What every store answers from the state in memory."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.core.decision import Message
from gateway.core.events import Event, StageDue
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import Subscriber
from gateway.store.state import State


class FromState:
    """The part of a Store that no disk is needed for; see Store."""

    def __init__(self, state: State) -> None:
        self._state = state

    def next_seq(self) -> int:
        """See Store."""
        return self._state.seq + 1

    def last_at(self) -> int:
        """See Store."""
        return self._state.at

    def pending(self) -> list[Message]:
        """See Store."""
        return self._state.waiting.oldest_first()

    def waits_longest(self) -> Message | None:
        """See Store."""
        return next(iter(self._state.pending.values()), None)

    def due(self, now: int) -> list[Event]:
        """See Store."""
        return self._state.due(now)

    def sweep_due(self, now: int, most: int) -> list[StageDue]:
        """See Store."""
        return self._state.ageing.due(now, most)

    def sweep_left(self, now: int) -> int:
        """See Store."""
        return self._state.ageing.left(now)

    def subscriber(self, msisdn: Msisdn) -> Subscriber | None:
        """See Store."""
        return self._state.subscribers.get(msisdn)

    @property
    def numbers_per_nik(self) -> Mapping[tuple[str, str], int]:
        """See Store."""
        return self._state.numbers_per_nik

    def subscribers(self) -> list[Subscriber]:
        """See Store."""
        return list(self._state.subscribers.values())

    def compared(self) -> list[Subscriber]:
        """See Store."""
        return [self._state.subscribers[msisdn] for msisdn in self._state.dealing]
