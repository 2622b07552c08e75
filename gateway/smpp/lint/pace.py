"""Whether a client slows down when it is told to: what it sends before and after a refusal."""

from collections import deque
from typing import Final

_SLOT_S: Final = 0.1
_SPAN: Final = 10
# What was on its way when the response left counts for nothing.
_GRACE_S: Final = 0.1
_JUDGED_S: Final = 1.0
_FASTER_THAN: Final = 0.9
_LEAST: Final = 3


class Pace:
    """Counts one session's messages in tenths of a second, for a second.

    After a refusal for load it compares the second from a tenth later with the second before it.
    """

    __slots__ = ("_after", "_before", "_from", "_slots")

    def __init__(self) -> None:
        """Begin at rest."""
        self._slots: deque[tuple[int, int]] = deque(maxlen=_SPAN)
        self._from = 0.0
        self._before = 0
        self._after = 0

    def sent(self, count: int, now: float) -> str:
        """Note messages; give what shows that a refusal was ignored, or an empty text."""
        verdict = self.verdict(now)
        slot = int(now / _SLOT_S)
        slots = self._slots
        if slots and slots[-1][0] == slot:
            slots[-1] = (slot, slots[-1][1] + count)
        else:
            slots.append((slot, count))
        if self._from and now >= self._from:
            self._after += count
        return verdict

    def refused(self, now: float) -> None:
        """Note that the client was told to slow down."""
        if not self._from:
            first = int(now / _SLOT_S) - _SPAN
            self._from = now + _GRACE_S
            self._before = sum(count for slot, count in self._slots if slot >= first)
            self._after = 0

    def verdict(self, now: float) -> str:
        """Give what shows that the last refusal was ignored, once, when it is time."""
        if not self._from or now < self._from + _JUDGED_S:
            return ""
        self._from = 0.0
        before, after = self._before, self._after
        if before < _LEAST or after < before * _FASTER_THAN:
            return ""
        return f"{before} messages in the second before, {after} in the second after"
