"""What a person reads: outcomes, happenings and a phone's state as lines of text. Pure."""

from __future__ import annotations

from typing import assert_never

from gateway.air.frames import (
    BarringDown,
    CallEvent,
    CallUp,
    CallUpAction,
    CauseFrame,
    DataDown,
    DataStatus,
    DataUp,
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    UssdDown,
    UssdStatus,
    UssdUp,
)
from gateway.core.numbers import is_msisdn, national_form
from handsets.handset import (
    Answered,
    BarringChanged,
    Call,
    CallChanged,
    Complained,
    ContactBack,
    ContactLost,
    DataChanged,
    Handset,
    Happening,
    Request,
    SmsReceived,
    Unanswered,
    Unreadable,
    UssdAnswered,
)
from handsets.outcome import (
    CallOutcome,
    CauseShown,
    DataOutcome,
    SmsOutcome,
    SmsShown,
    Status,
    UssdOutcome,
    shown,
)


def number(address: str) -> str:
    """Write an address as subscribers know it: 081234567890, 4444."""
    return national_form(address) if is_msisdn(address) else address


def minute(at: str) -> str:
    """Cut an ISO 8601 time to minutes: 2018-02-26 08:00."""
    return at[:16].replace("T", " ")


# ---- outcomes of one-shot commands


def sms_outcome(outcome: SmsOutcome) -> list[str]:
    """Tell how an SMS fared."""
    lines = [f"{number(outcome.source)} -> {number(outcome.to)}: {outcome.text}"]
    if outcome.status is Status.ACCEPTED:
        lines.append(f"accepted, id {outcome.id}")
        lines += [f"  {outcome.why}"] if outcome.why else []
    else:
        lines += _failed(outcome.status, outcome.cause, outcome.why)
    if outcome.reply is not None:
        lines.append(_sms(outcome.reply))
    lines += [f"also received: {_sms(sms)}" for sms in outcome.also_received]
    return lines


def call_outcome(outcome: CallOutcome) -> list[str]:
    """Tell how a call ended; its events were told as they came."""
    if outcome.status is Status.ACCEPTED:
        return []
    return _failed(outcome.status, outcome.cause, outcome.why)


def data_outcome(outcome: DataOutcome) -> list[str]:
    """Tell how a data session fared."""
    if outcome.status is not Status.ACCEPTED:
        return _failed(outcome.status, outcome.cause, outcome.why)
    done = "opened" if outcome.action == "open" else "closed"
    lines = [f"{number(outcome.source)}: data session {done}"]
    if outcome.closed_by_network:
        lines.append(f"closed by the network: {outcome.cause or outcome.why}")
    return lines


def ussd_outcome(outcome: UssdOutcome) -> list[str]:
    """Tell what a USSD service answered."""
    if outcome.status is not Status.ACCEPTED:
        return _failed(outcome.status, outcome.cause, outcome.why)
    return [f"{outcome.code}: {outcome.text}"]


def _failed(status: Status, cause: CauseShown | None, why: str) -> list[str]:
    head = status.value if cause is None else f"{status.value}: {cause}"
    return [head, f"  {why}"] if why else [head]


def _sms(sms: SmsShown) -> str:
    head = f"{number(sms.source)} -> {number(sms.to)}{_parts(sms.parts)}"
    return f"{head}: {sms.text}"


# ---- happenings


def happening(happened: Happening) -> str:
    """Tell what happened to a phone, in one line."""
    match happened:
        case Answered():
            return _answered(happened.request, happened.result)
        case Complained():
            return f"the network refuses a frame: {happened.why}"
        case Unanswered():
            what = request(happened.request)
            return f"no answer yet to {what}; trying on (is a gateway on this broker?)"
        case SmsReceived():
            return f"SMS from {_received(happened.sms)}"
        case CallChanged():
            return call(happened.call)
        case DataChanged():
            return _data(happened.data, happened.asked)
        case UssdAnswered():
            return _ussd(happened.ussd)
        case BarringChanged():
            return barring(happened.barring)
        case Unreadable():
            return f"unreadable: {happened.why}"
        case ContactLost():
            return f"radio contact lost ({happened.why}); trying again"
        case ContactBack():
            return "radio contact is back"
        case _:
            assert_never(happened)


def _received(sms: SmsDown) -> str:
    return f"{number(sms.source)} [{minute(sms.at)}{_parts(sms.parts)}]: {sms.text}"


def _parts(parts: int) -> str:
    return f", {parts} parts" if parts > 1 else ""


def _answered(asked: Request, result: ResultDown) -> str:
    what = request(asked)
    if result.status is ResultStatus.ACCEPTED:
        return f"{what}: accepted"
    reason = f"; {result.why}" if result.why else ""
    return f"{what}: refused: {_cause(result.cause)}{reason}"


def _cause(cause: CauseFrame | None) -> str:
    return str(shown(cause)) if cause is not None else "no cause given"


def request(asked: Request) -> str:
    """Name what a phone asked."""
    frame = asked.frame
    match frame:
        case SmsUp():
            return f"SMS to {number(frame.to)}"
        case CallUp(action=CallUpAction.DIAL):
            return f"call to {number(frame.to)}"
        case CallUp():
            return frame.action.value
        case DataUp():
            return f"data {frame.action.value}"
        case UssdUp():
            return f"USSD {frame.code}"
        case _:
            assert_never(frame)


def call(changed: Call) -> str:
    """Tell the state of a call."""
    other = number(changed.other)
    match changed.state:
        case CallEvent.INCOMING:
            return f"call from {other}: answer or reject?"
        case CallEvent.ENDED:
            return f"call with {other} ended: {_cause(changed.cause)}"
        case CallEvent.RINGING | CallEvent.ANSWERED:
            return f"call with {other}: {changed.state.value}"
        case None:
            return f"call to {other}: dialling"
        case _:
            assert_never(changed.state)


def _ussd(ussd: UssdDown) -> str:
    if ussd.status is UssdStatus.REFUSED:
        return f"USSD refused: {_cause(ussd.cause)}; {ussd.why}"
    return f"USSD: {ussd.text}"


def _data(data: DataDown, asked: bool) -> str:
    if data.status is DataStatus.REFUSED:
        reason = f"; {data.why}" if data.why else ""
        return f"data refused: {_cause(data.cause)}{reason}"
    if asked:
        return f"data session {data.status.value}"
    return f"data session closed by the network: {_cause(data.cause)}"


def barring(told: BarringDown) -> str:
    """Tell what is barred now and what falls due next."""
    services = ", ".join(service.value.replace("_", " ") for service in told.barred)
    line = f"{told.stage.value}: {services or 'nothing'} barred"
    if told.next is not None:
        line += f"; {told.next.stage.value} from {minute(told.next.at)}"
    return line


# ---- a phone's state


def status(phone: Handset) -> list[str]:
    """Tell all that a phone knows."""
    lines = [f"{number(phone.msisdn)} ({phone.msisdn})"]
    told = phone.barring
    lines.append(barring(told) if told is not None else "the network has not told what is barred")
    current = phone.current_call()
    lines.append(call(current) if current is not None else "no call")
    lines.append(f"data session {'open' if phone.data_open else 'closed'}")
    lines.append(f"{len(phone.inbox)} SMS received")
    lines += [f"waiting for an answer: {request(asked)}" for asked in phone.requests.values()]
    return lines
