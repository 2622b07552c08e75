"""Where a short message goes, to a subscriber or an ESME, and what it is in the store."""

from __future__ import annotations

from typing import Final, TypeGuard

from msgspec import Struct

from gateway.core.application import Player
from gateway.core.causes import CODES, Cause
from gateway.core.decision import (
    Accepted,
    Change,
    Decision,
    Denied,
    MessagesEnded,
    MessageStored,
    Outgoing,
    SubscriberChanged,
)
from gateway.core.delivery import end_messages, notification, receipt
from gateway.core.events import MoSms, MtSms
from gateway.core.ledger import Denial, Ledger, replace
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.numbers import Msisdn, is_msisdn
from gateway.core.origin import Esme, MessagingMode
from gateway.core.subscriber import Alert, Service, Subscriber

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_ABSENT_SUBSCRIBER: Final = Cause.ABSENT_SUBSCRIBER
_DELIVERED: Final = MessageState.DELIVERED
_ENROUTE: Final = MessageState.ENROUTE
_ESME: Final = Receiver.ESME
_INBOX: Final = Receiver.INBOX
_LATER: Final = Receiver.LATER
_MO: Final = MessageKind.MO
_MT_SMS: Final = Service.MT_SMS
_PHONE: Final = Receiver.PHONE
_UNDELIVERABLE: Final = MessageState.UNDELIVERABLE
_UNKNOWN_SUBSCRIBER: Final = Cause.UNKNOWN_SUBSCRIBER

_STORE_AND_FORWARD = MessagingMode.STORE_AND_FORWARD


class Earlier(Struct, frozen=True, gc=False):
    """What a message was before it is sent: kept for its time or replaced; or only parts of it.

    `message` gives it the time of its acceptance and the end of its validity.
    """

    message: Message | None = None
    parts: tuple[Message, ...] = ()


NOTHING_EARLIER = Earlier()


class Way(Struct, frozen=True, gc=False):
    """Who takes a message, in which state it begins, its MAP error, and why.

    `account` names the ESME where that is the receiver; `player` is that ESME where it plays the
    receiving phone.
    """

    receiver: Receiver
    state: MessageState
    error: int
    why: str
    account: str = ""
    player: Player | None = None


def send(
    event: MoSms | MtSms, kind: MessageKind, source: str, earlier: Earlier, ledger: Ledger
) -> Decision:
    """Send a message on its way now.

    Denied where it may not wait for a phone that is off (esm_class, SMPP 3.4 section 2.10).
    """
    esme = event.via if type(event.via) is Esme else None
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    way, subscriber = _find_way(event.to, kind, source, ledger)
    if subscriber is not None:
        changes += note_known(subscriber, ledger)
    dpf = False
    if esme is not None and _is_off(subscriber, way):
        changes += _alerted(subscriber, esme, ledger)
        if esme.mode is not _STORE_AND_FORWARD:
            return Decision(Denied(_ABSENT_SUBSCRIBER), _not_kept(event), tuple(changes))
        dpf = esme.set_dpf
    message = _message(event, kind, source, way, earlier, ledger)
    changes.append(MessageStored(message))
    notification(message, ledger, changes, outgoing)
    if way.state is _ENROUTE:
        outgoing.append(ledger.put_message(message))
    else:
        _end_at_once(message, earlier.parts, ledger, changes, outgoing)
        if event.id:
            # It may have been on its way when it was replaced.
            outgoing.append(MessagesEnded((event.id,), way.state, ledger.now, way.error))
    return Decision(Accepted(message.id, dpf), way.why, tuple(changes), tuple(outgoing))


def refused_part(
    event: MoSms | MtSms, via: Esme, kind: MessageKind, source: str, ledger: Ledger
) -> Decision | None:
    """Refuse a part of what may not wait for a phone that is off, or None."""
    if via.mode is _STORE_AND_FORWARD or via.not_before > ledger.now:
        return None
    way, subscriber = _find_way(event.to, kind, source, ledger)
    if not _is_off(subscriber, way):
        return None
    changes = (*note_known(subscriber, ledger), *_alerted(subscriber, via, ledger))
    return Decision(Denied(_ABSENT_SUBSCRIBER), _not_kept(event), changes)


def later(
    event: MoSms | MtSms,
    via: Esme,
    kind: MessageKind,
    source: str,
    earlier: Earlier,
    ledger: Ledger,
) -> Decision:
    """Keep a message until its sender's schedule_delivery_time (SMPP 3.4 section 5.2.15)."""
    at = via.not_before
    until = ledger.now + via.validity if via.validity else at + ledger.rules.validity_ms
    way = Way(_LATER, _ENROUTE, 0, f"to {event.to}: kept for its time")
    message = _message(event, kind, source, way, earlier, ledger)
    message = ledger.put_message(replace(message, valid_until=until, not_before=at))
    # One that it replaces may be on its way: whoever carries that stops.
    outgoing = (message,) if event.id else ()
    return Decision(Accepted(message.id), way.why, (MessageStored(message),), outgoing)


