from __future__ import annotations

import asyncio

import pytest

from gateway import pacing
from gateway.pacing import Pace


async def test_who_worked_a_slice_rests_as_long_and_who_did_not_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, rests = 5.0, list[float]()

    async def slept(seconds: float) -> None:
        nonlocal now
        now += seconds
        rests.append(seconds)

    monkeypatch.setattr(pacing, "monotonic", lambda: now)
    monkeypatch.setattr(asyncio, "sleep", slept)
    pace = Pace()
    now += 0.0005
    await pace.rest()
    assert rests == []
    now += 0.003
    await pace.rest()
    assert rests == [pytest.approx(0.0035)]
    # The rest is no work.
    await pace.rest()
    assert len(rests) == 1
