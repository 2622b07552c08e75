"""How the flow does: batch sizes, commit times, how long events wait; counted once a batch.

Cumulative histograms as Prometheus wants them; times in real seconds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds of times."""

EVENTS: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0)
"""Upper bounds of a batch's size."""


class Histogram:
    """Counts values by upper bounds; the last bucket has no bound."""

    __slots__ = ("_bounds", "_counts", "sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def note(self, value: float, times: int = 1) -> None:
        """Count a value, `times` over."""
        self._counts[bisect_left(self._bounds, value)] += times
        self.sum += value * times

    @property
    def count(self) -> int:
        """How many values were counted."""
        return sum(self._counts)

    def buckets(self) -> list[tuple[str, int]]:
        """Give (upper bound, how many values are not above it), as Prometheus writes them."""
        bounds = [*(repr(float(bound)) for bound in self._bounds), "+Inf"]
        return list(zip(bounds, accumulate(self._counts), strict=True))


class Figures:
    """What a flow counts of itself."""

    __slots__ = ("batch_events", "commit_seconds", "decision_seconds")

    def __init__(self) -> None:
        self.batch_events = Histogram(EVENTS)
        self.commit_seconds = Histogram(SECONDS)
        # From when a link offered an event until it was answered, durable by then.
        self.decision_seconds = Histogram(SECONDS)
