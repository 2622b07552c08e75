"""How short messages are decided: between phones, from ESMEs, to ESMEs, to 4444, for later."""

from __future__ import annotations

from msgspec import Struct

from gateway.core.causes import CODES, Cause
from gateway.core.decision import (
    NOTED,
    Accepted,
    Change,
    Decision,
    Denied,
    MessageStored,
    Outgoing,
    SubscriberChanged,
)
from gateway.core.delivery import end_messages, notification, receipt
from gateway.core.desk_sms import to_desk
from gateway.core.events import MoSms, MtSms
from gateway.core.ledger import (
    Denial,
    Ledger,
    deny,
    not_served,
    replace,
    unknown_subscriber,
)
from gateway.core.long_sms import Whole, take_part
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.numbers import Msisdn, is_msisdn
from gateway.core.orders import replaced_if_present
from gateway.core.origin import Esme, MessagingMode
from gateway.core.registration.grammar import Parsed, read
from gateway.core.subscriber import Alert, Service, Subscriber

_STORE_AND_FORWARD = MessagingMode.STORE_AND_FORWARD


class Way(Struct, frozen=True, gc=False):
    """Who takes a message, in which state it begins, its MAP error, and why.

    `account` names the ESME where that is the receiver.
    """

    receiver: Receiver
    state: MessageState
    error: int
    why: str
    account: str = ""


def mo_sms(event: MoSms, parsed: Parsed | None, ledger: Ledger) -> Decision:
    """Decide on an SMS from a subscriber; `parsed` is its text when it goes to the desk."""
    if event.id and event.id not in ledger.facts.messages:
        return _gone(event.id)
    sender = ledger.find(event.sender)
    if sender is None:
        return unknown_subscriber(event.sender)
    denial = ledger.refusal(sender, Service.MO_SMS, event.to)
    if denial is not None:
        return _fail(event, denial, ledger) if event.id else deny(denial)
    if parsed is None and not _may_take(event.to, ledger):
        return not_served(event.to)
    parts: tuple[Message, ...] = ()
    if type(event.via) is Esme:
        if ledger.queue_full(event.via.account) and not event.id:
            return _queue_full(event.via.account)
        if event.part is not None:
            taken = take_part(event, MessageKind.MO, ledger)
            if not isinstance(taken, Whole):
                return taken
            parts = taken.parts
            event = replace(event, text=taken.text, body=taken.body, part=None)
            if parsed is not None:
                parsed = read(event.text, ledger.profile(event.sender), False)
    via = event.via
    if type(via) is Esme and via.not_before > ledger.now:
        return _later(event, via, MessageKind.MO, event.sender, parts, ledger)
    if parsed is not None:
        return _answer_part(to_desk(event, sender, parsed, ledger, parts=parts), parts)
    known = _known(sender, ledger)
    decision = _send(event, MessageKind.MO, event.sender, parts, ledger)
    return replace(decision, changes=known + decision.changes) if known else decision


def mt_sms(event: MtSms, ledger: Ledger) -> Decision:
    """Decide on an SMS that an ESME sends."""
    via = event.via
    if event.id:
        if event.id not in ledger.facts.messages:
            return _gone(event.id)
    elif ledger.queue_full(via.account):
        return _queue_full(via.account)
    if not _may_take(event.to, ledger):
        return not_served(event.to)
    parts: tuple[Message, ...] = ()
    if event.part is not None:
        taken = take_part(event, MessageKind.MT, ledger)
        if not isinstance(taken, Whole):
            return taken
        parts = taken.parts
        event = replace(event, text=taken.text, body=taken.body, part=None)
    if via.replaces and not parts:
        decision = replaced_if_present(event, ledger)
        if decision is not None:
            return decision
    if via.not_before > ledger.now:
        return _later(event, via, MessageKind.MT, event.source, parts, ledger)
    return _send(event, MessageKind.MT, event.source, parts, ledger)


# ---- refused, or not yet


def _may_take(to: str, ledger: Ledger) -> bool:
    return is_msisdn(to) or to in ledger.facts.served_by


def _queue_full(account: str) -> Decision:
    return Decision(Denied(Cause.QUEUE_FULL), f"{account} has its most undelivered messages")


def _gone(id_: int) -> Decision:
    return Decision(NOTED, f"message {id_} does not wait for its time any more")


def _fail(event: MoSms, denial: Denial, ledger: Ledger) -> Decision:
    """End a message whose time has come and whose sender may not send any more."""
    message = ledger.facts.messages[event.id]
    error = CODES[denial.cause].map_error
    changes, outgoing = end_messages([message], MessageState.REJECTED, error, ledger)
    why = f"message {event.id}, at its time: {denial.why}"
    return Decision(NOTED, why, tuple(changes), tuple(outgoing))


def _later(
    event: MoSms | MtSms,
    via: Esme,
    kind: MessageKind,
    source: str,
    parts: tuple[Message, ...],
    ledger: Ledger,
) -> Decision:
    """Keep a message until its sender's schedule_delivery_time (SMPP 3.4 section 5.2.15)."""
    at = via.not_before
    until = ledger.now + via.validity if via.validity else at + ledger.rules.validity_ms
    way = Way(Receiver.LATER, MessageState.ENROUTE, 0, f"to {event.to}: kept for its time")
    message = replace(_message(event, kind, source, way, parts, ledger), valid_until=until)
    message = ledger.put_message(replace(message, not_before=at))
    decision = Decision(Accepted(message.id), way.why, (MessageStored(message),))
    return _answer_part(decision, parts)


# ---- to a subscriber or an ESME


