"""Seeded draws and delays."""

from __future__ import annotations

from statistics import median

import pytest

from gateway.core.chance import (
    Delay,
    Fixed,
    LogNormal,
    Normal,
    Percentiles,
    Uniform,
    delay_ms,
    draw,
)

MANY = 20_000


def test_a_draw_is_the_same_again_and_another_for_another_key() -> None:
    assert draw(1, 2, 3) == draw(1, 2, 3)
    assert len({draw(1, 2, 3), draw(1, 3, 2), draw(2, 2, 3), draw(1, 2), draw(1)}) == 5


def test_draws_fill_the_unit_evenly() -> None:
    draws = [draw(4444, n) for n in range(MANY)]
    assert all(0 <= one < 1 for one in draws)
    tenths = [sum(tenth <= one * 10 < tenth + 1 for one in draws) for tenth in range(10)]
    assert all(0.9 < count / (MANY / 10) < 1.1 for count in tenths)


POINTS = Percentiles(((0, 10), (50, 100), (99, 1000)))


@pytest.mark.parametrize(
    ("delay", "least", "middle", "most"),
    [
        (Fixed(250), 250, 250, 250),
        (Uniform(100, 200), 100, 150, 200),
        (Normal(100, 10), 40, 100, 160),
        (LogNormal(60, 0.5), 1, 60, 600),
        (POINTS, 10, 100, 1000),
    ],
)
def test_delays_lie_where_they_should(delay: Delay, least: int, middle: int, most: int) -> None:
    drawn = [delay_ms(delay, 7, n) for n in range(MANY)]
    assert least <= min(drawn)
    assert max(drawn) <= most
    assert median(drawn) == pytest.approx(middle, rel=0.05)


def test_a_delay_is_never_negative() -> None:
    assert min(delay_ms(Normal(0, 100), 1, n) for n in range(100)) == 0


def test_below_the_first_percentile_all_are_alike() -> None:
    assert delay_ms(Percentiles(((100, 30),)), 1, 1) == 30
    assert delay_ms(Percentiles(((0, 5), (0.0001, 30))), 1, 1) == 30
