"""When messages are sent: a curve of rates, turned into moments by a seed. Pure.

Open loop: the moments depend on nothing that the gateway does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from random import Random
from typing import assert_never

from msgspec import Struct


class Piece(Struct, frozen=True, gc=False):
    """A stretch of time in which the rate, in messages a second, goes from one to another."""

    seconds: float
    rate_from: float
    rate_to: float

    @property
    def messages(self) -> float:
        """How many messages are due in it."""
        return self.seconds * (self.rate_from + self.rate_to) / 2


class Rates(Struct, frozen=True, tag=True):
    """A curve of pieces, in their order."""

    pieces: tuple[Piece, ...]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return sum(piece.seconds for piece in self.pieces)

    @property
    def messages(self) -> float:
        """How many messages are due in all."""
        return sum(piece.messages for piece in self.pieces)


class Replay(Struct, frozen=True, tag=True):
    """Moments that were recorded, in seconds from the first, rising."""

    moments: tuple[float, ...]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.moments[-1] if self.moments else 0.0

    @property
    def messages(self) -> float:
        """How many messages are due in all."""
        return float(len(self.moments))


class Closed(Struct, frozen=True, tag=True):
    """No curve: `window` messages are under way at any time, the next when one has ended."""

    window: int
    seconds: float


Curve = Rates | Replay | Closed


def burst(rate: float, peak: float, peak_s: float, every_s: float, seconds: float) -> list[Piece]:
    """Give the pieces of a rate that is interrupted by a burst of `peak_s` at the end of every
    `every_s` seconds.
    """
    pieces: list[Piece] = []
    left = seconds
    while left > 0:
        calm = min(left, every_s - peak_s)
        pieces.append(Piece(calm, rate, rate))
        left -= calm
        if left > 0:
            high = min(left, peak_s)
            pieces.append(Piece(high, peak, peak))
            left -= high
    return pieces


def cut(curve: Curve, seconds: float | None, scale: float) -> Curve:
    """End a curve after so many seconds, and multiply its rates (a closed one's window)."""
    match curve:
        case Rates():
            return Rates(tuple(_cut_pieces(curve.pieces, seconds, scale)))
        case Replay():
            if seconds is None:
                return curve
            return Replay(tuple(moment for moment in curve.moments if moment <= seconds))
        case Closed():
            lasts = curve.seconds if seconds is None else seconds
            return Closed(max(1, round(curve.window * scale)), lasts)
        case _:
            assert_never(curve)


def _cut_pieces(pieces: Sequence[Piece], seconds: float | None, scale: float) -> Iterator[Piece]:
    left = float("inf") if seconds is None else seconds
    for piece in pieces:
        if left <= 0:
            return
        lasts = min(left, piece.seconds)
        slope = (piece.rate_to - piece.rate_from) / piece.seconds
        yield Piece(lasts, piece.rate_from * scale, (piece.rate_from + slope * lasts) * scale)
        left -= lasts


def share(curve: Curve, number: int, of: int) -> Curve:
    """Give the part of one of several senders, from 0 on: together they are the whole."""
    match curve:
        case Rates():
            return cut(curve, None, 1 / of)
        case Replay():
            return Replay(curve.moments[number::of])
        case Closed():
            return Closed(max(1, curve.window // of + (number < curve.window % of)), curve.seconds)
        case _:
            assert_never(curve)


def moments(rates: Rates, chance: Random | None) -> Iterator[float]:
    """Give the moments of a curve, in seconds from its start, rising.

    With `chance` the gaps are exponential (a Poisson process, as independent people send);
    without, messages are evenly spaced.
    """
    start = due = 0.0
    gap = chance.expovariate if chance is not None else None
    left = gap(1.0) if gap is not None else 1.0
    for piece in rates.pieces:
        slope = (piece.rate_to - piece.rate_from) / piece.seconds
        at, rate, room = 0.0, piece.rate_from, piece.messages
        while left <= room:
            step = _time_for(left, rate, slope)
            if step is None:
                break
            at = min(piece.seconds, at + step)
            due = start + at
            rate = piece.rate_from + slope * at
            room -= left
            yield due
            left = gap(1.0) if gap is not None else 1.0
        left = max(0.0, left - max(0.0, room))
        start += piece.seconds


def _time_for(messages: float, rate: float, slope: float) -> float | None:
    """Solve `rate * t + slope * t**2 / 2 = messages`; None if rounding left no solution."""
    if abs(slope) < 1e-12:
        return messages / rate if rate > 0 else None
    root = rate * rate + 2 * slope * messages
    if root < 0:
        return None
    return 2 * messages / (rate + sqrt(root))
