"""Many phones in one process, on a real broker."""

import asyncio
from collections.abc import Callable
from random import Random

import aiomqtt
import pytest

from gateway.air.frames import ResultDown, ResultStatus, SmsDown, encode
from gateway.air.topics import DownKind, UpKind, down_topic, up_topic
from gateway.core.numbers import Msisdn, ShortCode
from handsets.broker import Broker
from handsets.handset import Answered, ContactBack, ContactLost, Happening, SmsReceived
from handsets.place import Place
from handsets.switchboard import Phone, Switchboard, switchboard

OFFLINE = b'{"state":"offline"}'
ONLINE = b'{"state":"online"}'
COUNT = 50
PATIENCE = 10.0


class Heard:
    """All that happened to all phones; `until` waits for what is looked for."""

    def __init__(self) -> None:
        self.all: list[tuple[Msisdn, Happening]] = []
        self._news = asyncio.Event()

    def __call__(self, phone: Phone, happening: Happening) -> None:
        self.all.append((phone.msisdn, happening))
        self._news.set()

    async def until(self, found: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not found():
                self._news.clear()
                await self._news.wait()

    def of(self, kind: type[Happening]) -> list[Msisdn]:
        return [msisdn for msisdn, happening in self.all if isinstance(happening, kind)]


def numbers(first: Msisdn) -> list[Msisdn]:
    return [Msisdn(str(int(first) * 100 + at)) for at in range(COUNT)]


async def states(client: aiomqtt.Client, wanted: bytes, count: int) -> set[str]:
    """Hear `up/state` until so many phones said what is wanted."""
    said: set[str] = set()
    async with asyncio.timeout(PATIENCE):
        async for message in client.messages:
            if message.topic.value.endswith("/up/state") and message.payload == wanted:
                said.add(message.topic.value.split("/")[1])
                if len(said) == count:
                    break
    return said


async def ask_and_answer(board: Switchboard, client: aiomqtt.Client, heard: Heard) -> None:
    """Every phone sends an SMS, is answered and sent one."""
    for phone in board.phones.values():
        ref = phone.handset.send_sms(ShortCode("4444"), "INFO", board.wires.now())
        phone.wake()
        result = ResultDown(ref, ResultStatus.ACCEPTED, "1")
        await client.publish(down_topic(phone.msisdn, DownKind.RESULT), encode(result))
        sms = SmsDown("2", "4444", "Halo", "2018-03-01T08:00:00+07:00")
        await client.publish(down_topic(phone.msisdn, DownKind.SMS), encode(sms))
    everybody = set(board.phones)
    await heard.until(lambda: set(heard.of(Answered)) == everybody)
    await heard.until(lambda: set(heard.of(SmsReceived)) == everybody)


@pytest.mark.parametrize("shared", [0, 3])
async def test_fifty_phones_come_ask_hear_and_go(
    broker: Place, msisdn: Msisdn, shared: int
) -> None:
    heard = Heard()
    async with aiomqtt.Client(broker.host, broker.port) as client:
        for number in numbers(msisdn):
            await client.subscribe(f"handsets/{number}/up/#")
        async with switchboard(Broker(broker.host, broker.port), Random(1), shared=shared) as board:
            for number in numbers(msisdn):
                board.phone(number, heard).switch_on()
            assert await states(client, ONLINE, COUNT) == set(numbers(msisdn))
            assert board.on == COUNT
            await ask_and_answer(board, client, heard)
        assert await states(client, OFFLINE, COUNT) == set(numbers(msisdn))
    assert board.on == 0


async def test_a_connection_that_breaks_has_its_will_said_and_comes_back(
    broker: Place, msisdn: Msisdn
) -> None:
    heard = Heard()
    async with aiomqtt.Client(broker.host, broker.port) as client:
        await client.subscribe(up_topic(msisdn, UpKind.STATE))
        async with switchboard(Broker(broker.host, broker.port), Random(1)) as board:
            phone = board.phone(msisdn, heard)
            phone.switch_on()
            await states(client, ONLINE, 1)
            transport = phone.wire._transport
            assert transport is not None
            transport.abort()
            await states(client, OFFLINE, 1)
            await heard.until(lambda: heard.of(ContactBack) == [msisdn, msisdn])
            assert heard.of(ContactLost) == [msisdn]
            assert phone.on


@pytest.mark.parametrize("broken", [0, 1])
async def test_a_shared_connection_that_breaks_takes_its_phones_off_for_a_while(
    broker: Place, msisdn: Msisdn, broken: int
) -> None:
    # The first connection is the one that all phones hear on.
    heard, many = Heard(), [Msisdn(str(int(msisdn) * 10 + at)) for at in range(4)]
    async with switchboard(Broker(broker.host, broker.port), Random(1), shared=2) as board:
        for number in many:
            board.phone(number, heard).switch_on()
        await heard.until(lambda: board.on == 4)
        transport = board.phones[many[broken]].wire._transport
        assert transport is not None
        transport.abort()
        lost = set(many) if broken == 0 else {many[1], many[3]}
        await heard.until(lambda: set(heard.of(ContactLost)) == lost)
        await heard.until(lambda: board.on == 4)
        async with aiomqtt.Client(broker.host, broker.port) as client:
            await ask_and_answer(board, client, heard)
            stranger = Msisdn(str(int(msisdn) * 10 + 9))
            await client.publish(down_topic(stranger, DownKind.SMS), b"{}")


@pytest.mark.parametrize("shared", [0, 1])
async def test_a_phone_is_switched_off_and_on_again(
    broker: Place, msisdn: Msisdn, shared: int
) -> None:
    async with aiomqtt.Client(broker.host, broker.port) as client:
        await client.subscribe(up_topic(msisdn, UpKind.STATE))
        async with switchboard(Broker(broker.host, broker.port), Random(1), shared=shared) as board:
            phone = board.phone(msisdn)
            for _ in range(2):
                phone.switch_on()
                await states(client, ONLINE, 1)
                phone.switch_off()
                await states(client, OFFLINE, 1)
                assert not phone.on


async def test_no_broker_is_told_by_the_phone() -> None:
    async with switchboard(Broker("127.0.0.1", 1), Random(1), patience=2.0) as board:
        phone = board.phone(Msisdn("6281200000000"))
        phone.switch_on()
        async with asyncio.timeout(PATIENCE):
            while not phone.why:  # noqa: ASYNC110 - nothing tells of a try that failed
                await asyncio.sleep(0.01)
        assert phone.why.startswith("127.0.0.1:1: ")
