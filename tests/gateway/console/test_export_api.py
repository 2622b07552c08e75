"""Subscribers and journal as streams of lines."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from gateway.console.api import create_app
from gateway.console.subscriber_csv import COLUMNS
from gateway.console.tokens import Tokens
from gateway.core.events import (
    CallAction,
    CallStep,
    DataClose,
    DataOpen,
    DatesSet,
    Dial,
    Presence,
)
from gateway.core.ledger import Rules
from gateway.core.numbers import Msisdn
from gateway.core.outlets import Document, Foreigner, OutletRegisters, Papers
from gateway.store.sqlite import SqliteStore
from tests.gateway.core.network import SITI

from .conftest import client_of
from .small_gateway import SmallGateway

# What people write into forms: a formula, quotes, a separator.
FOREIGNER = Foreigner(Document.PASSPORT, "X1234567", "=SUM", 'Jo "J", Ó', "'Delft", "1985-07-01")
SUBSCRIBERS = "/api/v1/export/subscribers"
JOURNAL = "/api/v1/export/journal"


async def bring_in(client: httpx.AsyncClient) -> None:
    file = (
        "msisdn,status,registered_at,nik,kk\n"
        "081290000002,,,,\n"
        f"081290000001,registered,2018-01-05,{SITI.nik.digits},{SITI.kk.digits}\n"
    )
    answer = await client.post("/api/v1/import/subscribers", content=file)
    assert answer.json()["made"] == 2


async def test_subscribers_as_csv(client: httpx.AsyncClient) -> None:
    await bring_in(client)
    answer = await client.get(SUBSCRIBERS)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, first, second = answer.text.splitlines()
    assert header == ",".join(COLUMNS)
    assert first == (
        "6281290000001,telkomsel,registered,OPEN,2018-01-05T00:00:00+07:00,,"
        f"2018-01-05T00:00:00+07:00,{SITI.nik},{SITI.kk},,,,,,,,"
    )
    assert second.startswith("6281290000002,telkomsel,unregistered,OPEN,2018-02-26T08:00:00+07:00")
    clear = (await client.get(SUBSCRIBERS, params={"identities": True})).text
    assert f"{SITI.nik.digits},{SITI.kk.digits}," in clear


async def test_what_is_exported_and_imported_again_is_the_same(
    client: httpx.AsyncClient, gateway: SmallGateway, rules: Rules
) -> None:
    await bring_in(client)
    numbers = [Msisdn(f"628129000000{last}") for last in range(1, 5)]
    papers = Papers(SITI.nik, SITI.kk)
    await gateway.flow.ask(OutletRegisters(numbers[2], "GERAI-017", papers))
    await gateway.flow.ask(OutletRegisters(numbers[3], "toko.2", FOREIGNER))
    at = gateway.clock.now() + 86_400_123
    await gateway.flow.ask(DatesSet(numbers[1], notice_at=at, expires_at=at + 1))
    clear = {"identities": True}
    file = (await client.get(SUBSCRIBERS, params=clear)).text
    other = SmallGateway(rules)
    async with asyncio.TaskGroup() as tasks, client_of(other) as client_of_other:
        tasks.create_task(other.flow.run(), name="flow")
        answer = await client_of_other.post("/api/v1/import/subscribers", content=file)
        assert answer.json() == {"made": 4, "updated": 0, "refused_rows": 0, "refused": []}
        assert (await client_of_other.get(SUBSCRIBERS, params=clear)).text == file
        other.flow.drain()
    for number in numbers:
        assert other.store.subscriber(number) == gateway.store.subscriber(number)
    masked = (await client.get(SUBSCRIBERS)).text
    assert "passport,X***,'=SUM,J***,***,***" in masked


async def test_subscribers_as_json_lines(client: httpx.AsyncClient) -> None:
    await bring_in(client)
    answer = await client.get(SUBSCRIBERS, params={"format": "jsonl"})
    assert answer.headers["content-type"] == "application/x-ndjson"
    first, second = map(json.loads, answer.text.splitlines())
    assert (first["msisdn"], first["nik"]) == ("6281290000001", str(SITI.nik))
    assert (second["status"], second["nik"]) == ("unregistered", "")


async def test_a_store_without_a_journal_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get(JOURNAL)
    assert answer.status_code == 409
    assert ":memory:" in answer.json()["detail"]


@pytest.fixture
async def on_disk(
    gateway: SmallGateway, rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SqliteStore:
    """A store with two events' journal, in the place of the memory store."""
    store = SqliteStore(
        tmp_path / "gateway.sqlite3", full=False, schedule=rules.schedule, ring_ms=1
    )
    await store.open()
    monkeypatch.setattr(gateway.flow, "_store", store)
    gateway.store = store  # type: ignore[assignment]
    return store


async def test_the_journal_as_json_lines(
    client: httpx.AsyncClient, gateway: SmallGateway, on_disk: SqliteStore
) -> None:
    try:
        await bring_in(client)
        text = f"ULANG {SITI.nik.digits}#{SITI.kk.digits}#"
        await gateway.sms("6281290000002", "4444", text)
        masked = (await client.get(JOURNAL)).text
        clear = (await client.get(JOURNAL, params={"identities": True, "after": 1})).text
        none = (await client.get(JOURNAL, params={"after": 2})).text
    finally:
        await on_disk.close()
    assert [json.loads(line)["seq"] for line in masked.splitlines()] == [1, 2]
    assert SITI.nik.digits not in masked
    assert SITI.kk.digits not in masked
    (record,) = map(json.loads, clear.splitlines())
    assert record["event"]["text"] == text
    assert none == ""


async def test_call_records(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    phone = Msisdn("6281290000001")
    for event in (
        Presence(phone, True),
        Dial(phone, "112", "c1"),
        CallStep(phone, CallAction.HANGUP, 1),
        DataOpen(phone, "d1"),
        DataClose(phone, "d2"),
    ):
        await gateway.decide(event)
    header, call, data = (await client.get("/api/v1/export/cdr")).text.splitlines()
    assert header == "type,id,caller,callee,start,answer,end,duration_s,cause,q850,sm"
    assert call.startswith("emergency,1,6281290000001,112,2018-02-26T08:00:00+07:00,")
    assert call.endswith(",0.000,normal_clearing,16,")
    assert data.startswith("data,d1,6281290000001,,")
    answer = await client.get("/api/v1/export/cdr", params={"format": "jsonl"})
    assert [json.loads(line)["type"] for line in answer.text.splitlines()] == ["emergency", "data"]


@pytest.mark.parametrize(
    ("token", "status"), [("reading-is-enough", 403), ("trainers-may-act-", 200)]
)
async def test_identities_in_clear_are_for_those_who_may_act(
    gateway: SmallGateway, token: str, status: int
) -> None:
    app = create_app(gateway, tokens=Tokens("reading-is-enough", "trainers-may-act-"))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://gateway", headers=headers
    ) as client:
        assert (await client.get(SUBSCRIBERS)).status_code == 200
        clear = await client.get(SUBSCRIBERS, params={"identities": True})
    assert clear.status_code == status
