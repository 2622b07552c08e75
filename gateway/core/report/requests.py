"""Counts of what became of registration requests, folded from the journal's records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum
from typing import Final, assert_never

from gateway.core.decision import Denied, Judged, Record
from gateway.core.events import MoSms, OutletRegisters, RegistrationTold, VerdictDue
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.report.outlets import Outlets


class Step(Enum):
    """How far a request came; each step is the end of those that came no further."""

    NOT_VALID = "format not valid"
    NOT_MATCHED = "valid, not matched"
    NOT_REGISTERED = "matched, not registered"
    REGISTERED = "registered"
    OTHER = "no registration"


# The events that the desk judges on; all others cost one look.
_JUDGED_BY = frozenset({MoSms, VerdictDue, OutletRegisters})


TOLD_BY: Final = ('"judged"', '"registration_told"')
"""What stands in the JSON of every record that counts."""


class Requests:
    """How often requests ended in which way; additions in any order give the same."""

    def __init__(self) -> None:
        self.ended: Counter[tuple[OutcomeKind, str]] = Counter()
        self.outlets = Outlets()

    def fold(self, records: Iterable[Record]) -> None:
        """Count what these records tell: the desk's own judgement, or an application's word."""
        for record in records:
            event = record.event
            if type(event) in _JUDGED_BY:
                for change in record.changes:
                    if type(change) is Judged:
                        self.ended[change.kind, change.rule] += 1
                        if type(event) is OutletRegisters:
                            self.outlets.count(event, change.kind, record.at)
                        break
            elif type(event) is RegistrationTold and type(record.answer) is not Denied:
                self.ended[event.outcome, ""] += 1

    def add(self, other: Requests) -> None:
        """Add what was counted elsewhere."""
        self.ended += other.ended
        self.outlets.add(other.outlets)

    def steps(self) -> dict[Step, int]:
        """Count by how far they came, without those that asked for something else."""
        counts: dict[Step, int] = {step: 0 for step in Step if step is not Step.OTHER}
        for (kind, _), count in self.ended.items():
            step = step_of(kind)
            if step in counts:
                counts[step] += count
        return counts

    def reasons(self, step: Step) -> dict[str, int]:
        """Count those that ended at a step by why."""
        counts: dict[str, int] = {}
        for (kind, rule), count in self.ended.items():
            if step_of(kind) is step:
                why = rule or kind.value
                counts[why] = counts.get(why, 0) + count
        return counts


def step_of(kind: OutcomeKind) -> Step:
    """Say how far a request came that ended so."""
    match kind:
        case OutcomeKind.REGISTERED:
            return Step.REGISTERED
        case OutcomeKind.BAD_FORMAT:
            return Step.NOT_VALID
        case OutcomeKind.NIK_UNKNOWN | OutcomeKind.KK_MISMATCH:
            return Step.NOT_MATCHED
        case OutcomeKind.NIK_BLOCKED | OutcomeKind.NIK_DUPLICATE | OutcomeKind.NOT_SYNCHRONISED:
            return Step.NOT_MATCHED
        case OutcomeKind.STATEMENT_DUE | OutcomeKind.LOCKED:
            # The fifth failure, and those in a lock, failed as the ones before did.
            return Step.NOT_MATCHED
        case OutcomeKind.ALREADY_REGISTERED | OutcomeKind.BUSY:
            # Nobody asked the civil registry.
            return Step.NOT_MATCHED
        case OutcomeKind.OVER_LIMIT | OutcomeKind.LOST:
            return Step.NOT_REGISTERED
        case OutcomeKind.REGISTERED_UNVALIDATED | OutcomeKind.DECLINED:
            return Step.OTHER
        case OutcomeKind.NOT_OFFERED | OutcomeKind.CHECKED | OutcomeKind.UNREGISTERED:
            return Step.OTHER
        case OutcomeKind.NOT_YOURS | OutcomeKind.RECEIVED | OutcomeKind.PENDING:
            return Step.OTHER
        case _:
            assert_never(kind)
