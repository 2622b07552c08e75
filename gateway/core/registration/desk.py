"""The rules of the desk behind 4444: what becomes of a request.

Sources: domain.md 3.1 (numbers per NIK), 3.5 (who may register), 0 item 10 (only the civil
registry judges an identity).
"""

from typing import Final, Protocol, assert_never

import msgspec

from gateway.core.numbers import Kk, Nik
from gateway.core.registration.citizens import Verdict
from gateway.core.registration.outcomes import OutcomeKind as OutcomeKind
from gateway.core.registration.profiles import OperatorProfile
from gateway.core.registration.replies import ReplyCode
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


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What the desk decided; `nik` and `kk` are those of the request, None when it had none.

    `why` is one English line for journal, console and QA report; identities in it are masked.
    """

    kind: OutcomeKind
    reply: ReplyCode
    why: str
    nik: Nik | None = None
    kk: Kk | None = None


class CivilRegistry(Protocol):
    """Whoever can say whether a NIK and a KK belong together."""

    def verify(self, nik: Nik, kk: Kk) -> Verdict:
        """Check a NIK against a KK."""
        ...


_REPLIES: Final[dict[OutcomeKind, ReplyCode]] = {
    OutcomeKind.REGISTERED: ReplyCode.OK,
    OutcomeKind.ALREADY_REGISTERED: ReplyCode.ALREADY,
    OutcomeKind.BAD_FORMAT: ReplyCode.BAD_FORMAT,
    OutcomeKind.NIK_UNKNOWN: ReplyCode.NIK_NOT_FOUND,
    OutcomeKind.KK_MISMATCH: ReplyCode.KK_MISMATCH,
    OutcomeKind.OVER_LIMIT: ReplyCode.LIMIT,
    OutcomeKind.NOT_OFFERED: ReplyCode.NOT_OFFERED,
}

# Statuses in which a registration changes nothing any more. REGISTERED_UNVALIDATED is not among
# them: such a customer must repeat until the data are validated (domain.md 1.5 [S62]).
_CLOSED: Final[dict[Status, tuple[OutcomeKind, str]]] = {
    Status.REGISTERED: (OutcomeKind.ALREADY_REGISTERED, "already registered"),
    Status.EXPIRED: (OutcomeKind.NOT_OFFERED, "not offered: the number has expired"),
}

_REFUSALS: Final[dict[Verdict, tuple[OutcomeKind, str]]] = {
    Verdict.NIK_UNKNOWN: (OutcomeKind.NIK_UNKNOWN, "NIK {nik} unknown to the civil registry"),
    Verdict.KK_MISMATCH: (OutcomeKind.KK_MISMATCH, "KK {kk} does not belong to NIK {nik}"),
}


def judge(
    parsed: Parsed,
    profile: OperatorProfile,
    status: Status,
    numbers_on_nik: int,
    limit: int,
    registry: CivilRegistry,
    *,
    is_new: bool = False,
) -> Outcome:
    """Decide on what an SMS to 4444 asks.

    `numbers_on_nik` counts the numbers registered on the request's NIK with this operator, without
    the sender's own; from `limit` on self-service ends (0: no limit). Judging changes nothing, and
    a number that is registered stays so: a repeated request cannot register twice.
    """
    match parsed:
        case Register() | Reregister():
            return _register(parsed, profile, status, numbers_on_nik, limit, registry)
        case Unparsed(detail=detail):
            wanted = profile.format_for(is_new).hint
            return _end(
                OutcomeKind.BAD_FORMAT, f"bad format: {detail} ({profile.name} wants {wanted})"
            )
        case Unregister() | Inquiry() | Consent():
            return _end(OutcomeKind.NOT_OFFERED, f"not offered: {parsed.keyword}")
        case _ as never:
            assert_never(never)


def _register(
    request: Register | Reregister,
    profile: OperatorProfile,
    status: Status,
    numbers_on_nik: int,
    limit: int,
    registry: CivilRegistry,
) -> Outcome:
    nik, kk = request.nik, request.kk
    closed = _CLOSED.get(status)
    if closed is not None:
        return _end(*closed, nik, kk)
    refusal = _REFUSALS.get(registry.verify(nik, kk))
    if refusal is not None:
        kind, template = refusal
        return _end(kind, template.format(nik=nik, kk=kk), nik, kk)
    if limit and numbers_on_nik >= limit:
        why = f"over limit: NIK {nik} holds {numbers_on_nik} of {limit} {profile.name} numbers"
        return _end(OutcomeKind.OVER_LIMIT, why, nik, kk)
    tolerated = f" (tolerated: {', '.join(request.notes)})" if request.notes else ""
    return _end(OutcomeKind.REGISTERED, f"registered on NIK {nik}{tolerated}", nik, kk)


def _end(kind: OutcomeKind, why: str, nik: Nik | None = None, kk: Kk | None = None) -> Outcome:
    return Outcome(kind, _REPLIES[kind], why, nik, kk)
