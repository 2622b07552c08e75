import pytest

from gateway.smpp.udh import (
    NO_LANGUAGES,
    Concatenation,
    InformationElement,
    Languages,
    LongForm,
    Ports,
    concatenation_header,
    elements_kept,
    parse_udh,
    split_udh,
)

PORTS = b"\x05\x04\x0b\x84\x23\xf0"
NATIONAL = b"\x24\x01\x03"


def udh(elements: bytes) -> bytes:
    return bytes((len(elements),)) + elements


@pytest.mark.parametrize(
    ("elements", "place"),
    [
        (b"\x00\x03\x07\x02\x01", Concatenation(7, 2, 1)),
        (b"\x08\x04\x01\x07\x02\x02", Concatenation(0x107, 2, 2, LongForm.UDH_16)),
        (PORTS + b"\x00\x03\x07\x02\x01", Concatenation(7, 2, 1)),
        (NATIONAL + b"\x08\x04\x00\x07\x02\x01", Concatenation(7, 2, 1, LongForm.UDH_16)),
        (PORTS, None),
        (NATIONAL, None),
        (b"\x00\x04\x00\x07\x02\x01", None),
        (b"\x08\x03\x07\x02\x01", None),
        (b"\x00\x03\x07\x02\x00", None),
        (b"\x00\x03\x07\x02\x03", None),
        (b"", None),
    ],
)
def test_only_concatenations_concatenate(elements: bytes, place: Concatenation | None) -> None:
    header, body = split_udh(udh(elements) + b"hi")
    assert header is not None
    assert (header.concatenation, body) == (place, b"hi")


def test_other_elements_are_kept() -> None:
    header = parse_udh(udh(PORTS + NATIONAL))
    assert header is not None
    assert header.elements == (
        InformationElement(5, b"\x0b\x84\x23\xf0"),
        InformationElement(0x24, b"\x03"),
    )


@pytest.mark.parametrize(
    "octets", [b"", b"\x05", b"\x03\x00\x03\x07", b"\x01\x00", b"\x02\x00\x01"]
)
def test_a_header_that_does_not_hold_together_is_none(octets: bytes) -> None:
    assert parse_udh(octets) is None
    assert split_udh(octets) == (None, octets)


@pytest.mark.parametrize(
    ("form", "header"),
    [
        (LongForm.UDH_8, b"\x05\x00\x03\x02\x03\x01"),
        (LongForm.UDH_16, b"\x06\x08\x04\x01\x02\x03\x01"),
        (LongForm.SAR, b"\x06\x08\x04\x01\x02\x03\x01"),
    ],
)
def test_headers_are_made(form: LongForm, header: bytes) -> None:
    assert concatenation_header(Concatenation(0x102, 3, 1, form)) == header


@pytest.mark.parametrize(
    ("elements", "ports"),
    [
        (PORTS, Ports(2948, 9200)),
        (b"\x04\x02\xf0\xf1", Ports(0xF0, 0xF1)),
        (b"\x04\x02\xf0\xf1" + PORTS, Ports(2948, 9200)),
        (PORTS + b"\x05\x02\xf0\xf1", Ports(2948, 9200)),
        (b"\x00\x03\x07\x02\x01", None),
        (b"\x04\x01\xf0", None),
    ],
)
def test_ports_are_read(elements: bytes, ports: Ports | None) -> None:
    header = parse_udh(udh(elements))
    assert header is not None
    assert header.ports == ports


@pytest.mark.parametrize(
    ("elements", "languages"),
    [
        (NATIONAL, Languages(single=3)),
        (b"\x25\x01\x01" + NATIONAL, Languages(1, 3)),
        (b"\x24\x02\x01\x01", NO_LANGUAGES),
        (b"\x26\x01\x01", NO_LANGUAGES),
        (PORTS, NO_LANGUAGES),
    ],
)
def test_national_languages_are_read(elements: bytes, languages: Languages) -> None:
    header = parse_udh(udh(elements))
    assert header is not None
    assert header.languages == languages


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ("0b00030902010504 0b8423f0", "05040b8423f0"),
        ("06080400090201", ""),
        ("0b 2401 01 0003090201 700100", "700100"),
        ("0500030902", ""),
        ("", ""),
    ],
)
def test_what_is_about_the_whole_message_is_kept(header: str, kept: str) -> None:
    assert elements_kept(bytes.fromhex(header)) == bytes.fromhex(kept)
