"""How a USSD request for a number's status is decided: it works at every stage (domain.md 3.4)."""

from __future__ import annotations

from gateway.core.barring import GONE
from gateway.core.causes import Cause
from gateway.core.decision import Accepted, Decision, Denied, MessageStored
from gateway.core.events import Ussd
from gateway.core.ledger import Ledger, unknown_subscriber
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.registration.replies import ReplyCode, render
from gateway.core.registration.ussd import UssdAnswer
from gateway.core.sending import note_known
from gateway.core.subscriber import Status, Subscriber

_STATUS = {
    Status.REGISTERED: ReplyCode.STATUS_REGISTERED,
    Status.REGISTERED_UNVALIDATED: ReplyCode.STATUS_UNVALIDATED,
}


def ussd(event: Ussd, ledger: Ledger) -> Decision:
    """Tell a phone its number's status, in the session or by SMS, as its operator did."""
    subscriber = ledger.find(event.msisdn)
    if subscriber is None:
        return unknown_subscriber(event.msisdn)
    if subscriber.status.gone:
        why = f"{event.msisdn} {GONE[subscriber.status]}"
        return Decision(Denied(Cause.UNKNOWN_SUBSCRIBER), why)
    profile = ledger.profile(event.msisdn)
    service = profile.ussd
    if service.code != event.code:
        there = f"; there is {service.code}" if service.code else ""
        why = f"{event.msisdn}: {profile.name} has no USSD service {event.code}{there}"
        return Decision(Denied(Cause.UNASSIGNED_NUMBER), why)
    noted = note_known(subscriber, ledger)
    text = _render(_STATUS.get(subscriber.status, ReplyCode.CHECK_NONE), subscriber, ledger)
    why = f"{event.msisdn} asked by USSD {event.code}"
    if service.answer is UssdAnswer.SESSION:
        return Decision(Accepted(0, text=text), why, noted)
    sms = ledger.put_message(_sms(subscriber, text, ledger))
    shown = _render(ReplyCode.USSD_BY_SMS, subscriber, ledger)
    changes = (*noted, MessageStored(sms))
    return Decision(Accepted(sms.id, text=shown), f"{why}; told by SMS", changes, (sms,))


def _render(code: ReplyCode, subscriber: Subscriber, ledger: Ledger) -> str:
    return render(
        code,
        ledger.profile(subscriber.msisdn),
        msisdn=subscriber.msisdn,
        nik=subscriber.nik,
        is_new=subscriber.status is Status.NEW,
    )


def _sms(subscriber: Subscriber, text: str, ledger: Ledger) -> Message:
    return Message(
        id=ledger.new_id(),
        kind=MessageKind.REPLY,
        source=ledger.rules.registration_code,
        destination=subscriber.msisdn,
        text=text,
        receiver=Receiver.PHONE,
        state=MessageState.ENROUTE,
        accepted_at=ledger.now,
        valid_until=ledger.present + ledger.rules.validity_ms,
    )
