"""User data headers: found, read, made (3GPP TS 23.040 §9.2.3.24; SMPP 3.4 §5.2.12 UDHI).

Only information elements 0x00 and 0x08 are concatenations. Ports and national languages are read
too; all others are kept as they are.
"""

from enum import Enum
from typing import Final

import msgspec

CONCATENATED_8: Final = 0x00
CONCATENATED_16: Final = 0x08
PORTS_8: Final = 0x04
PORTS_16: Final = 0x05
NATIONAL_SINGLE_SHIFT: Final = 0x24
NATIONAL_LOCKING_SHIFT: Final = 0x25
_OF_A_SEGMENT: Final = frozenset(
    {CONCATENATED_8, CONCATENATED_16, NATIONAL_SINGLE_SHIFT, NATIONAL_LOCKING_SHIFT}
)
_SIZE_8: Final = 3
_SIZE_16: Final = 4
_PORT_SIZES: Final = {PORTS_8: 2, PORTS_16: 4}


class LongForm(Enum):
    """How a message that is too long for one goes: whole as message_payload, or in segments.

    Segments are told by a header with an 8- or a 16-bit reference, or by the sar_* TLVs.
    """

    PAYLOAD = "payload"
    UDH_8 = "udh8"
    UDH_16 = "udh16"
    SAR = "sar"


class InformationElement(msgspec.Struct, frozen=True, gc=False):
    """One element of a header."""

    identifier: int
    value: bytes


class Concatenation(msgspec.Struct, frozen=True, gc=False):
    """A segment's place: `number` of `total`, from 1, in the message `reference`.

    `form` is what told it: the same reference in two forms means two messages.
    """

    reference: int
    total: int
    number: int
    form: LongForm = LongForm.UDH_8


class Ports(msgspec.Struct, frozen=True, gc=False):
    """The application ports of a message (23.040 §9.2.3.24.3 and .4)."""

    destination: int
    source: int


class Languages(msgspec.Struct, frozen=True, gc=False):
    """The national tables of a GSM 7-bit text by their identifiers; 0 is the default one."""

    locking: int = 0
    single: int = 0


NO_LANGUAGES: Final = Languages()


class Udh(msgspec.Struct, frozen=True, gc=False):
    """A header; `size` counts its octets, the length octet included."""

    elements: tuple[InformationElement, ...]
    size: int

    @property
    def concatenation(self) -> Concatenation | None:
        """Give the first sound concatenation element, or None."""
        for element in self.elements:
            place = _place(element)
            if place is not None:
                return place
        return None

    @property
    def ports(self) -> Ports | None:
        """Give the last sound port element, which is the one that counts (§9.2.3.24), or None."""
        for element in reversed(self.elements):
            size = _PORT_SIZES.get(element.identifier)
            if size == len(element.value):
                half = size // 2
                destination, source = element.value[:half], element.value[half:]
                return Ports(int.from_bytes(destination, "big"), int.from_bytes(source, "big"))
        return None

    @property
    def languages(self) -> Languages:
        """Give the national tables that the text needs (23.040 §9.2.3.24.15 and .16)."""
        locking = single = 0
        for one in self.elements:
            if one.identifier >= NATIONAL_SINGLE_SHIFT and len(one.value) == 1:
                if one.identifier == NATIONAL_SINGLE_SHIFT:
                    single = one.value[0]
                elif one.identifier == NATIONAL_LOCKING_SHIFT:
                    locking = one.value[0]
        return Languages(locking, single) if locking or single else NO_LANGUAGES


def _place(element: InformationElement) -> Concatenation | None:
    value = element.value
    eight = element.identifier == CONCATENATED_8 and len(value) == _SIZE_8
    sixteen = element.identifier == CONCATENATED_16 and len(value) == _SIZE_16
    if not eight and not sixteen:
        return None
    reference = int.from_bytes(value[:-2], "big")
    total, number = value[-2:]
    if not 1 <= number <= total:
        return None
    return Concatenation(reference, total, number, LongForm.UDH_16 if sixteen else LongForm.UDH_8)


def parse_udh(octets: bytes) -> Udh | None:
    """Read the header at the start of user data; None if it does not hold together."""
    size = octets[0] + 1 if octets else 0
    if not octets or size > len(octets):
        return None
    elements: list[InformationElement] = []
    position = 1
    while position < size:
        value = position + 2
        end = value + octets[position + 1] if value <= size else size + 1
        if end > size:
            return None
        elements.append(InformationElement(octets[position], octets[value:end]))
        position = end
    return Udh(tuple(elements), size)


def split_udh(octets: bytes) -> tuple[Udh | None, bytes]:
    """Give the header and the user data behind it; (None, all) if there is no sound header."""
    udh = parse_udh(octets)
    return (None, octets) if udh is None else (udh, octets[udh.size :])


def elements_kept(header: bytes) -> bytes:
    """Give the elements of a segment's header that are about the whole message, as octets.

    Ports are, for one (23.040 §9.2.3.24: they stand in every segment); the segment's place is not,
    nor are the tables that its text was read by. Empty for a header that does not hold together.
    """
    udh = parse_udh(header)
    if udh is None:
        return b""
    return b"".join(
        bytes((one.identifier, len(one.value))) + one.value
        for one in udh.elements
        if one.identifier not in _OF_A_SEGMENT
    )


def concatenation_header(place: Concatenation, others: bytes = b"") -> bytes:
    """Make the header of one segment, with an 8-bit reference if its form is UDH_8, else 16-bit.

    `others` are elements that stand behind the place, as octets.
    """
    if place.form is LongForm.UDH_8:
        element = bytes((CONCATENATED_8, _SIZE_8, place.reference & 0xFF))
    else:
        element = bytes((CONCATENATED_16, _SIZE_16)) + (place.reference & 0xFFFF).to_bytes(2, "big")
    element += bytes((place.total, place.number)) + others
    return bytes((len(element),)) + element
