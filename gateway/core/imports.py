"""Subscribers that come from outside in bulk: a row, and why it is not taken."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.outlets import Foreigner
from gateway.core.subscriber import Status, Subscriber


class ImportRow(Struct, frozen=True, gc=False, array_like=True):
    """One number as an operator's file has it; times are milliseconds since 1970 UTC.

    The operator follows from the number's prefix, the stage from status, dates and calendar.
    """

    msisdn: Msisdn
    status: Status
    notice_at: int | None = None
    registered_at: int | None = None
    first_seen_at: int | None = None
    nik: Nik | None = None
    kk: Kk | None = None
    expires_at: int | None = None
    outlet: str = ""
    foreigner: Foreigner | None = None


class SubscribersImported(Struct, frozen=True, gc=False, tag="subscribers_imported"):
    """A person or test brings subscribers in; `update`: known numbers are changed, not refused."""

    rows: tuple[ImportRow, ...]
    update: bool = False


class SubscribersRestored(Struct, frozen=True, gc=False, tag="subscribers_restored"):
    """A test takes numbers back to what they were; `forgotten` ones to never seen.

    `name` is that of the snapshot, for people.
    """

    name: str
    subscribers: tuple[Subscriber, ...]
    forgotten: tuple[Msisdn, ...] = ()


class ImportRefusal(Enum):
    """Why a row is not taken."""

    KNOWN = "known"
    IDENTITY_MISSING = "identity_missing"
    IDENTITY_UNEXPECTED = "identity_unexpected"
    TWO_IDENTITIES = "two_identities"
    IN_FUTURE = "in_future"


REASONS: dict[ImportRefusal, str] = {
    ImportRefusal.KNOWN: "msisdn: is known already; updates must be asked for",
    ImportRefusal.IDENTITY_MISSING: "nik, kk: both are needed for a registered number",
    ImportRefusal.IDENTITY_UNEXPECTED: (
        "nik, kk, document, registered_at: only a registered number has them"
    ),
    ImportRefusal.TWO_IDENTITIES: "nik, kk, document: a foreigner has no nik and kk",
    ImportRefusal.IN_FUTURE: (
        "registered_at, first_seen_at, expires_at of an expired number: is later than the calendar"
    ),
}
"""What the person whose file it is reads: the columns, and what is wrong with them."""
