"""The page's phones are handsets of a whole gateway; what a trainer clicks is journalled."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway.console.page import PHONES_MOST
from gateway.testing import Simulator

SARI, BUDI = "6281290000001", "6285690000002"
CONSOLE = "/api/v1/console"


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as simulator:
        yield simulator


@pytest.fixture
async def page(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=sim.http + CONSOLE, timeout=10, follow_redirects=True
    ) as client:
        yield client


async def phone(page: httpx.AsyncClient, number: str) -> dict[str, Any]:
    found: dict[str, Any] = (await page.get("")).json()["phones"][number]
    return found


async def test_a_phone_registers_and_the_page_shows_it_masked(
    sim: Simulator, page: httpx.AsyncClient
) -> None:
    await page.put(f"/phones/{SARI}", json={"on": True})
    owner = (await phone(page, SARI))["owner"]
    text = f"ULANG {owner['nik']}#{owner['kk']}#"
    told = (await page.post(f"/phones/{SARI}/sms", json={"to": "4444", "text": text})).json()
    assert told["accepted"] is True
    await (await sim.handset("081290000009")).sms(SARI, "halo")
    shown = await phone(page, SARI)
    assert shown["status"] == "registered"
    assert [one["way"] for one in shown["bubbles"]] == ["out", "in", "in"]
    assert owner["nik"] not in json.dumps(shown["bubbles"])
    assert next(one.text for one in await sim.messages(SARI)) == text


async def test_a_call_between_two_phones_of_the_page(page: httpx.AsyncClient) -> None:
    for number in (SARI, BUDI):
        await page.put(f"/phones/{number}", json={"on": True})
    await page.post(f"/phones/{SARI}/call", json={"to": "085690000002"})
    assert (await phone(page, BUDI))["call"]["state"] == "incoming"
    await page.post(f"/phones/{BUDI}/call", json={"action": "answer"})
    assert (await phone(page, SARI))["call"]["state"] == "answered"
    await page.post(f"/phones/{SARI}/call", json={"action": "hangup"})
    assert (await phone(page, BUDI))["call"]["state"] == "ended"
    again = await page.post(f"/phones/{BUDI}/call", json={"action": "hangup"})
    assert again.status_code == 409


async def test_barring_shows_on_the_phone(sim: Simulator, page: httpx.AsyncClient) -> None:
    await page.put(f"/phones/{SARI}", json={"on": True})
    assert (await page.post(f"/phones/{SARI}/data", json={"on": True})).json()["accepted"]
    assert (await phone(page, SARI))["data"] is True
    await sim.clock.set("2018-04-30")
    shown = await phone(page, SARI)
    assert shown["stage"] == "TOTAL_BARRED"
    assert len(shown["barred"]) == 5
    assert shown["data"] is False
    refused = (await page.post(f"/phones/{SARI}/data", json={"on": True})).json()
    assert refused["cause"] == "operator_determined_barring"
    code = (await page.post(f"/phones/{SARI}/ussd", json={"code": "*444#"})).json()
    assert code["accepted"]
    assert code["text"]
    assert (await phone(page, SARI))["ussd"] == code["text"]


async def test_what_is_no_phone_of_the_page_is_a_problem(
    sim: Simulator, page: httpx.AsyncClient
) -> None:
    off = await page.post(f"/phones/{SARI}/sms", json={"to": "4444", "text": "x"})
    assert (off.status_code, off.json()["detail"]) == (409, f"{SARI} is off: switch it on first")
    unknown = await page.post("/phones/081211111111/sms", json={"to": "4444", "text": "x"})
    assert unknown.status_code == 404
    assert (await page.put("/phones/12", json={"on": True})).status_code == 422
    await sim.handset(BUDI)
    taken = await page.put(f"/phones/{BUDI}", json={"on": True})
    assert taken.status_code == 409
    for number in range(PHONES_MOST):
        last = await page.put(f"/phones/0812555500{number:02}", json={"on": False})
    assert last.status_code == 409


async def test_a_phone_goes_into_the_row_and_out_again(page: httpx.AsyncClient) -> None:
    put = await page.put("/phones/081255550000", json={"on": True, "name": "Wati", "citizen": 7})
    assert put.json()["name"] == "Wati"
    assert (await page.delete("/phones/081255550000")).status_code == 200
    assert "6281255550000" not in (await page.get("")).json()["phones"]


async def test_viewers_are_sent_what_happens(page: httpx.AsyncClient) -> None:
    async with page.stream("GET", "/stream") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == ": connected"
        await page.put(f"/phones/{SARI}", json={"on": True})
        await page.post(f"/phones/{SARI}/sms", json={"to": "4444", "text": "halo"})
        events: list[dict[str, Any]] = []
        async for line in lines:
            if line.startswith("data: "):
                events += json.loads(line[6:])["events"]
            if any(one["outcome"] for one in events):
                break
    sms = next(one for one in events if one["kind"] == "sms")
    assert sms["way"] == ["phone", "smsc", "4444", "reply"]
    assert "UNKNOWN_WORD" in sms["why"]


async def test_totals_count_by_stage_and_outcome(page: httpx.AsyncClient) -> None:
    assert (await page.get("/totals")).json()["over_time"] == []


async def test_who_may_only_look_is_told_so() -> None:
    reads, acts = "r" * 20, "a" * 20
    async with (
        Simulator(f'http.read_token="{reads}"', f'http.act_token="{acts}"') as sim,
        httpx.AsyncClient(base_url=sim.http, timeout=10) as client,
    ):
        assert (await client.get("/console/")).status_code == 200
        assert (await client.get(CONSOLE)).status_code == 401
        for token, may_act in ((reads, False), (acts, True)):
            shown = await client.get(CONSOLE, headers={"authorization": f"Bearer {token}"})
            assert shown.json()["may_act"] is may_act
        refused = await client.put(
            f"{CONSOLE}/phones/{SARI}",
            json={"on": True},
            headers={"cookie": f"gateway_token={reads}"},
        )
        assert refused.status_code == 403
