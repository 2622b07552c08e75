"""GSM 7-bit default alphabet and its extension table, one octet a septet ("unpacked").

Source: GSM 03.38 (3GPP TS 23.038) §6.2.1. SMPP's data_coding 0 carries it so, as most SMSCs do.
"""

from typing import Final

_BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
_EXTENSION: Final = {
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

_SAME: Final = bytes(code for code, one in enumerate(_BASIC) if ord(one) == code != ESCAPE)
"""The octets that mean the same in ASCII and in GSM."""

_DECODED: Final = _BASIC.replace("\x1b", _REPLACEMENT) + _REPLACEMENT * 128
_ENCODED: Final = {one: bytes((code,)) for code, one in enumerate(_BASIC) if code != ESCAPE} | {
    one: bytes((ESCAPE, code)) for code, one in _EXTENSION.items() if code != ESCAPE
}


def decode_gsm(octets: bytes) -> str:
    """Read unpacked septets; octets from 0x80 and a final escape become U+FFFD."""
    if not octets.translate(None, _SAME):
        return octets.decode("ascii")
    if ESCAPE not in octets:
        return "".join([_DECODED[code] for code in octets])
    shown: list[str] = []
    escaped = False
    for code in octets:
        if escaped:
            # A code that the extension lacks means its basic character (03.38 §6.2.1.1).
            shown.append(_EXTENSION.get(code, _DECODED[code]))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            shown.append(_DECODED[code])
    return "".join(shown) + (_REPLACEMENT if escaped else "")


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
