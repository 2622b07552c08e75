from __future__ import annotations

from typing import Any

import httpx
import pytest
from msgspec import structs

from gateway.config import Config
from gateway.core.chance import Fixed
from gateway.core.fault_aim import arm
from gateway.core.faults import FaultRule, LateVerdict, SilentDesk
from gateway.core.ledger import Rules
from gateway.core.registration.profiles import DEFAULT_PROFILES, index_profiles
from gateway.store.protocol import NotCommitted

from .conftest import client_of
from .small_gateway import SmallGateway

PATH = "/api/v1/registry/verify"
SITI, BUDI = Config().rules().registry.citizens(2)
TELKOMSEL = structs.replace(DEFAULT_PROFILES[0], daily_quota=2)
NOW = Config().clock_now()


@pytest.fixture
def rules() -> Rules:
    return structs.replace(
        Config().rules(),
        profiles=index_profiles((TELKOMSEL, *DEFAULT_PROFILES[1:])),
        faults=arm(
            (
                FaultRule(name="lost", fault=SilentDesk(), source="xl"),
                FaultRule(name="late", fault=LateVerdict(Fixed(1)), source="axis"),
            ),
            1,
        ),
    )


def body(operator: str = "telkomsel", **other: str) -> dict[str, str]:
    return {"nik": SITI.nik.digits, "kk": SITI.kk.digits, "operator": operator, **other}


async def test_a_match_is_answered_with_the_person(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, json=body())
    assert answer.status_code == 200
    assert answer.json() == {
        "verdict": "match",
        "person": {
            "name": SITI.name,
            "sex": SITI.sex.value,
            "birth_date": SITI.birth_date,
            "province": SITI.province,
            "regency": SITI.regency,
        },
        "left": 1,
    }


async def test_a_failure_is_answered_with_its_reason(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, json=body("tri", kk=BUDI.kk.digits))
    assert answer.json() == {"verdict": "kk_mismatch", "person": None, "left": None}


async def test_a_quota_that_is_used_up_is_429_until_midnight(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert (await client.post(PATH, json=body())).status_code == 200
    answer = await client.post(PATH, json=body())
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == str(16 * 3_600)
    assert answer.json()["detail"] == "the quota of 2 a day is used up for telkomsel"


async def test_the_quota_is_counted_over_a_restart(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    assert (await client.post(PATH, json=body())).json()["left"] == 1
    async with client_of(gateway) as anew:
        (row,) = (await anew.get("/api/v1/registry")).json()
        assert (row["today"], row["asked"], row["matched"], row["lost"]) == (1, 1, 1, 0)
        assert (await anew.post(PATH, json=body())).json()["left"] == 0
        assert (await anew.post(PATH, json=body())).status_code == 429
        assert (await anew.post(PATH, json=body("tri"))).json()["left"] is None


async def test_what_was_asked_is_counted_over_a_restart(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    await client.post(PATH, json=body("tri"))
    await client.post(PATH, json=body("tri", kk=BUDI.kk.digits))
    await client.post(PATH, json=body("xl"))
    before = (await client.get("/api/v1/registry")).json()
    async with client_of(gateway) as anew:
        assert (await anew.get("/api/v1/registry")).json() == before
        await anew.post(PATH, json=body("tri"))
        after = (await anew.get("/api/v1/registry")).json()
    counts = [(row["operator"], row["asked"], row["matched"], row["lost"]) for row in after]
    assert counts == [("tri", 3, 2, 0), ("xl", 1, 1, 1)]


async def test_what_cannot_be_counted_is_503(
    client: httpx.AsyncClient, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(records: object) -> None:
        raise NotCommitted("the disk is full")

    monkeypatch.setattr(gateway.store, "commit", refuses)
    answer = await client.post(PATH, json=body())
    assert answer.status_code == 503


async def test_a_lost_answer_is_504_and_counted(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, json=body("xl"))
    assert answer.status_code == 504
    assert "retry-after" not in answer.headers
    await client.post(PATH, json=body())
    use: list[dict[str, Any]] = (await client.get("/api/v1/registry")).json()
    assert use == [
        {"operator": "telkomsel", "quota": 2, "today": 1, "asked": 1, "matched": 1, "lost": 0},
        {"operator": "xl", "quota": 0, "today": 1, "asked": 1, "matched": 1, "lost": 1},
    ]


async def test_a_late_answer_is_waited_for(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("gateway.console.registry_api.asyncio.sleep", sleep)
    assert (await client.post(PATH, json=body("axis"))).status_code == 200
    assert waited == [0.001]


@pytest.mark.parametrize(
    ("other", "detail"),
    [
        ({"nik": "123"}, "NIK_LEN=3"),
        ({"kk": "32010102O3179000"}, "KK_NONDIGIT@9"),
        (
            {"operator": "bolt"},
            'operator: "bolt" is none of telkomsel, indosat, tri, smartfren, xl, axis, other',
        ),
    ],
)
async def test_what_cannot_be_asked_is_422(
    client: httpx.AsyncClient, other: dict[str, str], detail: str
) -> None:
    answer = await client.post(PATH, json={**body(), **other})
    assert (answer.status_code, answer.json()["detail"]) == (422, detail)


class TestInAnOutage:
    @pytest.fixture
    def rules(self) -> Rules:
        return structs.replace(Config().rules(), outages=((NOW - 1, NOW + 60_000),))

    async def test_it_is_503(self, client: httpx.AsyncClient) -> None:
        answer = await client.post(PATH, json=body())
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
