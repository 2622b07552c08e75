"""How phones' coming and going and the stages that fall due are decided."""

from __future__ import annotations

from functools import lru_cache

from gateway.core.ageing import due_after, iso, stage_by_date
from gateway.core.barring import BARRED, GONE
from gateway.core.calls import end_call
from gateway.core.causes import CODES, Cause
from gateway.core.data_sessions import end_data
from gateway.core.decision import (
    NOTED,
    Call,
    Change,
    DataSignal,
    Decision,
    Denied,
    MessageStored,
    Outgoing,
    SubscriberChanged,
)
from gateway.core.delivery import barred_meanwhile, end_messages
from gateway.core.events import DatesSet, Presence, StageDue
from gateway.core.ledger import Ledger, replace, unknown_subscriber
from gateway.core.lifetime import life_due
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.numbers import EMERGENCY_NUMBERS
from gateway.core.subscriber import Alert, BlockStage, Service, Status, Subscriber

_ORDER = {stage: place for place, stage in enumerate(BlockStage)}


def presence(event: Presence, ledger: Ledger) -> Decision:
    """Note that a phone came or went; one that came is told what is barred."""
    subscriber = ledger.find(event.msisdn)
    if subscriber is None:
        return unknown_subscriber(event.msisdn)
    if event.online:
        alerts = subscriber.alerts
        subscriber = replace(subscriber, has_phone=True, online=True, alerts=())
        changes, outgoing = enter_stage(subscriber, ledger)
        for alert in alerts:
            message = _alert(subscriber, alert, ledger)
            changes.append(MessageStored(message))
            outgoing.append(message)
        why = f"{event.msisdn} is on, in {ledger.stage(subscriber).value}"
        return Decision(NOTED, why, tuple(changes), tuple(outgoing))
    subscriber, changes = end_data(
        replace(subscriber, online=False), Cause.ABSENT_SUBSCRIBER, ledger.now
    )
    changes.append(SubscriberChanged(ledger.put(subscriber)))
    outgoing = []
    call = ledger.facts.calls.get(subscriber.call_id)
    if call is not None:
        ended = end_call(call, Cause.ABSENT_SUBSCRIBER, ledger)
        changes += ended[0]
        outgoing += ended[1]
    return Decision(NOTED, f"{event.msisdn} is off", tuple(changes), tuple(outgoing))


def _alert(subscriber: Subscriber, alert: Alert, ledger: Ledger) -> Message:
    """Tell an ESME that a phone it waited for can be reached (SMPP 3.4 section 4.12)."""
    return ledger.put_message(
        Message(
            id=ledger.new_id(),
            kind=MessageKind.ALERT,
            source=subscriber.msisdn,
            destination=alert.address.digits,
            text="",
            receiver=Receiver.ESME,
            state=MessageState.ENROUTE,
            accepted_at=ledger.now,
            valid_until=ledger.present + ledger.rules.validity_ms,
            account=alert.account,
            destination_as=alert.address,
        )
    )


def stage_due(event: StageDue, ledger: Ledger) -> Decision:
    """Apply the stage that a number reaches at `event.at`, one stage at a time."""
    subscriber = ledger.facts.subscribers.get(event.msisdn)
    if subscriber is None:
        return unknown_subscriber(event.msisdn)
    then = ledger.then(event.at)
    stage = then.stage(subscriber)
    life_ends = life_due(then.rules.schedule, subscriber)
    if life_ends is not None and life_ends <= event.at:
        return _life_due(subscriber, event, ledger)
    # It registered, or its phone came on and was told a later stage, in the meantime.
    if due_after(then.rules.schedule, subscriber) != event.at:
        return Decision(NOTED, f"{event.msisdn} is told its stage already: {stage.value}")
    if then.rules.schedule.swept:
        return _swept(subscriber, event, ledger)
    changes, outgoing = enter_stage(subscriber, then)
    why = f"{event.msisdn} entered {stage.value} at {iso(event.at)}"
    return Decision(NOTED, why, tuple(changes), tuple(outgoing))


