"""Follows a run second by second: its progress, and when it is to be ended early. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

from handsets.load.expect import judge
from handsets.load.lines import causes, progress
from handsets.load.profile import Abort
from handsets.load.tally import Tally, add, total_of

_RECENT: Final = 5


class Watch:
    """What was told so far. A threshold of an abort says what must not be."""

    def __init__(self, aborts: Sequence[Abort], planned: float) -> None:
        """Watch a run that is planned to last so many seconds."""
        self.total = Tally()
        self._aborts = aborts
        self._planned = planned
        longest = max((abort.seconds for abort in aborts), default=0)
        self._kept: deque[Tally] = deque(maxlen=max(_RECENT, longest))

    def see(self, tally: Tally) -> str:
        """Take the next second; gives why the run is to be ended, "" if it is not."""
        self._kept.append(tally)
        add(self.total, tally)
        for abort in self._aborts:
            if len(self._kept) < abort.seconds:
                continue
            recent = list(self._kept)[-abort.seconds :]
            finding = judge(abort.when, total_of(recent), abort.seconds)
            if finding.holds:
                return f"{finding.threshold} over {abort.seconds} s ({finding.value})"
        return ""

    def line(self) -> str:
        """Tell how it goes."""
        return progress(list(self._kept)[-_RECENT:], self.total, self._planned)

    def lines(self) -> list[str]:
        """Tell how it goes, with the errors by cause."""
        return [self.line(), *causes(self.total)]
