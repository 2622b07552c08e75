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
from gateway.core.numbers import Msisdn, Nik, is_msisdn
from gateway.core.registration.desk import Outcome, OutcomeKind, judge
from gateway.core.registration.grammar import Parsed, read
from gateway.core.registration.profiles import OperatorProfile
from gateway.core.registration.replies import ReplyCode, render
from gateway.core.subscriber import BlockStage, Service, Status, Subscriber


def mo_sms(event: MoSms, parsed: Parsed | None, ledger: Ledger) -> Decision:
    """Decide on an SMS from a subscriber; `parsed` is its text when it goes to the desk."""
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
    profile = ledger.profile(event.sender)
    is_new = sender.status is Status.NEW
    if is_new:
        parsed = read(event.text, profile, True)
    outcome = _judge(parsed, profile, sender, is_new, ledger)
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    reply_code = outcome.reply
    if outcome.kind is OutcomeKind.REGISTERED:
        # A starter card was never blocked: it begins to work.
        if not is_new and ledger.stage(sender) is not BlockStage.OPEN:
            reply_code = ReplyCode.OK_UNBLOCK
        sender = ledger.put(_registered(sender, outcome, ledger.now))
        changes.append(SubscriberChanged(sender))
        if sender.has_phone:
            outgoing.append(ledger.barring(sender))
    else:
        changes += _known(sender, ledger)
    text = render(
        reply_code,
        profile,
        msisdn=event.sender,
        nik=outcome.nik,
        limit=ledger.rules.numbers_per_nik,
        is_new=is_new,
    )
    mo = _taken_by_desk(event, ledger)
    reply = _reply(event, text, ledger)
    changes += (MessageStored(mo), MessageStored(reply))
    receipt(mo, ledger, changes, outgoing)
    outgoing.append(reply)
    why = f"{event.sender} {outcome.why}"
    return Decision(Accepted(mo.id), why, tuple(changes), tuple(outgoing))


def _judge(
    parsed: Parsed, profile: OperatorProfile, sender: Subscriber, is_new: bool, ledger: Ledger
) -> Outcome:
    """Let the desk judge, and count a registration for those after it in the batch."""
    rules, counts = ledger.rules, ledger.facts.numbers_per_nik
    nik: Nik | None = getattr(parsed, "nik", None)
    slot = (nik.digits if nik is not None else "", sender.operator)
    others = counts.get(slot, 0) - (nik is not None and nik == sender.nik)
    outcome = judge(
        parsed, profile, sender.status, others, rules.numbers_per_nik, rules.registry, is_new=is_new
    )
    if outcome.kind is OutcomeKind.REGISTERED:
        counts[slot] = others + 1
    return outcome


def _registered(sender: Subscriber, outcome: Outcome, now: int) -> Subscriber:
    return replace(
        sender,
        status=Status.REGISTERED,
        registered_at=now,
        nik=outcome.nik,
        kk=outcome.kk,
        announced=BlockStage.OPEN,
    )


def _taken_by_desk(event: MoSms, ledger: Ledger) -> Message:
    return Message(
        id=ledger.new_id(),
        kind=MessageKind.MO,
        source=event.sender,
        destination=event.to,
        text=event.text,
        receiver=Receiver.DESK,
        state=MessageState.DELIVERED,
        accepted_at=ledger.now,
        ended_at=ledger.now,
        esme=event.via if type(event.via) is Esme else None,
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
            valid_until=ledger.now + ledger.rules.validity_ms,
            account="" if esme is None else esme.account,
            session=0 if esme is None else esme.session,
            source_as=None if esme is None else esme.destination,
            destination_as=None if esme is None else esme.source,
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
    changes: list[Change] = list(_known(subscriber, ledger)) if subscriber is not None else []
    outgoing: list[Outgoing] = []
    receiver, state, error, why = _route(source, to, subscriber, ledger)
    waits = state is MessageState.ENROUTE
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
        valid_until=now + validity if waits else 0,
        ended_at=0 if waits else now,
        error=error,
        esme=esme,
    )
    changes.append(MessageStored(message))
    if waits:
        outgoing.append(ledger.put_message(message))
    else:
        receipt(message, ledger, changes, outgoing)
    return Decision(Accepted(message.id), why, tuple(changes), tuple(outgoing))


def _route(
    source: str, to: Msisdn, subscriber: Subscriber | None, ledger: Ledger
) -> tuple[Receiver, MessageState, int, str]:
    """Say who takes a message, in which state it begins, its MAP error, and why."""
    if subscriber is None:
        denial: Denial | None = Denial(Cause.UNKNOWN_SUBSCRIBER, f"{to} is no subscriber here")
    else:
        denial = ledger.refusal(subscriber, Service.MT_SMS, source)
    if denial is not None:
        error = CODES[denial.cause].map_error
        why = f"from {source}, undeliverable: {denial.why}"
        return Receiver.INBOX, MessageState.UNDELIVERABLE, error, why
    if subscriber is not None and subscriber.has_phone:
        why = f"from {source} to {to}: accepted for the phone"
        return Receiver.PHONE, MessageState.ENROUTE, 0, why
    why = f"from {source} to {to}: delivered to the inbox, no phone ever connected"
    return Receiver.INBOX, MessageState.DELIVERED, 0, why
