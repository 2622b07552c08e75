"""Our own broker, when it runs and answers nobody."""

from __future__ import annotations

import asyncio
import ssl
from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from gateway.config import BrokerKind, MqttConfig
from gateway.config.values import MqttTlsConfig
from gateway.links import phones as module
from gateway.links.broker import BrokerFailed, EmbeddedBroker
from gateway.links.mqtt_client import BrokerLost
from gateway.links.phones import PhonesLink
from tests.gateway.links.air_network import FlowDouble, make_courier
from tests.gateway.links.air_phones import DEADLINE_S


async def test_a_broker_that_is_stuck_is_killed_so_that_it_starts_again(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOK_S", 0.01)
    monkeypatch.setattr(module, "_STUCK_S", 0.05)
    flow = FlowDouble()
    link = PhonesLink(MqttConfig(), cast(Any, flow), make_courier())
    link._mqtt = cast(Any, SimpleNamespace(connected=True))
    watching = asyncio.create_task(link._restart_when_stuck(broker))
    died = asyncio.create_task(broker.died())
    with capture_logs() as logs:
        done, _ = await asyncio.wait({died}, timeout=0.3)
        assert not done
        link._mqtt = cast(Any, SimpleNamespace(connected=False))
        await asyncio.wait_for(died, DEADLINE_S)
    watching.cancel()
    assert any("answers nobody" in line["event"] for line in logs)


def told(trouble: BaseException | None) -> str:
    return module._told("127.0.0.1", 1883, trouble)


def test_what_keeps_the_gateway_from_its_broker_is_told_with_the_way_out() -> None:
    refused = BrokerLost("the broker refuses the connection: this user may not connect", 5)
    assert told(refused) == (
        "no MQTT broker takes the gateway at 127.0.0.1:1883 (the broker refuses the connection: "
        "this user may not connect); "
        "check [mqtt] username and password"
    )
    assert told(ssl.SSLError("bad certificate")).endswith(
        "check [mqtt.tls], and that the broker speaks TLS at this port"
    )
    assert "; start it, or set [mqtt] broker, host and port" in told(BrokerLost("gone"))
    assert told(None).startswith("no MQTT broker answers at 127.0.0.1:1883; start it")


async def test_a_file_that_is_gone_when_the_gateway_starts_is_named() -> None:
    tls = MqttTlsConfig(enabled=True, ca="no-such.pem")
    config = MqttConfig(broker=BrokerKind.EXTERNAL, tls=tls)
    link = PhonesLink(config, cast(Any, FlowDouble()), make_courier())
    with pytest.raises(BrokerFailed, match=r'^\[mqtt.tls\] ca "no-such.pem" cannot be read'):
        await link.start(lambda _name, work: work.close())


def test_little_room_for_phones_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "raise_limit", lambda: 156)
    with capture_logs() as logs:
        module._see_room()
    assert logs[0]["phones"] == 156
