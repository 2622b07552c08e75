"""How a registration by an outlet is decided: judged at once, by the civil registry.

Source: domain.md 3.1: no upper limit at an outlet [S73][S22], numbers above ten on a NIK are
reported [S73][S74]; 1.5: an outlet is a way out after five failures by SMS [S60].
"""

from __future__ import annotations

from typing import assert_never

from gateway.core.ageing import iso
from gateway.core.civil_registry import ask_registry, back_at
from gateway.core.decision import NOTED, Change, Decision, Judged, Outgoing
from gateway.core.desk_changes import case_of, follow
from gateway.core.ledger import Ledger, replace, unknown_subscriber
from gateway.core.outlets import Foreigner, OutletRegisters, Papers
from gateway.core.registration.cases import Outcome, OutcomeKind, end
from gateway.core.registration.desk import CLOSED
from gateway.core.registration.profiles import OnFifthFailure
from gateway.core.registration.requests import Register
from gateway.core.subscriber import Subscriber


def outlet_registers(event: OutletRegisters, ledger: Ledger) -> Decision:
    """Register a number at an outlet, if the registry agrees; its phone is told by its bars."""
    sender = ledger.find(event.msisdn)
    if sender is None:
        return unknown_subscriber(event.msisdn)
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    held = 0
    foreigner: Foreigner | None = None
    match event.identity:
        case Papers():
            outcome, held = _citizen(event, event.identity, sender, ledger, changes)
        case Foreigner() as foreigner:
            # The civil registry has citizens only: the outlet has seen the document.
            why = f"registered on {foreigner}, no citizen"
            outcome = _closed(sender) or Outcome(OutcomeKind.REGISTERED, None, why)
        case _ as never:
            assert_never(never)
    why = f"{event.msisdn} outlet {event.outlet}: {outcome.why}"
    if outcome.kind is OutcomeKind.REGISTERED:
        sender = replace(sender, outlet=event.outlet, foreigner=foreigner)
        if held > ledger.rules.report_above:
            why = f"{why}; number {held} on this NIK: to be reported"
        elif held > 1:
            why = f"{why}; number {held} on this NIK"
    follow(outcome, sender, ledger, changes, outgoing)
    changes.append(Judged(outcome.kind, held=held))
    return Decision(NOTED, why, tuple(changes), tuple(outgoing))


def _closed(sender: Subscriber) -> Outcome | None:
    closed = CLOSED.get(sender.status)
    return end(*closed) if closed is not None else None


def _citizen(
    event: OutletRegisters,
    papers: Papers,
    sender: Subscriber,
    ledger: Ledger,
    changes: list[Change],
) -> tuple[Outcome, int]:
    """Judge a citizen's papers; gives too how many numbers the NIK has from now on."""
    closed = _closed(sender)
    if closed is not None:
        return closed, 0
    back = back_at(ledger.now, ledger)
    if back > ledger.now:
        why = f"busy: the civil registry is out until {iso(back)}"
        return end(OutcomeKind.BUSY, why, papers.nik, papers.kk), 0
    # What failed by SMS, and a lock after that, does not count here, nor does what fails here.
    profile = replace(ledger.profile(event.msisdn), on_5th_failure=OnFifthFailure.NONE)
    request = Register(papers.nik, papers.kk, "")
    case = replace(case_of(request, profile, sender, ledger), limit=0)
    # An outlet's request has no message id; number and time tell it from others as well.
    outcome = ask_registry(request, case, int(event.msisdn) + ledger.now, None, ledger, changes)
    return outcome, case.on_nik + 1 if outcome.kind is OutcomeKind.REGISTERED else 0
