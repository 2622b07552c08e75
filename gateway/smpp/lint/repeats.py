"""The same message again at once: remembers the messages of the last seconds, a bounded number."""

from typing import Final

AT_ONCE_S: Final = 2.0
_GENERATION: Final = 256


class Repeats:
    """The messages of one account in two generations, of which the elder is dropped whole."""

    __slots__ = ("_elder", "_recent")

    def __init__(self) -> None:
        """Begin without any."""
        self._recent: dict[int, float] = {}
        self._elder: dict[int, float] = {}

    def seen(self, message: int, now: float) -> bool:
        """Say whether this message (its hash) came within AT_ONCE_S, and remember it."""
        recent = self._recent
        before = recent.get(message)
        if before is None:
            before = self._elder.get(message)
            if len(recent) >= _GENERATION:
                self._elder, self._recent = recent, {}
                recent = self._recent
        recent[message] = now
        return before is not None and now - before <= AT_ONCE_S
