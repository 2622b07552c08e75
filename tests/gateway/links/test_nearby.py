"""Phones in the gateway's own process: the same frames as over MQTT, without a broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from structlog.testing import capture_logs

from gateway.air.frames import (
    BadFrame,
    BarringDown,
    DownFrame,
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    decode_down,
)
from gateway.air.topics import DownKind, UpKind
from gateway.config import BrokerKind, Config, HttpConfig, MqttConfig, SmppConfig, StoreConfig
from gateway.core.numbers import Msisdn
from gateway.node import Gateway, running
from tests.turns import until

SITI, BUDI = Msisdn("6281290000001"), Msisdn("6285690000002")
CONFIG = Config(
    store=StoreConfig(path=":memory:"),
    smpp=SmppConfig(port=0),
    http=HttpConfig(port=0),
    mqtt=MqttConfig(broker=BrokerKind.NONE),
)


class Heard:
    """What one phone heard."""

    def __init__(self) -> None:
        self.frames: list[DownFrame | BadFrame] = []

    def __call__(self, kind: DownKind, payload: bytes) -> None:
        self.frames.append(decode_down(kind, payload))

    def of(self, kind: type) -> list[DownFrame | BadFrame]:
        return [one for one in self.frames if isinstance(one, kind)]


@asynccontextmanager
async def gateway_and(*numbers: Msisdn) -> AsyncIterator[tuple[Gateway, list[Heard]]]:
    async with running(CONFIG) as gateway:
        phones = [Heard() for _ in numbers]
        for number, heard in zip(numbers, phones, strict=True):
            gateway.phones.nearby.switch_on(number, heard)
            await until(lambda heard=heard: bool(heard.of(BarringDown)))  # type: ignore[misc]
        yield gateway, phones


async def test_a_phone_is_told_its_bars_and_its_sms_arrive() -> None:
    async with gateway_and(SITI, BUDI) as (gateway, (siti, budi)):
        air = gateway.phones.nearby
        assert gateway.links()["mqtt"] == "off"
        assert "mqtt" not in gateway.listeners
        air.frame(SITI, UpKind.SMS, SmsUp("a1", BUDI, "halo"))
        await until(lambda: bool(budi.of(SmsDown)))
        (result,) = siti.of(ResultDown)
        assert isinstance(result, ResultDown)
        assert (result.ref, result.status) == ("a1", ResultStatus.ACCEPTED)


async def test_what_was_retained_is_told_to_who_comes_back() -> None:
    async with gateway_and(SITI) as (gateway, _):
        air = gateway.phones.nearby
        air.switch_off(SITI)
        assert not air.holds(SITI)
        again = Heard()
        air.switch_on(SITI, again)
        assert again.of(BarringDown)
        assert air.holds(SITI)


async def test_who_is_off_hears_nothing_and_is_not_announced_twice() -> None:
    async with gateway_and(SITI, BUDI) as (gateway, (siti, budi)):
        air = gateway.phones.nearby
        air.switch_off(BUDI)
        air.switch_off(BUDI)
        air.frame(SITI, UpKind.SMS, SmsUp("a1", BUDI, "halo"))
        await until(lambda: bool(siti.of(ResultDown)))
        assert not budi.of(SmsDown)


async def test_a_topic_that_is_none_is_an_error_of_ours() -> None:
    async with gateway_and() as (gateway, _):
        with capture_logs() as logs:
            gateway.phones.nearby.send("handsets/x/down/sms", b"{}", qos=0, retain=False)
            await asyncio.sleep(0)
        assert [one["log_level"] for one in logs] == ["error"]
