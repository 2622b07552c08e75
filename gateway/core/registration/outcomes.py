"""How a request to the desk ends, by name: for the desk, and for applications that tell it."""

from enum import Enum

from msgspec import Struct


class OutcomeKind(Enum):
    """How a request ends."""

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    REGISTERED = "registered"
    ALREADY_REGISTERED = "already_registered"
    BAD_FORMAT = "bad_format"
    NIK_UNKNOWN = "nik_unknown"
    KK_MISMATCH = "kk_mismatch"
    OVER_LIMIT = "over_limit"
    NOT_OFFERED = "not_offered"
    STATEMENT_DUE = "statement_due"
    REGISTERED_UNVALIDATED = "registered_unvalidated"
    DECLINED = "declined"
    LOCKED = "locked"
    CHECKED = "checked"
    UNREGISTERED = "unregistered"
    NOT_YOURS = "not_yours"
    RECEIVED = "received"
    PENDING = "pending"
    NIK_BLOCKED = "nik_blocked"
    NIK_DUPLICATE = "nik_duplicate"
    NOT_SYNCHRONISED = "not_synchronised"
    BUSY = "busy"
    LOST = "lost"


class ReplyText(Struct, frozen=True, gc=False):
    """Texts of an application that this RE2 pattern is found in tell this outcome."""

    outcome: OutcomeKind
    text: str
