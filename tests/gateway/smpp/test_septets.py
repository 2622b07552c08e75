import pytest

from gateway.smpp.septets import fill_bits, pack, packed_size, unpack


@pytest.mark.parametrize(
    ("septets", "octets"),
    [
        (b"", b""),
        (b"hellohello", bytes.fromhex("E8329BFD4697D9EC37")),
        (b"1", b"\x31"),
        (b"12345678", bytes.fromhex("31D98C56B3DD70")),
        # Seven spare bits hold a carriage return (23.038 §6.1.2.3.1).
        (b"1234567", bytes.fromhex("31D98C56B3DD1A")),
        (b"@" * 3, bytes.fromhex("402010")),
        (b"\x00\x00", b"\x00\x00"),
    ],
)
def test_eight_septets_are_seven_octets(septets: bytes, octets: bytes) -> None:
    assert pack(septets) == octets
    assert unpack(octets) == septets
    assert packed_size(septets) == len(octets)


@pytest.mark.parametrize(
    ("header_size", "bits"), [(0, 0), (5, 2), (6, 1), (7, 0), (8, 6), (9, 5), (12, 2), (14, 0)]
)
def test_septets_begin_at_a_septet_boundary_behind_a_header(header_size: int, bits: int) -> None:
    assert fill_bits(header_size) == bits


def test_fill_bits_come_first() -> None:
    # A well-known second part: header 05 00 03 xx 02 01, then one fill bit and "A".
    assert pack(b"A", 1) == b"\x82"
    assert unpack(b"\x82", 1) == b"A"
    assert unpack(pack(b"A" * 153, 1), 1) == b"A" * 153
    assert len(pack(b"A" * 153, 1)) == 134


@pytest.mark.parametrize("last", [b"\r", b"\x00"])
def test_a_last_septet_that_looks_like_padding_is_guarded(last: bytes) -> None:
    text = b"1234567" + last
    assert len(pack(text)) == packed_size(text) == 8
    assert unpack(pack(text)) == text


def test_zero_padding_is_dropped_as_most_esmes_pad() -> None:
    assert unpack(bytes.fromhex("31D98C56B3DD00")) == b"1234567"


def test_carriage_returns_that_end_a_text_may_get_lost() -> None:
    assert unpack(pack(b"1234567\r\r")) == b"1234567\r"


@pytest.mark.parametrize(("octets", "fill"), [(b"", 0), (b"", 6), (b"\xff", 3)])
def test_fewer_bits_than_a_septet_are_none(octets: bytes, fill: int) -> None:
    assert unpack(octets, fill) == b""
