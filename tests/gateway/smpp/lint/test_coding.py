from __future__ import annotations

import pytest

from gateway.smpp.lint.coding import coding_notes, is_default, is_ucs2
from gateway.smpp.text import DefaultAlphabet

ARABIC = "مرحبا بكم في خدمة التسجيل"
CHINESE = "你好世界欢迎使用短信"


def ids(coding: int, body: bytes, alphabet: DefaultAlphabet = DefaultAlphabet.GSM) -> list[str]:
    return [rule.id for rule, _ in coding_notes(coding, body, alphabet)]


@pytest.mark.parametrize(
    ("coding", "default", "ucs2"),
    [
        (0x00, True, False),
        (0x01, False, False),
        (0x08, False, True),
        (0x0A, False, False),
        (0x10, True, False),
        (0x14, False, False),
        (0x18, False, True),
        (0x48, False, True),
        (0xF0, True, False),
        (0xF5, False, False),
    ],
)
def test_which_alphabet_a_data_coding_means(coding: int, default: bool, ucs2: bool) -> None:
    assert is_default(coding) is default
    assert is_ucs2(coding) is ucs2


@pytest.mark.parametrize(
    ("coding", "body", "expected"),
    [
        (0, b"REG 1#2#", []),
        (0, b"", []),
        (0, "Selamat datang".encode("utf-16-be"), ["ucs2_as_default"]),
        (0, b"\0\0", []),
        (0, b"@ user at host".replace(b"@", b"\0"), []),
        (0, "Rp 5.000 \u2013 café".encode(), ["utf8_as_default"]),
        (0, "café".encode("latin-1"), ["octets_as_default"]),
        (0xF0, "café".encode("latin-1"), ["octets_as_default"]),
        (1, b"plain", []),
        (1, "café".encode("latin-1"), ["octets_as_ascii"]),
        (3, "café".encode("latin-1"), []),
        (3, "café".encode(), ["utf8_as_latin1"]),
        (4, bytes(range(256)), []),
        (8, b"", []),
        (8, ARABIC.encode("utf-16-be"), []),
        (8, CHINESE.encode("utf-16-be"), []),
        (8, "😀😀😀😀😀😀".encode("utf-16-be"), []),
        (8, "€".encode("utf-16-be"), []),
        (8, "A".encode("utf-16-le"), []),
        (8, "Selamat \u2013 datang".encode("utf-16-le"), ["ucs2_little_endian"]),
        (8, ARABIC.encode("utf-16-le"), ["ucs2_little_endian"]),
        (8, "Ya".encode("utf-16"), ["ucs2_little_endian"]),
        (8, b"\xfe\xff" + "Ya".encode("utf-16-be"), ["ucs2_bom"]),
        (8, "Selamat datang".encode("utf-16-be"), ["ucs2_needless"]),
        (8, "a`b".encode("utf-16-be"), []),
        (8, ARABIC.encode("utf-16-be")[:-1], ["ucs2_odd"]),
        (8, b"abc", ["ucs2_odd"]),
        (0x18, "Ya".encode("utf-16-be"), ["ucs2_needless"]),
    ],
)
def test_texts(coding: int, body: bytes, expected: list[str]) -> None:
    assert ids(coding, body) == expected


@pytest.mark.parametrize(
    ("alphabet", "text", "expected"),
    [
        (DefaultAlphabet.LATIN_1, "café".encode("latin-1"), []),
        (DefaultAlphabet.LATIN_1, "café".encode(), ["utf8_as_default"]),
        (DefaultAlphabet.ASCII, "café".encode("latin-1"), ["octets_as_default"]),
        (DefaultAlphabet.GSM_PACKED, "café".encode(), []),
        (DefaultAlphabet.GSM_PACKED, b"\0a\0b\0c", []),
    ],
)
def test_other_default_alphabets(
    alphabet: DefaultAlphabet, text: bytes, expected: list[str]
) -> None:
    assert ids(0, text, alphabet) == expected
    assert ids(8, b"abc", alphabet) == ["ucs2_odd"]
