import pytest

from gateway.smpp.codes import EsmClass
from gateway.smpp.errors import Misuse
from gateway.smpp.text import decode_text, encode_as, encode_text, segments, split_udh


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


@pytest.mark.parametrize(
    ("text", "narrow", "wide"),
    [
        ("", [0], [0]),
        ("a" * 160, [160], [160]),
        ("a" * 161, [153, 8], [152, 9]),
        ("a" * 306, [153, 153], [152, 152, 2]),
        ("€" * 80, [160], [160]),
        ("€" * 81, [152, 10], [152, 10]),
        ("a" + "€" * 80, [153, 8], [151, 10]),
        ("あ" * 70, [140], [140]),
        ("あ" * 71, [134, 8], [132, 10]),
        ("😀" * 36, [132, 12], [132, 12]),
        ("あ" + "😀" * 35, [134, 8], [130, 12]),
    ],
)
def test_segments_count_septets_and_keep_characters_whole(
    text: str, narrow: list[int], wide: list[int]
) -> None:
    for expected, is_wide in ((narrow, False), (wide, True)):
        parts = segments(text, 7, wide=is_wide)
        whole = len(parts) == 1
        bodies = [p.short_message if whole else split_udh(p.short_message)[1] for p in parts]
        assert [len(body) for body in bodies] == expected
        assert "".join(
            decode_text(p.data_coding, b) for p, b in zip(parts, bodies, strict=True)
        ) == (text)
        assert all(part.esm_class == (0 if whole else EsmClass.UDHI) for part in parts)


def test_segments_are_numbered() -> None:
    places = []
    for part in segments("a" * 400, 0x107, wide=True):
        header, _ = split_udh(part.short_message)
        assert header is not None
        assert header.concatenation is not None
        places.append((header.concatenation.reference, header.concatenation.number))
    assert places == [(0x107, 1), (0x107, 2), (0x107, 3)]


def test_more_than_255_segments_are_our_mistake() -> None:
    assert len(segments("a" * 153 * 255)) == 255
    with pytest.raises(Misuse):
        segments("a" * (153 * 255 + 1))
