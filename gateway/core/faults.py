"""Misbehaviour as values: what goes wrong on purpose, for whom, how often.

`fault_aim` decides from these when a fault strikes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final, TypeAlias

from msgspec import Struct

from gateway.core.chance import Delay


class FinalState(Enum):
    """What a receipt can be made to say: SMPP 3.4 section 5.2.28, by name."""

    DELIVERED = "DELIVERED"
    EXPIRED = "EXPIRED"
    DELETED = "DELETED"
    UNDELIVERABLE = "UNDELIVERABLE"
    ACCEPTED = "ACCEPTED"
    UNKNOWN = "UNKNOWN"
    REJECTED = "REJECTED"


class Form(Enum):
    """How a PDU is malformed.

    BAD_LENGTH: command_length is below that of a header. UNKNOWN_COMMAND: a command_id that the
    specification does not know. WRONG_SEQUENCE: a response to nothing that was asked, a request
    whose number is 0. CUT: the body ends in the middle of its first parameter. STALL: half of the
    octets, then silence for good.
    """

    BAD_LENGTH = "bad_length"
    UNKNOWN_COMMAND = "unknown_command"
    WRONG_SEQUENCE = "wrong_sequence"
    CUT = "cut"
    STALL = "stall"


# ---- the faults; command_status and delays in milliseconds are the only figures


class RefuseBind(Struct, frozen=True, gc=False, tag="refuse_bind"):
    """Answer a bind with this command_status, whatever its password."""

    status: int


class IgnoreEnquireLink(Struct, frozen=True, gc=False, tag="ignore_enquire_link"):
    """Leave enquire_link unanswered."""


class Refuse(Struct, frozen=True, gc=False, tag="refuse"):
    """Answer a submit with this command_status; nothing else happens to it."""

    status: int


class Throttle(Struct, frozen=True, gc=False, tag="throttle"):
    """Answer submits above this rate, in messages a second, with ESME_RTHROTTLED."""

    per_second: float


class NoResponse(Struct, frozen=True, gc=False, tag="no_response"):
    """Take a submit and never answer it."""


class DelayResponse(Struct, frozen=True, gc=False, tag="delay_response"):
    """Answer a submit later, in real milliseconds; later submits are not held up."""

    delay: Delay


class DuplicateResponse(Struct, frozen=True, gc=False, tag="duplicate_response"):
    """Answer a submit twice."""


class MalformedResponse(Struct, frozen=True, gc=False, tag="malformed_response"):
    """Answer a submit with a PDU that is none."""

    form: Form


class ReceiptFirst(Struct, frozen=True, gc=False, tag="receipt_first"):
    """Answer a submit only after its receipt was sent."""


class Disconnect(Struct, frozen=True, gc=False, tag="disconnect"):
    """End the connection at the session's submit no. `after`, with or without its response."""

    after: int
    answered: bool


class DuplicateDeliver(Struct, frozen=True, gc=False, tag="duplicate_deliver"):
    """Send a deliver_sm twice, with two sequence numbers."""


class MalformedDeliver(Struct, frozen=True, gc=False, tag="malformed_deliver"):
    """Send in place of a deliver_sm a PDU that is none."""

    form: Form


class DropReceipt(Struct, frozen=True, gc=False, tag="drop_receipt"):
    """Make no receipt, though it was asked for."""


class DelayReceipt(Struct, frozen=True, gc=False, tag="delay_receipt"):
    """Send the receipt later, in milliseconds of the calendar."""

    delay: Delay


class ChangeReceipt(Struct, frozen=True, gc=False, tag="change_receipt"):
    """Let the receipt report another end; `error` is a GSM MAP number."""

    state: FinalState
    error: int = 0


class DuplicateReceipt(Struct, frozen=True, gc=False, tag="duplicate_receipt"):
    """Send the receipt twice."""


class BusyDesk(Struct, frozen=True, gc=False, tag="busy_desk"):
    """Let the desk answer that it is busy, whatever the SMS says."""


class SilentDesk(Struct, frozen=True, gc=False, tag="silent_desk"):
    """Let the desk do what an SMS asks, and lose its reply."""


class LateVerdict(Struct, frozen=True, gc=False, tag="late_verdict"):
    """Let the verdict on a registration come later, in milliseconds of the calendar."""

    delay: Delay


class LostSuccess(Struct, frozen=True, gc=False, tag="lost_success"):
    """Lose a success between registry and operator: the number stays unregistered, unanswered."""


Fault: TypeAlias = (
    RefuseBind
    | IgnoreEnquireLink
    | Refuse
    | Throttle
    | NoResponse
    | DelayResponse
    | DuplicateResponse
    | MalformedResponse
    | ReceiptFirst
    | Disconnect
    | DuplicateDeliver
    | MalformedDeliver
    | DropReceipt
    | DelayReceipt
    | ChangeReceipt
    | DuplicateReceipt
    | BusyDesk
    | SilentDesk
    | LateVerdict
    | LostSuccess
)


class Point(Enum):
    """Where a fault can strike."""

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    BIND = "bind"
    ENQUIRE_LINK = "enquire_link"
    SUBMIT = "submit"
    RESPONSE = "response"
    DELIVER = "deliver"
    RECEIPT = "receipt"
    DESK = "desk"


POINTS: Final[Mapping[type[Fault], Point]] = {
    RefuseBind: Point.BIND,
    IgnoreEnquireLink: Point.ENQUIRE_LINK,
    Refuse: Point.SUBMIT,
    Throttle: Point.SUBMIT,
    NoResponse: Point.RESPONSE,
    DelayResponse: Point.RESPONSE,
    DuplicateResponse: Point.RESPONSE,
    MalformedResponse: Point.RESPONSE,
    ReceiptFirst: Point.RESPONSE,
    Disconnect: Point.RESPONSE,
    DuplicateDeliver: Point.DELIVER,
    MalformedDeliver: Point.DELIVER,
    DropReceipt: Point.RECEIPT,
    DelayReceipt: Point.RECEIPT,
    ChangeReceipt: Point.RECEIPT,
    DuplicateReceipt: Point.RECEIPT,
    BusyDesk: Point.DESK,
    SilentDesk: Point.DESK,
    LateVerdict: Point.DESK,
    LostSuccess: Point.DESK,
}
"""The point of each kind of fault."""


class FaultRule(Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One fault and when it strikes; what is empty or 0 restricts nothing.

    `account` is a system_id, or the beginning of some with `*` at its end. `source` and
    `destination` are those of the message: an address, a beginning with `*`, or two numbers with
    `-` between; `text` is an RE2 pattern that is found anywhere in it. Of what fits, the first
    `skip` are passed over, then each `every_n`th is struck with `probability`, `limit` times at
    most. `active_from` and `active_until` are milliseconds on the calendar.
    """

    name: str
    fault: Fault
    account: str = ""
    source: str = ""
    destination: str = ""
    text: str = ""
    probability: float = 1.0
    every_n: int = 1
    skip: int = 0
    limit: int = 0
    active_from: int = 0
    active_until: int = 0
