from __future__ import annotations

import asyncio

import httpx
from msgspec import structs

from gateway.core.numbers import Msisdn
from gateway.links.sweep import Sweep
from tests.gateway.console.small_gateway import SmallGateway

PATH = "/api/v1/sweep"


async def test_where_nothing_is_swept(client: httpx.AsyncClient) -> None:
    assert (await client.get(PATH, params={"wait": 5})).json() == {
        "per_second": 0.0,
        "running": False,
        "done": 0,
        "left": 0,
        "seconds": 0.0,
    }


async def test_its_end_can_be_awaited(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    flow, state = gateway.flow, gateway.store._state
    schedule = structs.replace(flow.rules.schedule, swept=True)
    flow._rules = structs.replace(flow.rules, schedule=schedule)
    state.ageing._schedule, state._swept = schedule, True
    await gateway.sms("6281190000001", "6281190000002", "halo")
    await gateway.set_clock(gateway.clock.now() + 10 * 86_400_000, None)
    gateway.sweep = Sweep(flow, gateway.store, gateway.clock, 100)
    assert (await client.get(PATH, params={"wait": 0.01})).json()["left"] == 2
    waiting = asyncio.create_task(client.get(PATH, params={"wait": 10}))
    sweep = asyncio.create_task(gateway.sweep.run())
    answer = (await waiting).json()
    sweep.cancel()
    assert (answer["done"], answer["left"], answer["per_second"]) == (2, 0, 100.0)
    found = gateway.store.subscriber(Msisdn("6281190000001"))
    assert found is not None
    assert found.announced.value == "OUTGOING_BARRED"
