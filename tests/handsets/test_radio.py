"""One phone's connection, over the real embedded broker."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import aiomqtt
import pytest
from iotcore import Broker

from gateway.air.frames import PhoneState, SmsUp, StateUp, encode
from gateway.air.topics import DownKind, UpKind, up_topic
from gateway.core.numbers import Msisdn, ShortCode
from handsets.handset import Answered, ContactBack, ContactLost, Handset, Happening, SmsReceived
from handsets.place import Place
from handsets.radio import NoBroker, on_air
from tests.handsets.fake_gateway import DEADLINE, deaf_at_first, desk, fake_gateway, reply
from tests.ports import free_port

DESK = ShortCode("4444")


class Happened:
    """What the phone was told, awaitable."""

    def __init__(self) -> None:
        self.all: list[Happening] = []
        self._queue: asyncio.Queue[Happening] = asyncio.Queue()

    def tell(self, happening: Happening) -> None:
        self.all.append(happening)
        self._queue.put_nowait(happening)

    async def until(self, wanted: type) -> None:
        async with asyncio.timeout(DEADLINE):
            while not isinstance(await self._queue.get(), wanted):
                pass


@asynccontextmanager
async def relay(to: Place) -> AsyncIterator[tuple[Place, Callable[[], None]]]:
    """Stand between phone and broker; gives the way in, and what cuts all connections."""
    writers: list[asyncio.StreamWriter] = []

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while octets := await reader.read(65_536):
                writer.write(octets)
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(to.host, to.port)
        writers.extend((writer, far_writer))
        await asyncio.gather(pass_on(reader, far_writer), pass_on(far_reader, writer))

    def cut() -> None:
        for writer in writers:
            writer.transport.abort()

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    async with server:
        yield Place("127.0.0.1", server.sockets[0].getsockname()[1]), cut


@pytest.fixture
def happened() -> Happened:
    return Happened()


@pytest.fixture
def phone(msisdn: Msisdn) -> Handset:
    return Handset(msisdn, run="r")


async def retained_state(broker: Place, msisdn: Msisdn) -> bytes:
    """Give what a gateway that comes now is told of the phone."""
    async with aiomqtt.Client(broker.host, broker.port) as late, asyncio.timeout(DEADLINE):
        await late.subscribe(up_topic(msisdn, UpKind.STATE))
        async for message in late.messages:
            assert isinstance(message.payload, bytes)
            return message.payload
    raise AssertionError


async def test_a_phone_is_announced_and_says_goodbye(
    broker: Place, phone: Handset, happened: Happened
) -> None:
    async with fake_gateway(broker) as gateway:
        async with on_air(phone, broker, happened.tell):
            await gateway.until(lambda: gateway.states() == ["online"])
            online = encode(StateUp(PhoneState.ONLINE))
            assert await retained_state(broker, phone.msisdn) == online
        await gateway.until(lambda: gateway.states() == ["online", "offline"])
    offline = encode(StateUp(PhoneState.OFFLINE))
    assert await retained_state(broker, phone.msisdn) == offline


async def test_a_cancelled_phone_says_goodbye_too(
    broker: Place, phone: Handset, happened: Happened
) -> None:
    async def be_on() -> None:
        async with on_air(phone, broker, happened.tell):
            await asyncio.Event().wait()

    async with fake_gateway(broker) as gateway:
        being = asyncio.create_task(be_on())
        await gateway.until(lambda: gateway.states() == ["online"])
        being.cancel()
        with pytest.raises(asyncio.CancelledError):
            await being
        await gateway.until(lambda: gateway.states() == ["online", "offline"])


async def test_an_sms_goes_up_and_its_reply_is_acknowledged(
    broker: Place, phone: Handset, happened: Happened
) -> None:
    async with fake_gateway(broker, desk) as gateway:
        async with on_air(phone, broker, happened.tell) as radio:
            phone.send_sms(DESK, "REG", radio.now())
            radio.wake()
            await happened.until(SmsReceived)
        await gateway.until(lambda: bool(gateway.frames(UpKind.ACK)))
    assert [type(happening) for happening in happened.all] == [Answered, SmsReceived]
    assert gateway.frames(UpKind.SMS) == [SmsUp("r-1", "4444", "REG")]


async def test_an_unanswered_frame_is_repeated_with_its_ref(
    broker: Place, phone: Handset, happened: Happened
) -> None:
    # Deaf to the phone's coming and to its first SMS.
    async with (
        fake_gateway(broker, deaf_at_first(desk, 2)) as gateway,
        on_air(phone, broker, happened.tell) as radio,
    ):
        phone.send_sms(DESK, "REG", radio.now())
        radio.wake()
        await happened.until(Answered)
    first, second = gateway.frames(UpKind.SMS)
    assert first == second


async def test_a_phone_that_another_with_its_number_leaves_stays_on(
    broker: Place, phone: Handset, happened: Happened
) -> None:
    async with (
        fake_gateway(broker) as gateway,
        on_air(phone, broker, happened.tell),
    ):
        await gateway.until(lambda: gateway.states() == ["online"])
        async with on_air(Handset(phone.msisdn, run="s"), broker, happened.tell):
            pass
        await gateway.until(lambda: gateway.states()[-2:] == ["offline", "online"])


async def test_it_comes_back_after_the_broker_did(phone: Handset, happened: Happened) -> None:
    place = Place("127.0.0.1", free_port())
    broker = Broker(listen=place.host, port=place.port)
    await asyncio.to_thread(broker.start)
    try:
        async with on_air(phone, place, happened.tell) as radio:
            await asyncio.to_thread(broker.stop)
            await happened.until(ContactLost)
            phone.send_sms(DESK, "REG", radio.now())
            radio.wake()
            await asyncio.to_thread(broker.start)
            await happened.until(ContactBack)
            async with fake_gateway(place, desk) as gateway:
                # Subscribed again: what is sent to the phone reaches it.
                await gateway.send(phone.msisdn, *reply("5", "4444"))
                await happened.until(SmsReceived)
                await gateway.until(lambda: bool(gateway.frames(UpKind.SMS)))
    finally:
        await asyncio.to_thread(broker.stop)


async def test_a_connection_that_breaks_is_announced_and_made_again(
    broker: Place, phone: Handset, happened: Happened
) -> None:
    async with (
        fake_gateway(broker) as gateway,
        relay(broker) as (way, cut),
        on_air(phone, way, happened.tell),
    ):
        await gateway.until(lambda: gateway.states() == ["online"])
        cut()
        await happened.until(ContactBack)
        await gateway.until(lambda: gateway.states()[-1:] == ["online"])
    assert gateway.states()[:2] == ["online", "offline"]


async def test_frames_that_are_none_of_the_contract_do_no_harm(
    broker: Place, phone: Handset, happened: Happened
) -> None:
    async with (
        fake_gateway(broker) as gateway,
        on_air(phone, broker, happened.tell),
    ):
        await gateway.send_raw(phone.msisdn, DownKind.SMS, b"\xff")
        await gateway.client.publish(f"handsets/{phone.msisdn}/down/tomorrow", b"{}")
        await gateway.send(phone.msisdn, *reply("5", "4444"))
        await happened.until(SmsReceived)


async def test_no_broker_is_told_with_the_remedy(phone: Handset, happened: Happened) -> None:
    place = Place("127.0.0.1", free_port())
    with pytest.raises(NoBroker, match=r"127\.0\.0\.1.*gateway serve.*--mqtt HOST:PORT"):
        async with on_air(phone, place, happened.tell):
            pass


async def test_what_its_user_raises_passes_through(
    broker: Place, phone: Handset, happened: Happened
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with on_air(phone, broker, happened.tell):
            raise ZeroDivisionError
