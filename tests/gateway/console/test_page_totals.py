"""Counters of the page."""

from __future__ import annotations

import pytest

from gateway.console import page_totals
from gateway.console.page_totals import PageTotals
from gateway.console.reports import Reports
from gateway.core.numbers import Msisdn

from .small_gateway import SmallGateway

SITI, BUDI = "6281290000001", "6285690000002"


async def test_counts_by_operator_stage_and_outcome(
    gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    totals = PageTotals(gateway, Reports(gateway, 5))
    citizen = gateway.flow.rules.registry.citizen(3)
    pair = f"{citizen.nik.digits}#{citizen.kk.digits}#"
    await gateway.sms(SITI, "4444", f"ULANG {pair}")
    await gateway.sms(BUDI, "4444", "halo")
    found = await totals.totals()
    assert (found["numbers"], found["registered"]) == (2, 1)
    assert found["stages"] == {"telkomsel": {"registered": 1}, "indosat": {"OPEN": 1}}
    assert found["outcomes"] == {"registered": 1, "bad_format": 1}
    assert next(count for _, count in found["over_time"]) == 0
    assert [count for _, count in found["over_time"]][-1] == 1
    # What was counted just now is not counted again, also where all look.
    assert await totals.totals() is found
    monkeypatch.setattr(page_totals, "_LEAST_S", 0.0)
    monkeypatch.setattr(page_totals, "_SHARE", 0)
    fresh = PageTotals(gateway, Reports(gateway, 5))
    first = await fresh.totals()
    assert await fresh.totals() is not first
    assert Msisdn(SITI) not in first["stages"]


def test_the_line_ends_with_all_and_is_short() -> None:
    line = page_totals._over_time(list(range(1000, 2000)), 5000)
    assert len(line) <= page_totals.POINTS_MOST + 1
    assert line[0] == (999, 0)
    assert line[-1] == (5000, 1000)
    assert [count for _, count in line] == sorted(count for _, count in line)
