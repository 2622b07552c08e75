"""Two-step replies: thanks at once, the verdict when the civil registry has answered.

Source: domain.md 1.4: a receipt at once, the verdict minutes to hours later, within 24 hours.
"""

from __future__ import annotations

from typing import Final

from gateway.core.ageing import iso
from gateway.core.chance import delay_ms
from gateway.core.civil_registry import ask_registry, back_at
from gateway.core.decision import (
    NOTED,
    Change,
    Decision,
    Judged,
    MessageStored,
    Outgoing,
    SubscriberChanged,
)
from gateway.core.desk_changes import case_of, follow
from gateway.core.desk_faults import Sent, late_by, sent, struck
from gateway.core.desk_replies import reply_to
from gateway.core.events import MoSms, VerdictDue
from gateway.core.faults import SilentDesk
from gateway.core.ledger import Ledger, replace
from gateway.core.origin import Esme
from gateway.core.registration.cases import Case, Outcome, OutcomeKind, end
from gateway.core.registration.desk import at_once
from gateway.core.registration.replies import ReplyCode
from gateway.core.registration.requests import Register, Reregister
from gateway.core.registration.waiting import once_more, received
from gateway.core.subscriber import Pending, Status, Subscriber

LONGEST_MS: Final = 86_400_000
"""A verdict comes within 24 hours (domain.md 1.4 [S2][S3][S57])."""

# Receipts are drawn by seed and message too.
_VERDICT: Final = 4444


def put_off(
    request: Register | Reregister,
    case: Case,
    event: MoSms,
    id_: int,
    asked: Sent | None,
    ledger: Ledger,
) -> Outcome | None:
    """Take a registration to be judged later; None where it is judged at once."""
    earlier, rules = case.sender.pending, ledger.rules
    late = 0 if asked is None else late_by(asked, ledger)
    if rules.verdict_delay is None and earlier is None and not (rules.outages or late):
        return None
    due_at = _due_at(id_, late, ledger)
    if due_at <= ledger.now and earlier is None:
        return None
    if due_at > ledger.now + LONGEST_MS:
        why = f"busy: the civil registry is out until {iso(due_at)}"
        return end(OutcomeKind.BUSY, why, request.nik, request.kk)
    pending = Pending(
        due_at,
        id_,
        request.nik,
        request.kk,
        request.keyword,
        request.notes,
        event.to,
        event.via if type(event.via) is Esme else None,
    )
    if earlier is None:
        return received(pending, ledger.now)
    return once_more(earlier, pending, case.profile.while_pending, ledger.now)


def _due_at(id_: int, late: int, ledger: Ledger) -> int:
    delay = ledger.rules.verdict_delay
    if delay is not None:
        late += delay_ms(delay, ledger.rules.seed, id_, _VERDICT)
    return back_at(ledger.now + min(late, LONGEST_MS), ledger)


def verdict_due(event: VerdictDue, ledger: Ledger) -> Decision:
    """Judge a registration that was put off, as of when its verdict falls due, and reply."""
    sender = ledger.facts.subscribers.get(event.msisdn)
    if sender is None or sender.pending is None or sender.pending.due_at != event.at:
        return Decision(NOTED, f"{event.msisdn}: no verdict is pending any more")
    pending, ledger = sender.pending, ledger.then(event.at)
    sender = ledger.put(replace(sender, pending=None))
    if sender.status.gone:
        why = f"{event.msisdn}: no verdict, the number is {sender.status.value}"
        return Decision(NOTED, why, (SubscriberChanged(sender),))
    made = Reregister if pending.keyword == "ULANG" else Register
    request = made(pending.nik, pending.kk, pending.keyword, pending.notes)
    case = case_of(request, ledger.profile(event.msisdn), sender, ledger)
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    asked = sent(event.msisdn, pending.to, "", pending.esme, ledger)
    outcome = _meanwhile(sender, pending) or at_once(request, case)
    if not isinstance(outcome, Outcome):
        outcome = ask_registry(outcome, case, pending.id, asked, ledger, changes)
    code = follow(outcome, sender, ledger, changes, outgoing)
    if ledger.facts.subscribers[event.msisdn] is sender:
        changes.append(SubscriberChanged(sender))
    changes.append(Judged(outcome.kind))
    why = f"{event.msisdn} verdict on message {pending.id}: {outcome.why}"
    if code is not None and struck(SilentDesk, asked, ledger):
        why = f"{why}; the reply is lost"
    elif code is not None:
        reply = reply_to(outcome, code, case, pending.to, pending.esme, ledger)
        changes.append(MessageStored(reply))
        outgoing.append(reply)
    return Decision(NOTED, why, tuple(changes), tuple(outgoing))


def _meanwhile(sender: Subscriber, pending: Pending) -> Outcome | None:
    """Tell who was registered in another way, as by an outlet, on whom that is; else None.

    Whoever waits for a verdict learns so that the number is theirs now, or another's.
    """
    if sender.status is not Status.REGISTERED:
        return None
    way = f"by outlet {sender.outlet}" if sender.outlet else "in another way"
    why = f"already registered meanwhile, {way}"
    outcome = end(OutcomeKind.ALREADY_REGISTERED, why, pending.nik, pending.kk)
    if sender.nik is None:
        return outcome
    return replace(outcome, nik=sender.nik, reply=ReplyCode.STATUS_REGISTERED)
