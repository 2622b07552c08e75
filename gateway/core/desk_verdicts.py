"""Two-step replies: thanks at once, the verdict when the civil registry has answered.

Source: domain.md 1.4: a receipt at once, the verdict minutes to hours later, within 24 hours.
"""

from __future__ import annotations

from typing import Final

from gateway.core.chance import Delay, delay_ms
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
from gateway.core.desk_replies import reply_to
from gateway.core.events import MoSms, VerdictDue
from gateway.core.ledger import Ledger, replace
from gateway.core.origin import Esme
from gateway.core.registration.cases import Case, Outcome
from gateway.core.registration.desk import judge
from gateway.core.registration.requests import Register, Reregister
from gateway.core.registration.waiting import once_more, received
from gateway.core.subscriber import Pending

LONGEST_MS: Final = 86_400_000
"""A verdict comes within 24 hours (domain.md 1.4 [S2][S3][S57])."""

# Receipts are drawn by seed and message too.
_VERDICT: Final = 4444


def put_off(
    request: Register | Reregister, case: Case, event: MoSms, id_: int, ledger: Ledger
) -> Outcome | None:
    """Take a registration to be judged later; None where it is judged at once."""
    earlier, delay = case.sender.pending, ledger.rules.verdict_delay
    if delay is None and earlier is None:
        return None
    due_at = _due_at(id_, delay, ledger)
    if due_at <= ledger.now and earlier is None:
        return None
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


def _due_at(id_: int, delay: Delay | None, ledger: Ledger) -> int:
    if delay is None:
        return ledger.now
    return ledger.now + min(delay_ms(delay, ledger.rules.seed, id_, _VERDICT), LONGEST_MS)


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
    outcome = judge(request, case, ledger.rules.registry)
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    code = follow(outcome, sender, ledger, changes, outgoing)
    if not changes:
        changes.append(SubscriberChanged(sender))
    changes.append(Judged(outcome.kind))
    if code is not None:
        reply = reply_to(outcome, code, case, pending.to, pending.esme, ledger)
        changes.append(MessageStored(reply))
        outgoing.append(reply)
    why = f"{event.msisdn} verdict on message {pending.id}: {outcome.why}"
    return Decision(NOTED, why, tuple(changes), tuple(outgoing))
