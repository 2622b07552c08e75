"""What is sent and when, from a profile and a seed: the same plan every time. Pure."""

from __future__ import annotations

import heapq
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate, repeat
from random import Random
from typing import Final

from msgspec import Struct

from handsets.load.curve import Closed, Rates, Replay, moments, share
from handsets.load.people import Writers, number
from handsets.load.profile import Profile

REGISTRATION, A2P, CALL, DATA = "registration", "a2p", "call", "data"

# Registrations that may be sent again are remembered up to here.
_REMEMBERED: Final = 50_000
# Steps of the golden section fall into every share as often as it is large.
_GOLDEN: Final = 0.6180339887498949


class Shot(Struct, frozen=True, gc=False):
    """One message: `at` is its intended time, in seconds from the start of the run."""

    at: float
    kind: str
    source: str
    to: str
    text: str


class Plan:
    """The messages of one of several senders, in the order of their times.

    Iterate over it: open loop. With a closed curve all times are 0, and there is no end.
    """

    def __init__(self, profile: Profile, sender: int = 0, senders: int = 1) -> None:
        """Plan the share of one sender, from 0 on; the shares have no number in common."""
        self.profile = profile
        self.curve = share(profile.curve, sender, senders)
        self._chance = Random(f"{profile.seed}/{sender}/{senders}")
        self._sender, self._senders = sender, senders
        self._writers = Writers(profile.people, self._chance)
        self._kind = _Draw(profile.mix, self._chance)
        self._failure = _Draw(profile.registrations.failures, self._chance)
        self._operators = tuple(profile.operators)
        self._shares = tuple(accumulate(profile.operators.values()))
        self._made = 0
        self._again: list[tuple[float, int, Shot]] = []

    def __iter__(self) -> Iterator[Shot]:
        """Give the messages."""
        for at in self._moments():
            yield self._shot(at)

    def _moments(self) -> Iterator[float]:
        match self.curve:
            case Rates():
                return moments(self.curve, self._chance if self.profile.poisson else None)
            case Replay():
                return iter(self.curve.moments)
            case Closed():
                return repeat(0.0)

    def _shot(self, at: float) -> Shot:
        kind = self._kind()
        if kind != REGISTRATION:
            return self._other(at, kind)
        rules, chance = self.profile.registrations, self._chance
        if rules.duplicates and self._again and chance.random() < rules.duplicates:
            due, _, old = self._again[0]
            if due <= at:
                heapq.heappop(self._again)
                return Shot(at, kind, old.source, old.to, old.text)
        index = self._next()
        operator = self._operator(index)
        is_old = chance.random() < rules.old_numbers
        if chance.random() < rules.failing:
            text = self._writers.wrong(operator, index, is_old, self._failure())
        else:
            text = self._writers.right(operator, index, is_old)
        shot = Shot(at, kind, number(operator, index), rules.to, text)
        if rules.duplicates and len(self._again) < _REMEMBERED:
            due = at + chance.uniform(*rules.again_after)
            heapq.heappush(self._again, (due, index, shot))
        return shot

    def _other(self, at: float, kind: str) -> Shot:
        phone = self._number(self._next())
        if kind == A2P:
            a2p = self.profile.a2p
            return Shot(at, kind, a2p.source, phone, a2p.text)
        if kind == CALL:
            return Shot(at, kind, phone, self._number(self._next()), "")
        return Shot(at, kind, phone, "", "")

    def numbers(self) -> Iterator[str]:
        """Give every number that this sender's messages can be from."""
        most = self.profile.people.numbers
        return (self._number(index) for index in range(self._sender, most, self._senders))

    def _number(self, index: int) -> str:
        return number(self._operator(index), index)

    def _operator(self, index: int) -> str:
        """Give the operator of a number: always the same one."""
        return self._operators[bisect(self._shares, index * _GOLDEN % 1 * self._shares[-1])]

    def _next(self) -> int:
        """Give the next number's index; senders take turns."""
        index = self._made * self._senders + self._sender
        if index >= self.profile.people.numbers:
            self._made, index = 0, self._sender
        self._made += 1
        return index


class _Draw:
    """Draws a name by its weight."""

    def __init__(self, weights: dict[str, float], chance: Random) -> None:
        self._names = tuple(weights)
        self._sums = tuple(accumulate(weights.values()))
        self._random = chance.random

    def __call__(self) -> str:
        if len(self._names) == 1:
            return self._names[0]
        return self._names[bisect(self._sums, self._random() * self._sums[-1])]
