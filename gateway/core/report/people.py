"""Counts of subscribers: how numbers stand, and who registered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import Enum

from gateway.core.ageing import Schedule, moment, stage_at
from gateway.core.report.identity import band, province, sex_and_birth
from gateway.core.subscriber import BlockStage, Status, Subscriber

_HOUR_MS = 3_600_000
_WIB_HOURS = 7


class Standing(Enum):
    """How a number stands, as a report tells it."""

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    REGISTERED = "registered"
    UNVALIDATED = "unvalidated"
    NEW = "new"
    OPEN = "not yet barred"
    OUTGOING = "outgoing barred"
    INCOMING = "incoming barred"
    TOTAL = "all barred"
    GONE = "gone"


_BY_STATUS: dict[Status, Standing] = {
    Status.REGISTERED: Standing.REGISTERED,
    Status.REGISTERED_UNVALIDATED: Standing.UNVALIDATED,
    Status.NEW: Standing.NEW,
}
_BY_STAGE: dict[BlockStage, Standing] = {
    BlockStage.OPEN: Standing.OPEN,
    BlockStage.OUTGOING_BARRED: Standing.OUTGOING,
    BlockStage.INCOMING_BARRED: Standing.INCOMING,
    BlockStage.TOTAL_BARRED: Standing.TOTAL,
}


class People:
    """Counts of all subscribers at one moment; `add` them page by page.

    Who registered is counted of validated numbers only: nobody checked the others' NIK.
    """

    def __init__(
        self,
        schedule: Schedule,
        now: int,
        per_nik: Mapping[tuple[str, str], int] | None = None,
        above: int = 10,
    ) -> None:
        """`per_nik`: how many numbers each NIK has with each operator; those `above` are many."""
        self._schedule = schedule
        self._now = now
        today = moment(now)
        self._year = today.year
        self._today = today.year * 10_000 + today.month * 100 + today.day
        self.standing: Counter[tuple[str, Standing]] = Counter()
        self.province: Counter[str] = Counter()
        self.band: Counter[str] = Counter()
        self.sex: Counter[str] = Counter()
        self.hour: Counter[int] = Counter()
        self._per_nik = per_nik or {}
        self.above = above
        self.many_numbers: Counter[str] = Counter()
        self.many_niks: dict[str, set[str]] = {}

    def add(self, subscribers: Iterable[Subscriber]) -> None:
        """Count these."""
        standing = self.standing
        for subscriber in subscribers:
            stands = self._stands(subscriber)
            standing[subscriber.operator, stands] += 1
            if subscriber.nik is not None:
                self._add_of_many(subscriber.nik.digits, subscriber.operator)
            if stands is Standing.REGISTERED:
                self._add_person(subscriber)

    def _add_of_many(self, digits: str, operator: str) -> None:
        """Count a number whose NIK has too many of them with its operator (domain.md 3.1)."""
        if self._per_nik.get((digits, operator), 0) > self.above:
            self.many_numbers[operator] += 1
            self.many_niks.setdefault(operator, set()).add(digits)

    def _stands(self, subscriber: Subscriber) -> Standing:
        status = subscriber.status
        if status is Status.UNREGISTERED:
            return _BY_STAGE[stage_at(self._schedule, subscriber, self._now)]
        return _BY_STATUS.get(status, Standing.GONE)

    def _add_person(self, subscriber: Subscriber) -> None:
        # An operator's own application may tell no NIK.
        digits = subscriber.nik.digits if subscriber.nik is not None else "0" * 16
        self.province[province(digits)] += 1
        sex, birth = sex_and_birth(digits[6:12], self._year)
        self.sex[sex] += 1
        self.band[band(birth, self._today)] += 1
        self.hour[((subscriber.registered_at or 0) // _HOUR_MS + _WIB_HOURS) % 24] += 1
