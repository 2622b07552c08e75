"""Phones for tests: plain MQTT clients that speak the contract, and clients that break it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import aiomqtt

from gateway.air.frames import BadFrame, DownFrame, UpFrame, decode_down, encode
from gateway.air.topics import UpKind, down_filter, parse_down, up_topic
from gateway.core.numbers import Msisdn
from tests.turns import until

DEADLINE_S = 10.0

Place = tuple[str, int]
F = TypeVar("F", bound=DownFrame)


class AirPhone:
    """One phone: sends frames, keeps what it is sent, waits for what a test expects."""

    def __init__(self, client: aiomqtt.Client, msisdn: Msisdn, qos: int) -> None:
        self._client = client
        self._qos = qos
        self._changed = asyncio.Event()
        self.msisdn = msisdn
        self.frames: list[DownFrame] = []

    async def send(self, frame: UpFrame, *, retain: bool = False) -> None:
        """Publish a frame on the topic of its kind."""
        kind = UpKind(type(frame).__name__.removesuffix("Up").lower())
        await self.send_raw(kind.value, encode(frame), retain=retain)

    async def send_raw(self, kind: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish any octets on a topic of this phone."""
        topic = f"handsets/{self.msisdn}/up/{kind}"
        await self._client.publish(topic, payload, qos=self._qos, retain=retain)

    async def got(
        self, kind: type[F], wanted: Callable[[F], bool] = lambda _: True, *, count: int = 1
    ) -> F:
        """Wait for the `count`th frame of this kind that is wanted."""
        async with asyncio.timeout(DEADLINE_S):
            while True:
                found = [f for f in self.frames if isinstance(f, kind) and wanted(f)]
                if len(found) >= count:
                    return found[count - 1]
                self._changed.clear()
                await self._changed.wait()

    def all_of(self, kind: type[F]) -> list[F]:
        """List the frames of a kind that came so far."""
        return [frame for frame in self.frames if isinstance(frame, kind)]

    async def listen(self) -> None:
        """Keep what comes until cancelled."""
        async for message in self._client.messages:
            assert isinstance(message.payload, bytes)
            self.frames.append(read_down(str(message.topic), message.payload))
            self._changed.set()


@contextlib.asynccontextmanager
async def air_phone(
    place: Place, msisdn: Msisdn, *, qos: int = 0, **login: Any
) -> AsyncIterator[AirPhone]:
    """Connect a phone for the length of the block; it says nothing about being on."""
    will = aiomqtt.Will(
        up_topic(msisdn, UpKind.STATE), b'{"state":"offline"}', qos=qos, retain=True
    )
    async with aiomqtt.Client(*place, will=will, **login) as client:
        await client.subscribe(down_filter(msisdn), qos)
        phone = AirPhone(client, msisdn, qos)
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(phone.listen(), name=f"phone {msisdn}")
            try:
                yield phone
            finally:
                listening.cancel()


def read_down(topic: str, payload: bytes) -> DownFrame:
    """Read a frame that a phone was sent."""
    place = parse_down(topic)
    assert isinstance(place, tuple), place
    frame = decode_down(place[1], payload)
    assert not isinstance(frame, BadFrame), frame
    return frame


async def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds that nothing tells of."""
    await until(holds, DEADLINE_S)


class RawClient:
    """An MQTT client of single packets: any topic, any payload, and an abrupt end."""

    def __init__(self, place: Place, will: tuple[bytes, bytes] | None = None) -> None:
        self._socket = socket.create_connection(place, DEADLINE_S)
        will_retained = 0x24
        flags = 0x02 | (will_retained if will else 0)
        body = _text(b"MQTT") + bytes((4, flags, 0, 60)) + _text(b"raw")
        for part in will or ():
            body += _text(part)
        self._socket.sendall(_packet(0x10, body))
        assert self._socket.recv(4) == b"\x20\x02\x00\x00"

    def publish(self, topic: bytes, payload: bytes, *, retain: bool = False) -> None:
        """Publish at QoS 0; returns when the broker has read it."""
        self._socket.sendall(_packet(0x31 if retain else 0x30, _text(topic) + payload))
        self._socket.sendall(b"\xc0\x00")
        assert self._socket.recv(2) == b"\xd0\x00"

    def close(self) -> None:
        """Go without a word."""
        self._socket.close()


def publish_raw(place: Place, topic: bytes, payload: bytes, *, retain: bool = False) -> None:
    """Publish on any topic, also such as no client library would let through."""
    client = RawClient(place)
    client.publish(topic, payload, retain=retain)
    client.close()


def _text(octets: bytes) -> bytes:
    return struct.pack(">H", len(octets)) + octets


def _packet(first: int, body: bytes) -> bytes:
    assert len(body) < 128
    return bytes((first, len(body))) + body
