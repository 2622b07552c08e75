"""What the application's replies to phones say, compared with what the desk says (shadow).

Replies name no request: one is taken for the oldest request without a reply to which the desk says
the same, else for the oldest. What cannot be read is counted and is no difference.
"""

from __future__ import annotations

from gateway.core.application import Dealings, Difference, Opinion, ServedCode
from gateway.core.decision import Accepted, Decision, SubscriberChanged
from gateway.core.events import MtSms
from gateway.core.ledger import Ledger, replace
from gateway.core.numbers import Msisdn
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.registration.reply_reading import read_reply


def replied(event: MtSms, decision: Decision, served: ServedCode, ledger: Ledger) -> Decision:
    """Compare a reply that the application sends, and add what was found to the decision."""
    subscriber = ledger.facts.subscribers.get(Msisdn(event.to))
    dealings = subscriber.dealings if subscriber is not None else None
    if subscriber is None or dealings is None or type(decision.answer) is not Accepted:
        return decision
    kinds = read_reply(event.text, subscriber.operator, served.replies)
    why, id_ = decision.why, decision.answer.id
    if kinds is None:
        dealings = replace(dealings, unreadable=dealings.unreadable + 1, unread=id_)
        why = f"{why}; shadow cannot read it"
    else:
        compared = _compared(kinds, id_, event.via.account, dealings, ledger)
        if compared is None:
            return decision
        dealings, difference = compared
        if difference is not None:
            why = f"{why}; differs: {difference}"
    changed = SubscriberChanged(ledger.put(replace(subscriber, dealings=dealings)))
    return replace(decision, why=why, changes=(*decision.changes, changed))


def _compared(
    kinds: frozenset[OutcomeKind], id_: int, account: str, dealings: Dealings, ledger: Ledger
) -> tuple[Dealings, Difference | None] | None:
    """Find the request that a verdict is on; None where it is on none."""
    waiting = [one for one in dealings.asked if not one.replied]
    if not kinds or not waiting:
        return None
    agreed = next((one for one in waiting if one.expected.outcome in kinds), None)
    meant = agreed or waiting[0]
    # What was asked before that has had its reply too: one that nobody could read, or none.
    asked = tuple(
        replace(one, replied=True) if one.id <= meant.id else one for one in dealings.asked
    )
    dealings = replace(dealings, asked=tuple(one for one in asked if not one.done))
    if agreed is not None:
        return dealings, None
    told = Opinion(min(kinds, key=lambda kind: kind.value))
    difference = Difference(ledger.now, meant.id, meant.expected, told, account, id_)
    return replace(dealings, difference=difference), difference
