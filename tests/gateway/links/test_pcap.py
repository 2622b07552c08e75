"""The packets, read back with a reader of this file's own."""

from __future__ import annotations

import struct
from typing import NamedTuple

import pytest

from gateway.links.pcap import Conversation, Endpoint, endpoint, file_header, record

CLIENT = endpoint(("127.0.0.1", 40000))
SERVER = endpoint(("127.0.0.2", 2775))
FIN, SYN, PSH, ACK = 1, 2, 8, 16


class Packet(NamedTuple):
    source: tuple[bytes, int]
    target: tuple[bytes, int]
    sequence: int
    acknowledged: int
    flags: int
    payload: bytes


def internet_sum(data: bytes) -> int:
    """Add up as RFC 1071 says; 0xffff for data that hold their own checksum."""
    total: int = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def read(packet: bytes) -> Packet:
    if packet[0] >> 4 == 4:
        assert internet_sum(packet[:20]) == 0xFFFF
        assert int.from_bytes(packet[2:4], "big") == len(packet)
        source, target, tcp = packet[12:16], packet[16:20], packet[20:]
    else:
        assert int.from_bytes(packet[4:6], "big") == len(packet) - 40
        assert packet[6] == 6
        source, target, tcp = packet[8:24], packet[24:40], packet[40:]
    pseudo = source + target + struct.pack(">II", len(tcp), 6)
    padded = pseudo + tcp + b"\0" * (len(tcp) % 2)
    assert internet_sum(padded) == 0xFFFF
    ports = struct.unpack(">HH", tcp[:4])
    sequence, acknowledged, offset, flags = struct.unpack(">IIBB", tcp[4:14])
    return Packet(
        (source, ports[0]), (target, ports[1]), sequence, acknowledged, flags,
        tcp[(offset >> 4) * 4 :],
    )  # fmt: skip


def test_the_file_and_its_records() -> None:
    assert file_header() == bytes.fromhex("d4c3b2a1 0200 0400 00000000 00000000 00000400 65000000")
    assert record(1.25, b"abc") == struct.pack("<IIII", 1, 250_000, 3, 3) + b"abc"
    assert record(1.9999999, b"")[:8] == struct.pack("<II", 2, 0)


def test_a_conversation_from_its_handshake_to_its_end() -> None:
    talk = Conversation(CLIENT, SERVER)
    packets = [
        *talk.opening(),
        *talk.said(0, b"bind"),
        *talk.said(1, b"answer"),
        *talk.closing(0),
    ]
    seen = [read(packet) for packet in packets]
    client, server = (b"\x7f\0\0\1", 40000), (b"\x7f\0\0\2", 2775)
    assert seen == [
        Packet(client, server, 0, 0, SYN, b""),
        Packet(server, client, 0, 1, SYN | ACK, b""),
        Packet(client, server, 1, 1, ACK, b""),
        Packet(client, server, 1, 1, PSH | ACK, b"bind"),
        Packet(server, client, 1, 5, PSH | ACK, b"answer"),
        Packet(client, server, 5, 7, FIN | ACK, b""),
        Packet(server, client, 7, 6, FIN | ACK, b""),
        Packet(client, server, 6, 8, ACK, b""),
    ]


def test_ipv6() -> None:
    talk = Conversation(endpoint(("::1", 1, 0, 0)), endpoint(("fe80::2%lo", 2, 0, 0)))
    packet = read(talk.opening()[0])
    assert packet.source == (bytes(15) + b"\1", 1)
    assert packet.target == (bytes.fromhex("fe80") + bytes(13) + b"\2", 2)


def test_ends_of_two_kinds_become_ipv6() -> None:
    talk = Conversation(endpoint(("::1", 1)), SERVER)
    packet = read(talk.opening()[0])
    assert packet.target[0] == bytes(10) + b"\xff\xff\x7f\0\0\2"


def test_large_pieces_become_several_packets() -> None:
    talk = Conversation(CLIENT, SERVER)
    seen = [read(packet) for packet in talk.said(0, b"x" * 150_001)]
    assert [len(packet.payload) for packet in seen] == [65_000, 65_000, 20_001]
    assert [packet.sequence for packet in seen] == [0, 65_000, 130_000]


def test_lost_octets_leave_a_gap_and_numbers_wrap() -> None:
    talk = Conversation(CLIENT, SERVER)
    talk.lost(0, 0xFFFFFFFE)
    (packet,) = talk.said(0, b"abcd")
    assert read(packet).sequence == 0xFFFFFFFE
    (packet,) = talk.said(0, b"e")
    assert read(packet).sequence == 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (("10.0.0.1", 5), Endpoint(b"\x0a\0\0\1", 5)),
        (("unknown", 5), Endpoint(bytes(4), 5)),
        (None, Endpoint(bytes(4), 0)),
        ("/run/socket", Endpoint(bytes(4), 0)),
    ],
)
def test_names_of_sockets(name: object, expected: Endpoint) -> None:
    assert endpoint(name) == expected
