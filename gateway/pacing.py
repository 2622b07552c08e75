"""Long work on the event loop in small pieces, so that nobody else's waits for it."""

from __future__ import annotations

import asyncio

from gateway.clock import monotonic

# Seconds of work between two rests: what comes in meanwhile waits so long at each of the few
# turns of the loop that it takes.
_SLICE_S = 0.001


class Pace:
    """Half of the time at most: each slice of work is followed by a rest as long.

    In the rest the database's thread gets the interpreter at once, which it has to wait for while
    the loop is never idle.
    """

    def __init__(self) -> None:
        self._began = monotonic()

    async def rest(self) -> None:
        """Rest if a slice was worked since the last time; to be called many times a slice."""
        worked = monotonic() - self._began
        if worked >= _SLICE_S:
            await asyncio.sleep(worked)
            self._began = monotonic()
