import pytest

from gateway.smpp.gsm import BASIC, ESCAPE, decode_gsm, encode_gsm, encode_gsm_replacing


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("", b""),
        ("REG 1#2#", b"REG 1#2#"),
        ("@_$", b"\x00\x11\x02"),
        ("èé", b"\x04\x05"),
        ("€[]{}|^~\\\f", b"\x1be\x1b<\x1b>\x1b(\x1b)\x1b@\x1b\x14\x1b=\x1b/\x1b\x0a"),
        ("Ω¡¿à", b"\x15\x40\x60\x7f"),
    ],
)
def test_both_tables_both_ways(text: str, octets: bytes) -> None:
    assert encode_gsm(text) == encode_gsm_replacing(text) == octets
    assert decode_gsm(octets) == text


def test_every_basic_character_comes_back() -> None:
    text = BASIC.replace("\x1b", "")
    assert len(text) == 127
    assert decode_gsm(encode_gsm(text) or b"") == text


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"a\x80\xff", "a\ufffd\ufffd"),
        (b"a\x1b", "a\ufffd"),
        (b"\x1b", "\ufffd"),
        (b"\x1bA", "A"),
        (b"\x1b\x1b", " "),
        (b"\x1b\x80b", "\ufffdb"),
    ],
)
def test_reading_replaces_and_never_raises(octets: bytes, text: str) -> None:
    assert decode_gsm(octets) == text


@pytest.mark.parametrize("text", ["`", "あ", "\x1b", "ç"])
def test_other_characters_have_no_septet(text: str) -> None:
    assert encode_gsm(text) is None
    assert encode_gsm_replacing(text) == b"?"


def test_escape_is_no_character() -> None:
    assert BASIC[ESCAPE] == "\x1b"
