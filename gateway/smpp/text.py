"""Text <-> octets by data_coding, and long text into segments (SMPP 3.4 §5.2.19; GSM 03.38, 03.40).

Reading never fails: what cannot be read becomes U+FFFD. data_coding 0 is the SMSC's default
alphabet, here GSM 7-bit unpacked.
"""

from typing import Final

import msgspec

from gateway.smpp.codes import DataCoding, EsmClass
from gateway.smpp.errors import Misuse
from gateway.smpp.gsm import ESCAPE, decode_gsm, encode_gsm, encode_gsm_replacing
from gateway.smpp.udh import Concatenation, concatenation_header, parse_udh, split_udh

__all__ = [
    "Segment",
    "decode_text",
    "encode_as",
    "encode_text",
    "parse_udh",
    "segments",
    "split_udh",
]

_UCS2: Final = "utf-16-be"
_BINARY: Final = "latin-1"
_GSM: Final = None

_CODECS: Final[dict[int, str | None]] = {
    DataCoding.DEFAULT: _GSM,
    DataCoding.ASCII: "ascii",
    DataCoding.BINARY_2: _BINARY,
    DataCoding.LATIN_1: "latin-1",
    DataCoding.BINARY_4: _BINARY,
    DataCoding.JIS: "shift_jis",
    DataCoding.CYRILLIC: "iso8859-5",
    DataCoding.HEBREW: "iso8859-8",
    DataCoding.UCS2: _UCS2,
    0x09: _BINARY,
    0x0A: "iso2022_jp",
    0x0D: "iso2022_jp_1",
    0x0E: "euc_kr",
}
_BY_ALPHABET_BITS: Final = (_GSM, _BINARY, _UCS2, _GSM)

_MESSAGE_OCTETS: Final = 140
_MESSAGE_SEPTETS: Final = 160
_MAX_SEGMENTS: Final = 255
_HIGH_SURROGATES: Final = range(0xD8, 0xDC)


class Segment(msgspec.Struct, frozen=True, gc=False):
    """One short message of a text; its octets start with the header if esm_class has UDHI."""

    data_coding: int
    esm_class: int
    short_message: bytes


def _codec(data_coding: int) -> str | None:
    """Give Python's codec, or None for GSM; outside SMPP's own list by GSM 03.38 §4's groups."""
    if data_coding in _CODECS:
        return _CODECS[data_coding]
    group = data_coding >> 4
    if 0 < group < 0x8 or group == 0xF:
        # General groups name the alphabet in bits 3-2, message class (0xF.) in bit 2.
        return _BY_ALPHABET_BITS[(data_coding >> 2 & 3) & (1 if group == 0xF else 3)]
    return _UCS2 if group == 0xE else _GSM


def decode_text(data_coding: int, octets: bytes) -> str:
    """Read a message without its header; binary octets come as Latin-1 characters."""
    codec = _codec(data_coding)
    return decode_gsm(octets) if codec is None else octets.decode(codec, "replace")


def encode_text(text: str) -> tuple[int, bytes]:
    """Choose GSM 7-bit if it has every character, else UCS-2; give (data_coding, octets)."""
    octets = encode_gsm(text)
    if octets is not None:
        return DataCoding.DEFAULT, octets
    return DataCoding.UCS2, text.encode(_UCS2, "replace")


def encode_as(data_coding: int, text: str) -> bytes:
    """Write in a given data_coding, a question mark for each character that it lacks."""
    codec = _codec(data_coding)
    return encode_gsm_replacing(text) if codec is None else text.encode(codec, "replace")


def segments(text: str, reference: int = 0, *, wide: bool = False) -> tuple[Segment, ...]:
    """Cut a text into short messages, each with a concatenation header if there are several.

    Counts septets (the euro sign is two) or octets, and keeps escapes and surrogate pairs whole.
    `wide` uses 16-bit references. Raises Misuse for a text of more than 255 segments.
    """
    data_coding, octets = encode_text(text)
    gsm = data_coding == DataCoding.DEFAULT
    if len(octets) <= (_MESSAGE_SEPTETS if gsm else _MESSAGE_OCTETS):
        return (Segment(data_coding, 0, octets),)
    header = len(concatenation_header(Concatenation(0, 1, 1), wide=wide))
    room = _MESSAGE_OCTETS - header
    parts = _cut(octets, room * 8 // 7 if gsm else room & ~1, gsm=gsm)
    if len(parts) > _MAX_SEGMENTS:
        raise Misuse(f"{len(parts)} segments are more than {_MAX_SEGMENTS}")
    return tuple(
        Segment(
            data_coding,
            EsmClass.UDHI,
            concatenation_header(Concatenation(reference, len(parts), number), wide=wide) + part,
        )
        for number, part in enumerate(parts, 1)
    )


def _cut(octets: bytes, room: int, *, gsm: bool) -> list[bytes]:
    parts: list[bytes] = []
    start = 0
    while start < len(octets):
        end = start + room
        if end < len(octets):
            if gsm and octets[end - 1] == ESCAPE:
                end -= 1
            elif not gsm and octets[end - 2] in _HIGH_SURROGATES:
                end -= 2
        parts.append(octets[start:end])
        start = end
    return parts
