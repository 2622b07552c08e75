"""How the desk asks the civil registry: its quota, its outages, and what is lost on the way back.

Source: domain.md 5: a quota per operator and day [S111][S112]; successes that the registry counts
and the operator never hears of, the "ghosts" [S118][S119].
"""

from __future__ import annotations

from typing import Final

from gateway.core.ageing import wib_day
from gateway.core.chance import draw
from gateway.core.decision import Change, RegistryAsked
from gateway.core.desk_faults import Sent, struck
from gateway.core.faults import LostSuccess
from gateway.core.ledger import Ledger, replace
from gateway.core.registration.cases import Case, Outcome, OutcomeKind, end
from gateway.core.registration.desk import verdict
from gateway.core.registration.requests import Register, Reregister

# Delays of verdicts are drawn by seed and message too.
_LOST: Final = 4445


def ask_registry(
    request: Register | Reregister,
    case: Case,
    id_: int,
    asked: Sent | None,
    ledger: Ledger,
    changes: list[Change],
) -> Outcome:
    """Judge a registration by the registry's word, if it can be asked and its answer comes."""
    rules, operator = ledger.rules, case.profile.name
    registry = rules.records or rules.registry
    if asked is None and not (case.profile.daily_quota or rules.lost_success):
        return verdict(request, case, registry)
    day, used = wib_day(ledger.now), ledger.facts.registry_use
    count = used[operator][1] if operator in used and used[operator][0] == day else 0
    quota = case.profile.daily_quota
    if quota and count >= quota:
        why = f"busy: the registry's quota of {quota} a day is used up for {operator}"
        return end(OutcomeKind.BUSY, why, request.nik, request.kk)
    used[operator] = (day, count + 1)
    changes.append(RegistryAsked(operator, day))
    outcome = verdict(request, case, registry)
    if outcome.kind is not OutcomeKind.REGISTERED:
        return outcome
    share = rules.lost_success
    lost = bool(share) and draw(rules.seed, id_, _LOST) < share
    if not lost and struck(LostSuccess, asked, ledger) is None:
        return outcome
    why = f"lost on the way back: the registry counts it on NIK {outcome.nik}, nobody is told"
    return replace(outcome, kind=OutcomeKind.LOST, reply=None, why=why, tries=None)


def back_at(at: int, ledger: Ledger) -> int:
    """Give when the registry can be asked, from `at` on: when an outage that it is in ends."""
    for begins, ends in ledger.rules.outages:
        if begins <= at < ends:
            return ends
    return at
