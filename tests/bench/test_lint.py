"""The client lint costs a fraction of reading a message, as long as it comes with others."""

from __future__ import annotations

import pytest

from tests.bench.lint import measure

pytestmark = pytest.mark.bench


def test_the_lint_of_a_busy_session_is_cheaper_than_reading_it() -> None:
    costs = [measure(100, 100_000, 20_000) for _ in range(3)]
    assert min(cost.lint / cost.read for cost in costs) < 0.5
    assert all(0.01 < cost.checked < 0.5 for cost in costs)


def test_a_calm_client_is_looked_at_whole() -> None:
    assert measure(10, 1_000, 2_000).checked == 1.0
