from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from msgspec import structs

from gateway.clock import SystemClock
from gateway.core.events import Presence
from gateway.core.ledger import Rules
from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.registration.citizens import Registry, Verdict
from gateway.core.subscriber import BlockStage

from .small_gateway import SmallGateway

CLOCK = "/api/v1/clock"
NUMBER = Msisdn("6281190000001")

Put = Callable[[Any], Awaitable[httpx.Response]]


@pytest.fixture
def put(client: httpx.AsyncClient) -> Put:
    async def put(wish: Any) -> httpx.Response:
        return await client.put(CLOCK, json=wish)

    return put


async def test_the_clock_shows_the_calendar(client: httpx.AsyncClient) -> None:
    answer = await client.get(CLOCK)
    assert answer.json() == {"now": "2018-02-26T08:00:00+07:00", "speed": 0.0}


@pytest.mark.parametrize(
    ("wish", "now"),
    [
        ({"now": "2018-03-05"}, "2018-03-05T00:00:00+07:00"),
        ({"now": "2018-03-05T01:00:00"}, "2018-03-05T01:00:00+07:00"),
        ({"now": "2018-03-05T01:00:00Z"}, "2018-03-05T08:00:00+07:00"),
        ({"advance": "5d"}, "2018-03-03T08:00:00+07:00"),
        ({"advance": "0d"}, "2018-02-26T08:00:00+07:00"),
        ({"advance": "1d12h30m15s"}, "2018-02-27T20:30:15+07:00"),
    ],
)
async def test_the_calendar_moves_forwards(put: Put, wish: object, now: str) -> None:
    answer = await put(wish)
    assert answer.status_code == 200
    assert answer.json() == {"now": now, "speed": 0.0}


async def test_speed_alone_leaves_the_calendar(put: Put, gateway: SmallGateway) -> None:
    before = gateway.clock.now()
    answer = await put({"speed": 1_000_000})
    assert answer.json()["speed"] == 1_000_000.0
    # Running that fast, a change of speed must not look like a step back.
    answer = await put({"speed": 0})
    assert answer.status_code == 200
    assert answer.json()["speed"] == 0.0
    assert gateway.clock.now() > before


async def test_now_and_speed_together(put: Put) -> None:
    answer = await put({"now": "2018-03-05", "speed": 0})
    assert answer.json() == {"now": "2018-03-05T00:00:00+07:00", "speed": 0.0}


async def test_what_fell_due_is_decided_when_the_answer_comes(
    put: Put, gateway: SmallGateway
) -> None:
    await gateway.decide(Presence(NUMBER, True))
    seen: list[str] = []
    gateway.feed.watch(lambda records: seen.extend(record.why for record in records))
    await put({"now": "2018-05-05"})
    subscriber = gateway.store.subscriber(NUMBER)
    assert subscriber is not None
    assert subscriber.announced is BlockStage.TOTAL_BARRED
    assert [line.split(" at ")[0] for line in seen[1:]] == [
        f"{NUMBER} entered OUTGOING_BARRED",
        f"{NUMBER} entered INCOMING_BARRED",
        f"{NUMBER} entered TOTAL_BARRED",
    ]


async def test_a_step_back_is_a_conflict(put: Put) -> None:
    answer = await put({"now": "2018-01-01"})
    assert answer.status_code == 409
    assert "only moves forwards" in answer.json()["detail"]