def note_known(subscriber: Subscriber, ledger: Ledger) -> tuple[Change, ...]:
    """Make a subscriber seen for the first time durable."""
    if subscriber.msisdn in ledger.facts.subscribers:
        return ()
    return (SubscriberChanged(ledger.put(subscriber)),)


def _find_way(
    to: str, kind: MessageKind, source: str, ledger: Ledger
) -> tuple[Way, Subscriber | None]:
    served = ledger.rules.short_codes.get(to)
    account = served.account if served is not None else ledger.facts.served_by.get(to)
    # A subscriber's own messages stay his, whatever address_range an ESME has bound with.
    if account is not None and (kind is _MO or not is_msisdn(to)):
        why = f"from {source} to {to}: for {account}"
        return Way(_ESME, _ENROUTE, 0, why, account), None
    subscriber = ledger.find(Msisdn(to))
    return _way(source, to, subscriber, ledger), subscriber


def _way(source: str, to: str, subscriber: Subscriber | None, ledger: Ledger) -> Way:
    """Find the way to a subscriber."""
    if subscriber is None:
        denial: Denial | None = Denial(_UNKNOWN_SUBSCRIBER, f"{to} is no subscriber here")
    else:
        denial = ledger.refusal(subscriber, _MT_SMS, source)
    if denial is not None:
        error = CODES[denial.cause].map_error
        why = f"from {source}, undeliverable: {denial.why}"
        return Way(_INBOX, _UNDELIVERABLE, error, why)
    if subscriber is not None and subscriber.has_phone:
        why = f"from {source} to {to}: accepted for the phone"
        return Way(_PHONE, _ENROUTE, 0, why)
    player = _player(source, subscriber, ledger)
    if player is not None:
        why = f"from {source} to {to}: for {player.account}, which plays the phone"
        return Way(_ESME, _ENROUTE, 0, why, player.account, player)
    why = f"from {source} to {to}: delivered to the inbox, no phone ever connected"
    return Way(_INBOX, _DELIVERED, 0, why)


def _player(source: str, subscriber: Subscriber | None, ledger: Ledger) -> Player | None:
    """Find the ESME that plays this phone, for what the registration application sends it."""
    if source != ledger.rules.registration_code or subscriber is None:
        return None
    return subscriber.dealings.player if subscriber.dealings is not None else None


def _is_off(subscriber: Subscriber | None, way: Way) -> TypeGuard[Subscriber]:
    return way.receiver is _PHONE and subscriber is not None and not subscriber.online


def _not_kept(event: MoSms | MtSms) -> str:
    return f"{event.to} is off, and the message is not to wait (esm_class)"


def _alerted(subscriber: Subscriber, esme: Esme, ledger: Ledger) -> tuple[Change, ...]:
    """Note that this ESME wants to be told when the phone comes on."""
    alert = Alert(esme.account, esme.source)
    if not esme.set_dpf or alert in subscriber.alerts:
        return ()
    subscriber = ledger.put(replace(subscriber, alerts=(*subscriber.alerts, alert)))
    return (SubscriberChanged(subscriber),)


def _message(
    event: MoSms | MtSms,
    kind: MessageKind,
    source: str,
    way: Way,
    earlier: Earlier,
    ledger: Ledger,
) -> Message:
    """Make the message; one that was accepted before keeps its time of that and its validity."""
    now = ledger.now
    esme = event.via if type(event.via) is Esme else None
    before, player = earlier.message, way.player
    waits = way.state is _ENROUTE
    until = _valid_until(event.to, esme, before, ledger) if waits else 0
    return Message(
        id=event.id or ledger.new_id(),
        kind=kind,
        source=source,
        destination=event.to,
        text=event.text,
        receiver=way.receiver,
        state=way.state,
        accepted_at=now if before is None else before.accepted_at,
        valid_until=until,
        ended_at=0 if waits else now,
        error=way.error,
        esme=esme,
        account=way.account,
        session=player.session if player is not None else 0,
        source_as=player.code if player is not None else None,
        destination_as=player.own if player is not None else None,
        body=event.body,
        priority=esme.priority if esme is not None else 0,
        reported_as=event.reported_as,
        parts=tuple(part.id for part in earlier.parts),
    )


def _valid_until(to: str, esme: Esme | None, before: Message | None, ledger: Ledger) -> int:
    """Give when a message that waits lapses; of a time that was jumped over nothing is used up."""
    if before is not None:
        until = before.valid_until + ledger.present - ledger.now
    else:
        served = ledger.rules.short_codes.get(to)
        usual = ledger.rules.validity_ms if served is None else served.wait_ms
        until = ledger.now + ((esme.validity if esme else 0) or usual)
    if esme is not None and esme.mode is not _STORE_AND_FORWARD:
        return min(until, ledger.present + ledger.rules.transaction_ms)
    return until


def _end_at_once(
    message: Message,
    parts: tuple[Message, ...],
    ledger: Ledger,
    changes: list[Change],
    outgoing: list[Outgoing],
) -> None:
    """End a message that needs not wait, or that nobody can get, and its parts with it."""
    ledger.put_ended(message)
    if parts:
        ended = end_messages(list(parts), message.state, message.error, ledger)
        changes += ended[0]
        outgoing += ended[1]
    receipt(message, ledger, changes, outgoing)
