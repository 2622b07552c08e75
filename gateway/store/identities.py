"""How many numbers each NIK has with each operator, and which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.core.decision import Facts, Questions
from gateway.core.numbers import Msisdn, Nik
from gateway.core.subscriber import Subscriber

# So many numbers of one NIK are known by name; the others are counted.
_LISTED_MOST = 10

Slot = tuple[str, str]


class Identities:
    """Owns the counts; `State` says whose NIK changed. A slot is NIK digits and operator."""

    def __init__(self) -> None:
        self.counts: dict[Slot, int] = {}
        self._listed: dict[Slot, tuple[Msisdn, ...]] = {}

    def change(self, before: Subscriber | None, after: Subscriber) -> None:
        """Keep in step with a subscriber's new value."""
        if before is not None:
            if before.nik == after.nik:
                return
            if before.nik is not None:
                self._remove((before.nik.digits, before.operator), before.msisdn)
        if after.nik is not None:
            self._add((after.nik.digits, after.operator), after.msisdn)

    def take_in(self, subscribers: Iterable[Subscriber]) -> None:
        """Count many that are not counted yet."""
        counts, listed = self.counts, self._listed
        for one in subscribers:
            nik = one.nik
            if nik is not None:
                slot = (nik.digits, one.operator)
                if slot in counts:
                    self._add(slot, one.msisdn)
                else:
                    counts[slot] = 1
                    listed[slot] = (one.msisdn,)

    def _add(self, slot: Slot, msisdn: Msisdn) -> None:
        count = self.counts.get(slot)
        if count is None:
            self.counts[slot] = 1
            self._listed[slot] = (msisdn,)
            return
        self.counts[slot] = count + 1
        listed = self._listed[slot]
        # One NIK had 2.2 million numbers (domain.md 3.1): no reply lists them all.
        if len(listed) < _LISTED_MOST:
            self._listed[slot] = (*listed, msisdn)

    def _remove(self, slot: Slot, msisdn: Msisdn) -> None:
        count = self.counts[slot] - 1
        if not count:
            del self.counts[slot]
            del self._listed[slot]
            return
        self.counts[slot] = count
        listed = self._listed[slot]
        if msisdn in listed:
            self._listed[slot] = tuple(one for one in listed if one != msisdn)

    def answer_askers(
        self, questions: Questions, subscribers: Mapping[Msisdn, Subscriber], facts: Facts
    ) -> None:
        """Answer what is on the NIKs that the askers know: their own, one that failed or waits."""
        for slot in questions.niks if questions.askers else ():
            # Who registers and asks in one batch is told of all numbers, too.
            facts.numbers_on[slot] = self._listed.get(slot, ())
        for msisdn in questions.askers:
            asker = subscribers.get(msisdn)
            if asker is None:
                continue
            if asker.nik is not None:
                self._answer(asker.nik, asker.operator, facts)
            if asker.tries is not None:
                self._answer(asker.tries.nik, asker.operator, facts)
            dealings = asker.dealings
            if dealings is not None and dealings.tries is not None:
                self._answer(dealings.tries.nik, asker.operator, facts)
            if asker.pending is not None:
                self._answer(asker.pending.nik, asker.operator, facts)

    def _answer(self, nik: Nik, operator: str, facts: Facts) -> None:
        slot = (nik.digits, operator)
        facts.numbers_per_nik[slot] = self.counts.get(slot, 0)
        facts.numbers_on[slot] = self._listed.get(slot, ())
