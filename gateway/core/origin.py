"""Where a message comes from and how its sender wrote it."""

from __future__ import annotations

from enum import Enum
from typing import final

from msgspec import Struct, structs

# data_coding of what every receiver is written anyway: default alphabet, UCS-2 (section 5.2.19).
_TEXT_CODINGS = (0, 8)


class SmeAddress(Struct, frozen=True, gc=False, array_like=True):
    """An address as an ESME wrote it, so that receipts and replies carry it back unchanged."""

    ton: int
    npi: int
    digits: str


@final
class Phone(Struct, frozen=True, gc=False, tag="phone"):
    """A virtual handset on MQTT asked; `ref` is its own reference."""

    ref: str


class MessagingMode(Enum):
    """How hard the SMSC tries (SMPP 3.4 section 5.2.12, bits 1-0 of esm_class)."""

    STORE_AND_FORWARD = 0
    DATAGRAM = 1
    FORWARD = 2


@final
class Esme(Struct, frozen=True, gc=False, tag="esme", omit_defaults=True):
    """An ESME asked by submit_sm, submit_multi or data_sm.

    `session` is this process's number of the bind: the answer prefers it. `validity` is the
    requested validity period in milliseconds, 0 for the SMSC's default; `not_before` when it
    scheduled the delivery, 0 for at once. `reference` is its user_message_reference, -1 for
    none. `replaces`: replace_if_present. `set_dpf`: it wants to be told when a phone that is
    off can be reached (section 5.3.2.29).
    """

    account: str
    session: int
    source: SmeAddress
    destination: SmeAddress
    registered_delivery: int = 0
    validity: int = 0
    not_before: int = 0
    priority: int = 0
    service_type: str = ""
    reference: int = -1
    replaces: bool = False
    set_dpf: bool = False
    mode: MessagingMode = MessagingMode.STORE_AND_FORWARD


class Body(Struct, frozen=True, gc=False, omit_defaults=True):
    """How a message was written, where its text alone does not say it all.

    `header` is the user data header, its length octet included; `octets` what follows it.
    `esm_class` keeps the message type, the reply path and the mark of the header. `tlvs` are
    (tag, value) of what the sender added.
    """

    data_coding: int = 0
    esm_class: int = 0
    protocol_id: int = 0
    header: bytes = b""
    octets: bytes = b""
    tlvs: tuple[tuple[int, bytes], ...] = ()

    @property
    def says_no_more_than_text(self) -> bool:
        """Whether a receiver misses nothing when it gets the text alone."""
        plain = self.data_coding in _TEXT_CODINGS and not self.esm_class and not self.protocol_id
        return plain and not self.tlvs and not self.header


class PartKey(Struct, frozen=True, gc=False, array_like=True):
    """What the parts of one long message have in common; its sessions do not count.

    `kind` tells references of different size apart: 8 or 16 bits of a header, "sar" for TLVs.
    """

    account: str
    source: str
    destination: str
    kind: str
    reference: int
    total: int


class Part(Struct, frozen=True, gc=False, array_like=True):
    """The place of a part, from 1, in its long message."""

    key: PartKey
    number: int


def part_to(part: Part, destination: str) -> Part:
    """Give the same place in the long message for one of several destinations."""
    return Part(structs.replace(part.key, destination=destination), part.number)
