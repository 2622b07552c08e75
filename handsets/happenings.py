"""What can happen to a phone that needs no word on what it asked or on its calls. Pure."""

from __future__ import annotations

from msgspec import Struct

from gateway.air.frames import BarringDown, DataDown, SmsDown, UssdDown


class SmsReceived(Struct, frozen=True):
    """An SMS came, for the first time."""

    sms: SmsDown


class DataChanged(Struct, frozen=True):
    """A data session opened, was refused or closed; `asked` is whether this phone asked."""

    data: DataDown
    asked: bool


class UssdAnswered(Struct, frozen=True):
    """A USSD service answered this phone's request, or was refused."""

    ussd: UssdDown


class BarringChanged(Struct, frozen=True):
    """What is barred changed, or was told for the first time."""

    barring: BarringDown


class Complained(Struct, frozen=True):
    """The network refused a frame that this phone cannot tell by its ref."""

    why: str


class Unreadable(Struct, frozen=True):
    """A frame came that is none of the contract."""

    why: str


class ContactLost(Struct, frozen=True):
    """The broker is gone; the phone tries again by itself."""

    why: str


class ContactBack(Struct, frozen=True):
    """The phone is on the air again."""
