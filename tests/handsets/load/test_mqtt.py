"""Phones over a real broker, against a whole gateway: each alone, and many on one connection."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from gateway.testing import Simulator
from handsets.broker import Broker
from handsets.load.book import Book, Flight
from handsets.load.mqtt import MqttSender
from handsets.load.plan import Shot
from handsets.load.target import MqttTarget, NoTarget
from tests.ports import free_port

DEADLINE = 10.0
PHONES = [f"62812900000{at}0" for at in range(5)]


@pytest.fixture
async def air() -> AsyncIterator[Broker]:
    async with Simulator('mqtt.broker="embedded"') as sms:
        assert sms.mqtt is not None
        yield Broker(*sms.mqtt)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not true():  # noqa: ASYNC110 - the book has no event, and must cost nothing
            await asyncio.sleep(0.001)


def shots(kind: str, to: str, text: str) -> list[Flight]:
    now = asyncio.get_running_loop().time()
    return [Flight(Shot(0.0, kind, phone, to, text), now) for phone in PHONES]


async def test_phones_are_on_before_the_run_where_that_is_wanted(air: Broker) -> None:
    for switched_on, on in ((False, 0), (True, len(PHONES))):
        book = Book(5.0, receipts=True)
        sender = MqttSender(MqttTarget(air, 2, switched_on), book, PHONES, lambda: None)
        await sender.open()
        assert len(sender._on) == on
        await sender.close()


@pytest.mark.parametrize("connections", [0, 2])
async def test_replies_calls_and_data_are_accounted_for(air: Broker, connections: int) -> None:
    book = Book(5.0, receipts=True)
    sender = MqttSender(MqttTarget(air, connections), book, PHONES, lambda: None)
    await sender.open()
    sender.send(shots("registration", "4444", "REG 1#2#"))
    await until(lambda: not book.open)
    sender.send(shots("call", "6285690000002", "") + shots("data", "", ""))
    await until(lambda: not book.open)
    await sender.close()
    tally = book.turn(0)
    assert (tally.sent, tally.replied, tally.unaccounted) == (15, 5, 0)
    assert tally.reported + tally.refused == 10
    assert len(tally.replies) >= 1
    assert sender.queued == sender.drop() == 0


async def test_an_operators_own_application_answers_its_phones(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text('[[short_codes]]\ncode = "4444"\nserved_by = "reg4444"\n')
    async with Simulator('mqtt.broker="embedded"', config=config) as sms:
        assert sms.mqtt is not None
        application = await sms.esme("reg4444")

        async def answer() -> None:
            for _ in PHONES:
                asked = await application.expect("REG 1#2#", to="4444")
                await application.submit("4444", asked.sender, "Diterima")

        book = Book(5.0, receipts=True)
        sender = MqttSender(MqttTarget(Broker(*sms.mqtt), 1), book, PHONES, lambda: None)
        await sender.open()
        sender.send(shots("registration", "4444", "REG 1#2#"))
        async with asyncio.timeout(DEADLINE):
            await answer()
        await until(lambda: not book.open)
        await sender.close()
    tally = book.turn(0)
    assert (tally.sent, tally.replied, tally.replies) == (5, 5, {"Diterima": 5})


@pytest.mark.parametrize("connections", [0, 2])
async def test_connections_that_broke_are_in_the_book(connections: int) -> None:
    book = Book(5.0, receipts=True)
    async with Simulator('mqtt.broker="embedded"') as sms:
        assert sms.mqtt is not None
        sender = MqttSender(MqttTarget(Broker(*sms.mqtt), connections), book, PHONES, lambda: None)
        await sender.open()
        assert sender.down == 0
    many = connections or len(PHONES)
    await until(lambda: sender.down == many)
    sender.send(shots("registration", "4444", "REG 1#2#"))
    await sender.close()
    tally = book.turn(0, sender.down)
    assert (tally.broken, tally.sent, sender.drop()) == (many, 0, len(PHONES))


async def test_no_broker() -> None:
    place = Broker("127.0.0.1", free_port())
    sender = MqttSender(MqttTarget(place, 1), Book(5.0, receipts=True), PHONES, lambda: None)
    with pytest.raises(NoTarget, match="0 of 1 connections to the broker at 127"):
        await sender.open()


async def test_too_many_phones_for_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handsets.load.mqtt.PHONES_MOST", 3)
    place = Broker("127.0.0.1", free_port())
    sender = MqttSender(MqttTarget(place, 0), Book(5.0, receipts=True), PHONES, lambda: None)
    with pytest.raises(NoTarget, match="say --phones 3 or fewer"):
        await sender.open()
    await sender.close()
