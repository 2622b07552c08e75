"""Why the network refuses or ends something, and the numbers that each interface gives it."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class Cause(Enum):
    """The name of a cause, as `down/result` and `down/call` carry it."""

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    OPERATOR_DETERMINED_BARRING = "operator_determined_barring"
    UNKNOWN_SUBSCRIBER = "unknown_subscriber"
    UNASSIGNED_NUMBER = "unassigned_number"
    ABSENT_SUBSCRIBER = "absent_subscriber"
    USER_BUSY = "user_busy"
    NO_ANSWER = "no_answer"
    CALL_REJECTED = "call_rejected"
    NORMAL_CLEARING = "normal_clearing"
    NO_SUCH_CALL = "no_such_call"
    SOURCE_NOT_ALLOWED = "source_not_allowed"
    INVALID_FRAME = "invalid_frame"
    CONGESTION = "congestion"
    QUEUE_FULL = "queue_full"
    NO_SUCH_MESSAGE = "no_such_message"


class Codes(Struct, frozen=True, gc=False):
    """One cause in each interface's numbers.

    `rp`: RP-ERROR cause of an SMS (TS 24.011 8.2.5.4); `q850`: call clearing (ITU-T Q.850);
    `sm`: session management cause of data (TS 24.008 10.5.6.6); `map_error`: the MAP error that
    a delivery receipt's `err` and network_error_code carry (domain.md 6.2, 6.3).
    """

    rp: int
    q850: int
    sm: int
    map_error: int


# domain.md 6.2. Q.850 21 (not 8, which is preemption) for ODB is that section's choice and
# marked unconfirmed there. The codes of causes that have nothing to do with the programme are
# the specifications' nearest ones.
CODES: dict[Cause, Codes] = {
    Cause.OPERATOR_DETERMINED_BARRING: Codes(rp=8, q850=21, sm=8, map_error=13),
    Cause.UNKNOWN_SUBSCRIBER: Codes(rp=30, q850=1, sm=33, map_error=1),
    Cause.UNASSIGNED_NUMBER: Codes(rp=1, q850=1, sm=33, map_error=1),
    Cause.ABSENT_SUBSCRIBER: Codes(rp=27, q850=20, sm=36, map_error=27),
    Cause.USER_BUSY: Codes(rp=22, q850=17, sm=26, map_error=45),
    Cause.NO_ANSWER: Codes(rp=27, q850=19, sm=36, map_error=27),
    Cause.CALL_REJECTED: Codes(rp=21, q850=21, sm=31, map_error=32),
    Cause.NORMAL_CLEARING: Codes(rp=127, q850=16, sm=36, map_error=0),
    Cause.NO_SUCH_CALL: Codes(rp=81, q850=81, sm=81, map_error=36),
    Cause.SOURCE_NOT_ALLOWED: Codes(rp=50, q850=50, sm=33, map_error=11),
    Cause.INVALID_FRAME: Codes(rp=96, q850=96, sm=96, map_error=36),
    Cause.CONGESTION: Codes(rp=42, q850=42, sm=26, map_error=34),
    Cause.QUEUE_FULL: Codes(rp=42, q850=42, sm=26, map_error=34),
    Cause.NO_SUCH_MESSAGE: Codes(rp=97, q850=97, sm=97, map_error=36),
}
