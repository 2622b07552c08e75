import pytest

from gateway.smpp.codes import EsmClass, TlvTag
from gateway.smpp.errors import Misuse
from gateway.smpp.fields import message_payload, sar
from gateway.smpp.segmentation import (
    Segment,
    behind_header,
    carried,
    octet_parts_of,
    octet_segments,
    parts_of,
    segments,
    segments_behind,
)
from gateway.smpp.septets import pack
from gateway.smpp.text import DefaultAlphabet, decode_text, encode_unpacked, unpacked
from gateway.smpp.udh import LongForm, Ports, split_udh

GSM, PACKED, LATIN_1, ASCII = DefaultAlphabet
PAYLOAD, UDH_8, UDH_16, SAR = LongForm


def bodies(parts: tuple[Segment, ...], alphabet: DefaultAlphabet = GSM) -> list[bytes]:
    """Give what each segment carries without its header, septets one an octet."""
    found = []
    for part in parts:
        udh, body = split_udh(part.short_message) if part.esm_class else (None, part.short_message)
        size = 0 if udh is None else udh.size
        found.append(unpacked(part.data_coding, body, alphabet, size))
    return found


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
@pytest.mark.parametrize("alphabet", [GSM, PACKED])
def test_segments_count_septets_and_keep_characters_whole(
    text: str, narrow: list[int], wide: list[int], alphabet: DefaultAlphabet
) -> None:
    for expected, form in ((narrow, UDH_8), (wide, UDH_16), (wide, SAR)):
        parts = segments(text, 7, form=form, alphabet=alphabet)
        shown = bodies(parts, alphabet)
        assert [len(body) for body in shown] == expected
        assert text == "".join(
            decode_text(part.data_coding, body) for part, body in zip(parts, shown, strict=True)
        )
        whole = len(parts) == 1 or form is SAR
        assert all(part.esm_class == (0 if whole else EsmClass.UDHI) for part in parts)
    assert parts_of(text) == len(narrow)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("^" * 80, 1),
        ("^" * 81, 2),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("あ" * 70, 1),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        # More than a concatenation can number: told all the same.
        ("a" * (153 * 255 + 1), 256),
    ],
)
def test_how_many_short_messages_a_text_takes(text: str, parts: int) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    ("octets", "data_coding", "header", "parts"),
    [
        (b"a" * 160, 0, b"", 1),
        (b"a" * 161, 0, b"", 2),
        (b"a" * 152, 0, bytes.fromhex("060504158a0000"), 1),
        (b"a" * 153, 0, bytes.fromhex("060504158a0000"), 2),
        (b"\0" * 140, 4, b"", 1),
        (b"\0" * 141, 4, b"", 2),
        (b"\0a" * 70, 8, b"", 1),
        (b"\0a" * 71, 8, b"", 2),
    ],
)
def test_how_many_short_messages_octets_take(
    octets: bytes, data_coding: int, header: bytes, parts: int
) -> None:
    assert octet_parts_of(octets, data_coding, header) == parts


@pytest.mark.parametrize(
    ("alphabet", "text", "sizes"),
    [
        (LATIN_1, "ç" * 140, [140]),
        (LATIN_1, "ç" * 141, [134, 7]),
        (LATIN_1, "€" * 71, [134, 8]),
        (ASCII, "[" * 160, [160]),
        (ASCII, "[" * 161, [153, 8]),
        # Full to the last bit, these could be read as padded: guarded, or cut sooner.
        (PACKED, "a" * 159 + "@", [153, 7]),
        (PACKED, "a" * 151 + "@", [152]),
        (PACKED, "a" * 152 + "@" + "a" * 10, [152, 11]),
        (PACKED, "a" * 306 + "@", [153, 153, 1]),
        (PACKED, "a" * 305 + "@", [153, 152, 1]),
    ],
)
def test_every_default_alphabet_has_its_room(
    alphabet: DefaultAlphabet, text: str, sizes: list[int]
) -> None:
    parts = segments(text, 7, alphabet=alphabet)
    shown = bodies(parts, alphabet)
    assert [len(body) for body in shown] == sizes
    assert all(len(part.short_message) <= (160 if alphabet is ASCII else 140) for part in parts)
    assert text == "".join(
        decode_text(part.data_coding, body, alphabet)
        for part, body in zip(parts, shown, strict=True)
    )


def test_packed_segments_have_fill_bits_behind_the_header() -> None:
    first, second = segments("a" * 160 + "b", 0x107, alphabet=PACKED)
    assert first.short_message == b"\x05\x00\x03\x07\x02\x01" + pack(b"a" * 153, 1)
    assert len(first.short_message) == 140
    assert second.short_message == b"\x05\x00\x03\x07\x02\x02" + pack(b"a" * 7 + b"b", 1)


def test_segments_are_numbered() -> None:
    places = []
    for part in segments("a" * 400, 0x10107, form=UDH_16):
        header, _ = split_udh(part.short_message)
        assert header is not None
        assert header.concatenation is not None
        places.append((header.concatenation.reference, header.concatenation.number))
    assert places == [(0x107, 1), (0x107, 2), (0x107, 3)]


