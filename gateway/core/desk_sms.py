"""How an SMS to the desk behind 4444 is decided, and what it replies."""

from __future__ import annotations

from typing import Final

from msgspec import structs

from gateway.core.civil_registry import ask_registry
from gateway.core.decision import (
    Accepted,
    Change,
    Decision,
    Judged,
    MessageStored,
    Outgoing,
    TakenByDesk,
)
from gateway.core.delivery import end_messages, notification, receipt
from gateway.core.desk_changes import case_of, follow
from gateway.core.desk_faults import Sent, sent, struck
from gateway.core.desk_replies import reply_to
from gateway.core.desk_verdicts import put_off
from gateway.core.events import MoSms
from gateway.core.faults import BusyDesk, SilentDesk
from gateway.core.ledger import Ledger
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.origin import Esme
from gateway.core.registration.cases import Case, Outcome, OutcomeKind, end
from gateway.core.registration.desk import at_once
from gateway.core.registration.grammar import Parsed, read
from gateway.core.registration.requests import Unparsed
from gateway.core.sending import NOTHING_EARLIER, Earlier
from gateway.core.subscriber import Status, Subscriber

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_BUSY: Final = OutcomeKind.BUSY
_DELIVERED: Final = MessageState.DELIVERED
_DESK: Final = Receiver.DESK
_MO: Final = MessageKind.MO
_NEW: Final = Status.NEW

_NOT_FINAL: Final = frozenset({OutcomeKind.RECEIVED, OutcomeKind.PENDING})


def to_desk(
    event: MoSms,
    sender: Subscriber,
    parsed: Parsed,
    earlier: Earlier,
    ledger: Ledger,
) -> Decision:
    """Judge a registration SMS and reply; or thank for it, and judge it later."""
    profile = ledger.profile(event.sender)
    if sender.status is _NEW:
        parsed = read(event.text, profile, True)
    case = case_of(parsed, profile, sender, ledger)
    id_ = event.id or ledger.new_id()
    changes: list[Change] = [_taken(event, id_, earlier, ledger)]
    asked = sent(event.sender, event.to, event.text, event.via, ledger)
    outcome = _judged(parsed, case, event, id_, asked, ledger, changes)
    if outcome.kind not in _NOT_FINAL:
        changes.append(Judged(outcome.kind, parsed.rule.value if type(parsed) is Unparsed else ""))
    outgoing: list[Outgoing] = []
    code = follow(outcome, sender, ledger, changes, outgoing)
    reply, why = None, f"{event.sender} {outcome.why}"
    if code is not None and asked is not None and struck(SilentDesk, asked, ledger):
        why = f"{why}; the reply is lost"
    elif code is not None:
        via = event.via if type(event.via) is Esme else None
        reply = reply_to(outcome, code, case, event.to, via, ledger)
        changes.append(MessageStored(reply))
    if earlier.parts:
        ended = end_messages(list(earlier.parts), _DELIVERED, 0, ledger)
        changes += ended[0]
        outgoing += ended[1]
    if type(event.via) is Esme and event.via.registered_delivery:
        mo = message_taken(event, id_, ledger.now, earlier.message)
        notification(mo, ledger, changes, outgoing)
        receipt(mo, ledger, changes, outgoing)
    if reply is not None:
        outgoing.append(reply)
    return Decision(Accepted(id_), why, tuple(changes), tuple(outgoing))


def _judged(
    parsed: Parsed,
    case: Case,
    event: MoSms,
    id_: int,
    asked: Sent | None,
    ledger: Ledger,
    changes: list[Change],
) -> Outcome:
    if asked is not None and struck(BusyDesk, asked, ledger):
        return end(_BUSY, "busy on purpose")
    outcome = at_once(parsed, case)
    if type(outcome) is Outcome:
        return outcome
    later = put_off(outcome, case, event, id_, asked, ledger)
    return later or ask_registry(outcome, case, id_, asked, ledger, changes)


def _taken(event: MoSms, id_: int, earlier: Earlier, ledger: Ledger) -> Change:
    """Note the message; one that is not just the event, as its sender gave it, in full."""
    if earlier is NOTHING_EARLIER and id_ not in ledger.asked_about:
        return TakenByDesk(id_)
    mo = message_taken(event, id_, ledger.now, earlier.message)
    if earlier.parts:
        mo = structs.replace(mo, parts=tuple(part.id for part in earlier.parts))
    ledger.put_ended(mo)
    return MessageStored(mo)


def message_taken(event: MoSms, id_: int, at: int, before: Message | None = None) -> Message:
    """Make the message that the desk took at `at`; `before` is what was accepted of it earlier."""
    return Message(
        id=id_,
        kind=_MO,
        source=event.sender,
        destination=event.to,
        text=event.text,
        receiver=_DESK,
        state=_DELIVERED,
        accepted_at=at if before is None else before.accepted_at,
        ended_at=at,
        esme=event.via if type(event.via) is Esme else None,
        body=event.body,
        reported_as=event.reported_as,
    )
