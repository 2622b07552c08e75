"""How short messages are decided: to 4444, between phones, from ESMEs."""

from __future__ import annotations

from gateway.core.causes import CODES, Cause
from gateway.core.decision import (
    Accepted,
    Change,
    Decision,
    Message,
    MessageKind,
    MessageState,
    MessageStored,
    Outgoing,
    Receiver,
    SubscriberChanged,
)
from gateway.core.delivery import receipt
from gateway.core.events import Esme, MoSms, MtSms, Phone
from gateway.core.ledger import (
    Denial,
    Ledger,
    deny,
    not_served,
    replace,
    unknown_subscriber,
)
from gateway.core.numbers import Msisdn, is_msisdn
from gateway.core.registration.desk import OutcomeKind, judge
from gateway.core.registration.grammar import Parsed, read
from gateway.core.registration.replies import ReplyCode, render
from gateway.core.subscriber import BlockStage, Service, Status, Subscriber


def ref_of(msisdn: Msisdn, ref: str) -> str:
    """Name a phone's own reference among all phones'."""
    return f"{msisdn}/{ref}"


def mo_sms(event: MoSms, parsed: Parsed | None, ledger: Ledger) -> Decision:
    """Decide on an SMS from a subscriber; `parsed` is its text when it goes to the desk."""
    via = event.via
    if type(via) is Phone:
        ref = ref_of(event.sender, via.ref)
        return ledger.repeated(ref) or ledger.remember(ref, _mo_sms(event, parsed, ledger))
    return _mo_sms(event, parsed, ledger)


def _mo_sms(event: MoSms, parsed: Parsed | None, ledger: Ledger) -> Decision:
    sender = ledger.find(event.sender)
    if sender is None:
        return unknown_subscriber(event.sender)
    denial = ledger.refusal(sender, Service.MO_SMS, event.to)
    if denial is not None:
        return deny(denial)
    if parsed is not None:
        return _to_desk(event, sender, parsed, ledger)
    if not is_msisdn(event.to):
        return not_served(event.to)
    known = _known(sender, ledger)
    decision = _to_subscriber(MessageKind.MO, event.sender, event.to, event.text, event.via, ledger)
    return replace(decision, changes=known + decision.changes) if known else decision


def mt_sms(event: MtSms, ledger: Ledger) -> Decision:
    """Decide on an SMS that an ESME sends to a subscriber."""
    return _to_subscriber(MessageKind.MT, event.source, event.to, event.text, event.via, ledger)


# ---- to the desk behind 4444


def _to_desk(event: MoSms, sender: Subscriber, parsed: Parsed, ledger: Ledger) -> Decision:
    rules, now = ledger.rules, ledger.now
    profile = ledger.profile(event.sender)
    is_new = sender.status is Status.NEW
    if is_new:
        parsed = read(event.text, profile, True)
    nik = getattr(parsed, "nik", None)
    slot = (nik.digits, sender.operator) if nik is not None else ("", "")
    taken = ledger.facts.numbers_per_nik.get(slot, 0)
    outcome = judge(
        parsed, profile, sender.status, taken, rules.numbers_per_nik, rules.registry, is_new=is_new
    )
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    reply_code = outcome.reply
    if outcome.kind is OutcomeKind.REGISTERED and outcome.nik is not None:
        was_barred = ledger.stage(sender) is not BlockStage.OPEN
        sender = replace(
            sender,
            status=Status.REGISTERED,
            registered_at=now,
            nik=outcome.nik,
            kk=outcome.kk,
            announced=BlockStage.OPEN,
        )
        ledger.facts.numbers_per_nik[slot] = taken + 1
        if was_barred:
            reply_code = ReplyCode.OK_UNBLOCK
        if sender.has_phone:
            outgoing.append(ledger.barring(sender))
        changes.append(SubscriberChanged(ledger.put(sender)))
    elif event.sender not in ledger.facts.subscribers:
        changes.append(SubscriberChanged(ledger.put(sender)))

    mo = Message(
        id=ledger.new_id(),
        kind=MessageKind.MO,
        source=event.sender,
        destination=event.to,
        text=event.text,
        receiver=Receiver.DESK,
        state=MessageState.DELIVERED,
        accepted_at=now,
        ended_at=now,
        esme=event.via if type(event.via) is Esme else None,
    )
    text = render(
        reply_code,
        profile,
        msisdn=event.sender,
        nik=outcome.nik,
        limit=rules.numbers_per_nik,
        is_new=is_new,
    )
    reply = _reply(event, text, ledger)
    changes += (MessageStored(mo), MessageStored(reply))
    receipt(mo, ledger, changes, outgoing)
    outgoing.append(reply)
    return Decision(
        Accepted(mo.id), f"{event.sender} {outcome.why}", tuple(changes), tuple(outgoing)
    )


