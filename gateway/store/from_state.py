"""What every store answers from the state in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from gateway.core.decision import Message
from gateway.core.events import Event, StageDue
from gateway.core.numbers import Msisdn
from gateway.core.programme import Campaign
from gateway.core.subscriber import Subscriber
from gateway.pacing import Pace
from gateway.store.in_order import in_order
from gateway.store.state import State

# Numbers that are copied at once.
_COPIED = 50_000


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

    @property
    def registry_use(self) -> Mapping[str, tuple[int, int]]:
        """See Store."""
        return self._state.registry_use

    @property
    def campaigns(self) -> Mapping[str, Campaign]:
        """See Store."""
        return self._state.campaigns

    def subscribers(self) -> list[Subscriber]:
        """See Store."""
        return list(self._state.subscribers.values())

    async def in_pages(self, most: int) -> AsyncIterator[list[Subscriber]]:
        """See Store."""
        subscribers, order, pace = self._state.subscribers, self._state.order, Pace()
        known = len(order)
        for start in range(0, known, most):
            yield [subscribers[one] for one in order[start : min(start + most, known)]]
            await pace.rest()

    async def in_order(self, most: int) -> AsyncIterator[list[Subscriber]]:
        """See Store."""
        subscribers = self._state.subscribers
        order = self._state.order
        pace, numbers = Pace(), list[Msisdn]()
        for start in range(0, len(order), _COPIED):
            numbers += order[start : start + _COPIED]
            await pace.rest()
        async for page in in_order(numbers, most, pace):
            yield [subscribers[one] for one in page]

    def compared(self) -> list[Subscriber]:
        """See Store."""
        return [self._state.subscribers[msisdn] for msisdn in self._state.dealing]
