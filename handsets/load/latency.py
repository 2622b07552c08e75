"""Latencies as an HDR histogram: exact to a thousandth, merged without loss. Pure.

A bucket is named by its lowest value: the value with all but its eleven highest bits cleared. So
two histograms are merged by adding counts, in any order, and JSON holds them as they are. No
library: hdrhistogram needs a compiler on ARM Linux and setuptools at run time, ddsketch has had
no release since April 2024.
"""

from __future__ import annotations

from collections.abc import Iterable

PRECISION_BITS = 11
"""Highest bits of a value that count: a bucket is at most 1/1024 of its value wide."""

_EXACT_BELOW = 1 << PRECISION_BITS


class Latencies:
    """How often each latency was measured, in microseconds."""

    __slots__ = ("counts",)

    def __init__(self, counts: dict[int, int] | None = None) -> None:
        """Begin with these counts by bucket, none by default."""
        self.counts: dict[int, int] = {} if counts is None else counts

    def add(self, micros: int) -> None:
        """Count one measured value; a negative one, of two clocks that disagree, as 0."""
        bucket = bucket_of(micros)
        self.counts[bucket] = self.counts.get(bucket, 0) + 1

    def merge(self, others: Iterable[dict[int, int]]) -> Latencies:
        """Add the counts of others; gives this one."""
        counts = self.counts
        for other in others:
            for bucket, times in other.items():
                counts[bucket] = counts.get(bucket, 0) + times
        return self

    @property
    def total(self) -> int:
        """How many were measured."""
        return sum(self.counts.values())

    def percentiles(self, shares: Iterable[float]) -> list[int | None]:
        """Give the value that each share (0.99 of them) does not exceed; None of no values.

        The shares rise. It is the highest value of its bucket, as HDR histograms give it.
        """
        total = self.total
        if not total:
            return [None for _ in shares]
        buckets = iter(sorted(self.counts.items()))
        found: list[int | None] = []
        seen = bucket = 0
        for share in shares:
            # A share such as 0.999 of 1,000 must not become 1,000 by its last binary digit.
            wanted = max(1, -int(-(share * total - 1e-6) // 1))
            while seen < wanted:
                bucket, times = next(buckets)
                seen += times
            found.append(highest_in(bucket))
        return found

    def percentile(self, share: float) -> int | None:
        """Give one of the percentiles."""
        return self.percentiles((share,))[0]


def bucket_of(micros: int) -> int:
    """Give the lowest value of the bucket that holds a value."""
    if micros < _EXACT_BELOW:
        return max(0, micros)
    shift = micros.bit_length() - PRECISION_BITS
    return micros >> shift << shift


def highest_in(bucket: int) -> int:
    """Give the highest value of a bucket, by its lowest."""
    if bucket < _EXACT_BELOW:
        return bucket
    return bucket + (1 << bucket.bit_length() - PRECISION_BITS) - 1
