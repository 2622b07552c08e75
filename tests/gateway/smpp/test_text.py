import pytest

from gateway.smpp.septets import pack
from gateway.smpp.text import (
    DefaultAlphabet,
    decode_text,
    encode_as,
    encode_text,
    encode_unpacked,
    unpacked,
)
from gateway.smpp.udh import Languages


@pytest.mark.parametrize(
    ("coding", "octets", "text"),
    [
        (0x00, b"\x00\x1be", "@€"),
        (0x01, b"a\xe9", "a\ufffd"),
        (0x02, b"\x00\xff", "\x00\xff"),
        (0x03, b"\xe9", "é"),
        (0x04, b"\x00\xff", "\x00\xff"),
        (0x05, b"\x83\x65", "テ"),
        (0x06, b"\xb0", "А"),  # noqa: RUF001 - Cyrillic
        (0x07, b"\xe0", "א"),
        (0x08, b"\x20\xac", "€"),
        (0x08, b"\xd8\x3d\xde\x00", "😀"),
        (0x08, b"\x00A\x00", "A\ufffd"),
        (0x08, b"\xd8\x3d", "\ufffd"),
        (0x09, b"\xff", "\xff"),
        (0x0A, b"a", "a"),
        (0x0D, b"a", "a"),
        (0x0E, b"\xb0\xa1", "가"),
        (0x0B, b"\x00", "@"),
        (0x0F, b"\x00", "@"),
        (0x10, b"\x00", "@"),
        (0x14, b"\xff", "\xff"),
        (0x18, b"\x20\xac", "€"),
        (0x20, b"\x00\xff", "\x00\xff"),
        (0x9F, b"\x00", "@"),
        (0xC0, b"\x00", "@"),
        (0xE0, b"\x20\xac", "€"),
        (0xF0, b"\x00", "@"),
        (0xF5, b"\xff", "\xff"),
        (0xFF, b"\xff", "\xff"),
    ],
)
def test_every_data_coding_is_read(coding: int, octets: bytes, text: str) -> None:
    assert decode_text(coding, octets) == text


@pytest.mark.parametrize("coding", range(256))
def test_reading_never_raises(coding: int) -> None:
    for octets in (bytes(range(256)), b"\x1b", b"\x1b$B\xff", b"\xd8"):
        assert isinstance(decode_text(coding, octets), str)


@pytest.mark.parametrize(
    ("text", "coding", "octets"),
    [
        ("hi €", 0, b"hi \x1be"),
        ("あ", 8, b"\x30\x42"),
        ("😀", 8, b"\xd8\x3d\xde\x00"),
        ("あ\ud800", 8, b"\x30\x42\x00?"),
    ],
)
def test_the_smallest_alphabet_is_chosen(text: str, coding: int, octets: bytes) -> None:
    assert encode_text(text) == (coding, octets)


def test_a_given_data_coding_replaces_what_it_lacks() -> None:
    assert encode_as(0, "@あ") == b"\x00?"
    assert encode_as(3, "éあ") == b"\xe9?"
    assert encode_as(8, "é") == b"\x00\xe9"


GSM, PACKED, LATIN_1, ASCII = DefaultAlphabet


@pytest.mark.parametrize(
    ("alphabet", "octets", "text"),
    [
        (GSM, b"\x00\x1be", "@€"),
        (LATIN_1, b"\xe9\x1b", "é\x1b"),
        (ASCII, b"@[\xe9", "@[\ufffd"),
        (PACKED, pack(b"\x00\x1be"), "@€"),
    ],
)
@pytest.mark.parametrize("coding", [0x00, 0x0B, 0x10, 0xF0, 0xC8])
def test_the_default_alphabet_is_the_smsc_s(
    alphabet: DefaultAlphabet, octets: bytes, text: str, coding: int
) -> None:
    assert decode_text(coding, unpacked(coding, octets, alphabet), alphabet) == text


@pytest.mark.parametrize("alphabet", DefaultAlphabet)
def test_a_named_alphabet_is_what_it_names(alphabet: DefaultAlphabet) -> None:
    assert decode_text(8, unpacked(8, b"\x00a", alphabet), alphabet) == "a"
    assert decode_text(0xF5, unpacked(0xF5, b"\x00\xff", alphabet), alphabet) == "\x00\xff"


def test_packed_text_begins_behind_its_header_s_fill_bits() -> None:
    assert unpacked(0, pack(b"hi", 1), PACKED, 6) == b"hi"


def test_national_tables_are_read_where_the_alphabet_is_gsm() -> None:
    turkish = Languages(single=1)
    assert decode_text(0, b"\x1bS", GSM, turkish) == "Ş"
    assert decode_text(0, b"\x1bS", PACKED, turkish) == "Ş"
    assert decode_text(0, b"\x1bS", LATIN_1, turkish) == "\x1bS"
    assert decode_text(8, b"\x00S", GSM, turkish) == "S"


@pytest.mark.parametrize(
    ("alphabet", "text", "coding", "octets"),
    [
        (PACKED, "€", 0, pack(b"\x1be")),
        (PACKED, "あ", 8, b"\x30\x42"),
        (LATIN_1, "ç", 0, b"\xe7"),
        (LATIN_1, "€", 8, b"\x20\xac"),
        (ASCII, "[", 0, b"["),
        (ASCII, "é", 8, b"\x00\xe9"),
        (ASCII, "\ud800", 8, b"\x00?"),
    ],
)
def test_text_is_written_in_the_default_alphabet_if_it_can(
    alphabet: DefaultAlphabet, text: str, coding: int, octets: bytes
) -> None:
    assert encode_text(text, alphabet) == (coding, octets)
    written = encode_unpacked(text, alphabet)
    assert written[0] == coding
    assert decode_text(*written, alphabet) == text.encode("utf-16-be", "replace").decode(
        "utf-16-be"
    )


def test_a_given_data_coding_may_be_the_default() -> None:
    assert encode_as(0, "éあ", LATIN_1) == b"\xe9?"
    assert encode_as(0, "éa", ASCII) == b"?a"
    assert encode_as(0, "éあ", PACKED) == pack(b"\x05?")
    assert encode_as(8, "é", PACKED) == b"\x00\xe9"
