"""What one phone knows: its bars, messages, calls, data session and open requests. Pure.

Frames in, state and frames out; the time is an argument, in steady seconds. A request is
repeated with its ref until its answer comes, a message that came twice is shown once and
acknowledged twice: reliability is end to end, whatever the broker does.
"""

from __future__ import annotations

from typing import TypeAlias, assert_never

from msgspec import Struct
from msgspec.structs import replace

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
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    UpFrame,
    UssdDown,
    UssdUp,
    decode_down,
)
from gateway.air.topics import DownKind, UpKind
from gateway.core.numbers import Address, Msisdn
from handsets.happenings import BarringChanged as BarringChanged
from handsets.happenings import Complained as Complained
from handsets.happenings import ContactBack as ContactBack
from handsets.happenings import ContactLost as ContactLost
from handsets.happenings import DataChanged as DataChanged
from handsets.happenings import SmsReceived as SmsReceived
from handsets.happenings import Unreadable as Unreadable
from handsets.happenings import UssdAnswered as UssdAnswered

REPEAT_PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds between the sendings of a request that has no answer yet; the last one stays."""

# A phone's owner is told that the network is silent when a request goes out for the third time.
_SENDINGS_TO_TELL = 3


Asking: TypeAlias = SmsUp | CallUp | DataUp | UssdUp


class Request(Struct):
    """Something that the phone asked and the network has not answered."""

    ref: str
    kind: UpKind
    frame: Asking
    due_at: float
    sendings: int = 0


class Call(Struct, frozen=True):
    """A call as this phone sees it; `cause` says why it ended."""

    id: str
    other: str
    outgoing: bool
    state: CallEvent | None = None
    cause: CauseFrame | None = None


# ---- what happened, for whoever holds the phone


class Answered(Struct, frozen=True):
    """The network answered a request (an SMS, a step of a call, or a frame that was wrong)."""

    request: Request
    result: ResultDown


class Unanswered(Struct, frozen=True):
    """The network is silent about a request; it goes on being repeated."""

    request: Request


class CallChanged(Struct, frozen=True):
    """A call came or changed."""

    call: Call


Happening: TypeAlias = (
    Answered
    | Complained
    | Unanswered
    | SmsReceived
    | CallChanged
    | DataChanged
    | UssdAnswered
    | BarringChanged
    | Unreadable
    | ContactLost
    | ContactBack
)


class Handset:
    """One phone. `run` makes its refs unique among all runs of phones with this number.

    With `inbox_most` it forgets its oldest messages and ended calls beyond so many of each.
    """

    __slots__ = (
        "_acks",
        "_asked",
        "_most",
        "_run",
        "barring",
        "calls",
        "data_open",
        "inbox",
        "msisdn",
        "requests",
    )

    def __init__(self, msisdn: Msisdn, run: str, inbox_most: int | None = None) -> None:
        self.msisdn = msisdn
        self._most = inbox_most
        self.barring: BarringDown | None = None
        self.inbox: dict[str, SmsDown] = {}
        self.calls: dict[str, Call] = {}
        self.data_open = False
        self.requests: dict[str, Request] = {}
        self._run = run
        self._asked = 0
        self._acks: list[AckUp] = []

    # ---- asking

    def send_sms(self, to: Address, text: str, now: float) -> str:
        """Ask to send an SMS; gives the request's ref."""
        ref = self._new_ref()
        return self._ask(UpKind.SMS, ref, SmsUp(ref, to, text), now)

    def dial(self, to: Address, now: float) -> str:
        """Ask for a call; gives the request's ref."""
        ref = self._new_ref()
        return self._ask(UpKind.CALL, ref, CallUp(CallUpAction.DIAL, ref, to), now)

    def step(self, action: CallUpAction, call_id: str, now: float) -> str:
        """Answer, reject or end a call; gives the request's ref."""
        ref = self._new_ref()
        return self._ask(UpKind.CALL, ref, CallUp(action, ref, id=call_id), now)

    def switch_data(self, action: DataUpAction, now: float) -> str:
        """Open or close the data session; gives the request's ref."""
        ref = self._new_ref()
        return self._ask(UpKind.DATA, ref, DataUp(ref, action), now)

    def ask_ussd(self, code: str, now: float) -> str:
        """Ask a USSD service; gives the request's ref."""
        ref = self._new_ref()
        return self._ask(UpKind.USSD, ref, UssdUp(ref, code), now)

    def forget(self, ref: str) -> None:
        """Repeat this request no more."""
        self.requests.pop(ref, None)

    def current_call(self) -> Call | None:
        """Give the call that rings or runs, the latest first."""
        running = [call for call in self.calls.values() if call.state is not CallEvent.ENDED]
        return running[-1] if running else None

    def _new_ref(self) -> str:
        self._asked += 1
        return f"{self._run}-{self._asked}"

    def _ask(self, kind: UpKind, ref: str, frame: Asking, now: float) -> str:
        self.requests[ref] = Request(ref, kind, frame, due_at=now)
        return ref

    # ---- sending

    def due(self, now: float) -> tuple[list[tuple[UpKind, UpFrame]], list[Unanswered]]:
        """Give what is to be sent now, and the requests that the network is silent about."""
        frames: list[tuple[UpKind, UpFrame]] = [(UpKind.ACK, ack) for ack in self._acks]
        self._acks.clear()
        silent: list[Unanswered] = []
        for request in self.requests.values():
            if request.due_at <= now:
                pause = REPEAT_PAUSES[min(request.sendings, len(REPEAT_PAUSES) - 1)]
                request.due_at = now + pause
                request.sendings += 1
                frames.append((request.kind, request.frame))
                if request.sendings == _SENDINGS_TO_TELL:
                    silent.append(Unanswered(request))
        return frames, silent

    def next_due(self) -> float | None:
        """Say when something is to be sent next; None: when something happens."""
        return min((request.due_at for request in self.requests.values()), default=None)

    def contact_lost(self) -> None:
        """The network has seen the phone go: its call and its data session are over."""
        self.data_open = False
        for call in list(self.calls.values()):
            self.calls[call.id] = replace(call, state=CallEvent.ENDED)

    def contact_back(self, now: float) -> None:
        """Send what has no answer once more."""
        for request in self.requests.values():
            request.due_at = now

    # ---- hearing

    def hear(self, kind: DownKind, payload: bytes) -> Happening | None:
        """Take in a frame; None where it brings nothing new."""
        frame = decode_down(kind, payload)
        match frame:
            case ResultDown():
                return self._hear_result(frame)
            case SmsDown():
                return self._hear_sms(frame)
            case CallDown():
                return self._hear_call(frame)
            case DataDown():
                return self._hear_data(frame)
            case UssdDown():
                asked = self.requests.pop(frame.ref, None)
                return UssdAnswered(frame) if asked is not None else None
            case BarringDown():
                if frame == self.barring:
                    return None
                self.barring = frame
                return BarringChanged(frame)
            case BadFrame():
                return Unreadable(frame.why)
            case _:
                assert_never(frame)

    def _hear_result(self, result: ResultDown) -> Happening | None:
        request = self.requests.pop(result.ref, None)
        if request is None:
            # An answer to a repeat, or to another run of this phone, tells nothing new.
            return None if result.ref else Complained(result.why)
        frame = request.frame
        accepted = result.status is ResultStatus.ACCEPTED
        if isinstance(frame, CallUp) and frame.action is CallUpAction.DIAL and accepted:
            self.calls.setdefault(result.id, Call(result.id, frame.to, outgoing=True))
        return Answered(request, result)

    def _hear_sms(self, sms: SmsDown) -> Happening | None:
        self._acks.append(AckUp(sms.id))
        if sms.id in self.inbox:
            return None
        self.inbox[sms.id] = sms
        if self._most is not None and len(self.inbox) > self._most:
            del self.inbox[next(iter(self.inbox))]
        return SmsReceived(sms)

    def _hear_call(self, frame: CallDown) -> Happening | None:
        call = self.calls.get(frame.id)
        if call is None:
            outgoing = frame.event is not CallEvent.INCOMING
            call = Call(frame.id, frame.source, outgoing)
        # An ended call stays so, and a frame that the broker brought twice tells nothing new.
        if call.state in (frame.event, CallEvent.ENDED):
            return None
        call = replace(call, state=frame.event, cause=frame.cause)
        self.calls[call.id] = call
        if self._most is not None and len(self.calls) > self._most:
            over = (id_ for id_, one in self.calls.items() if one.state is CallEvent.ENDED)
            self.calls.pop(next(over, ""), None)
        return CallChanged(call)

    def _hear_data(self, data: DataDown) -> Happening | None:
        asked = self.requests.pop(data.ref, None) is not None
        was_open = self.data_open
        if data.status is not DataStatus.REFUSED:
            self.data_open = data.status is DataStatus.OPENED
        if not asked and (data.status is not DataStatus.CLOSED or not was_open):
            return None
        return DataChanged(data, asked)