def _known(subscriber: Subscriber, ledger: Ledger) -> tuple[Change, ...]:
    """Make a subscriber seen for the first time durable."""
    if subscriber.msisdn in ledger.facts.subscribers:
        return ()
    return (SubscriberChanged(ledger.put(subscriber)),)


def _send(
    event: MoSms | MtSms,
    kind: MessageKind,
    source: str,
    parts: tuple[Message, ...],
    ledger: Ledger,
) -> Decision:
    esme = event.via if type(event.via) is Esme else None
    to = event.to
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    subscriber: Subscriber | None = None
    account = ledger.facts.served_by.get(to)
    # A subscriber's own messages stay his, whatever address_range an ESME has bound with.
    if account is not None and (kind is MessageKind.MO or not is_msisdn(to)):
        why = f"from {source} to {to}: for {account}"
        way = Way(Receiver.ESME, MessageState.ENROUTE, 0, why, account)
    else:
        subscriber = ledger.find(Msisdn(to))
        changes += _known(subscriber, ledger) if subscriber is not None else ()
        way = _way(source, to, subscriber, ledger)
    dpf = False
    off = subscriber is not None and way.receiver is Receiver.PHONE and not subscriber.online
    if esme is not None and subscriber is not None and off:
        dpf = esme.set_dpf
        changes += _alerted(subscriber, esme, ledger)
        if esme.mode is not _STORE_AND_FORWARD:
            return _not_reached(event, changes, ledger)
    message = _message(event, kind, source, way, parts, ledger)
    changes.append(MessageStored(message))
    notification(message, ledger, changes, outgoing)
    if way.state is MessageState.ENROUTE:
        outgoing.append(ledger.put_message(message))
    else:
        ended = end_messages(list(parts), way.state, way.error, ledger) if parts else ((), ())
        changes += ended[0]
        outgoing += ended[1]
        receipt(message, ledger, changes, outgoing)
    answer = Accepted(message.id, dpf)
    return _answer_part(Decision(answer, way.why, tuple(changes), tuple(outgoing)), parts)


def _message(
    event: MoSms | MtSms,
    kind: MessageKind,
    source: str,
    way: Way,
    parts: tuple[Message, ...],
    ledger: Ledger,
) -> Message:
    """Make the message; one that was joined of parts has no receipt of its own."""
    now = ledger.now
    esme = event.via if type(event.via) is Esme else None
    waits = way.state is MessageState.ENROUTE
    until = 0
    if waits:
        known = ledger.facts.messages.get(event.id) if event.id else None
        validity = (esme.validity if esme else 0) or ledger.rules.validity_ms
        if esme is not None and esme.mode is not _STORE_AND_FORWARD:
            validity = min(validity, ledger.rules.transaction_ms)
        until = known.valid_until if known is not None else now + validity
    if parts and esme is not None:
        esme = replace(esme, registered_delivery=0)
    return Message(
        id=event.id or ledger.new_id(),
        kind=kind,
        source=source,
        destination=event.to,
        text=event.text,
        receiver=way.receiver,
        state=way.state,
        accepted_at=now,
        valid_until=until,
        ended_at=0 if waits else now,
        error=way.error,
        esme=esme,
        account=way.account,
        body=event.body,
        priority=esme.priority if esme is not None else 0,
        reported_as=event.reported_as if type(event) is MtSms else 0,
        parts=tuple(part.id for part in parts),
    )


def _answer_part(decision: Decision, parts: tuple[Message, ...]) -> Decision:
    """Keep the part that completed the message, and name that to its sender."""
    if not parts:
        return decision
    last = parts[-1]
    changes = (MessageStored(last), *decision.changes)
    return replace(decision, answer=Accepted(last.id), changes=changes)


def _alerted(subscriber: Subscriber, esme: Esme, ledger: Ledger) -> tuple[Change, ...]:
    """Note that this ESME wants to be told when the phone comes on."""
    alert = Alert(esme.account, esme.source)
    if not esme.set_dpf or alert in subscriber.alerts:
        return ()
    subscriber = ledger.put(replace(subscriber, alerts=(*subscriber.alerts, alert)))
    return (SubscriberChanged(subscriber),)


def _not_reached(event: MoSms | MtSms, changes: list[Change], ledger: Ledger) -> Decision:
    """Refuse what is not to be stored and cannot be delivered now (section 2.10)."""
    why = f"{event.to} is off, and the message is not to wait (esm_class)"
    if not event.id:
        return Decision(Denied(Cause.ABSENT_SUBSCRIBER), why, tuple(changes))
    absent = CODES[Cause.ABSENT_SUBSCRIBER].map_error
    message = ledger.facts.messages[event.id]
    ended = end_messages([message], MessageState.UNDELIVERABLE, absent, ledger)
    return Decision(NOTED, why, (*changes, *ended[0]), tuple(ended[1]))


def _way(source: str, to: str, subscriber: Subscriber | None, ledger: Ledger) -> Way:
    """Find the way to a subscriber."""
    if subscriber is None:
        denial: Denial | None = Denial(Cause.UNKNOWN_SUBSCRIBER, f"{to} is no subscriber here")
    else:
        denial = ledger.refusal(subscriber, Service.MT_SMS, source)
    if denial is not None:
        error = CODES[denial.cause].map_error
        why = f"from {source}, undeliverable: {denial.why}"
        return Way(Receiver.INBOX, MessageState.UNDELIVERABLE, error, why)
    if subscriber is not None and subscriber.has_phone:
        why = f"from {source} to {to}: accepted for the phone"
        return Way(Receiver.PHONE, MessageState.ENROUTE, 0, why)
    why = f"from {source} to {to}: delivered to the inbox, no phone ever connected"
    return Way(Receiver.INBOX, MessageState.DELIVERED, 0, why)
