"""One short message: what it says, who takes it, how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from gateway.core.origin import Body, Esme, Part, SmeAddress


class MessageKind(Enum):
    """Who made a message; an ALERT says that a phone can be reached again."""

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    MO = "mo"
    MT = "mt"
    REPLY = "reply"
    RECEIPT = "receipt"
    ALERT = "alert"


class MessageState(Enum):
    """SMPP 3.4 section 5.2.28, by name."""

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    ENROUTE = "ENROUTE"
    DELIVERED = "DELIVERED"
    EXPIRED = "EXPIRED"
    DELETED = "DELETED"
    UNDELIVERABLE = "UNDELIVERABLE"
    ACCEPTED = "ACCEPTED"
    UNKNOWN = "UNKNOWN"
    REJECTED = "REJECTED"


class Receiver(Enum):
    """Who takes a message: the desk behind 4444, the store's own inbox, a phone, an ESME.

    LATER: nobody before its scheduled time, when it is decided; PARTS: a part of a long message
    that waits for the others, and then ends with them.
    """

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    DESK = "desk"
    INBOX = "inbox"
    PHONE = "phone"
    ESME = "esme"
    LATER = "later"
    PARTS = "parts"


class ReceiptOf(Struct, frozen=True, gc=False, array_like=True):
    """What a delivery receipt reports of an earlier message; `error` is a GSM MAP number.

    `intermediate`: a notification before the end (SMPP 3.4 section 5.2.12). `reference` is the
    sender's user_message_reference, -1 for none.
    """

    message_id: int
    state: MessageState
    error: int
    submitted_at: int
    done_at: int
    text: str
    intermediate: bool = False
    reference: int = -1


class Message(Struct, frozen=True, gc=False, omit_defaults=True):
    """One short message in the store; times in milliseconds on the simulated clock.

    `esme` is the request it came by, if it did: its receipt goes there, under `reported_as`
    where that is not its own id (the id of a submit_multi). `account` and `session` name the
    ESME that takes it when `receiver` is ESME, and `source_as`, `destination_as` the addresses
    in the form which that ESME uses. `body` is how it was written where `text` does not say it
    all. `part` is its place in a long message; `parts` are the ids of the parts that it was
    joined of, which end as it does.
    """

    id: int
    kind: MessageKind
    source: str
    destination: str
    text: str
    receiver: Receiver
    state: MessageState
    accepted_at: int
    valid_until: int = 0
    not_before: int = 0
    ended_at: int = 0
    error: int = 0
    esme: Esme | None = None
    account: str = ""
    session: int = 0
    source_as: SmeAddress | None = None
    destination_as: SmeAddress | None = None
    receipt: ReceiptOf | None = None
    body: Body | None = None
    priority: int = 0
    reported_as: int = 0
    part: Part | None = None
    parts: tuple[int, ...] = ()


def texts_joined(parts: Sequence[Message]) -> str:
    """Join the texts of a long message's parts as they are."""
    return "".join(part.text for part in parts)


def no_header(_: Body) -> bytes:
    """Keep nothing of the header of a long message's first part."""
    return b""
