from __future__ import annotations

from random import Random

import pytest

from gateway.core.numbers import Msisdn
from gateway.pacing import Pace
from gateway.store import in_order


async def pages(numbers: list[Msisdn], most: int) -> list[list[Msisdn]]:
    return [page async for page in in_order.in_order(numbers, most, Pace())]


@pytest.mark.parametrize("chunk", [1, 2, 10])
async def test_numbers_come_by_rising_value(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_order, "_CHUNK", chunk)
    numbers = [Msisdn(one) for one in ("6281210000001", "62899999999", "6281111111111")]
    (found,) = await pages(numbers, 5)
    assert found == ["62899999999", "6281111111111", "6281210000001"]


@pytest.mark.parametrize("most", [1, 7, 1_000])
async def test_pages_are_full_over_cuts_through_all_chunks(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_order, "_CHUNK", 50)
    monkeypatch.setattr(in_order, "_SAMPLED", 10)
    numbers = [Msisdn(f"62812{one:07}") for one in Random(1).sample(range(10**7), 730)]
    found = await pages(numbers, most)
    assert [one for page in found for one in page] == sorted(numbers)
    assert {len(page) for page in found[:-1]} <= {most}
    assert len(found) == -(-730 // most)


async def test_of_none_there_are_none() -> None:
    assert await pages([], 5) == []
