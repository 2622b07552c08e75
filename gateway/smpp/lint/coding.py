"""What is wrong with the octets of a text under its data_coding (SMPP 3.4 §5.2.19; GSM 03.38)."""

from typing import Final

from gateway.smpp.codes import DataCoding
from gateway.smpp.data_coding import CODINGS, Alphabet
from gateway.smpp.gsm import encode_gsm
from gateway.smpp.lint import message_rules as rules
from gateway.smpp.lint.findings import Note
from gateway.smpp.lint.rules import Rule
from gateway.smpp.text import DefaultAlphabet

_LITTLE_ENDIAN_MARK: Final = b"\xff\xfe"
_BIG_ENDIAN_MARK: Final = b"\xfe\xff"
# Characters from which a text shows its byte order by how its octets spread.
_TELLING: Final = 8
_FEW: Final = 3


def is_ucs2(data_coding: int) -> bool:
    """Say whether this data_coding means UCS-2."""
    return CODINGS[data_coding].alphabet is Alphabet.UCS2


def is_default(data_coding: int) -> bool:
    """Say whether this data_coding means the default alphabet."""
    return CODINGS[data_coding].alphabet is Alphabet.DEFAULT


def coding_notes(
    data_coding: int, body: bytes, alphabet: DefaultAlphabet = DefaultAlphabet.GSM
) -> list[Note]:
    """Say what is wrong with a text, its header left out; `alphabet` is the client's default."""
    if is_ucs2(data_coding):
        found = _ucs2(body)
    elif is_default(data_coding):
        found = _default(body, alphabet)
    elif body.isascii():
        found = []
    elif data_coding == DataCoding.LATIN_1:
        found = [rules.UTF8_AS_LATIN1] if _is_utf8(body) else []
    else:
        found = [rules.OCTETS_AS_ASCII] if data_coding == DataCoding.ASCII else []
    return [(rule, f"data_coding {data_coding}, {len(body)} octets") for rule in found]


def _default(body: bytes, alphabet: DefaultAlphabet) -> list[Rule]:
    if alphabet is DefaultAlphabet.GSM_PACKED:
        return []
    if body.isascii():
        looks_wide = 0 in body and _zeros_in_front(body)
        return [rules.UCS2_AS_DEFAULT] if looks_wide else []
    if _is_utf8(body):
        return [rules.UTF8_AS_DEFAULT]
    return [] if alphabet is DefaultAlphabet.LATIN_1 else [rules.OCTETS_AS_DEFAULT]


def _ucs2(body: bytes) -> list[Rule]:
    found = [rules.UCS2_ODD] if len(body) % 2 else []
    if body.startswith(_LITTLE_ENDIAN_MARK) or _is_little_endian(body):
        return [*found, rules.UCS2_LITTLE_ENDIAN]
    if body.startswith(_BIG_ENDIAN_MARK):
        return [*found, rules.UCS2_BOM]
    if body and body.isascii() and not any(body[0::2]):
        plain = encode_gsm(body[1::2].decode("ascii"))
        return [*found, rules.UCS2_NEEDLESS] if plain is not None else found
    return found


def _zeros_in_front(body: bytes) -> bool:
    first, second = body[0::2], body[1::2]
    return len(body) > 2 and first.count(0) * 2 > len(first) and second.count(0) * 2 < len(second)


def _is_little_endian(body: bytes) -> bool:
    """Judge by which octet of a character is nearly always the same: that is the high one."""
    first, second = body[0::2], body[1::2]
    if len(first) < 2:
        return False
    if second.count(0) * 2 > len(second) and first.count(0) * 2 < len(first):
        return True
    kinds = len(set(second))
    return len(second) >= _TELLING and kinds <= _FEW and len(set(first)) > _FEW * kinds


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
