from __future__ import annotations

from typing import Any

import httpx
import pytest
from msgspec import structs
from structlog.testing import capture_logs

from gateway.config import Config
from gateway.core.ledger import Unknown
from gateway.core.numbers import Msisdn
from gateway.store.protocol import NotCommitted

from .small_gateway import SmallGateway

NUMBER = "6281290000001"
PATH = "/api/v1/registrations/outlet"
AUDIT = "/api/v1/report/outlets"
SITI, BUDI = Config().rules().registry.citizens(2)
JANE = {
    "document": "passport",
    "number": "X1234567",
    "nationality": "AU",
    "name": "Jane Doe",
    "birth_place": "Perth",
    "birth_date": "1990-05-17",
}
FOREIGN = {"outlet": "G-1", "msisdn": NUMBER, "foreigner": JANE}


def body(**other: Any) -> dict[str, Any]:
    nik, kk = SITI.nik.digits, SITI.kk.digits
    return {"outlet": "G-1", "msisdn": NUMBER, "nik": nik, "kk": kk, **other}


async def test_an_outlet_registers(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    answer = await client.post(PATH, json=body(msisdn="081290000001"))
    assert answer.status_code == 200
    assert answer.json() == {
        "msisdn": NUMBER,
        "outlet": "G-1",
        "at": "2018-02-26T08:00:00+07:00",
        "outcome": "registered",
        "status": "registered",
        "stage": "OPEN",
        "numbers_on_nik": 1,
        "to_report": False,
        "why": f"{NUMBER} outlet G-1: registered on NIK {SITI.nik}",
    }
    found = gateway.store.subscriber(Msisdn(NUMBER))
    assert found is not None
    assert found.outlet == "G-1"


async def test_a_refusal_is_an_answer(client: httpx.AsyncClient) -> None:
    answer = (await client.post(PATH, json=body(kk=BUDI.kk.digits))).json()
    assert (answer["outcome"], answer["status"]) == ("kk_mismatch", "unregistered")
    assert answer["numbers_on_nik"] is None


async def test_a_foreigner(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    answer = await client.post(PATH, json=FOREIGN)
    assert answer.json()["outcome"] == "registered"
    assert "X1234567" not in answer.text
    found = gateway.store.subscriber(Msisdn(NUMBER))
    assert found is not None
    assert found.foreigner is not None
    assert found.foreigner.birth_date == "1990-05-17"


async def test_many_numbers_on_a_nik_are_logged(client: httpx.AsyncClient) -> None:
    with capture_logs() as lines:
        answers = [
            (await client.post(PATH, json=body(msisdn=f"0812900000{place:02}"))).json()
            for place in range(11)
        ]
    assert [one["to_report"] for one in answers] == [False] * 10 + [True]
    (line,) = (line for line in lines if line["event"] == "outlet: many numbers on one NIK")
    assert line["outlet"] == "G-1"
    assert SITI.nik.digits not in line["why"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (body(msisdn="444"), 'msisdn: "444" is no mobile number'),
        (body(nik="123"), "nik: NIK_LEN=3"),
        (body(kk="O" * 16), "kk: KK_NONDIGIT@1"),
        (body(kk=None), "nik, kk: missing; give both, or a foreigner"),
        (body(foreigner=JANE), "foreigner: given beside a nik or kk"),
        (body(outlet="no id"), "outlet"),
        ({**FOREIGN, "foreigner": {**JANE, "birth_date": "May"}}, "birth_date"),
    ],
)
async def test_what_cannot_be_read_is_named(
    client: httpx.AsyncClient, wish: dict[str, Any], said: str
) -> None:
    answer = await client.post(PATH, json=wish)
    assert answer.status_code == 422
    assert said in answer.text.replace('\\"', '"')


@pytest.mark.parametrize("rules", [structs.replace(Config().rules(), unknown=Unknown.REFUSE)])
async def test_a_number_that_is_not_known(client: httpx.AsyncClient) -> None:
    assert (await client.post(PATH, json=body())).status_code == 404


async def test_what_could_not_be_stored(
    client: httpx.AsyncClient, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(records: object) -> None:
        raise NotCommitted("the disk is full")

    monkeypatch.setattr(gateway.store, "commit", full)
    assert (await client.post(PATH, json=body())).status_code == 503


async def test_the_audit(client: httpx.AsyncClient) -> None:
    empty = {"at": "2018-02-26T08:00:00+07:00", "smallest_cell": 5, "outlets": []}
    assert (await client.get(AUDIT)).json() == empty
    for place in range(6):
        await client.post(PATH, json=body(msisdn=f"0812900000{place:02}"))
    await client.post(PATH, json=body(outlet="G-2", kk=BUDI.kk.digits, msisdn="081290000099"))
    answer = await client.get(AUDIT)
    first, second = answer.json()["outlets"]
    assert first == {
        "outlet": "G-1",
        "requests": 6,
        "registered": 6,
        "failed": 0,
        "failed_percent": 0,
        "niks": None,
        "most_on_nik": 6,
        "busiest_at": "2018-02-26T08:00:00+07:00",
        "in_busiest": 6,
        "flags": ["one NIK for many numbers"],
    }
    assert (second["requests"], second["busiest_at"], second["flags"]) == (None, None, [])
    page = (await client.get("/api/v1/report.html")).text
    assert "G-1: one NIK for many numbers" in page
    for text in (page, answer.text, (await client.get("/api/v1/report.csv")).text):
        assert SITI.nik.digits not in text
        assert str(SITI.nik) not in text
