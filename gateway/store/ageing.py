"""The numbers whose next stage falls due some time, by that time: linear in how many there are."""

from __future__ import annotations

import heapq
from typing import Final

from gateway.core.ageing import Schedule, due_after
from gateway.core.events import StageDue
from gateway.core.lifetime import life_due
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import Status, Subscriber

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_UNREGISTERED: Final = Status.UNREGISTERED


class Ageing:
    """Owns them; `State` tells each number's new value.

    Dates are few and numbers many: each date has its numbers in the order in which they came. One
    that registered, or whose date is another now, stays in the old list and is passed over.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._due_at: dict[Msisdn, int] = {}
        self._dates: list[int] = []
        self._numbers: dict[int, list[Msisdn]] = {}
        self._heads: dict[int, int] = {}
        self._counts: dict[int, int] = {}

    def put(self, subscriber: Subscriber) -> None:
        """Take a number's new value.

        All whose life ends age. Where all are swept, all that are unregistered do; else those that
        somebody would tell: a phone, or one that never said "online" but has a session or a call
        that a stage ends.
        """
        msisdn = subscriber.msisdn
        if subscriber.status.registered and msisdn not in self._due_at:
            return
        at = life_due(self._schedule, subscriber)
        if subscriber.status is _UNREGISTERED and (
            self._schedule.swept
            or subscriber.has_phone
            or subscriber.data_ref
            or subscriber.call_id
        ):
            stage_at = due_after(self._schedule, subscriber)
            if at is None or (stage_at is not None and stage_at < at):
                at = stage_at
        before = self._due_at.get(msisdn)
        if at == before:
            return
        if before is not None:
            self._counts[before] -= 1
        if at is None:
            del self._due_at[msisdn]
            return
        self._due_at[msisdn] = at
        if at not in self._numbers:
            heapq.heappush(self._dates, at)
            self._numbers[at], self._heads[at], self._counts[at] = [], 0, 0
        self._numbers[at].append(msisdn)
        self._counts[at] += 1

    def due(self, now: int, most: int) -> list[StageDue]:
        """List the first numbers of the earliest date by `now`, `most` at most."""
        while self._dates and self._dates[0] <= now:
            at = self._dates[0]
            if self._counts[at]:
                return [StageDue(msisdn, at) for msisdn in self._first(at, most)]
            heapq.heappop(self._dates)
            del self._numbers[at], self._heads[at], self._counts[at]
        return []

    def left(self, now: int) -> int:
        """Count the numbers that are due by `now`."""
        return sum(count for at, count in self._counts.items() if at <= now)

    def _first(self, at: int, most: int) -> list[Msisdn]:
        """Give the first numbers of a date; what is passed over at its head is so for good."""
        numbers, due_at = self._numbers[at], self._due_at
        head = self._heads[at]
        while due_at.get(numbers[head]) != at:
            head += 1
        self._heads[at] = head
        found: dict[Msisdn, None] = {}
        for index in range(head, len(numbers)):
            if due_at.get(numbers[index]) == at:
                found[numbers[index]] = None
                if len(found) == most:
                    break
        return list(found)
