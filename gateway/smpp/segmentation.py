"""Long messages into what carries them: segments by UDH or sar_* TLVs, or message_payload.

Source: 3GPP TS 23.040 §9.2.3.24.1 and .8; SMPP 3.4 §5.3.2.22-24 and .32. A segment must fit into
the 140 octets of a short message on the air: 160 septets, also where SMPP writes one an octet.
"""

from enum import Enum, auto
from typing import Final

import msgspec

from gateway.smpp.codes import EsmClass, TlvTag
from gateway.smpp.data_coding import CODINGS, Alphabet
from gateway.smpp.errors import Misuse
from gateway.smpp.fields import tlv
from gateway.smpp.gsm import ESCAPE
from gateway.smpp.pdu import Tlv
from gateway.smpp.septets import fill_bits, pack, packed_size
from gateway.smpp.text import DefaultAlphabet, encode_unpacked
from gateway.smpp.udh import Concatenation, LongForm, concatenation_header

MOST_SEGMENTS: Final = 255
_MESSAGE_OCTETS: Final = 140
_SHORT_MESSAGE_OCTETS: Final = 254
_PAYLOAD_OCTETS: Final = 0xFFFF
_HIGH_SURROGATES: Final = range(0xD8, 0xDC)
# A segment told by sar_* leaves its SMSC room for the header with a 16-bit reference.
_HEADER_SIZES: Final = {LongForm.UDH_8: 6, LongForm.UDH_16: 7, LongForm.SAR: 7}
_PACKED: Final = DefaultAlphabet.GSM_PACKED


class Segment(msgspec.Struct, frozen=True, gc=False):
    """What one PDU carries of a message: its octets begin with the header if esm_class has UDHI.

    `short_message` is empty where the TLVs have message_payload.
    """

    data_coding: int
    esm_class: int
    short_message: bytes
    tlvs: tuple[Tlv, ...] = ()


class _Unit(Enum):
    """What is counted, and what must stay whole."""

    OCTETS = auto()
    SEPTETS = auto()
    PACKED = auto()
    UCS2 = auto()


_UNITS: Final = {
    Alphabet.ASCII: _Unit.SEPTETS,
    Alphabet.UCS2: _Unit.UCS2,
}
_DEFAULT_UNITS: Final = {
    DefaultAlphabet.GSM: _Unit.SEPTETS,
    DefaultAlphabet.GSM_PACKED: _Unit.PACKED,
    DefaultAlphabet.LATIN_1: _Unit.OCTETS,
    DefaultAlphabet.ASCII: _Unit.SEPTETS,
}


def segments(
    text: str,
    reference: int = 0,
    *,
    form: LongForm = LongForm.UDH_8,
    alphabet: DefaultAlphabet = DefaultAlphabet.GSM,
) -> tuple[Segment, ...]:
    """Write a text, as one message or in the given form if it is too long for one.

    Uses the default alphabet if that has every character, else UCS-2. Escapes and surrogate pairs
    stay whole. Raises Misuse for what the form cannot hold; `carried` tells what it can.
    """
    data_coding, octets = encode_unpacked(text, alphabet)
    return octet_segments(octets, data_coding, reference, form=form, alphabet=alphabet)


def octet_segments(
    octets: bytes,
    data_coding: int,
    reference: int = 0,
    *,
    form: LongForm = LongForm.UDH_8,
    alphabet: DefaultAlphabet = DefaultAlphabet.GSM,
) -> tuple[Segment, ...]:
    """Write octets that are in a data_coding already, one an octet if they are septets.

    `reference` is cut to what the form has room for. Raises Misuse as `segments` does.
    """
    unit = _unit(data_coding, alphabet)
    if form is LongForm.PAYLOAD:
        return (_payload(data_coding, pack(octets) if unit is _Unit.PACKED else octets),)
    if _fits(octets, unit):
        written = pack(octets) if unit is _Unit.PACKED else octets
        return (Segment(data_coding, 0, written),)
    parts = _cut(octets, unit, form)
    if len(parts) > MOST_SEGMENTS:
        raise Misuse(f"{len(parts)} segments are more than {MOST_SEGMENTS}")
    return _placed(parts, data_coding, unit, reference, form)


