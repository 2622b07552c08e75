"""The time: the simulated calendar, the system's, and the steady time of deadlines.

The only file that reads a clock. Calendar times are milliseconds since 1970 UTC.
"""

from __future__ import annotations

import time
from typing import Protocol


def monotonic() -> float:
    """Give steady seconds, for deadlines and latencies on the wire."""
    return time.monotonic()


def wall() -> float:
    """Give the real time in Unix seconds, for what people compare with other programs' logs."""
    return time.time()


class Fixed(Exception):
    """This clock cannot be set: tell whoever asked what can be done instead."""


class Clock(Protocol):
    """The network's calendar."""

    @property
    def speed(self) -> float:
        """Calendar seconds a real second."""

    def now(self) -> int:
        """Give the calendar's time in milliseconds since 1970 UTC."""

    def set(self, now: int | None, speed: float | None) -> None:
        """Move the calendar forwards to `now` and let it run at `speed`; raises Fixed.

        None leaves the one or the other as it is.
        """


class SystemClock:
    """The calendar is today's; nobody can move it."""

    @property
    def speed(self) -> float:
        """Calendar seconds a real second: 1."""
        return 1.0

    def now(self) -> int:
        """Give the system's time."""
        return time.time_ns() // 1_000_000

    def set(self, now: int | None, speed: float | None) -> None:
        """Refuse: raises Fixed."""
        raise Fixed('the gateway runs on the system clock; set [clock] mode = "simulated"')


class SimulatedClock:
    """A calendar that starts where it is told, runs at any speed, and jumps forwards."""

    def __init__(self, now: int, speed: float) -> None:
        self._base = float(now)
        self._since = time.monotonic()
        self._speed = speed

    @property
    def speed(self) -> float:
        """Calendar seconds a real second; 0 stands still."""
        return self._speed

    def now(self) -> int:
        """Give the calendar's time."""
        return int(self._base + (time.monotonic() - self._since) * 1000 * self._speed)

    def set(self, now: int | None, speed: float | None) -> None:
        """Move forwards to `now` and run at `speed`; raises Fixed for a step back."""
        present = self.now()
        if now is None:
            now = present
        if now < present:
            raise Fixed(
                "the calendar only moves forwards: bars that were applied and messages that "
                "lapsed cannot be taken back; start with a fresh store to go back"
            )
        self._base = float(now)
        self._since = time.monotonic()
        if speed is not None:
            self._speed = speed
