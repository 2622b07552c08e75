"""A capture file of PDUs that were rebuilt from the store: one conversation a session; pure.

Addresses and ports are made up: the SMSC is 10.0.0.1:2775, where Wireshark expects SMPP, the
sessions are 10.1.0.1 and on. There are no binds, for the store keeps none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final

from gateway.links.pcap import Conversation, Endpoint, file_header, record
from gateway.smpp.exchange import Exchange, numbered

_SMSC: Final = Endpoint(bytes((10, 0, 0, 1)), 2775)
_FIRST_PORT: Final = 40_000
_PORTS: Final = 20_000


def rebuilt_pcap(exchanges: Iterable[Exchange]) -> Iterator[bytes]:
    """Write the file piece by piece, in the order of time; what was not sent is not in it."""
    yield file_header()
    sent = sorted((one for one in exchanges if one.at), key=attrgetter("at"))
    streams: dict[tuple[str, int], Conversation] = {}
    at = 0.0
    for pdu in numbered(sent):
        seen = pdu.seen
        at = seen.at
        key = (pdu.account, seen.session)
        stream = streams.get(key)
        packets: list[bytes] = []
        if stream is None:
            streams[key] = stream = Conversation(_client(len(streams) + 1, seen.session), _SMSC)
            packets = stream.opening()
        packets += stream.said(0 if seen.received else 1, seen.frame)
        yield b"".join([record(at, packet) for packet in packets])
    for stream in streams.values():
        yield b"".join([record(at, packet) for packet in stream.closing(0)])


def _client(number: int, session: int) -> Endpoint:
    host = (10 << 24) + (1 << 16) + number
    return Endpoint(host.to_bytes(4, "big"), _FIRST_PORT + session % _PORTS)
