"""The calendar as a link: what falls due becomes events, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from gateway.clock import Clock
from gateway.core.decision import Decision, Denied
from gateway.core.events import Event
from gateway.flow import Flow
from gateway.store.protocol import Store

# Real seconds between looks at the calendar.
_TICK = 0.2


class Timer:
    """Offers what falls due to the flow; one round of stages after the other."""

    def __init__(self, flow: Flow, store: Store, clock: Clock) -> None:
        self._flow = flow
        self._store = store
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Look at the calendar again and again."""
        while True:
            await asyncio.sleep(_TICK)
            await self.catch_up()

    async def catch_up(self) -> None:
        """Decide all that is due by now; a jump over several stages takes each in turn.

        Ends early when the store cannot commit: the next look tries again.
        """
        async with self._one_at_a_time:
            while events := self._store.due(self._clock.now()):
                decisions = await self._decided(events)
                if any(type(decision.answer) is Denied for decision in decisions):
                    return

    async def _decided(self, events: Sequence[Event]) -> Sequence[Decision]:
        future: asyncio.Future[Sequence[Decision]] = asyncio.get_running_loop().create_future()

        def answered(decisions: Sequence[Decision]) -> None:
            if not future.done():
                future.set_result(decisions)

        self._flow.offer(events, answered)
        return await future
