"""A network for the tests: answers phones' frames over a real broker, as a script says."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiomqtt
from msgspec import Struct

from gateway.air.frames import (
    BadFrame,
    DownFrame,
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    StateUp,
    UpFrame,
    decode_up,
    encode,
)
from gateway.air.topics import UP_FILTER, BadTopic, DownKind, UpKind, down_topic, parse_up
from gateway.core.numbers import Msisdn
from handsets.place import Place

DEADLINE = 10.0
AT = "2018-02-26T08:00:00+07:00"

Down = tuple[DownKind, DownFrame]
Script = Callable[[UpFrame], list[Down]]


def quiet(frame: UpFrame) -> list[Down]:
    return []


def desk(frame: UpFrame) -> list[Down]:
    """Accept an SMS and reply to it, as 4444 does."""
    if not isinstance(frame, SmsUp):
        return []
    return [accepted(frame.ref, "100"), reply("101", frame.to)]


def accepted(ref: str, id_: str = "100") -> Down:
    return DownKind.RESULT, ResultDown(ref, ResultStatus.ACCEPTED, id_)


def deaf_at_first(script: Script, to: int) -> Script:
    """Answer as `script` does, but not the first frames."""
    frames = itertools.count()
    return lambda frame: script(frame) if next(frames) >= to else []


def reply(id_: str, source: str, text: str = "Terima kasih") -> Down:
    return DownKind.SMS, SmsDown(id_, source, text, AT)


class Heard(Struct, frozen=True):
    msisdn: Msisdn
    kind: UpKind
    frame: UpFrame


class FakeGateway:
    def __init__(self, client: aiomqtt.Client, broker: Place, script: Script) -> None:
        self.broker = broker
        self.script = script
        self.heard: list[Heard] = []
        self.client = client
        self._changed = asyncio.Condition()

    async def run(self) -> None:
        async for message in self.client.messages:
            if message.retain:
                continue  # of a phone in an earlier test
            parsed = parse_up(message.topic.value)
            assert not isinstance(parsed, BadTopic)
            assert isinstance(message.payload, bytes)
            msisdn, kind = parsed
            frame = decode_up(kind, message.payload)
            assert not isinstance(frame, BadFrame)
            async with self._changed:
                self.heard.append(Heard(msisdn, kind, frame))
                self._changed.notify_all()
            for down in self.script(frame):
                await self.send(msisdn, *down)

    async def send(self, msisdn: Msisdn, kind: DownKind, frame: DownFrame) -> None:
        await self.send_raw(msisdn, kind, encode(frame))

    async def send_raw(self, msisdn: Msisdn, kind: DownKind, payload: bytes) -> None:
        retained = kind is DownKind.BARRING
        await self.client.publish(down_topic(msisdn, kind), payload, retain=retained)

    def frames(self, kind: UpKind) -> list[UpFrame]:
        return [heard.frame for heard in self.heard if heard.kind is kind]

    def states(self) -> list[str]:
        return [frame.state.value for frame in self.frames(UpKind.STATE) if type(frame) is StateUp]

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait until the phones' frames make this true."""
        async with asyncio.timeout(DEADLINE), self._changed:
            await self._changed.wait_for(seen)


@asynccontextmanager
async def fake_gateway(broker: Place, script: Script = quiet) -> AsyncIterator[FakeGateway]:
    async with aiomqtt.Client(broker.host, broker.port) as client:
        await client.subscribe(UP_FILTER)
        gateway = FakeGateway(client, broker, script)
        running = asyncio.create_task(gateway.run())
        try:
            yield gateway
        finally:
            # Before Python 3.12 asyncio.wait_for, in aiomqtt's publish, may lose a cancellation.
            while not running.done():
                running.cancel()
                await asyncio.wait({running}, timeout=0.1)
            if not running.cancelled():
                running.result()