def _reply(event: MoSms, text: str, ledger: Ledger) -> Message:
    """Make the desk's SMS back to whoever played the phone."""
    via = event.via
    valid_until = ledger.now + ledger.rules.validity_ms
    if type(via) is Esme:
        return ledger.put_message(
            Message(
                id=ledger.new_id(),
                kind=MessageKind.REPLY,
                source=event.to,
                destination=event.sender,
                text=text,
                receiver=Receiver.ESME,
                state=MessageState.ENROUTE,
                accepted_at=ledger.now,
                valid_until=valid_until,
                account=via.account,
                session=via.session,
                source_as=via.destination,
                destination_as=via.source,
            )
        )
    return ledger.put_message(
        Message(
            id=ledger.new_id(),
            kind=MessageKind.REPLY,
            source=event.to,
            destination=event.sender,
            text=text,
            receiver=Receiver.PHONE,
            state=MessageState.ENROUTE,
            accepted_at=ledger.now,
            valid_until=valid_until,
        )
    )


# ---- to a subscriber


def _known(subscriber: Subscriber, ledger: Ledger) -> tuple[Change, ...]:
    """Make a subscriber seen for the first time durable."""
    if subscriber.msisdn in ledger.facts.subscribers:
        return ()
    return (SubscriberChanged(ledger.put(subscriber)),)


def _to_subscriber(
    kind: MessageKind,
    source: str,
    to: Msisdn,
    text: str,
    via: Phone | Esme,
    ledger: Ledger,
) -> Decision:
    now = ledger.now
    subscriber = ledger.find(to)
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    receiver, state, error = Receiver.INBOX, MessageState.DELIVERED, 0
    if subscriber is None:
        denial: Denial | None = Denial(Cause.UNKNOWN_SUBSCRIBER, f"{to} is no subscriber here")
    else:
        changes += _known(subscriber, ledger)
        denial = ledger.refusal(subscriber, Service.MT_SMS, source)
    if denial is not None:
        state, error = MessageState.UNDELIVERABLE, CODES[denial.cause].map_error
        why = f"from {source}, undeliverable: {denial.why}"
    elif subscriber is not None and subscriber.has_phone:
        receiver, state = Receiver.PHONE, MessageState.ENROUTE
        why = f"from {source} to {to}: accepted for the phone"
    else:
        why = f"from {source} to {to}: delivered to the inbox, no phone ever connected"
    esme = via if type(via) is Esme else None
    validity = (esme.validity if esme else 0) or ledger.rules.validity_ms
    message = Message(
        id=ledger.new_id(),
        kind=kind,
        source=source,
        destination=to,
        text=text,
        receiver=receiver,
        state=state,
        accepted_at=now,
        valid_until=now + validity if state is MessageState.ENROUTE else 0,
        ended_at=0 if state is MessageState.ENROUTE else now,
        error=error,
        esme=esme,
    )
    changes.append(MessageStored(message))
    if state is MessageState.ENROUTE:
        ledger.put_message(message)
        outgoing.append(message)
    else:
        receipt(message, ledger, changes, outgoing)
    return Decision(Accepted(message.id), why, tuple(changes), tuple(outgoing))