def _life_due(subscriber: Subscriber, event: StageDue, ledger: Ledger) -> Decision:
    """Let a number expire; or let an expired one begin anew, as a starter card."""
    if subscriber.status is Status.EXPIRED:
        subscriber = Subscriber(
            msisdn=subscriber.msisdn,
            operator=subscriber.operator,
            status=Status.NEW,
            first_seen_at=event.at,
            has_phone=subscriber.has_phone,
            online=subscriber.online,
        )
        why = f"{event.msisdn} is sold anew since {_iso(event.at)}: a starter card"
    else:
        subscriber = replace(
            subscriber, status=Status.EXPIRED, expires_at=event.at, tries=None, pending=None
        )
        why = f"{event.msisdn} has expired (hangus) at {_iso(event.at)}: 4444 knows it no more"
    changes, outgoing = take_value(subscriber, ledger)
    return Decision(NOTED, why, tuple(changes), tuple(outgoing))


def dates_set(event: DatesSet, ledger: Ledger) -> Decision:
    """Set a number's dates; its phone is told what is barred by them now."""
    subscriber = ledger.find(event.msisdn)
    if subscriber is None:
        return unknown_subscriber(event.msisdn)
    if subscriber.status.gone:
        return Decision(
            Denied(Cause.UNKNOWN_SUBSCRIBER), f"{event.msisdn} {GONE[subscriber.status]}"
        )
    if event.notice_at is not None:
        subscriber = replace(subscriber, notice_at=event.notice_at)
    if event.expires_at is not None:
        subscriber = replace(subscriber, expires_at=event.expires_at)
    if subscriber.status is Status.UNREGISTERED:
        # A later notice takes a stage back.
        by_date = stage_by_date(ledger.rules.schedule, subscriber, ledger.now)
        if _ORDER[by_date] < _ORDER[subscriber.announced]:
            subscriber = replace(subscriber, announced=by_date)
    changes, outgoing = take_value(subscriber, ledger)
    why = f"the dates of {event.msisdn} were set"
    return Decision(NOTED, why, tuple(changes), tuple(outgoing))


def take_value(subscriber: Subscriber, ledger: Ledger) -> tuple[list[Change], list[Outgoing]]:
    """Take a number's new value; where it is in use, tell its phone and end what is barred."""
    if subscriber.has_phone or subscriber.data_ref or subscriber.call_id:
        return enter_stage(subscriber, ledger)
    return [SubscriberChanged(ledger.put(subscriber))], []


def _swept(subscriber: Subscriber, event: StageDue, ledger: Ledger) -> Decision:
    """Bar a number now that the sweep comes to it, some time after its stage fell due."""
    stage = stage_by_date(ledger.rules.schedule, subscriber, event.at)
    subscriber = replace(subscriber, announced=stage)
    why = f"{event.msisdn} is swept into {stage.value}, due since {_iso(event.at)}"
    changes, outgoing = take_value(subscriber, ledger)
    return Decision(NOTED, why, tuple(changes), tuple(outgoing))


@lru_cache(maxsize=16)
def _iso(at: int) -> str:
    """Write a date that many numbers have."""
    return iso(at)


def enter_stage(subscriber: Subscriber, ledger: Ledger) -> tuple[list[Change], list[Outgoing]]:
    """Tell a phone the stage it is in; end what that bars: messages, its data session, its call."""
    stage = ledger.stage(subscriber)
    closed = subscriber.data_ref if Service.DATA in BARRED[stage] else ""
    cause = Cause.OPERATOR_DETERMINED_BARRING
    changes: list[Change] = []
    subscriber = replace(subscriber, announced=stage)
    if closed:
        subscriber, changes = end_data(subscriber, cause, ledger.now)
    changes.append(SubscriberChanged(ledger.put(subscriber)))
    outgoing: list[Outgoing] = [ledger.barring(subscriber)]
    barred = barred_meanwhile(subscriber, ledger)
    if barred:
        error = CODES[cause].map_error
        ended = end_messages(barred, MessageState.UNDELIVERABLE, error, ledger)
        changes += ended[0]
        outgoing += ended[1]
    if closed:
        outgoing.append(DataSignal(subscriber.msisdn, closed, cause))
    call = ledger.facts.calls.get(subscriber.call_id)
    if call is not None and _call_is_barred(call, subscriber, ledger):
        call_ended = end_call(call, cause, ledger)
        changes += call_ended[0]
        outgoing += call_ended[1]
    return changes, outgoing


def _call_is_barred(call: Call, subscriber: Subscriber, ledger: Ledger) -> bool:
    """Operator barring ends a call in progress, an emergency call never (domain.md 6.1)."""
    if call.callee in EMERGENCY_NUMBERS:
        return False
    service = Service.MO_CALL if call.caller == subscriber.msisdn else Service.MT_CALL
    return service in BARRED[ledger.stage(subscriber)]
