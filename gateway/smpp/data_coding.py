"""Every data_coding: which alphabet, which message class, whether it is a waiting indication.

Source: SMPP 3.4 §5.2.19 for 0x00-0x0F; the groups above it are those of 3GPP TS 23.038 §4.
"""

from enum import Enum
from typing import Final

import msgspec

from gateway.smpp.codes import DataCoding


class Alphabet(Enum):
    """How a message's octets are read; the value is for people."""

    DEFAULT = "default alphabet"
    ASCII = "ASCII"
    LATIN_1 = "Latin-1"
    BINARY = "8-bit binary"
    JIS = "JIS"
    CYRILLIC = "Cyrillic"
    HEBREW = "Hebrew"
    UCS2 = "UCS-2"
    PICTOGRAM = "pictogram"
    ISO_2022_JP = "ISO-2022-JP"
    EXTENDED_KANJI = "extended kanji"
    KS_C_5601 = "KS C 5601"


class MessageClass(Enum):
    """Where a phone keeps a message (23.038 §4); class 0 is shown at once: a flash message."""

    CLASS_0 = "class 0 (flash)"
    CLASS_1 = "class 1 (phone)"
    CLASS_2 = "class 2 (SIM)"
    CLASS_3 = "class 3 (terminal)"


class Waiting(Enum):
    """What a message waiting indication is about."""

    VOICEMAIL = "voicemail"
    FAX = "fax"
    EMAIL = "e-mail"
    OTHER = "other"


class Indication(msgspec.Struct, frozen=True, gc=False):
    """Whether something waits, and whether the message itself may be thrown away."""

    about: Waiting
    active: bool
    discard: bool


class Coding(msgspec.Struct, frozen=True, gc=False):
    """What a data_coding says. A compressed text reads as binary, whatever its alphabet."""

    alphabet: Alphabet
    message_class: MessageClass | None = None
    indication: Indication | None = None
    compressed: bool = False
    deleted_when_read: bool = False
    reserved: bool = False


_NAMED: Final[dict[int, Alphabet]] = {
    DataCoding.DEFAULT: Alphabet.DEFAULT,
    DataCoding.ASCII: Alphabet.ASCII,
    DataCoding.BINARY_2: Alphabet.BINARY,
    DataCoding.LATIN_1: Alphabet.LATIN_1,
    DataCoding.BINARY_4: Alphabet.BINARY,
    DataCoding.JIS: Alphabet.JIS,
    DataCoding.CYRILLIC: Alphabet.CYRILLIC,
    DataCoding.HEBREW: Alphabet.HEBREW,
    DataCoding.UCS2: Alphabet.UCS2,
    0x09: Alphabet.PICTOGRAM,
    0x0A: Alphabet.ISO_2022_JP,
    0x0D: Alphabet.EXTENDED_KANJI,
    0x0E: Alphabet.KS_C_5601,
}
_BY_BITS: Final = (Alphabet.DEFAULT, Alphabet.BINARY, Alphabet.UCS2, Alphabet.DEFAULT)
_CLASSES: Final = tuple(MessageClass)
_ABOUT: Final = tuple(Waiting)
_RESERVED_BITS: Final = 3

# Bits of the groups.
_DELETED_WHEN_READ: Final = 0x40
_COMPRESSED: Final = 0x20
_HAS_CLASS: Final = 0x10
_DISCARD: Final = 0xC
_STORE_UCS2: Final = 0xE
_CLASS_ONLY: Final = 0xF
_ACTIVE: Final = 0x08
_EIGHT_BIT: Final = 0x04


def _general(code: int) -> Coding:
    """Read groups 00xx and 01xx; SMPP took 0x00-0x0F for its own list."""
    bits = code >> 2 & 3
    compressed = bool(code & _COMPRESSED)
    return Coding(
        Alphabet.BINARY if compressed else _BY_BITS[bits],
        message_class=_CLASSES[code & 3] if code & _HAS_CLASS else None,
        compressed=compressed,
        deleted_when_read=bool(code & _DELETED_WHEN_READ),
        reserved=bits == _RESERVED_BITS,
    )


def _coding(code: int) -> Coding:
    group = code >> 4
    if group == 0:
        return Coding(_NAMED.get(code, Alphabet.DEFAULT), reserved=code not in _NAMED)
    if group < 0x8:
        return _general(code)
    if group == _CLASS_ONLY:
        alphabet = Alphabet.BINARY if code & _EIGHT_BIT else Alphabet.DEFAULT
        return Coding(alphabet, message_class=_CLASSES[code & 3])
    if group < _DISCARD:
        return Coding(Alphabet.DEFAULT, reserved=True)
    return Coding(
        Alphabet.UCS2 if group == _STORE_UCS2 else Alphabet.DEFAULT,
        indication=Indication(_ABOUT[code & 3], bool(code & _ACTIVE), group == _DISCARD),
    )


CODINGS: Final = tuple(_coding(code) for code in range(256))
"""What each of the 256 values says."""


def describe_data_coding(data_coding: int) -> str:
    """Say in words what a data_coding of one octet means, for logs."""
    coding = CODINGS[data_coding]
    words = [coding.alphabet.value]
    if coding.compressed:
        words = [f"compressed {_BY_BITS[data_coding >> 2 & 3].value}"]
    if coding.reserved:
        words.append("reserved")
    if coding.message_class is not None:
        words.append(coding.message_class.value)
    if coding.deleted_when_read:
        words.append("deleted when read")
    if coding.indication is not None:
        one = coding.indication
        words.append(f"{one.about.value} {'waiting' if one.active else 'no longer waiting'}")
        words.append("discard" if one.discard else "store")
    return ", ".join(words)
