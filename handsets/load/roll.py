"""The roll of a coordinated run: who takes part, what each told, who went silent. Pure.

A second is complete when everybody who is still there has told it.
"""

from __future__ import annotations

from typing import Final

from handsets.load.lines import clock
from handsets.load.result import Agent
from handsets.load.tally import Tally, by_second

SILENT_S: Final = 5.0
"""An agent that tells nothing for so many seconds is taken for dead."""


class Roll:
    """Times are seconds of any steady clock."""

    def __init__(self, names: list[str], now: float) -> None:
        """Begin a run of these agents."""
        self._states: dict[str, str] = dict.fromkeys(names, "")
        self._heard: dict[str, float] = dict.fromkeys(names, now)
        self._last: dict[str, int] = dict.fromkeys(names, -1)
        self._held: dict[int, list[Tally]] = {}
        self._next = 0

    @property
    def over(self) -> bool:
        """Whether nobody is left to wait for."""
        return all(self._states.values())

    @property
    def agents(self) -> tuple[Agent, ...]:
        """Everybody, and what became of him."""
        return tuple(Agent(name, state or "running") for name, state in self._states.items())

    def told(self, name: str, tally: Tally, now: float) -> list[Tally]:
        """Take what an agent counted; gives the seconds that are complete by it."""
        if name not in self._states:
            return []
        self._heard[name] = now
        self._last[name] = tally.second
        self._held.setdefault(tally.second, []).append(tally)
        return self._complete()

    def finished(self, name: str, state: str = "done") -> list[Tally]:
        """Take note that an agent has told everything, or why it will not."""
        self._end(name, state)
        return self._complete()

    def look(self, now: float) -> list[Tally]:
        """Give up those who have been silent for too long."""
        for name, heard in self._heard.items():
            if not self._states[name] and now - heard > SILENT_S:
                self._end(name, "went silent")
        return self._complete()

    def _end(self, name: str, state: str) -> None:
        if self._states.get(name) == "":
            if state != "done":
                state = f"{state}; what it told up to {clock(self._last[name] + 1)} is counted"
            self._states[name] = state

    def _complete(self) -> list[Tally]:
        waiting = [self._last[name] for name, state in self._states.items() if not state]
        through = min(waiting) if waiting else max(self._held, default=-1)
        found: list[Tally] = []
        while self._next <= through:
            some = by_second(self._held.pop(self._next, [])) or [Tally(self._next)]
            found += some
            self._next += 1
        return found
