"""Snapshots over a real gateway: taken, restored, kept in the journal."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from gateway.console import snapshots_api
from gateway.core.subscriber import Status
from gateway.testing import Simulator

SITI, BUDI = "081290000001", "081290000002"


async def test_numbers_and_faults_are_taken_back(tmp_path: Path) -> None:
    store = tmp_path / "own.sqlite3"
    async with (
        Simulator(store=store) as sms,
        httpx.AsyncClient(base_url=f"{sms.http}/api/v1") as api,
    ):
        siti, person = await sms.handset(SITI), sms.citizen()
        await sms.clock.set("2018-03-05")
        assert (await api.put("/snapshots/clean")).json()["subscribers"] == 1
        fault = {"name": "busy", "kind": "busy_desk", "probability": 0.0}
        await api.post("/faults", json=fault)
        await siti.sms("4444", f"ULANG {person.nik}#{person.kk}#")
        await siti.expect_stage("OPEN")
        await api.post("/sms", json={"from": BUDI, "to": "4444", "text": "HALO"})
        restored = await api.post("/snapshots/clean/restore")
        assert (restored.status_code, restored.json()["changed"]) == (200, 2)
        await siti.expect_stage("OUTGOING_BARRED")
        assert (await api.get("/faults")).json()["faults"] == []
        await siti.sms("4444", f"ULANG {person.nik}#{person.kk}#")
        await siti.expect_stage("OPEN")
        await api.post("/snapshots/clean/restore")
        await siti.expect_stage("OUTGOING_BARRED")
        assert "taken back to the snapshot clean" in "".join(sms.journal.lines())
        assert not any(sms.gateway.store.numbers_per_nik.values())
    async with Simulator(store=store) as again:
        found = again.gateway.store.subscriber(siti.number)
        assert found is not None
        assert found.status is Status.UNREGISTERED


async def test_names(monkeypatch: pytest.MonkeyPatch, client: httpx.AsyncClient) -> None:
    monkeypatch.setattr(snapshots_api, "SNAPSHOTS_MOST", 1)
    assert (await client.put("/api/v1/snapshots/one")).status_code == 200
    assert (await client.put("/api/v1/snapshots/one")).status_code == 200
    assert (await client.put("/api/v1/snapshots/two")).status_code == 409
    assert [one["name"] for one in (await client.get("/api/v1/snapshots")).json()] == ["one"]
    assert (await client.delete("/api/v1/snapshots/one")).status_code == 200
    assert (await client.post("/api/v1/snapshots/one/restore")).status_code == 404
    assert (await client.put("/api/v1/snapshots/a%20b")).status_code == 422
