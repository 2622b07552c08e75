"""How a request to the desk ends, and what was known when it was judged."""

from __future__ import annotations

from typing import Final, final

import msgspec

from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.registration.outcomes import OutcomeKind as OutcomeKind
from gateway.core.registration.profiles import OperatorProfile
from gateway.core.registration.replies import ReplyCode
from gateway.core.subscriber import Pending, Subscriber, Tries

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_OVER_LIMIT: Final = OutcomeKind.OVER_LIMIT


@final
class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What the desk decided; `nik` and `kk` are those of the request, None when it had none.

    `why` is one English line for journal, console and QA report; identities in it are masked.
    `reply` is None where nothing is answered. `tries` are the failed tries that the sender has
    from now on, None for those it had; `pending` is what the desk judges later; `told` and
    `count` fill in the reply: a form, a place or numbers; how many numbers.
    """

    kind: OutcomeKind
    reply: ReplyCode | None
    why: str
    nik: Nik | None = None
    kk: Kk | None = None
    tries: Tries | None = None
    pending: Pending | None = None
    told: str = ""
    count: int = 0


class Case(msgspec.Struct, frozen=True, gc=False):
    """Who asks, and what is known about it.

    `on_nik` counts the numbers registered on the request's NIK with this operator, without the
    sender's own; from `limit` on self-service ends (0: no limit). `numbers` are registered on
    the sender's own NIK (maybe not all of `count`). `now` is in milliseconds since 1970 UTC.
    """

    sender: Subscriber
    profile: OperatorProfile
    on_nik: int
    limit: int
    now: int = 0
    numbers: tuple[Msisdn, ...] = ()
    count: int = 0

    @property
    def full(self) -> bool:
        """Whether the NIK has all the numbers that self-service gives it."""
        return bool(self.limit) and self.on_nik >= self.limit


REPLIES: Final[dict[OutcomeKind, ReplyCode]] = {
    OutcomeKind.REGISTERED: ReplyCode.OK,
    OutcomeKind.ALREADY_REGISTERED: ReplyCode.ALREADY,
    OutcomeKind.BAD_FORMAT: ReplyCode.BAD_FORMAT,
    OutcomeKind.NIK_UNKNOWN: ReplyCode.NIK_NOT_FOUND,
    OutcomeKind.KK_MISMATCH: ReplyCode.KK_MISMATCH,
    OutcomeKind.OVER_LIMIT: ReplyCode.LIMIT,
    OutcomeKind.NOT_OFFERED: ReplyCode.NOT_OFFERED,
    OutcomeKind.STATEMENT_DUE: ReplyCode.STATEMENT,
    OutcomeKind.REGISTERED_UNVALIDATED: ReplyCode.UNVALIDATED,
    OutcomeKind.DECLINED: ReplyCode.DECLINED,
    OutcomeKind.LOCKED: ReplyCode.LOCKED,
    OutcomeKind.UNREGISTERED: ReplyCode.UNREGISTERED,
    OutcomeKind.NOT_YOURS: ReplyCode.NOT_YOURS,
    OutcomeKind.RECEIVED: ReplyCode.RECEIVED,
    OutcomeKind.PENDING: ReplyCode.PENDING,
    OutcomeKind.NIK_BLOCKED: ReplyCode.NIK_BLOCKED,
    OutcomeKind.NIK_DUPLICATE: ReplyCode.NIK_DUPLICATE,
    OutcomeKind.NOT_SYNCHRONISED: ReplyCode.NOT_SYNCHRONISED,
    OutcomeKind.BUSY: ReplyCode.BUSY,
}


def end(kind: OutcomeKind, why: str, nik: Nik | None = None, kk: Kk | None = None) -> Outcome:
    """End a request with the reply that belongs to its kind."""
    return Outcome(kind, REPLIES[kind], why, nik, kk)


def over_limit(case: Case, nik: Nik, kk: Kk) -> Outcome:
    """Refuse one number too many for self-service (domain.md 3.1)."""
    held = f"{case.on_nik} of {case.limit} {case.profile.name} numbers"
    return end(_OVER_LIMIT, f"over limit: NIK {nik} holds {held}", nik, kk)
