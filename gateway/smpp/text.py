"""Text <-> octets by data_coding (SMPP 3.4 §5.2.19; GSM 03.38).

Reading never fails: what cannot be read becomes U+FFFD. data_coding 0, and every other one that
names no alphabet of its own, is in the SMSC's default alphabet, which differs from SMSC to SMSC.
"""

from enum import Enum
from typing import Final

from gateway.smpp.codes import DataCoding
from gateway.smpp.data_coding import CODINGS, Alphabet
from gateway.smpp.gsm import decode_gsm, encode_gsm, encode_gsm_replacing
from gateway.smpp.national import decode_national
from gateway.smpp.septets import fill_bits, pack, unpack
from gateway.smpp.udh import NO_LANGUAGES, Languages


class DefaultAlphabet(Enum):
    """What an SMSC's default alphabet is: GSM 7-bit, one octet a septet or packed, or another."""

    GSM = "gsm"
    GSM_PACKED = "gsm-packed"
    LATIN_1 = "latin-1"
    ASCII = "ascii"


# An Enum's member costs a call in CPython 3.11, more than building a value does.
_GSM_PACKED: Final = DefaultAlphabet.GSM_PACKED


_GSM: Final = DefaultAlphabet.GSM
_UCS2: Final = "utf-16-be"
_BY_ALPHABET: Final[dict[Alphabet, str | None]] = {
    Alphabet.DEFAULT: None,
    Alphabet.ASCII: "ascii",
    Alphabet.LATIN_1: "latin-1",
    Alphabet.BINARY: "latin-1",
    Alphabet.JIS: "shift_jis",
    Alphabet.CYRILLIC: "iso8859-5",
    Alphabet.HEBREW: "iso8859-8",
    Alphabet.UCS2: _UCS2,
    Alphabet.PICTOGRAM: "latin-1",
    Alphabet.ISO_2022_JP: "iso2022_jp",
    Alphabet.EXTENDED_KANJI: "iso2022_jp_1",
    Alphabet.KS_C_5601: "euc_kr",
}
_CODECS: Final = tuple(_BY_ALPHABET[coding.alphabet] for coding in CODINGS)
"""Python's codec for each data_coding; None for the default alphabet."""
_DEFAULT_CODECS: Final = {DefaultAlphabet.LATIN_1: "latin-1", DefaultAlphabet.ASCII: "ascii"}


def unpacked(
    data_coding: int, octets: bytes, alphabet: DefaultAlphabet, header_size: int = 0
) -> bytes:
    """Undo the packing of a text that stood behind a header of so many octets, if it is packed.

    What comes of it reads by `decode_text`, and joins with what other segments give.
    """
    if alphabet is _GSM_PACKED and _CODECS[data_coding] is None:
        return unpack(octets, fill_bits(header_size))
    return octets


def decode_text(
    data_coding: int,
    octets: bytes,
    alphabet: DefaultAlphabet = _GSM,
    languages: Languages = NO_LANGUAGES,
) -> str:
    """Read a message without its header, `unpacked`; binary octets come as Latin-1 characters."""
    codec = _CODECS[data_coding]
    if codec is None:
        if alphabet is _GSM and languages is NO_LANGUAGES:
            return decode_gsm(octets)
        codec = _DEFAULT_CODECS.get(alphabet)
        if codec is None:
            return decode_national(octets, languages)
    return octets.decode(codec, "replace")


def encode_text(text: str, alphabet: DefaultAlphabet = _GSM) -> tuple[int, bytes]:
    """Choose the default alphabet if it has every character, else UCS-2.

    Gives (data_coding, octets); packed ones if the alphabet is.
    """
    if alphabet is _GSM:
        octets = encode_gsm(text)
        if octets is not None:
            return DataCoding.DEFAULT, octets
        return DataCoding.UCS2, text.encode(_UCS2, "replace")
    data_coding, octets = encode_unpacked(text, alphabet)
    if alphabet is _GSM_PACKED and data_coding == DataCoding.DEFAULT:
        octets = pack(octets)
    return data_coding, octets


def encode_unpacked(text: str, alphabet: DefaultAlphabet) -> tuple[int, bytes]:
    """Do as `encode_text`, but leave septets one an octet: they can be cut so."""
    codec = _DEFAULT_CODECS.get(alphabet)
    octets = encode_gsm(text) if codec is None else _encoded(text, codec)
    if octets is None:
        return DataCoding.UCS2, text.encode(_UCS2, "replace")
    return DataCoding.DEFAULT, octets


def _encoded(text: str, codec: str) -> bytes | None:
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None


def encode_as(data_coding: int, text: str, alphabet: DefaultAlphabet = _GSM) -> bytes:
    """Write in a given data_coding, a question mark for each character that it lacks."""
    codec = _CODECS[data_coding] or _DEFAULT_CODECS.get(alphabet)
    if codec is not None:
        return text.encode(codec, "replace")
    octets = encode_gsm_replacing(text)
    return pack(octets) if alphabet is _GSM_PACKED else octets
