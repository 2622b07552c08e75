from __future__ import annotations

import pytest

from gateway.core.ledger import first_seen
from gateway.core.numbers import Msisdn
from gateway.store import in_order
from tests.gateway.core.network import RULES


@pytest.mark.parametrize("chunk", [1, 2, 10])
async def test_subscribers_come_by_rising_number(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_order, "_CHUNK", chunk)
    numbers = ["6281210000001", "62899999999", "6281111111111"]
    found = await in_order.in_order([first_seen(Msisdn(one), RULES, 0) for one in numbers])
    assert [one.msisdn for one in found] == ["62899999999", "6281111111111", "6281210000001"]


async def test_of_none_there_are_none() -> None:
    assert list(await in_order.in_order([])) == []
