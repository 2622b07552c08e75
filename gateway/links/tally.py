"""Tells of what may happen thousands of times: each reason at once, then one sum a period."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Final

import structlog

log = structlog.get_logger()

PERIOD: Final = 10.0
"""Seconds between two lines about the same kind of happening."""
# Different reasons that one line names; what is beyond is counted together.
_REASONS_MOST: Final = 10
_OTHERS: Final = "other reasons"


class Tally:
    """Counts one kind of happening by its reasons, and logs a warning now and then."""

    def __init__(self, event: str, **always: object) -> None:
        """`event` is the text of the line, `always` is told with each."""
        self._event = event
        self._always = always
        self._counted: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def note(self, why: str, **known: object) -> None:
        """Count one; `known` is told with the first of its reason."""
        counted = self._counted
        if why not in counted:
            if len(counted) < _REASONS_MOST:
                counted[why] = 0
                log.warning(self._event, why=why, **self._always, **known)
                if self._timer is None:
                    self._timer = asyncio.get_running_loop().call_later(PERIOD, self._tell)
                return
            why = _OTHERS
        counted[why] += 1

    def close(self) -> None:
        """Tell what is counted, for the last time."""
        if self._timer is not None:
            self._timer.cancel()
            self._say()

    def _tell(self) -> None:
        self._timer = None
        if self._say():
            self._timer = asyncio.get_running_loop().call_later(PERIOD, self._tell)

    def _say(self) -> bool:
        """Tell what came again; whether there was any."""
        again = +self._counted
        if not again:
            self._counted.clear()
            return False
        log.warning(
            f"{self._event}: more of them",
            **self._always,
            count=again.total(),
            in_seconds=PERIOD,
            reasons=dict(again.most_common()),
        )
        # What is told once is counted on while it goes on.
        self._counted = Counter(dict.fromkeys(again, 0))
        return True
