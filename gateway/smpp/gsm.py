"""GSM 7-bit default alphabet and its extension table, one octet a septet ("unpacked").

Source: GSM 03.38 (3GPP TS 23.038) §6.2.1. SMPP's data_coding 0 carries it so, as most SMSCs do.
"""

from collections.abc import Mapping
from typing import Final

BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENSION: Final = {
    0x0A: "\f",
    0x14: "^",
    0x1B: " ",  # reserved for a further table: shown as a space
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
ESCAPE: Final = 0x1B
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

_SAME: Final = bytes(code for code, one in enumerate(BASIC) if ord(one) == code != ESCAPE)
"""The octets that mean the same in ASCII and in GSM."""

_ENCODED: Final = {one: bytes((code,)) for code, one in enumerate(BASIC) if code != ESCAPE} | {
    one: bytes((ESCAPE, code)) for code, one in EXTENSION.items() if code != ESCAPE
}


def decode_gsm(octets: bytes) -> str:
    """Read unpacked septets; octets from 0x80 and a final escape become U+FFFD."""
    if not octets.translate(None, _SAME):
        return octets.decode("ascii")
    return decode_by(octets, _DECODED, EXTENSION)


def readable(basic: str) -> str:
    """Make what `decode_by` reads by of a table of 128 characters."""
    return basic.replace("\x1b", _REPLACEMENT) + _REPLACEMENT * 128


def decode_by(octets: bytes, basic: str, extension: Mapping[int, str]) -> str:
    """Read unpacked septets by a `readable` basic table and the one behind the escape."""
    if ESCAPE not in octets:
        return "".join([basic[code] for code in octets])
    shown: list[str] = []
    escaped = False
    for code in octets:
        if escaped:
            # A code that the extension lacks means its basic character (03.38 §6.2.1.1).
            shown.append(extension.get(code, basic[code]))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            shown.append(basic[code])
    return "".join(shown) + (_REPLACEMENT if escaped else "")


_DECODED: Final = readable(BASIC)


def encode_gsm(text: str) -> bytes | None:
    """Write unpacked septets; None if a character is in neither table."""
    if text.isascii():
        octets = text.encode("ascii")
        if not octets.translate(None, _SAME):
            return octets
    try:
        return b"".join([_ENCODED[one] for one in text])
    except KeyError:
        return None


def encode_gsm_replacing(text: str) -> bytes:
    """Write unpacked septets, a question mark for each character in neither table."""
    return b"".join([_ENCODED.get(one, b"?") for one in text])
