"""A capture file's octets: what was said on a connection as TCP packets of a pcap file; pure.

The packets are made up from what the application read and wrote, so TLS is plaintext here, no
packet is lost and none comes twice. Formats: pcap of libpcap with LINKTYPE_RAW, IPv4 (RFC 791),
IPv6 (RFC 8200), TCP (RFC 9293).
"""

from __future__ import annotations

from enum import IntFlag
from ipaddress import ip_address
from struct import Struct
from typing import Final

from msgspec import Struct as Value

_FILE: Final = Struct("<IHHiIII")
_RECORD: Final = Struct("<IIII")
_IPV4: Final = Struct(">BBHHHBBH4s4s")
_IPV6: Final = Struct(">IHBB16s16s")
_TCP: Final = Struct(">HHIIBBHHH")
_MAGIC: Final = 0xA1B2C3D4
_SNAPLEN: Final = 262_144
_LINKTYPE_RAW: Final = 101
_TCP_PROTOCOL: Final = 6
_TTL: Final = 64
_DONT_FRAGMENT: Final = 0x4000
_WINDOW: Final = 0xFFFF
# A window of 65535 << 14, so that no dissector sees it run full.
_SYN_OPTIONS: Final = bytes((2, 4, 0xFF, 0xD7, 1, 3, 3, 14))
_PAYLOAD_MOST: Final = 65_000
_WRAP: Final = 0xFFFFFFFF


class _Flag(IntFlag):
    FIN = 0x01
    SYN = 0x02
    PSH = 0x08
    ACK = 0x10


class Endpoint(Value, frozen=True, gc=False):
    """One end of a connection; `address` is 4 octets, or 16 in network order."""

    address: bytes
    port: int


def endpoint(name: object) -> Endpoint:
    """Read what a socket gives as its own or its peer's name; 0.0.0.0:0 for anything else."""
    match name:
        case (str(host), int(port), *_):
            try:
                return Endpoint(ip_address(host).packed, port)
            except ValueError:
                return Endpoint(bytes(4), port)
        case _:
            return Endpoint(bytes(4), 0)


def file_header() -> bytes:
    """Give what a capture file begins with."""
    return _FILE.pack(_MAGIC, 2, 4, 0, 0, _SNAPLEN, _LINKTYPE_RAW)


def record(at: float, packet: bytes) -> bytes:
    """Give a packet as the file holds it; `at` in Unix seconds."""
    micros = round(at * 1_000_000)
    seconds, rest = divmod(micros, 1_000_000)
    return _RECORD.pack(seconds, rest, len(packet), len(packet)) + packet


class Conversation:
    """The sequence numbers of one connection that the client opened."""

    __slots__ = ("_ends", "_next")

    def __init__(self, client: Endpoint, server: Endpoint) -> None:
        """Begin before the first packet."""
        if len(client.address) != len(server.address):
            # Both ends of a packet are of one kind.
            client, server = (Endpoint(_as_ipv6(one.address), one.port) for one in (client, server))
        self._ends = (client, server)
        self._next = [0, 0]

    def opening(self) -> list[bytes]:
        """Give the three packets of the handshake."""
        syn = self._packet(0, _Flag.SYN, b"", options=_SYN_OPTIONS)
        self._next[0] = 1
        answer = self._packet(1, _Flag.SYN | _Flag.ACK, b"", options=_SYN_OPTIONS)
        self._next[1] = 1
        return [syn, answer, self._packet(0, _Flag.ACK, b"")]

    def said(self, who: int, data: bytes) -> list[bytes]:
        """Give what the client (0) or the server (1) said."""
        packets = []
        for start in range(0, len(data), _PAYLOAD_MOST):
            part = data[start : start + _PAYLOAD_MOST]
            packets.append(self._packet(who, _Flag.PSH | _Flag.ACK, part))
            self.lost(who, len(part))
        return packets

    def lost(self, who: int, size: int) -> None:
        """Pass over octets that are not in the file."""
        self._next[who] = (self._next[who] + size) & _WRAP

    def closing(self, who: int) -> list[bytes]:
        """Give the packets of an end that the client (0) or the server (1) began."""
        other = 1 - who
        packets = [self._packet(who, _Flag.FIN | _Flag.ACK, b"")]
        self.lost(who, 1)
        packets.append(self._packet(other, _Flag.FIN | _Flag.ACK, b""))
        self.lost(other, 1)
        return [*packets, self._packet(who, _Flag.ACK, b"")]

    def _packet(self, who: int, flags: int, payload: bytes, *, options: bytes = b"") -> bytes:
        source, target = self._ends[who], self._ends[1 - who]
        acknowledged = self._next[1 - who] if flags & _Flag.ACK else 0
        offset = (_TCP.size + len(options)) // 4 << 4
        size = _TCP.size + len(options) + len(payload)
        pseudo = source.address + target.address + size.to_bytes(4, "big") + b"\0\0\0\6"

        def header(checksum: int) -> bytes:
            return _TCP.pack(
                source.port, target.port, self._next[who], acknowledged,
                offset, flags, _WINDOW, checksum, 0,
            ) + options  # fmt: skip

        segment = header(_checksum(pseudo + header(0) + payload)) + payload
        return _internet(source.address, target.address, size) + segment


def _as_ipv6(address: bytes) -> bytes:
    return address if len(address) == 16 else bytes(10) + b"\xff\xff" + address


def _internet(source: bytes, target: bytes, size: int) -> bytes:
    if len(source) == 16:
        return _IPV6.pack(6 << 28, size, _TCP_PROTOCOL, _TTL, source, target)
    total = _IPV4.size + size

    def header(checksum: int) -> bytes:
        return _IPV4.pack(
            0x45, 0, total, 0, _DONT_FRAGMENT, _TTL, _TCP_PROTOCOL, checksum, source, target
        )

    return header(_checksum(header(0)))


def _checksum(data: bytes) -> int:
    """Give the Internet checksum (RFC 1071): its sum is that of the whole modulo 65535."""
    if len(data) % 2:
        data += b"\0"
    return 0xFFFF - int.from_bytes(data, "big") % 0xFFFF
