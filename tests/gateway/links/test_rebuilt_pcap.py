"""Rebuilt PDUs as a capture file."""

from __future__ import annotations

import struct

from gateway.links.pcap import file_header
from gateway.links.rebuilt_pcap import rebuilt_pcap
from gateway.smpp.exchange import Exchange
from gateway.smpp.pdu import DeliverSm, DeliverSmResp, SubmitSm, SubmitSmResp

SYN, FIN = 2, 1


def packets(content: bytes) -> list[tuple[int, int, int, bytes]]:
    """Read (seconds, client's port, flags, payload) of each."""
    header = file_header()
    assert content[: len(header)] == header
    found, at = [], len(header)
    while at < len(content):
        seconds, _, size, _ = struct.unpack_from("<IIII", content, at)
        packet = content[at + 16 : at + 16 + size]
        tcp = packet[20:]
        ports = struct.unpack(">HH", tcp[:4])
        found.append((seconds, max(ports), tcp[13], tcp[(tcp[12] >> 4) * 4 :]))
        at += 16 + size
    return found


def test_a_conversation_a_session_in_the_order_of_time() -> None:
    submit = SubmitSm(0, destination_addr="4444", short_message=b"late")
    exchanges = [
        Exchange("qa", 1, True, 9_000, submit, SubmitSmResp(0, 0, "2")),
        Exchange("qa", 2, False, 0, DeliverSm(0, short_message=b"not sent yet")),
        Exchange("a2p", 3, False, 4_000, DeliverSm(0), DeliverSmResp(0)),
        Exchange("qa", 1, True, 5_000, submit, SubmitSmResp(0, 0, "1")),
    ]
    found = packets(b"".join(rebuilt_pcap(exchanges)))
    said = [(at, port, payload[4:8].hex()) for at, port, _, payload in found if payload]
    assert said == [
        (4, 40_003, "00000005"),
        (4, 40_003, "80000005"),
        (5, 40_001, "00000004"),
        (5, 40_001, "80000004"),
        (9, 40_001, "00000004"),
        (9, 40_001, "80000004"),
    ]
    assert sum(flags == SYN for _, _, flags, _ in found) == 2
    assert sum(bool(flags & FIN) for _, _, flags, _ in found) == 4
    assert [at for at, _, _, _ in found] == sorted(at for at, _, _, _ in found)


def test_nothing_is_a_file_too() -> None:
    assert packets(b"".join(rebuilt_pcap([]))) == []
