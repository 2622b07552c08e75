"""The rules of the desk behind 4444: what becomes of a request.

Sources: domain.md 1.2 (other requests), 1.5 (five failures), 3.1 (numbers per NIK), 3.5 (who may
register), 0 item 10 (only the civil registry judges an identity).
"""

from typing import Final, Protocol, assert_never

from gateway.core.numbers import Kk, Nik
from gateway.core.registration import asking, failures
from gateway.core.registration.cases import Case, Outcome, OutcomeKind, end, over_limit
from gateway.core.registration.citizens import Verdict
from gateway.core.registration.requests import (
    Consent,
    Inquiry,
    Parsed,
    Register,
    Reregister,
    Unparsed,
    Unregister,
)
from gateway.core.subscriber import Status

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_BAD_FORMAT: Final = OutcomeKind.BAD_FORMAT
_NEW: Final = Status.NEW
_REGISTERED: Final = OutcomeKind.REGISTERED

__all__ = [
    "CLOSED",
    "Case",
    "CivilRegistry",
    "Outcome",
    "OutcomeKind",
    "at_once",
    "judge",
    "verdict",
]


class CivilRegistry(Protocol):
    """Whoever can say whether a NIK and a KK belong together."""

    def verify(self, nik: Nik, kk: Kk, now: int = 0) -> Verdict:
        """Check a NIK against a KK at `now`, in milliseconds since 1970 UTC."""
        ...


# Statuses in which a registration changes nothing any more. REGISTERED_UNVALIDATED is not among
# them: such a customer must repeat until the data are validated (domain.md 1.5 [S62]).
CLOSED: Final[dict[Status, tuple[OutcomeKind, str]]] = {
    Status.REGISTERED: (OutcomeKind.ALREADY_REGISTERED, "already registered"),
    Status.EXPIRED: (OutcomeKind.NOT_OFFERED, "not offered: the number has expired"),
    Status.UNREGISTERED_DEAD: (OutcomeKind.NOT_OFFERED, "not offered: the number was given up"),
}
"""How a registration ends that cannot change anything, by the number's status."""

_REFUSALS: Final[dict[Verdict, tuple[OutcomeKind, str]]] = {
    Verdict.NIK_UNKNOWN: (OutcomeKind.NIK_UNKNOWN, "NIK {nik} unknown to the civil registry"),
    Verdict.KK_MISMATCH: (OutcomeKind.KK_MISMATCH, "KK {kk} does not belong to NIK {nik}"),
    Verdict.NIK_BLOCKED: (OutcomeKind.NIK_BLOCKED, "NIK {nik} is blocked by the civil registry"),
    Verdict.NIK_DUPLICATE: (
        OutcomeKind.NIK_DUPLICATE,
        "the civil registry has NIK {nik} more than once",
    ),
    Verdict.NOT_SYNCHRONISED: (
        OutcomeKind.NOT_SYNCHRONISED,
        "the data of NIK {nik} are not synchronised yet",
    ),
}


def judge(parsed: Parsed, case: Case, registry: CivilRegistry) -> Outcome:
    """Decide on what an SMS to 4444 asks.

    Judging changes nothing, and a number that is registered stays so: a repeated request cannot
    register twice.
    """
    outcome = at_once(parsed, case)
    if isinstance(outcome, Outcome):
        return outcome
    return verdict(outcome, case, registry)


def at_once(parsed: Parsed, case: Case) -> Outcome | Register | Reregister:
    """Decide what the operator knows by itself; a registration that it cannot judge comes back."""
    match parsed:
        case Register() | Reregister():
            closed = CLOSED.get(case.sender.status)
            if closed is not None:
                return end(*closed, parsed.nik, parsed.kk)
            return failures.locked(case, parsed.nik, parsed.kk) or parsed
        case Unparsed(detail=detail):
            row = case.profile.format_for(case.sender.status is _NEW)
            why = f"bad format: {detail} ({case.profile.name} wants {row.hint})"
            return end(_BAD_FORMAT, why)
        case Unregister():
            return asking.unregister(parsed, case)
        case Inquiry():
            return asking.check(parsed, case)
        case Consent():
            return failures.agreed(parsed, case)
        case _ as never:
            assert_never(never)


def verdict(request: Register | Reregister, case: Case, registry: CivilRegistry) -> Outcome:
    """Decide by the civil registry's word, and by the numbers that the NIK has."""
    nik, kk = request.nik, request.kk
    refusal = _REFUSALS.get(registry.verify(nik, kk, case.now))
    if refusal is not None:
        kind, template = refusal
        return failures.counted(end(kind, template.format(nik=nik, kk=kk), nik, kk), nik, kk, case)
    if case.full:
        return over_limit(case, nik, kk)
    tolerated = f" (tolerated: {', '.join(request.notes)})" if request.notes else ""
    return end(_REGISTERED, f"registered on NIK {nik}{tolerated}", nik, kk)
