"""Reports of a gateway: JSON, CSV and the page, over what was sent and what was before."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.console.reports import Reports
from gateway.core.ledger import Rules
from gateway.core.numbers import Msisdn
from gateway.core.outlets import OutletRegisters, Papers
from gateway.store import pruning
from gateway.store.retention import Retention
from gateway.store.sqlite import SqliteStore
from tests.gateway.console.small_gateway import SmallGateway

REPORT = "/api/v1/report"


def table(answer: dict[str, Any], name: str) -> dict[str, list[int | None]]:
    (found,) = (one for one in answer["tables"] if one["name"] == name)
    return {row["label"]: row["cells"] for row in found["rows"]}


async def register(gateway: SmallGateway, count: int, rules: Rules) -> None:
    for index, citizen in enumerate(rules.registry.citizens(count)):
        text = f"DAFTAR#{citizen.nik.digits}#{citizen.kk.digits}"
        await gateway.sms(f"62817{index:08}", "4444", text)


async def test_what_is_sent_is_in_the_report(
    client: httpx.AsyncClient, gateway: SmallGateway, rules: Rules
) -> None:
    await register(gateway, 12, rules)
    for index in range(6):
        await gateway.sms(f"62818{index:08}", "4444", "halo")
    answer = (await client.get(REPORT)).json()
    assert answer["at"] == "2018-02-26T08:00:00+07:00"
    assert answer["smallest_cell"] == 5
    assert answer["countdown"][0] == {
        "stage": "OUTGOING_BARRED",
        "at": "2018-03-01T00:00:00+07:00",
        "days": 3,
    }
    assert table(answer, "standing") == {"xl": [12, 0, 0, 6, 0, 0, 0, 0, 18]}
    assert table(answer, "funnel")["sent"] == [18]
    assert table(answer, "funnel")["registered"] == [12]
    assert [*table(answer, "failures").values()] == [[6]]
    assert table(answer, "hour")["08"] == [12]


async def test_no_report_knows_an_identity_or_a_number(
    client: httpx.AsyncClient, gateway: SmallGateway, rules: Rules
) -> None:
    await register(gateway, 12, rules)
    for path in (REPORT, f"{REPORT}.csv", f"{REPORT}.html"):
        text = (await client.get(path)).text
        for citizen in rules.registry.citizens(12):
            assert citizen.nik.digits not in text
            assert str(citizen.nik) not in text
        assert "62817" not in text


async def test_the_csv_has_a_line_a_count(
    client: httpx.AsyncClient, gateway: SmallGateway, rules: Rules
) -> None:
    await register(gateway, 12, rules)
    answer = await client.get(f"{REPORT}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, *lines = csv.reader(answer.text.splitlines())
    assert header == ["table", "row", "column", "count"]
    assert ["standing", "xl", "registered", "12"] in lines
    assert ["sex", "all", "registered", "12"] in lines
    assert all(count == "" or int(count) == 0 or int(count) >= 5 for *_, count in lines)


async def test_the_page(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{REPORT}.html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>" in answer.text


@pytest.fixture
async def on_disk(
    gateway: SmallGateway, rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SqliteStore:
    store = SqliteStore(
        tmp_path / "gateway.sqlite3", full=False, schedule=rules.schedule, ring_ms=1
    )
    await store.open()
    monkeypatch.setattr(gateway.flow, "_store", store)
    gateway.store = store  # type: ignore[assignment]
    return store


async def test_what_was_decided_before_the_start_is_read_from_the_journal_once(
    gateway: SmallGateway, on_disk: SqliteStore, rules: Rules
) -> None:
    try:
        await register(gateway, 7, rules)
        later = Reports(gateway, 1)
        await gateway.sms("6281800000001", "4444", "halo")
        for _ in range(2):
            made = await later.make()
            rows = {row.label: row.cells[0] for row in made.table("funnel").rows}
            assert rows == {"sent": 8, "valid format": 7, "matched": 7, "registered": 7}
    finally:
        await on_disk.close()


async def test_what_retention_has_deleted_is_not_counted_and_that_is_told(
    gateway: SmallGateway,
    on_disk: SqliteStore,
    rules: Rules,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(pruning, "JOURNAL_LEAST", 1)
    monkeypatch.setattr(on_disk._pruning, "_keep", Retention(journal_most=1))
    try:
        await register(gateway, 3, rules)
        await on_disk.fold()
        await on_disk._pruning.prune()
        made = await Reports(gateway, 1).make()
        rows = {row.label: row.cells[0] for row in made.table("funnel").rows}
        assert rows["sent"] == 1
        told = "requests whose records [retention] has deleted are not counted"
        assert capsys.readouterr().out.count(told) == 1
    finally:
        await on_disk.close()


async def test_outlets_are_counted_from_the_journal_too(
    gateway: SmallGateway, on_disk: SqliteStore, rules: Rules
) -> None:
    try:
        (who,) = rules.registry.citizens(1)
        papers = Papers(who.nik, who.kk)
        await gateway.decide(OutletRegisters(Msisdn("6281290000001"), "G-1", papers))
        later = Reports(gateway, 1)
        await gateway.decide(OutletRegisters(Msisdn("6281290000002"), "G-1", papers))
        for _ in range(2):
            smallest, (one,) = await later.outlets()
            assert (smallest, one.outlet, one.requests, one.most_on_nik) == (1, "G-1", 2, 2)
    finally:
        await on_disk.close()
