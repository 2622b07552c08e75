"""How an SMS to the desk behind 4444 is decided, and what it replies."""

from __future__ import annotations

from gateway.core.decision import Accepted, Change, Decision, Judged, MessageStored, Outgoing
from gateway.core.delivery import end_messages, notification, receipt
from gateway.core.desk_changes import case_of, follow
from gateway.core.events import MoSms
from gateway.core.ledger import Ledger
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.origin import Esme
from gateway.core.registration.desk import judge
from gateway.core.registration.grammar import Parsed, read
from gateway.core.registration.replies import render
from gateway.core.registration.requests import Unparsed
from gateway.core.sending import Earlier
from gateway.core.subscriber import Status, Subscriber


def to_desk(
    event: MoSms,
    sender: Subscriber,
    parsed: Parsed,
    earlier: Earlier,
    ledger: Ledger,
) -> Decision:
    """Judge a registration SMS and reply."""
    profile = ledger.profile(event.sender)
    is_new = sender.status is Status.NEW
    if is_new:
        parsed = read(event.text, profile, True)
    outcome = judge(parsed, case_of(parsed, profile, sender, ledger), ledger.rules.registry)
    rule = parsed.rule.value if isinstance(parsed, Unparsed) else ""
    changes: list[Change] = [Judged(outcome.kind, rule)]
    outgoing: list[Outgoing] = []
    text = render(
        follow(outcome, sender, ledger, changes, outgoing),
        profile,
        msisdn=event.sender,
        nik=outcome.nik,
        limit=ledger.rules.numbers_per_nik,
        is_new=is_new,
        told=outcome.told,
        count=outcome.count,
    )
    mo = _taken(event, earlier, ledger)
    ledger.put_ended(mo)
    reply = _reply(event, text, ledger)
    changes += (MessageStored(mo), MessageStored(reply))
    if earlier.parts:
        ended = end_messages(list(earlier.parts), MessageState.DELIVERED, 0, ledger)
        changes += ended[0]
        outgoing += ended[1]
    notification(mo, ledger, changes, outgoing)
    receipt(mo, ledger, changes, outgoing)
    outgoing.append(reply)
    why = f"{event.sender} {outcome.why}"
    return Decision(Accepted(mo.id), why, tuple(changes), tuple(outgoing))


def _taken(event: MoSms, earlier: Earlier, ledger: Ledger) -> Message:
    before = earlier.message
    return Message(
        id=event.id or ledger.new_id(),
        kind=MessageKind.MO,
        source=event.sender,
        destination=event.to,
        text=event.text,
        receiver=Receiver.DESK,
        state=MessageState.DELIVERED,
        accepted_at=ledger.now if before is None else before.accepted_at,
        ended_at=ledger.now,
        esme=event.via if type(event.via) is Esme else None,
        body=event.body,
    )


def _reply(event: MoSms, text: str, ledger: Ledger) -> Message:
    """Make the desk's SMS back to whoever played the phone."""
    esme = event.via if type(event.via) is Esme else None
    return ledger.put_message(
        Message(
            id=ledger.new_id(),
            kind=MessageKind.REPLY,
            source=event.to,
            destination=event.sender,
            text=text,
            receiver=Receiver.PHONE if esme is None else Receiver.ESME,
            state=MessageState.ENROUTE,
            accepted_at=ledger.now,
            valid_until=ledger.present + ledger.rules.validity_ms,
            account="" if esme is None else esme.account,
            session=0 if esme is None else esme.session,
            source_as=None if esme is None else esme.destination,
            destination_as=None if esme is None else esme.source,
        )
    )