def test_sar_tells_the_place_in_tlvs() -> None:
    parts = segments("a" * 161, 0x10107, form=SAR)
    places = [sar(part.tlvs) for part in parts]
    assert [(p.msg_ref_num, p.total_segments, p.segment_seqnum) for p in places if p] == [
        (0x107, 2, 1),
        (0x107, 2, 2),
    ]
    assert [part.short_message for part in parts] == [b"a" * 152, b"a" * 9]


def test_payload_holds_what_short_message_cannot() -> None:
    [short] = segments("a" * 254, form=PAYLOAD)
    assert (short.short_message, short.tlvs) == (b"a" * 254, ())
    [long] = segments("a" * 255, form=PAYLOAD)
    assert (long.short_message, long.esm_class) == (b"", 0)
    assert message_payload(long.tlvs) == b"a" * 255
    [packed] = segments("a" * 300, form=PAYLOAD, alphabet=PACKED)
    assert message_payload(packed.tlvs) == pack(b"a" * 300)
    assert packed.tlvs[0].tag == TlvTag.MESSAGE_PAYLOAD


def test_octets_are_cut_as_their_data_coding_counts() -> None:
    assert [len(b) for b in bodies(octet_segments(b"\xff" * 141, 4))] == [134, 7]
    assert [len(b) for b in bodies(octet_segments(b"\xff" * 141, 0xF5, form=UDH_16))] == [133, 8]
    assert [len(b) for b in bodies(octet_segments(b"\x00a" * 71, 8, form=UDH_16))] == [132, 10]
    assert [len(b) for b in bodies(octet_segments(b"a" * 161, 1))] == [153, 8]
    assert [len(b) for b in bodies(octet_segments(b"a" * 161, 0xF0))] == [153, 8]
    [whole] = octet_segments(b"\x01\x02", 4)
    assert whole == Segment(4, 0, b"\x01\x02")


def test_more_than_255_segments_are_our_mistake() -> None:
    assert len(segments("a" * 153 * 255)) == 255
    with pytest.raises(Misuse):
        segments("a" * (153 * 255 + 1))
    with pytest.raises(Misuse):
        segments("a" * 65_536, form=PAYLOAD)


@pytest.mark.parametrize("form", LongForm)
@pytest.mark.parametrize("alphabet", DefaultAlphabet)
@pytest.mark.parametrize("character", ["a", "€", "あ", "😀", "@"])
def test_what_is_carried_can_be_written(
    form: LongForm, alphabet: DefaultAlphabet, character: str
) -> None:
    text = "b" + character * 80_000
    coding, octets = encode_unpacked(text, alphabet)
    kept = carried(octets, coding, form=form, alphabet=alphabet)
    assert octets.startswith(kept)
    assert len(kept) > 33_000
    assert text.startswith(decode_text(coding, kept, alphabet))
    parts = octet_segments(kept, coding, form=form, alphabet=alphabet)
    assert len(parts) == (1 if form is PAYLOAD else 255)
    assert carried(b"short", coding, form=form, alphabet=alphabet) == b"short"


@pytest.mark.parametrize(
    ("coding", "alphabet", "size", "count"),
    [(4, GSM, 133, 1), (4, GSM, 134, 2), (4, GSM, 300, 3), (0, GSM, 153, 2), (0, PACKED, 152, 1)],
)
@pytest.mark.parametrize("form", [UDH_8, UDH_16])
def test_each_segment_has_the_elements_of_a_header(
    coding: int, alphabet: DefaultAlphabet, size: int, count: int, form: LongForm
) -> None:
    ports = b"\x06\x05\x04\x0b\x84\x23\xf0"
    octets = (b"WAP push " * size)[:size]
    parts = segments_behind(ports, octets, coding, 7, form=form, alphabet=alphabet)
    assert len(parts) == count
    read = b""
    for number, part in enumerate(parts, 1):
        assert part.esm_class == EsmClass.UDHI
        assert len(part.short_message) <= (140 if coding == 4 else 160)
        udh, rest = split_udh(part.short_message)
        assert udh is not None
        assert udh.ports == Ports(0x0B84, 0x23F0)
        place = udh.concatenation
        assert (place.number if place is not None else 1) == number
        read += unpacked(coding, rest, alphabet, udh.size)
    assert read[:size] == octets


def test_of_what_255_segments_cannot_hold_the_rest_is_left_off() -> None:
    ports = b"\x06\x05\x04\x0b\x84\x23\xf0"
    assert len(segments_behind(ports, b"x" * 40_000, 4)) == 255


def test_a_header_of_another_kind_stays_before_its_text() -> None:
    ports = b"\x06\x05\x04\x0b\x84\x23\xf0"
    assert behind_header(ports, b"hi", 0) == Segment(0, 0, ports + b"hi")
    language = b"\x03\x24\x01\x01"
    packed = behind_header(language, b"hi", 0, PACKED)
    assert packed.short_message == language + pack(b"hi", 3)
    long = behind_header(ports, b"\xff" * 70_000, 4)
    assert message_payload(long.tlvs) == ports + b"\xff" * (65_535 - 7)