async def test_the_system_clock_cannot_be_moved(
    put: Put, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "clock", SystemClock())
    for wish in ({"advance": "1d"}, {"speed": 2}, {"now": "2098-01-01"}):
        answer = await put(wish)
        assert answer.status_code == 409
        assert 'set [clock] mode = "simulated"' in answer.json()["detail"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({}, 'give now, advance or speed: {"now": "2018-03-05"}, {"speed": 60}'),
        ({"now": "2018-03-05", "advance": "1d"}, "give now or advance, not both"),
        (
            {"now": "tomorrow"},
            '"tomorrow" is no moment; write 2018-03-05 or 2018-03-05T08:00:00+07:00',
        ),
        (
            {"advance": "1w"},
            '"1w" is no length of time; write days, hours, minutes or seconds: '
            "5d, 12h, 30m, 90s, 1d12h",
        ),
        ({"advance": "999999999d"}, "the calendar ends with the year 2099"),
        ({"speed": -1}, "speed: -1 is not between 0 and 1000000"),
        ({"speed": 1e9}, "speed: 1e+09 is not between 0 and 1000000"),
        ({"sped": 1}, "sped: Extra inputs are not permitted (sent: 1)"),
        ({"now": 5}, "now: should be a valid string (sent: 5)"),
    ],
)
async def test_wrong_wishes_are_named(put: Put, wish: object, expected: str) -> None:
    answer = await put(wish)
    assert answer.status_code == 422
    assert answer.json()["detail"] == expected


async def test_a_body_that_is_not_json(client: httpx.AsyncClient) -> None:
    answer = await client.put(CLOCK, content=b"{now", headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"] == "body: JSON decode error"


async def test_citizens_are_valid_pairs(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    answer = (await client.get("/api/v1/citizens", params={"count": 2, "start": 3})).json()
    assert [citizen["index"] for citizen in answer] == [3, 4]
    registry = gateway.flow.rules.registry
    for citizen in answer:
        assert registry.verify(Nik(citizen["nik"]), Kk(citizen["kk"])) is Verdict.MATCH
    expected = registry.citizen(3)
    assert answer[0] == {
        "index": 3,
        "nik": expected.nik.digits,
        "kk": expected.kk.digits,
        "name": expected.name,
        "sex": expected.sex.value,
        "birth_date": expected.birth_date,
        "province": expected.province,
        "regency": expected.regency,
        "role": expected.role.value,
        "standing": "sound",
        "valid_kk": expected.kk.digits,
    }


async def test_five_citizens_unless_told_otherwise(client: httpx.AsyncClient) -> None:
    assert len((await client.get("/api/v1/citizens")).json()) == 5


@pytest.mark.parametrize("query", ["count=0", "count=1001", "start=-1", "count=all"])
async def test_wrong_counts_are_refused(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/api/v1/citizens?{query}")).status_code == 422


class TestSmallCountry:
    """A registry of three people."""

    @pytest.fixture
    def rules(self, rules: Rules) -> Rules:
        return structs.replace(rules, registry=Registry(1, 3))

    async def test_citizens_end_with_the_population(self, client: httpx.AsyncClient) -> None:
        answer = await client.get("/api/v1/citizens?start=1")
        assert [citizen["index"] for citizen in answer.json()] == [1, 2]

    async def test_nobody_is_beyond_the_population(self, client: httpx.AsyncClient) -> None:
        answer = await client.get("/api/v1/citizens?start=3")
        assert answer.status_code == 422
        assert answer.json()["detail"] == "start: 3 is not below the population of 3"


async def test_health(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "links": {"smpp": "up", "mqtt": "off"},
        "store": {"records": 0, "subscribers": 0, "pending": 0},
        "waiting": 0,
    }


async def test_health_with_a_link_down(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    gateway.states["mqtt"] = "down: no broker at 127.0.0.1:1883"
    answer = await client.get("/api/v1/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "degraded"
    assert answer.json()["links"]["mqtt"] == "down: no broker at 127.0.0.1:1883"


async def test_life_and_readiness(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    async def told(what: str) -> tuple[int, str]:
        answer = await client.get(f"/api/v1/health/{what}")
        return answer.status_code, answer.json()["status"]

    assert await told("ready") == (200, "ready")
    gateway.states["smpp"] = "the port is gone"
    assert await told("ready") == (503, "degraded")
    gateway.ready = False
    assert await told("ready") == (503, "starting")
    assert await told("live") == (200, "alive")
