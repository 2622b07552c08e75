"""Messages that a search finds, as a file."""

from __future__ import annotations

import csv
import io
import json

import httpx
import pytest

from gateway.console import inbox_export

from .small_gateway import SmallGateway

SITI, BUDI = "6281290000001", "6285690000002"
NIK = "3201014107859001"


async def test_csv_and_json_lines(
    client: httpx.AsyncClient, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_export, "_IDS", 1)
    for number, text in enumerate((f'"NIK" {NIK}, halo', "lain", "halo 2")):
        await gateway.sms(SITI, BUDI, text, f"r{number}")
    await client.put("/api/v1/messages/3/tags", json={"tags": ["a", "b"]})
    answer = await client.get("/api/v1/export/messages", params={"q": "halo"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    first, second = csv.DictReader(io.StringIO(answer.text))
    assert tuple(first) == inbox_export.COLUMNS
    assert first["text"] == '"NIK" 3201********9001, halo'
    assert (second["id"], second["from"], second["tags"]) == ("3", SITI, "a b")
    answer = await client.get("/api/v1/export/messages", params={"format": "jsonl"})
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["text"] for line in lines][1:] == ["lain", "halo 2"]
    await client.delete("/api/v1/messages")
    answer = await client.get("/api/v1/export/messages", params={"format": "jsonl"})
    assert answer.text == ""


async def test_a_wrong_query_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/export/messages", params={"q": "form:4444"})
    assert answer.status_code == 422
