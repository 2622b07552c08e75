from __future__ import annotations

import asyncio

import httpx
import pytest

from gateway.core.numbers import Msisdn
from gateway.store.protocol import NotCommitted
from tests.gateway.console.small_gateway import SmallGateway
from tests.turns import until

PATH = "/api/v1/campaigns"
NUMBER = Msisdn("6281190000001")


async def test_a_campaign_from_its_begin_to_its_end(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    assert (await client.get(PATH)).json() == {"campaigns": []}
    await gateway.sms(NUMBER, "6281190000002", "halo")
    begun = await client.post(PATH, json={"name": "weekly", "per_second": 50})
    assert begun.json() == {
        "name": "weekly",
        "operator": "",
        "target": "unregistered",
        "per_second": 50.0,
        "began_at": "2018-02-26T08:00:00+07:00",
        "running": True,
        "sent": 0,
        "passed_over": 0,
        "left": 2,
    }
    twice = await client.post(PATH, json={"name": "weekly"})
    assert twice.status_code == 409
    work = asyncio.create_task(gateway.campaigns.run())
    await until(lambda: not gateway.campaigns.views()[0].running)
    work.cancel()
    (shown,) = (await client.get(PATH)).json()["campaigns"]
    assert (shown["sent"], shown["running"]) == (2, False)
    again = {"name": "validate", "target": "unvalidated"}
    unvalidated = (await client.post(PATH, json=again)).json()
    assert (unvalidated["target"], unvalidated["left"]) == ("unvalidated", 0)
    since = {"name": "weekly", "operator": "telkomsel", "not_since": "2018-02-26"}
    assert (await client.post(PATH, json=since)).json()["passed_over"] == 2
    stopped = await client.delete(f"{PATH}/weekly")
    assert stopped.json()["running"] is False
    assert (await client.delete(f"{PATH}/other")).status_code == 404


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"name": ""}, "name: is"),
        ({"name": "a", "per_second": 0}, "per_second: is 0; write how many SMS a second"),
        ({"name": "a", "operator": "exel"}, 'operator: is "exel", no operator'),
        ({"name": "a", "not_since": "soon"}, '"soon" is no moment'),
    ],
)
async def test_what_cannot_be_is_named(
    client: httpx.AsyncClient, wish: dict[str, object], said: str
) -> None:
    answer = await client.post(PATH, json=wish)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


async def test_what_cannot_be_stored_is_503(
    client: httpx.AsyncClient, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.post(PATH, json={"name": "weekly"})
    await gateway.sms(NUMBER, "6281190000002", "halo")
    await client.post(PATH, json={"name": "weekly"})

    async def refuses(records: object) -> None:
        raise NotCommitted("the disk is full")

    monkeypatch.setattr(gateway.store, "commit", refuses)
    begun = await client.post(PATH, json={"name": "other"})
    stopped = await client.delete(f"{PATH}/weekly")
    for answer in (begun, stopped):
        assert answer.status_code == 503
        assert "the disk is full" in answer.json()["detail"]
