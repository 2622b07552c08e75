"""MQTT 3.1.1 packets as a client writes and reads them. Pure, sans-IO.

Of our own, because no kept library serves: paho's encoder lives inside its client (800 KB and a
timer each), mqtt-codec was last released in 2019 and reads streams only, mqttproto speaks MQTT 5
only. Sections are those of the OASIS standard of 29 October 2014.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final, TypeAlias

from msgspec import Struct

PINGREQ: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"

REFUSALS: Final = {
    1: "it does not speak MQTT 3.1.1",
    2: "it does not take this client identifier",
    3: "it is not ready to serve",
    4: "wrong user name or password",
    5: "this user may not connect",
}
"""What a CONNACK's return code says (3.2.2.3)."""

SUBSCRIPTION_REFUSED: Final = 0x80
"""The return code of a SUBACK for a filter that the user may not read (3.9.3)."""

_CONNACK, _PUBLISH, _PUBACK, _SUBACK, _UNSUBACK, _PINGRESP = 2, 3, 4, 9, 11, 13
_CLEAN, _WILL, _WILL_RETAIN, _PASSWORD, _USER = 0x02, 0x04, 0x20, 0x40, 0x80
_TEXT_MOST = 65_535
_LENGTH_OCTETS = 4


class FramingLost(Exception):
    """The peer's octets are no MQTT: end the connection, dial again."""


class Will(Struct, frozen=True, gc=False):
    """What the broker publishes, retained, when the connection breaks."""

    topic: str
    payload: bytes


class ConnAck(Struct, frozen=True, gc=False):
    """The answer to CONNECT; 0 is accepted, see REFUSALS."""

    code: int


class Publish(Struct, frozen=True, gc=False):
    """A message; `id` is 0 at QoS 0."""

    topic: str
    payload: bytes
    qos: int = 0
    retained: bool = False
    id: int = 0


class PubAck(Struct, frozen=True, gc=False):
    """The broker has a message of QoS 1."""

    id: int


class SubAck(Struct, frozen=True, gc=False):
    """The answer to SUBSCRIBE: a code per filter, the QoS or SUBSCRIPTION_REFUSED."""

    id: int
    codes: bytes


class UnsubAck(Struct, frozen=True, gc=False):
    """The answer to UNSUBSCRIBE."""

    id: int


class PingResp(Struct, frozen=True, gc=False):
    """The answer to PINGREQ."""


Packet: TypeAlias = ConnAck | Publish | PubAck | SubAck | UnsubAck | PingResp


# ---- writing


def connect(
    client_id: str, keepalive: int, will: Will | None, username: str = "", password: str = ""
) -> bytes:
    """Write CONNECT with a clean session; `keepalive` in seconds (3.1)."""
    flags = _CLEAN
    payload = _text(client_id)
    if will is not None:
        flags |= _WILL | _WILL_RETAIN
        payload += _text(will.topic) + _octets(will.payload)
    if username:
        flags |= _USER
        payload += _text(username)
        if password:
            flags |= _PASSWORD
            payload += _text(password)
    return _packet(0x10, b"\x00\x04MQTT\x04" + struct.pack(">BH", flags, keepalive) + payload)


def publish(topic: str, payload: bytes, *, qos: int, retain: bool, id_: int = 0) -> bytes:
    """Write PUBLISH of QoS 0 or 1; the latter needs an id from 1 (3.3)."""
    number = struct.pack(">H", id_) if qos else b""
    return _packet(0x30 | qos << 1 | retain, _text(topic) + number + payload)


def puback(id_: int) -> bytes:
    """Write PUBACK (3.4)."""
    return struct.pack(">BBH", 0x40, 2, id_)


def subscribe(id_: int, filters: Sequence[str], qos: int = 0) -> bytes:
    """Write SUBSCRIBE (3.8)."""
    end = bytes((qos,))
    return _packet(0x82, struct.pack(">H", id_) + b"".join(_text(one) + end for one in filters))


def unsubscribe(id_: int, filter_: str) -> bytes:
    """Write UNSUBSCRIBE of one filter (3.10)."""
    return _packet(0xA2, struct.pack(">H", id_) + _text(filter_))


def _text(text: str) -> bytes:
    return _octets(text.encode())


def _octets(octets: bytes) -> bytes:
    if len(octets) > _TEXT_MOST:
        raise ValueError(f"MQTT takes at most {_TEXT_MOST} octets here, not {len(octets)}")
    return len(octets).to_bytes(2, "big") + octets


def _packet(first: int, body: bytes) -> bytes:
    length = len(body)
    head = bytearray((first,))
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head) + body


# ---- reading


def read(octets: bytes, most: int) -> tuple[list[Packet], bytes]:
    """Read the whole packets at the beginning; gives them and the rest.

    Raises FramingLost where a packet is none or is longer than `most` octets.
    """
    packets: list[Packet] = []
    at, size = 0, len(octets)
    while size - at >= 2:
        length, start = octets[at + 1], at + 2
        if length > 0x7F:
            length, start = _length(octets, at + 1)
        if length > most:
            raise FramingLost(f"a packet of {length} octets comes; {most} are the most")
        end = start + length
        if start == 0 or end > size:
            break
        first = octets[at]
        if first >> 4 == _PUBLISH:
            packets.append(_read_publish(first, octets, start, end))
        else:
            packets.append(_one(first >> 4, octets[start:end]))
        at = end
    return packets, octets[at:]


def _length(octets: bytes, at: int) -> tuple[int, int]:
    """Read a remaining length (2.2.3); gives it and where the body begins, 0 if not yet there."""
    length = 0
    for shift, octet in enumerate(octets[at : at + _LENGTH_OCTETS]):
        length |= (octet & 0x7F) << 7 * shift
        if octet < 0x80:
            return length, at + shift + 1
    if len(octets) - at >= _LENGTH_OCTETS:
        raise FramingLost("a packet's length has more than 4 octets")
    return 0, 0


def _one(kind: int, body: bytes) -> Packet:
    if kind == _PINGRESP:
        return PingResp()
    if len(body) < 2:
        raise FramingLost(f"a packet of kind {kind} is too short")
    if kind == _CONNACK:
        return ConnAck(body[1])
    number = int.from_bytes(body[:2], "big")
    if kind == _PUBACK:
        return PubAck(number)
    if kind == _SUBACK:
        return SubAck(number, body[2:])
    if kind == _UNSUBACK:
        return UnsubAck(number)
    raise FramingLost(f"a client gets no packet of kind {kind}")


def _read_publish(first: int, octets: bytes, start: int, end: int) -> Publish:
    """Read the PUBLISH whose body is `octets` from `start` to `end`."""
    qos = first >> 1 & 3
    topic_at = start + 2
    topic_end = topic_at + (octets[start] << 8 | octets[start + 1]) if topic_at <= end else end + 1
    payload_at = topic_end + 2 if qos else topic_end
    if qos > 1 or payload_at > end:
        raise FramingLost("a PUBLISH is cut short, or of a QoS that was not asked for")
    # Not strictly: a retained topic that is no UTF-8 would end every connection after this too.
    topic = octets[topic_at:topic_end].decode(errors="replace")
    number = int.from_bytes(octets[topic_end:payload_at], "big")
    return Publish(topic, octets[payload_at:end], qos, bool(first & 1), number)
