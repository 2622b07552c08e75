"""Handsets and ESMEs that do nothing but stay: plain MQTT and SMPP frames on sockets."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

_ENQUIRE_LINK, _BIND_TRX = 0x15, 0x09
_RESPONSE = 0x8000_0000
# MQTT 3.1.1: fixed headers of CONNECT, PUBLISH that is retained, SUBSCRIBE; PINGREQ.
_CONNECT, _PUBLISH, _SUBSCRIBE, _PING = 0x10, 0x31, 0x82, b"\xc0\x00"
_CONNACK, _SUBACK = 0x20, 0x90
_KEEPALIVE_S = 60
# Connections that are opened at once, and how often some of the phones ping.
_AT_ONCE = 100
_PING_EVERY_S = 0.1


class Esme(asyncio.Protocol):
    """Binds as a transceiver and answers enquire_link."""

    def __init__(self, system_id: str) -> None:
        self.ready = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport
        self._name = system_id.encode() + b"\0"
        self._left = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Bind."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        body = self._name + self._name + b"\0\x34\0\0\0"
        transport.write(struct.pack(">4I", 16 + len(body), _BIND_TRX, 0, 1) + body)

    def data_received(self, data: bytes) -> None:
        """Answer what is asked."""
        data = self._left + data
        while len(data) >= 16:
            length, command, status, number = struct.unpack_from(">4I", data)
            if len(data) < length:
                break
            data = data[length:]
            if command == _ENQUIRE_LINK:
                self.transport.write(struct.pack(">4I", 16, command | _RESPONSE, 0, number))
            elif command == _BIND_TRX | _RESPONSE and not self.ready.done():
                self.ready.set_result(status)
        self._left = data


class Handset(asyncio.Protocol):
    """Connects, listens to its topics and says that it is on, as handsets do."""

    def __init__(self, number: int) -> None:
        self.ready = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport
        self._topic = f"handsets/62813{number:08}"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect; a last will as phones have it."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        state = f"{self._topic}/up/state"
        # Clean session; a retained will at QoS 0.
        head = _text("MQTT") + bytes((4, 0x26)) + struct.pack(">H", _KEEPALIVE_S)
        name = _text(self._topic[-11:])
        transport.write(
            _packet(_CONNECT, head + name + _text(state) + _text('{"state":"offline"}'))
        )

    def data_received(self, data: bytes) -> None:
        """Go on with what the broker took; what else comes is passed over."""
        if data[0] == _CONNACK:
            filter_ = _text(f"{self._topic}/down/#") + b"\0"
            self.transport.write(_packet(_SUBSCRIBE, b"\0\1" + filter_))
        elif data[0] == _SUBACK and not self.ready.done():
            body = _text(f"{self._topic}/up/state") + b'{"state":"online"}'
            self.transport.write(_packet(_PUBLISH, body))
            self.ready.set_result(0)

    def ping(self) -> None:
        """Say that it is still there."""
        self.transport.write(_PING)


def _text(text: str) -> bytes:
    return struct.pack(">H", len(text)) + text.encode()


def _packet(kind: int, body: bytes) -> bytes:
    length, octets = len(body), bytearray()
    while length > 127:
        octets.append(length & 127 | 128)
        length >>= 7
    octets.append(length)
    return bytes((kind,)) + octets + body


@asynccontextmanager
async def esmes(port: int, count: int, system_id: str = "qa") -> AsyncIterator[None]:
    """Keep so many ESMEs bound. Raises RuntimeError where a bind is refused."""
    loop = asyncio.get_running_loop()
    bound = []
    for _ in range(count):
        _, one = await loop.create_connection(lambda: Esme(system_id), "127.0.0.1", port)
        bound.append(one)
        if await asyncio.wait_for(one.ready, 10):
            raise RuntimeError(f"bind {len(bound)} is refused: {await one.ready:#x}")
    yield
    for one in bound:
        one.transport.close()


@asynccontextmanager
async def handsets(port: int, count: int) -> AsyncIterator[None]:
    """Keep so many handsets connected, each on a connection of its own."""
    loop = asyncio.get_running_loop()
    phones: list[Handset] = []
    for first in range(0, count, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, count))
        made = await asyncio.gather(
            *(loop.create_connection(partial(Handset, one), "127.0.0.1", port) for one in numbers)
        )
        phones += [one for _, one in made]
        await asyncio.wait_for(asyncio.gather(*(one.ready for _, one in made)), 30)
    pinging = asyncio.create_task(_ping(phones))
    try:
        yield
    finally:
        pinging.cancel()
    for one in phones:
        one.transport.abort()


async def _ping(phones: list[Handset]) -> None:
    """Let each ping well within its keepalive, some at a time."""
    rounds = int(_KEEPALIVE_S / 2 / _PING_EVERY_S)
    for turn in range(1 << 30):
        for one in phones[turn % rounds :: rounds]:
            one.ping()
        await asyncio.sleep(_PING_EVERY_S)
