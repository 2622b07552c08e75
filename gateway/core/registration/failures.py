"""Five failures: the statement of truth by SMS, or the lock, as the operator's profile says.

Source: domain.md 1.5. That the same data may be sent five times, and that agreeing to a statement
then registers the number unvalidated, is reported [S60][S54][S61][S62]; the lock by a later site
only [S63]. The words of the dialogue are invented.
"""

from __future__ import annotations

from typing import Final, assert_never

import msgspec

from gateway.core.numbers import Kk, Nik
from gateway.core.registration.cases import Case, Outcome, OutcomeKind, end, over_limit
from gateway.core.registration.profiles import OnFifthFailure
from gateway.core.registration.requests import Consent
from gateway.core.subscriber import Status, Tries

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_DECLINED: Final = OutcomeKind.DECLINED
_LOCKED: Final = OutcomeKind.LOCKED
_NOT_OFFERED: Final = OutcomeKind.NOT_OFFERED
_OUTCOME_KIND_REGISTERED_UNVALIDATED: Final = OutcomeKind.REGISTERED_UNVALIDATED
_STATEMENT_DUE: Final = OutcomeKind.STATEMENT_DUE
_STATUS_REGISTERED_UNVALIDATED: Final = Status.REGISTERED_UNVALIDATED

__all__ = ["MOST", "OnFifthFailure", "agreed", "counted", "locked"]

MOST: Final = 5
"""So often the same data may fail before something else happens (domain.md 1.5 [S60])."""

_HOUR_MS: Final = 3_600_000


def counted(outcome: Outcome, nik: Nik, kk: Kk, case: Case) -> Outcome:
    """Count a failed try of the sender, and say what the fifth leads to.

    A number that is registered unvalidated goes on trying: nothing more follows for it.
    """
    policy = case.profile.on_5th_failure
    if policy is OnFifthFailure.NONE or case.sender.status is _STATUS_REGISTERED_UNVALIDATED:
        return outcome
    before = case.sender.tries
    # A statement is about certain data; a lock is against trying at all.
    goes_on = before is not None and (
        policy is OnFifthFailure.LOCK or (before.nik, before.kk) == (nik, kk)
    )
    count = before.count + 1 if before is not None and goes_on else 1
    tries = Tries(nik, kk, count)
    if count < MOST:
        why = f"{outcome.why} (failure {count} of {MOST})"
        return msgspec.structs.replace(outcome, tries=tries, why=why)
    match policy:
        case OnFifthFailure.STATEMENT:
            why = f"{outcome.why}; failure {count}: a statement of truth is asked for"
            due = end(_STATEMENT_DUE, why, nik, kk)
            return msgspec.structs.replace(due, tries=tries)
        case OnFifthFailure.LOCK:
            hours = case.profile.lock_hours
            until = case.now + round(hours * _HOUR_MS)
            why = f"{outcome.why}; failure {count}: registration by SMS is locked for {hours:g} h"
            return msgspec.structs.replace(
                end(_LOCKED, why, nik, kk),
                tries=msgspec.structs.replace(tries, locked_until=until),
            )
        case _ as never:
            assert_never(never)


def locked(case: Case, nik: Nik, kk: Kk) -> Outcome | None:
    """Refuse whoever is locked out still; None for everybody else."""
    tries = case.sender.tries
    if tries is None or tries.locked_until <= case.now:
        return None
    hours = (tries.locked_until - case.now) / _HOUR_MS
    return end(_LOCKED, f"locked for {hours:.1f} h more", nik, kk)


def agreed(request: Consent, case: Case) -> Outcome:
    """Take the answer to a statement of truth; there is none to answer before five failures."""
    tries, sender = case.sender.tries, case.sender
    asked = case.profile.on_5th_failure is OnFifthFailure.STATEMENT
    # Who registered otherwise meanwhile has nothing to state any more.
    if tries is None or tries.count < MOST or not asked or sender.status.registered:
        why = f"not offered: {request.keyword}, no statement was asked for"
        return end(_NOT_OFFERED, why)
    if not request.agrees:
        return end(_DECLINED, f"declined the statement ({request.keyword})", tries.nik)
    if case.full:
        return over_limit(case, tries.nik, tries.kk)
    why = f"registered unvalidated on NIK {tries.nik} by statement ({request.keyword})"
    return end(_OUTCOME_KIND_REGISTERED_UNVALIDATED, why, tries.nik, tries.kk)
