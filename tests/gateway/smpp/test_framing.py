import pytest

from gateway.smpp.errors import FramingLost
from gateway.smpp.framing import HEADER, Framer

PDU = HEADER.pack(16, 0x15, 0, 1)
LONG = HEADER.pack(20, 4, 0, 2) + b"body"


def cut(framer: Framer, data: bytes) -> list[tuple[int, int, bytes]]:
    octets, frames = framer.feed(data)
    return [(command, sequence, octets[start:end]) for start, end, command, _, sequence in frames]


def test_merged_pdus_are_cut_apart() -> None:
    assert cut(Framer(100), PDU + LONG + PDU) == [(0x15, 1, b""), (4, 2, b"body"), (0x15, 1, b"")]


@pytest.mark.parametrize("at", range(1, 36))
def test_a_split_anywhere_makes_no_difference(at: int) -> None:
    stream = PDU + LONG
    framer = Framer(100)
    assert cut(framer, stream[:at]) + cut(framer, stream[at:]) == cut(Framer(100), stream)


def test_octet_by_octet() -> None:
    framer = Framer(100)
    found = [one for octet in PDU + LONG for one in cut(framer, bytes((octet,)))]
    assert found == cut(Framer(100), PDU + LONG)


@pytest.mark.parametrize(
    ("octets", "length"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 0x47455420),
        (b"\0\0\0\4", 4),
        (HEADER.pack(15, 4, 0, 1), 15),
        (HEADER.pack(101, 4, 0, 1), 101),
        (b"\xff\xff\xff\xff", 0xFFFFFFFF),
    ],
)
def test_an_impossible_length_ends_it_at_once(octets: bytes, length: int) -> None:
    framer = Framer(100)
    assert [sequence for _, sequence, _ in cut(framer, PDU + octets)] == [1]
    assert framer.lost == FramingLost(length)
    assert cut(framer, PDU) == []


def test_the_rest_is_what_is_not_yet_a_whole_pdu() -> None:
    framer = Framer(100)
    framer.feed(b"\0\0\0\x10" + bytes(12) + b"\0\0\0")
    assert framer.rest == b"\0\0\0"