def parts_of(text: str) -> int:
    """Say how many short messages a text takes on the air, each with a header of 8-bit reference.

    The GSM alphabet is taken if it has every character, else UCS-2, as for `segments`.
    """
    # Of ASCII a character is two septets at most; of Unicode two UTF-16 units.
    if len(text) <= (_MESSAGE_OCTETS * 8 // 7 // 2 if text.isascii() else _MESSAGE_OCTETS // 4):
        return 1
    data_coding, octets = encode_unpacked(text, DefaultAlphabet.GSM)
    return octet_parts_of(octets, data_coding)


def octet_parts_of(octets: bytes, data_coding: int, header: bytes = b"") -> int:
    """Say how many short messages octets take behind a header, one an octet if they are septets."""
    unit = _unit(data_coding, DefaultAlphabet.GSM)
    if len(octets) <= _room(_MESSAGE_OCTETS - len(header), unit):
        return 1
    return len(_cut(octets, unit, LongForm.UDH_8, header[1:]))


def segments_behind(
    header: bytes,
    octets: bytes,
    data_coding: int,
    reference: int = 0,
    *,
    form: LongForm = LongForm.UDH_8,
    alphabet: DefaultAlphabet = DefaultAlphabet.GSM,
) -> tuple[Segment, ...]:
    """Write octets behind a header of another kind, each segment with that header's elements.

    `form` is one by a header. What fits into one message is one, without a place; what 255 segments
    cannot hold is left off.
    """
    unit, others = _unit(data_coding, alphabet), header[1:]
    room = _MESSAGE_OCTETS - len(header)
    packed = unit is _Unit.PACKED and packed_size(octets, fill_bits(len(header))) <= room
    if packed or (unit is not _Unit.PACKED and len(octets) <= _room(room, unit)):
        one = behind_header(header, octets, data_coding, alphabet)
        return (msgspec.structs.replace(one, esm_class=EsmClass.UDHI),)
    parts = _cut(octets, unit, form, others)[:MOST_SEGMENTS]
    return _placed(parts, data_coding, unit, reference, form, others)


def _placed(
    parts: list[bytes],
    data_coding: int,
    unit: _Unit,
    reference: int,
    form: LongForm,
    others: bytes = b"",
) -> tuple[Segment, ...]:
    places = (
        Concatenation(reference, len(parts), number, form) for number in range(1, len(parts) + 1)
    )
    return tuple(
        _segment(data_coding, part, unit, place, others)
        for part, place in zip(parts, places, strict=True)
    )


def behind_header(
    header: bytes, octets: bytes, data_coding: int, alphabet: DefaultAlphabet = DefaultAlphabet.GSM
) -> Segment:
    """Write octets behind a header of another kind, in one PDU; esm_class is the caller's.

    What message_payload cannot hold is left off.
    """
    if _unit(data_coding, alphabet) is _Unit.PACKED:
        octets = pack(octets, fill_bits(len(header)))
    return _payload(data_coding, (header + octets)[:_PAYLOAD_OCTETS])


def carried(
    octets: bytes,
    data_coding: int,
    *,
    form: LongForm = LongForm.UDH_8,
    alphabet: DefaultAlphabet = DefaultAlphabet.GSM,
) -> bytes:
    """Give as much of a message, from its beginning, as `octet_segments` can write in this form."""
    unit = _unit(data_coding, alphabet)
    if form is not LongForm.PAYLOAD:
        return b"".join(_cut(octets, unit, form)[:MOST_SEGMENTS])
    room = _room(_PAYLOAD_OCTETS, _Unit.OCTETS if unit is _Unit.SEPTETS else unit)
    return octets[: _whole(octets, 0, room, unit)]


def _unit(data_coding: int, alphabet: DefaultAlphabet) -> _Unit:
    named = CODINGS[data_coding].alphabet
    if named is Alphabet.DEFAULT:
        return _DEFAULT_UNITS[alphabet]
    return _UNITS.get(named, _Unit.OCTETS)


def _room(octets: int, unit: _Unit) -> int:
    """Give how many of our octets go into so many on the air."""
    if unit is _Unit.UCS2:
        return octets & ~1
    return octets if unit is _Unit.OCTETS else octets * 8 // 7


def _fits(octets: bytes, unit: _Unit) -> bool:
    if unit is _Unit.PACKED:
        return packed_size(octets) <= _MESSAGE_OCTETS
    return len(octets) <= _room(_MESSAGE_OCTETS, unit)


def _fill(form: LongForm, others: bytes) -> int:
    return 0 if form is LongForm.SAR else fill_bits(_HEADER_SIZES[form] + len(others))


def _cut(octets: bytes, unit: _Unit, form: LongForm, others: bytes = b"") -> list[bytes]:
    most = _MESSAGE_OCTETS - _HEADER_SIZES[form] - len(others)
    room = _room(most, unit)
    fill = _fill(form, others)
    parts: list[bytes] = []
    start = 0
    while start < len(octets):
        end = start + room
        if unit is _Unit.PACKED and packed_size(octets[start:end], fill) > most:
            # Full to the last bit it could end in what looks like padding.
            end -= 1
        end = _whole(octets, start, end, unit)
        parts.append(octets[start:end])
        start = end
    return parts


def _whole(octets: bytes, start: int, end: int, unit: _Unit) -> int:
    """Move an end that would cut a character in two before that character."""
    if start + 1 < end < len(octets):
        if unit is _Unit.UCS2 and octets[end - 2] in _HIGH_SURROGATES:
            return end - 2
        if unit in (_Unit.SEPTETS, _Unit.PACKED) and octets[end - 1] == ESCAPE:
            return end - 1
    return end


def _segment(
    data_coding: int, part: bytes, unit: _Unit, place: Concatenation, others: bytes
) -> Segment:
    if unit is _Unit.PACKED:
        part = pack(part, _fill(place.form, others))
    if place.form is LongForm.SAR:
        return Segment(data_coding, 0, part, _sar(place))
    return Segment(data_coding, EsmClass.UDHI, concatenation_header(place, others) + part)


def _sar(place: Concatenation) -> tuple[Tlv, ...]:
    return (
        tlv(TlvTag.SAR_MSG_REF_NUM, place.reference & 0xFFFF),
        tlv(TlvTag.SAR_TOTAL_SEGMENTS, place.total),
        tlv(TlvTag.SAR_SEGMENT_SEQNUM, place.number),
    )


def _payload(data_coding: int, octets: bytes) -> Segment:
    if len(octets) <= _SHORT_MESSAGE_OCTETS:
        return Segment(data_coding, 0, octets)
    return Segment(data_coding, 0, b"", (tlv(TlvTag.MESSAGE_PAYLOAD, octets),))
