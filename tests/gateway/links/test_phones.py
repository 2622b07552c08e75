"""Our own broker, when it runs and answers nobody."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from gateway.config import MqttConfig
from gateway.links import phones as module
from gateway.links.broker import EmbeddedBroker
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


def test_little_room_for_phones_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "raise_limit", lambda: 156)
    with capture_logs() as logs:
        module._see_room()
    assert logs[0]["phones"] == 156
