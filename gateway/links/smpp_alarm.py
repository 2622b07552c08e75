"""Rings when a session's timers next have something due: one timer handle a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from gateway.clock import monotonic
from gateway.smpp.timers import TimerAction, Timers

_NEVER: Final = float("inf")


class Alarm:
    """Tells `act` of each thing that falls due, until `cancel`.

    Deadlines that move away cost nothing: the alarm rings at the old one, finds nothing due and
    is set to the next.
    """

    def __init__(self, timers: Timers, act: Callable[[TimerAction], None]) -> None:
        self._timers = timers
        self._act = act
        self._loop = asyncio.get_running_loop()
        self._handle: asyncio.TimerHandle | None = None
        self._rings_at = _NEVER

    def set(self) -> None:
        """See that it rings by the next deadline: after anything that may bring one nearer."""
        deadline = self._timers.deadline()
        if deadline is None or deadline >= self._rings_at:
            return
        if self._handle is not None:
            self._handle.cancel()
        self._rings_at = deadline
        self._handle = self._loop.call_later(max(0.0, deadline - monotonic()), self._ring)

    def cancel(self) -> None:
        """Ring no more."""
        if self._handle is not None:
            self._handle.cancel()

    def _ring(self) -> None:
        self._handle, self._rings_at = None, _NEVER
        for action in self._timers.expired(monotonic()):
            self._act(action)
        self.set()
