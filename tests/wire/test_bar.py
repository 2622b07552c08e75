"""Every case of the bar, by its name; and that none is missing."""

from __future__ import annotations

import pytest

from tests.wire import binding, framing, ordering, receipts, submitting
from tests.wire.bar import CASES, PEERS, Case

# Importing them registers their cases.
PARTS = (binding, submitting, ordering, receipts, framing)


@pytest.mark.parametrize("name", PEERS)
async def test_the_bar(name: str) -> None:
    shows: Case = CASES[name]
    await shows()


def test_no_case_is_missing_and_none_is_made_up() -> None:
    assert sorted(CASES) == sorted(PEERS)
    assert {function.__module__ for function in CASES.values()} == {part.__name__ for part in PARTS}
