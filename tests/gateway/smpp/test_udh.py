import pytest

from gateway.smpp.udh import (
    Concatenation,
    InformationElement,
    concatenation_header,
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
        (b"\x08\x04\x01\x07\x02\x02", Concatenation(0x107, 2, 2)),
        (PORTS + b"\x00\x03\x07\x02\x01", Concatenation(7, 2, 1)),
        (NATIONAL + b"\x08\x04\x00\x07\x02\x01", Concatenation(7, 2, 1)),
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
    ("wide", "header"),
    [(False, b"\x05\x00\x03\x02\x03\x01"), (True, b"\x06\x08\x04\x01\x02\x03\x01")],
)
def test_headers_are_made(wide: bool, header: bytes) -> None:
    assert concatenation_header(Concatenation(0x102, 3, 1), wide=wide) == header
