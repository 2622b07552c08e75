"""User data headers: found, read, made (3GPP TS 23.040 §9.2.3.24; SMPP 3.4 §5.2.12 UDHI).

Only information elements 0x00 and 0x08 are concatenations; all others (ports, national language)
are kept as they are.
"""

from typing import Final

import msgspec

CONCATENATED_8: Final = 0x00
CONCATENATED_16: Final = 0x08
_SIZE_8: Final = 3
_SIZE_16: Final = 4


class InformationElement(msgspec.Struct, frozen=True, gc=False):
    """One element of a header."""

    identifier: int
    value: bytes


class Concatenation(msgspec.Struct, frozen=True, gc=False):
    """A segment's place: `number` of `total`, from 1, in the message `reference`."""

    reference: int
    total: int
    number: int


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


def _place(element: InformationElement) -> Concatenation | None:
    value = element.value
    eight = element.identifier == CONCATENATED_8 and len(value) == _SIZE_8
    sixteen = element.identifier == CONCATENATED_16 and len(value) == _SIZE_16
    if not eight and not sixteen:
        return None
    reference = int.from_bytes(value[:-2], "big")
    total, number = value[-2:]
    return Concatenation(reference, total, number) if 1 <= number <= total else None


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


def concatenation_header(place: Concatenation, *, wide: bool) -> bytes:
    """Make the header of one segment with an 8-bit, or a `wide` 16-bit, reference."""
    if wide:
        element = bytes((CONCATENATED_16, _SIZE_16)) + (place.reference & 0xFFFF).to_bytes(2, "big")
    else:
        element = bytes((CONCATENATED_8, _SIZE_8, place.reference & 0xFF))
    element += bytes((place.total, place.number))
    return bytes((len(element),)) + element
