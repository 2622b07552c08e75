"""The handsets' frames as values, and their JSON: both directions, both ends.

Ids are strings on the wire. Unknown fields are ignored, so that either end may be newer.
`asyncapi.yaml` next to this file describes the same contract for others.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, assert_never

from msgspec import Meta, Struct, field, json

from gateway.air.topics import DownKind, UpKind
from gateway.core.causes import Cause
from gateway.core.numbers import mask_identities
from gateway.core.subscriber import BlockStage, Service

PAYLOAD_MOST = 20_480
"""Octets in a frame; longer ones are refused."""

Ref = Annotated[str, Meta(min_length=1, max_length=64)]
Id = Annotated[str, Meta(pattern="^[0-9]{1,18}$")]

# ---- up: what a phone sends


class PhoneState(Enum):
    """Whether a phone is on."""

    ONLINE = "online"
    OFFLINE = "offline"


class StateUp(Struct, frozen=True, gc=False):
    """`up/state`, retained; "offline" is the last will too."""

    state: PhoneState


class SmsUp(Struct, frozen=True, gc=False):
    """`up/sms`: the phone sends an SMS."""

    ref: Ref
    to: str
    text: str


class AckUp(Struct, frozen=True, gc=False):
    """`up/ack`: the phone has the message with this id."""

    id: Id


class CallUpAction(Enum):
    """What a phone does with a call."""

    DIAL = "dial"
    ANSWER = "answer"
    REJECT = "reject"
    HANGUP = "hangup"


class CallUp(Struct, frozen=True, gc=False, omit_defaults=True):
    """`up/call`: "dial" needs `ref` and `to`; the others need `id`, `ref` is optional."""

    action: CallUpAction
    ref: Ref = ""
    to: str = ""
    id: Id = ""


class DataUpAction(Enum):
    """What a phone does with its data session."""

    OPEN = "open"
    CLOSE = "close"


class DataUp(Struct, frozen=True, gc=False):
    """`up/data`: the phone opens or closes its data session."""

    ref: Ref
    action: DataUpAction


class UssdUp(Struct, frozen=True, gc=False):
    """`up/ussd`: the phone asks a USSD service; `code` is what is typed, `*444#`."""

    ref: Ref
    code: Annotated[str, Meta(min_length=2, max_length=182)]


UpFrame = StateUp | SmsUp | AckUp | CallUp | DataUp | UssdUp

# ---- down: what a phone is sent


class CauseFrame(Struct, frozen=True, gc=False, omit_defaults=True):
    """Why something is refused or ended; the number is that of the interface concerned.

    `rp`: SMS (TS 24.011 8.2.5.4); `q850`: calls (ITU-T Q.850); `sm`: data (TS 24.008 10.5.6.6).
    """

    name: Cause
    rp: int | None = None
    q850: int | None = None
    sm: int | None = None


class ResultStatus(Enum):
    """Whether the network took what the phone asked."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class ResultDown(Struct, frozen=True, gc=False, omit_defaults=True):
    """`down/result`: the answer to `up/sms` and `up/call`, and to any frame that is wrong.

    `ref` is the frame's own, "" where it had none; `id` names the message or call.
    """

    ref: str
    status: ResultStatus
    id: str = ""
    cause: CauseFrame | None = None
    why: str = ""


class SmsDown(Struct, frozen=True, gc=False, omit_defaults=True):
    """`down/sms`: an SMS for the phone; `at` is when the network took it, ISO 8601 in WIB.

    A long one comes whole, as a phone shows it; `parts` is how many short messages it took.
    """

    id: str
    source: str = field(name="from")
    text: str
    at: str
    parts: int = 1


class CallEvent(Enum):
    """What happened to a call."""

    INCOMING = "incoming"
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class CallDown(Struct, frozen=True, gc=False, omit_defaults=True):
    """`down/call`: a call came or changed; `from` is the other party, whoever called."""

    id: str
    event: CallEvent
    source: str = field(name="from")
    cause: CauseFrame | None = None


class DataStatus(Enum):
    """What became of a data session."""

    OPENED = "opened"
    CLOSED = "closed"
    REFUSED = "refused"


class DataDown(Struct, frozen=True, gc=False, omit_defaults=True):
    """`down/data`: the answer to `up/data`; "closed" unasked when the network ended it.

    `ref` is that of the frame answered, or of the session that the network closed.
    """

    ref: str
    status: DataStatus
    cause: CauseFrame | None = None
    why: str = ""


class UssdStatus(Enum):
    """How a USSD session ended."""

    ENDED = "ended"
    REFUSED = "refused"


class UssdDown(Struct, frozen=True, gc=False, omit_defaults=True):
    """`down/ussd`: the answer to `up/ussd`; `text` is what the phone shows."""

    ref: str
    status: UssdStatus
    text: str = ""
    cause: CauseFrame | None = None
    why: str = ""


class NextStage(Struct, frozen=True, gc=False):
    """The stage that falls due next, and when (ISO 8601 in WIB)."""

    stage: BlockStage
    at: str


