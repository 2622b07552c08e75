"""Frames <-> the core's values: what a phone's frame means, and how a decision reads to it.

Pure. The way up makes events; the way down makes the frame and names the topic it goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from gateway.air.frames import (
    AckUp,
    BadFrame,
    BarringDown,
    CallDown,
    CallEvent,
    CallUp,
    CallUpAction,
    CauseFrame,
    DataDown,
    DataStatus,
    DataUp,
    DataUpAction,
    DownFrame,
    NextStage,
    PhoneState,
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    StateUp,
    UpFrame,
    UssdDown,
    UssdStatus,
    UssdUp,
)
from gateway.air.topics import DownKind, UpKind
from gateway.core.ageing import iso
from gateway.core.causes import CODES, Cause
from gateway.core.decision import (
    Accepted,
    AcceptedFor,
    Answer,
    BarringSignal,
    CallSignal,
    DataSignal,
    Decision,
    Denied,
    Found,
    Imported,
    Message,
    Noted,
    Signal,
)
from gateway.core.events import (
    Acknowledged,
    CallAction,
    CallStep,
    DataClose,
    DataOpen,
    Dial,
    MoSms,
    Phone,
    Presence,
    Ussd,
)
from gateway.core.numbers import Address, BadNumber, Msisdn, parse_address

UpEvent = MoSms | Acknowledged | Dial | CallStep | DataOpen | DataClose | Ussd | Presence
Addressed = tuple[DownKind, DownFrame]
"""A frame and the kind of topic that it goes on."""

_CALL_ACTIONS = {
    CallUpAction.ANSWER: CallAction.ANSWER,
    CallUpAction.REJECT: CallAction.REJECT,
    CallUpAction.HANGUP: CallAction.HANGUP,
}

# ---- up


def event_of(msisdn: Msisdn, frame: UpFrame) -> UpEvent | BadFrame:
    """Say what happened when this phone sent this frame."""
    match frame:
        case SmsUp():
            to = _destination(frame.to, frame.ref)
            if isinstance(to, BadFrame):
                return to
            return MoSms(msisdn, to, frame.text, Phone(frame.ref))
        case AckUp():
            return Acknowledged(msisdn, (int(frame.id),))
        case StateUp():
            return Presence(msisdn, frame.state is PhoneState.ONLINE)
        case CallUp():
            return _call_event(msisdn, frame)
        case DataUp(action=DataUpAction.OPEN):
            return DataOpen(msisdn, frame.ref)
        case DataUp():
            return DataClose(msisdn, frame.ref)
        case UssdUp():
            return Ussd(msisdn, frame.code, frame.ref)
        case _:
            assert_never(frame)


def _call_event(msisdn: Msisdn, frame: CallUp) -> UpEvent | BadFrame:
    action = _CALL_ACTIONS.get(frame.action)
    if action is not None:
        return CallStep(msisdn, action, int(frame.id), frame.ref)
    to = _destination(frame.to, frame.ref)
    return to if isinstance(to, BadFrame) else Dial(msisdn, to, frame.ref)


def _destination(text: str, ref: str) -> Address | BadFrame:
    to = parse_address(text)
    if not isinstance(to, BadNumber):
        return to
    why = f'`to` is "{to.text}", which is no number: {to.remedy}, or a short code: 4444'
    return BadFrame(why, ref, Cause.UNASSIGNED_NUMBER)


def phone_of(event: UpEvent) -> Msisdn:
    """Name the phone that sent the frame that this event was made of."""
    match event:
        case MoSms():
            return event.sender
        case Dial():
            return event.caller
        case CallStep():
            return event.by
        case Acknowledged():
            return Msisdn(event.by)
        case DataOpen() | DataClose() | Ussd() | Presence():
            return event.msisdn
        case _:
            assert_never(event)


# ---- down


def answer_of(event: UpEvent, decision: Decision) -> Addressed | None:
    """Say to the phone what was decided on its frame; None where it waits for nothing."""
    answer, why = decision.answer, decision.why
    match event:
        case MoSms():
            ref = event.via.ref if isinstance(event.via, Phone) else ""
            return _result(ref, answer, why, _rp)
        case Dial():
            return _result(event.ref, answer, why, _q850)
        case CallStep():
            return _result(event.ref, answer, why, _q850, about=str(event.id))
        case DataOpen():
            return _data(event.ref, DataStatus.OPENED, answer, why)
        case DataClose():
            return _data(event.ref, DataStatus.CLOSED, answer, why)
        case Ussd():
            return _ussd(event.ref, answer, why)
        case Presence() | Acknowledged():
            return _result("", answer, why, _rp) if isinstance(answer, Denied) else None
        case _:
            assert_never(event)


def refusal_of(bad: BadFrame, kind: UpKind | None) -> Addressed:
    """Say to the phone what is wrong with its frame; `kind` None: its topic had none."""
    cause_of = _CAUSES[kind]
    result = ResultDown(bad.ref, ResultStatus.REFUSED, cause=cause_of(bad.cause), why=bad.why)
    return DownKind.RESULT, result


def sms_of(message: Message, parts: int) -> SmsDown:
    """Write a message as the phone gets it."""
    return SmsDown(str(message.id), message.source, message.text, iso(message.accepted_at), parts)


def signal_of(signal: Signal) -> Addressed:
    """Write a signal as the phone gets it."""
    match signal:
        case CallSignal():
            cause = _q850(signal.cause) if signal.cause is not None else None
            call = CallDown(str(signal.id), CallEvent(signal.event), signal.other, cause)
            return DownKind.CALL, call
        case DataSignal():
            return DownKind.DATA, DataDown(signal.ref, DataStatus.CLOSED, _sm(signal.cause))
        case BarringSignal():
            stage = signal.next_stage
            step = NextStage(stage, iso(signal.next_at)) if stage is not None else None
            return DownKind.BARRING, BarringDown(signal.stage, signal.barred, step)
        case _:
            assert_never(signal)


def _result(
    ref: str, answer: Answer, why: str, cause_of: Callable[[Cause], CauseFrame], about: str = ""
) -> Addressed:
    """Make a result; `about` is the id to name where the answer itself gives none."""
    match answer:
        case Accepted() | AcceptedFor():
            result = ResultDown(ref, ResultStatus.ACCEPTED, str(answer.id), why=why)
        case Noted() | Found() | Imported():
            result = ResultDown(ref, ResultStatus.ACCEPTED, about, why=why)
        case Denied():
            cause = cause_of(answer.cause)
            result = ResultDown(ref, ResultStatus.REFUSED, about, cause, why)
        case _:
            assert_never(answer)
    return DownKind.RESULT, result


def _data(ref: str, done: DataStatus, answer: Answer, why: str) -> Addressed:
    if isinstance(answer, Denied):
        return DownKind.DATA, DataDown(ref, DataStatus.REFUSED, _sm(answer.cause), why)
    return DownKind.DATA, DataDown(ref, done, why=why)


def _ussd(ref: str, answer: Answer, why: str) -> Addressed:
    if isinstance(answer, Denied):
        return DownKind.USSD, UssdDown(ref, UssdStatus.REFUSED, "", _rp(answer.cause), why)
    text = answer.text if isinstance(answer, Accepted) else ""
    return DownKind.USSD, UssdDown(ref, UssdStatus.ENDED, text, why=why)


def _rp(cause: Cause) -> CauseFrame:
    return CauseFrame(cause, rp=CODES[cause].rp)


def _q850(cause: Cause) -> CauseFrame:
    return CauseFrame(cause, q850=CODES[cause].q850)


def _sm(cause: Cause) -> CauseFrame:
    return CauseFrame(cause, sm=CODES[cause].sm)


_CAUSES: dict[UpKind | None, Callable[[Cause], CauseFrame]] = {
    None: _rp,
    UpKind.STATE: _rp,
    UpKind.SMS: _rp,
    UpKind.ACK: _rp,
    UpKind.CALL: _q850,
    UpKind.DATA: _sm,
    UpKind.USSD: _rp,
}
