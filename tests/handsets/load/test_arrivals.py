"""Phones come as fast as the network greets them, and in time where it greets nobody."""

from __future__ import annotations

import asyncio

import pytest

from handsets.load import arrivals as module
from handsets.load.arrivals import Arrivals
from tests.turns import turn


async def test_phones_wait_for_the_network_to_keep_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 4)
    on: list[str] = []
    arrivals = Arrivals(on.append)
    task = asyncio.create_task(arrivals.switch_on(map(str, range(6))))
    await turn()
    assert on == ["0", "1", "2", "3"]
    for phone in ("0", "1"):
        arrivals.greeted(phone)
        await turn()
    assert len(on) == 4
    arrivals.greeted("2")
    await turn()
    assert len(on) == 6
    for phone in ("5", "4", "3"):
        assert not task.done()
        arrivals.greeted(phone)
        await turn()
    await asyncio.wait_for(task, 5)


async def test_a_network_that_greets_nobody_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    monkeypatch.setattr(module, "_SILENCE_S", 0.01)
    on: list[str] = []
    await asyncio.wait_for(Arrivals(on.append).switch_on(map(str, range(50))), 5)
    assert len(on) == 50