class BarringDown(Struct, frozen=True, gc=False, omit_defaults=True):
    """`down/barring`, retained: what is barred now; without `next` nothing falls due."""

    stage: BlockStage
    barred: tuple[Service, ...]
    next: NextStage | None = None


DownFrame = ResultDown | SmsDown | CallDown | DataDown | UssdDown | BarringDown


class BadFrame(Struct, frozen=True, gc=False):
    """Why a payload is no frame: the field and the way out; `ref` where one could be read."""

    why: str
    ref: str = ""
    cause: Cause = Cause.INVALID_FRAME


UP_FRAMES: dict[UpKind, type[UpFrame]] = {
    UpKind.STATE: StateUp,
    UpKind.SMS: SmsUp,
    UpKind.ACK: AckUp,
    UpKind.CALL: CallUp,
    UpKind.DATA: DataUp,
    UpKind.USSD: UssdUp,
}
DOWN_FRAMES: dict[DownKind, type[DownFrame]] = {
    DownKind.RESULT: ResultDown,
    DownKind.SMS: SmsDown,
    DownKind.CALL: CallDown,
    DownKind.DATA: DataDown,
    DownKind.USSD: UssdDown,
    DownKind.BARRING: BarringDown,
}

# ---- JSON; why a frame is refused ends in what to send instead

EXAMPLES: dict[UpKind, str] = {
    UpKind.STATE: '{"state":"online"} or {"state":"offline"}',
    UpKind.SMS: '{"ref":"a1","to":"4444","text":"REG ..."}',
    UpKind.ACK: '{"id":"123"}, the id of a down/sms',
    UpKind.CALL: (
        '{"ref":"a1","action":"dial","to":"081234567890"} or {"action":"answer","id":"123"}'
        ' (also "reject", "hangup")'
    ),
    UpKind.DATA: '{"ref":"a1","action":"open"} or {"ref":"a2","action":"close"}',
    UpKind.USSD: '{"ref":"a1","code":"*444#"}',
}


class _Referred(Struct, gc=False):
    ref: str = ""


_UP: dict[UpKind, json.Decoder[Any]] = {kind: json.Decoder(UP_FRAMES[kind]) for kind in UpKind}
_DOWN: dict[DownKind, json.Decoder[Any]] = {
    kind: json.Decoder(DOWN_FRAMES[kind]) for kind in DownKind
}
_REFERRED = json.Decoder(_Referred)
encode = json.Encoder().encode
"""Write any frame as JSON octets."""


def decode_up(kind: UpKind, payload: bytes) -> UpFrame | BadFrame:
    """Read what a phone sent; never raises for what a payload may hold.

    An empty `up/state` is a retained one that was cleared: the phone is gone.
    """
    if not payload and kind is UpKind.STATE:
        return StateUp(PhoneState.OFFLINE)
    if len(payload) > PAYLOAD_MOST:
        why = f"up/{kind.value} has {len(payload)} octets; send at most {PAYLOAD_MOST}"
        return BadFrame(why, ref_in(payload))
    try:
        frame: UpFrame = _UP[kind].decode(payload)
    except (ValueError, RecursionError) as trouble:
        return _bad(kind, _told(trouble), payload)
    if type(frame) is CallUp and (lacking := _lacking(frame)):
        return _bad(kind, lacking, payload)
    return frame


def decode_down(kind: DownKind, payload: bytes) -> DownFrame | BadFrame:
    """Read what a phone was sent, at the phone's end."""
    try:
        frame: DownFrame = _DOWN[kind].decode(payload)
    except (ValueError, RecursionError) as trouble:
        why = f"down/{kind.value}: {_told(trouble)}; the gateway is of another version"
        return BadFrame(why, ref_in(payload))
    return frame


def _lacking(frame: CallUp) -> str:
    wanted: tuple[tuple[str, str], ...]
    match frame.action:
        case CallUpAction.DIAL:
            wanted = ("ref", frame.ref), ("to", frame.to)
        case CallUpAction.ANSWER | CallUpAction.REJECT | CallUpAction.HANGUP:
            wanted = (("id", frame.id),)
        case _:
            assert_never(frame.action)
    missing = [f"`{name}`" for name, value in wanted if not value]
    return f'"{frame.action.value}" needs {" and ".join(missing)}' if missing else ""


def _bad(kind: UpKind, what: str, payload: bytes) -> BadFrame:
    return BadFrame(f"up/{kind.value}: {what}; send {EXAMPLES[kind]}", ref_in(payload))


def _told(trouble: Exception) -> str:
    """Say in words what a decoder stumbled over; what it quotes is masked and cut."""
    if isinstance(trouble, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(trouble, RecursionError):
        return "nested too deep"
    return mask_identities(str(trouble)[:200])


def ref_in(payload: bytes) -> str:
    """Find the reference in a payload, however wrong the rest of it is; "" when there is none."""
    try:
        return _REFERRED.decode(payload).ref
    except (ValueError, RecursionError):
        return ""
