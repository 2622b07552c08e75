"""The layers' benchmark works: all is answered, and the layers are the whole but for the loop."""

from __future__ import annotations

import pytest

from tests.bench.layers import TIMED, measure, table

pytestmark = pytest.mark.bench


async def test_every_layer_is_met() -> None:
    found = await measure(2)
    assert set(found) == {"all", *(layer for _, _, layer in TIMED)}
    assert all(spent > 0 for spent in found.values())
    assert sum(found.values()) <= 2 * found["all"]
    assert table(found).splitlines()[-1].startswith("all")
