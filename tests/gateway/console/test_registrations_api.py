from __future__ import annotations

from typing import Any

import httpx
import pytest
from msgspec import structs

from gateway.config import Config, ShortCodeConfig
from gateway.core.events import Presence
from gateway.core.ledger import Rules, Unknown
from gateway.core.numbers import Msisdn
from gateway.core.registration.citizens import Citizen
from gateway.core.subscriber import Status, Subscriber
from gateway.store.protocol import NotCommitted

from .small_gateway import SmallGateway

NUMBER = "6281190000001"
PATH = "/api/v1/registrations"
DIFFERENCES = f"{PATH}/differences"
SITI, BUDI = Config().rules().registry.citizens(2)


@pytest.fixture
def rules() -> Rules:
    row = ShortCodeConfig(code="4444", served_by="reg4444", shadow=True)
    return Config(short_codes=(row,)).rules()


def body(who: Citizen = SITI, outcome: str = "registered", **other: str) -> dict[str, str]:
    nik, kk = who.nik.digits, who.kk.digits
    return {"msisdn": NUMBER, "outcome": outcome, "nik": nik, "kk": kk, "by": "regapp", **other}


async def test_a_registration_is_told(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    await gateway.set_clock(Config().clock_now() + 90 * 86_400_000, None)
    await gateway.decide(Presence(Msisdn(NUMBER), True))
    answer = await client.post(PATH, json=body(msisdn="081190000001"))
    assert answer.status_code == 200
    why = f"{NUMBER} regapp tells: registered (NIK {SITI.nik}, KK {SITI.kk})"
    assert answer.json() == {
        "msisdn": NUMBER,
        "status": "registered",
        "stage": "OPEN",
        "difference": None,
        "why": why,
    }
    found = gateway.store.subscriber(Msisdn(NUMBER))
    assert found is not None
    assert found.nik == SITI.nik


async def test_a_difference_is_answered_and_listed(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    empty: dict[str, Any] = {"shadow": True, "differences": [], "untold": [], "unreadable": []}
    assert (await client.get(DIFFERENCES)).json() == empty
    await gateway.sms(NUMBER, "4444", f"ULANG {SITI.nik.digits}#{SITI.kk.digits}#")
    asked = (await client.get(DIFFERENCES, params={"hours": 0})).json()["untold"]
    right = {"outcome": "registered", "nik": str(SITI.nik), "kk": str(SITI.kk)}
    at = "2018-02-26T08:00:00+07:00"
    assert asked == [{"msisdn": NUMBER, "asked": "1", "at": at, "desk": right}]
    assert (await client.get(DIFFERENCES)).json() == empty
    told = await client.post(PATH, json={"msisdn": NUMBER, "outcome": "bad_format", "by": "regapp"})
    difference = {
        "msisdn": NUMBER,
        "at": at,
        "asked": "1",
        "desk": right,
        "told": {"outcome": "bad_format", "nik": None, "kk": None},
        "by": "regapp",
        "reply": None,
    }
    assert told.json()["difference"] == difference
    listed = (await client.get(DIFFERENCES, params={"hours": 0})).json()
    assert listed == empty | {"differences": [difference]}


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (body(msisdn="444"), 'msisdn: "444" is no mobile number'),
        (body(nik="123"), "nik: NIK_LEN=3"),
        (body(kk="O" * 16), "kk: KK_NONDIGIT@1"),
        ({"msisdn": NUMBER, "outcome": "registered", "by": "x"}, "nik, kk: missing"),
    ],
)
async def test_what_cannot_be_read_is_named(
    client: httpx.AsyncClient, wish: dict[str, str], said: str
) -> None:
    answer = await client.post(PATH, json=wish)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


async def test_an_expired_number_is_a_conflict(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    expired = Subscriber(Msisdn(NUMBER), "telkomsel", Status.EXPIRED, 0)
    gateway.store._state.put(expired)
    answer = await client.post(PATH, json=body())
    assert answer.status_code == 409
    assert "has expired" in answer.json()["detail"]


async def test_an_unknown_number_is_not_found(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    gateway.flow._rules = structs.replace(gateway.flow.rules, unknown=Unknown.REFUSE)
    assert (await client.post(PATH, json=body())).status_code == 404


async def test_what_is_not_stored_is_to_be_told_again(
    client: httpx.AsyncClient, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(records: object) -> None:
        raise NotCommitted("the disk is full")

    monkeypatch.setattr(gateway.store, "commit", full)
    answer = await client.post(PATH, json=body())
    assert answer.status_code == 503
    assert "the disk is full" in answer.json()["detail"]
