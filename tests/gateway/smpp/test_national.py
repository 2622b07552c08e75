import pytest

from gateway.smpp.gsm import BASIC, EXTENSION, decode_gsm
from gateway.smpp.national import _LOCKING, _SINGLE, decode_national
from gateway.smpp.udh import Languages


@pytest.mark.parametrize(
    ("languages", "octets", "text"),
    [
        (Languages(single=1), b"\x1bS\x1bi\x1be", "Şı€"),
        (Languages(locking=1), b"\x1c\x07\x60\x1be", "Şıç€"),
        (Languages(single=2), b"\x1ba\x1b\x09", "áç"),
        (Languages(locking=3), b"\x16\x17\x18\x7b\x1b(", "^\\€ã{"),
        (Languages(3, 3), b"\x7b\x1b\x12\x1bf", "ãΦf"),
        (Languages(locking=3), b"\x1b\x04", "ê"),
        (Languages(6, 6), b"\x1b\x04a\x80\x1b", "èa\ufffd\ufffd"),
        (Languages(2, 0), b"\x04", "è"),
    ],
)
def test_the_named_tables_are_read(languages: Languages, octets: bytes, text: str) -> None:
    assert decode_national(octets, languages) == text


def test_without_national_tables_it_is_the_default_alphabet() -> None:
    octets = bytes(range(256))
    assert decode_national(octets, Languages()) == decode_gsm(octets)


def test_the_tables_are_as_large_as_the_standard_s() -> None:
    changed = {
        name: sum(a != b for a, b in zip(table, BASIC, strict=False) if b != "\x1b")
        for name, table in _LOCKING.items()
    }
    assert changed == {1: 8, 3: 30}
    added = {name: len(table) - len(EXTENSION) for name, table in _SINGLE.items()}
    assert added == {1: 7, 2: 9, 3: 27}
