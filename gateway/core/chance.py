"""Chance as a value: the same seed and keys give the same draw on every machine.

Nothing here holds state: who draws says for what (a rule, a message, a counter), so that a run
can be repeated whatever else happens beside it.
"""

from __future__ import annotations

from bisect import bisect_left
from math import cos, exp, log, pi, sqrt
from typing import assert_never

from msgspec import Struct

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def draw(seed: int, *keys: int) -> float:
    """Give a number from 0 up to but without 1 (SplitMix64 over seed and keys)."""
    state = seed & _MASK
    for key in keys:
        state = _mixed((state ^ (key & _MASK)) + _GOLDEN & _MASK)
    return (_mixed(state + _GOLDEN & _MASK) >> 11) / (1 << 53)


def _mixed(value: int) -> int:
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _MASK
    return value ^ value >> 31


class Fixed(Struct, frozen=True, gc=False, tag="fixed"):
    """Always the same length of time; all lengths here are milliseconds."""

    ms: float


class Uniform(Struct, frozen=True, gc=False, tag="uniform"):
    """Any length from `least` to `most`, each as likely."""

    least: float
    most: float


class Normal(Struct, frozen=True, gc=False, tag="normal"):
    """A bell around `mean`; what would be below 0 is 0."""

    mean: float
    deviation: float


class LogNormal(Struct, frozen=True, gc=False, tag="lognormal"):
    """Most lengths near `median`, some much longer; `sigma` is that of the logarithm."""

    median: float
    sigma: float


class Percentiles(Struct, frozen=True, gc=False, tag="percentiles"):
    """What was measured: (percent, ms) points, both rising; straight lines between them.

    The first point stands for all below it, the last for all above.
    """

    points: tuple[tuple[float, float], ...]


Delay = Fixed | Uniform | Normal | LogNormal | Percentiles


def delay_ms(delay: Delay, seed: int, *keys: int) -> int:
    """Draw a length of time in whole milliseconds, never below 0."""
    match delay:
        case Fixed():
            length = delay.ms
        case Uniform():
            length = delay.least + (delay.most - delay.least) * draw(seed, *keys)
        case Normal():
            length = delay.mean + delay.deviation * _bell(seed, *keys)
        case LogNormal():
            length = delay.median * exp(delay.sigma * _bell(seed, *keys))
        case Percentiles():
            length = _between(delay.points, 100 * draw(seed, *keys))
        case _:
            assert_never(delay)
    return max(0, round(length))


def _bell(seed: int, *keys: int) -> float:
    """Draw from the standard normal distribution (Box and Muller)."""
    radius = sqrt(-2 * log(1 - draw(seed, *keys, 1)))
    return radius * cos(2 * pi * draw(seed, *keys, 2))


def _between(points: tuple[tuple[float, float], ...], percent: float) -> float:
    at = bisect_left(points, (percent,))
    if at == 0:
        return points[0][1]
    if at == len(points):
        return points[-1][1]
    (before, low), (after, high) = points[at - 1], points[at]
    return low + (high - low) * (percent - before) / (after - before)
