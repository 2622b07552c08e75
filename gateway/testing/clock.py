"""The calendar of a Simulator: it stands still unless the test moves it."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway.core.ageing import WIB, iso
from gateway.core.moments import parse_length, parse_moment
from gateway.node import Gateway
from gateway.testing.home import Home


class Calendar:
    """The network's calendar, moved forwards: what falls due on the way is decided."""

    def __init__(self, gateway: Gateway, home: Home) -> None:
        self._gateway = gateway
        self._home = home

    @property
    def now(self) -> datetime:
        """The network's time, in WIB."""
        return datetime.fromtimestamp(self._gateway.clock.now() / 1000, WIB)

    async def set(self, moment: str | datetime) -> None:
        """Move forwards: 2018-03-05 (its midnight in WIB) or ISO 8601. Raises Fixed, NoMoment."""
        text = moment.isoformat() if isinstance(moment, datetime) else moment
        await self._home.run(self._gateway.set_clock(parse_moment(text), None))

    async def advance(self, length: str | timedelta) -> None:
        """Move forwards by 5d, 12h, 1d12h or a timedelta. Raises NoMoment."""
        if isinstance(length, timedelta):
            milliseconds = round(length.total_seconds() * 1000)
        else:
            milliseconds = parse_length(length)
        now = self._gateway.clock.now() + milliseconds
        await self._home.run(self._gateway.set_clock(now, None))

    async def run(self, speed: float) -> None:
        """Let it run at this many calendar seconds a real second; 0 stops it."""
        await self._home.run(self._gateway.set_clock(None, speed))

    def __str__(self) -> str:
        """Show the time."""
        return iso(self._gateway.clock.now())
