from __future__ import annotations

import pytest
from msgspec import Struct

from gateway.config import DelayConfig, DelayKind, check_delay
from gateway.config.fields import FieldReader
from gateway.config.places import Path
from gateway.core.chance import (
    Delay,
    Fixed,
    LogNormal,
    Normal,
    Percentiles,
    Uniform,
    delay_ms,
)


class Holder(Struct, kw_only=True):
    delay: DelayConfig = DelayConfig()


def read(table: object) -> tuple[DelayConfig, list[str]]:
    """Read and check a table as the configuration would."""
    lines: list[str] = []

    def blame(path: Path, what: str, remedy: str) -> None:
        lines.append(f"{'.'.join(map(str, path))}: {what}; {remedy}")

    reader = FieldReader(blame)
    config = reader.table(Holder, {"delay": table}, (), None).delay
    check_delay(config, ("delay",), reader)
    return config, lines


@pytest.mark.parametrize(
    ("table", "delay"),
    [
        ({}, Fixed(0)),
        ({"seconds": 1.5}, Fixed(1500)),
        ({"kind": "uniform", "least": 1, "most": 2}, Uniform(1000, 2000)),
        ({"kind": "normal", "mean": 3, "deviation": 0.5}, Normal(3000, 500)),
        ({"kind": "lognormal", "median": 2, "sigma": 1}, LogNormal(2000, 1)),
        (
            {"kind": "percentiles", "points": [[50, 0.25], [99, 5]]},
            Percentiles(((50, 250), (99, 5000))),
        ),
    ],
)
def test_each_kind_is_a_delay_in_milliseconds(table: dict[str, object], delay: Delay) -> None:
    config, lines = read(table)
    assert lines == []
    assert config.delay() == delay


def test_what_never_delays_says_so() -> None:
    assert DelayConfig().is_none
    assert not DelayConfig(seconds=0.1).is_none
    assert not DelayConfig(kind=DelayKind.UNIFORM, most=1.0).is_none


def test_the_longest_that_can_be_drawn_fits_a_64_bit_clock() -> None:
    config, lines = read({"kind": "lognormal", "median": 1_000_000, "sigma": 2})
    assert lines == []
    longest = config.delay()
    assert max(delay_ms(longest, 1, draw) for draw in range(1000)) < 2**55


_POINTS = "write points = [[50, 0.2], [99, 5.0]], percent and seconds, both rising"


@pytest.mark.parametrize(
    ("table", "line"),
    [
        (
            {"kind": "gauss"},
            'delay.kind: is "gauss", wanted one of "fixed", "uniform", "normal", "lognormal", '
            '"percentiles"; write one of "fixed", "uniform", "normal", "lognormal", "percentiles"',
        ),
        (
            {"least": 1},
            'delay.least: is given, but kind = "fixed" uses seconds; '
            'drop it, or write kind = "uniform"',
        ),
        (
            {"kind": "uniform", "most": 1, "seconds": 2},
            'delay.seconds: is given, but kind = "uniform" uses least and most; '
            'drop it, or write kind = "fixed"',
        ),
        ({"seconds": -1}, "delay.seconds: is -1; write seconds, from 0 to 1000000"),
        (
            {"kind": "normal", "mean": 1, "deviation": 2e6},
            "delay.deviation: is 2e+06; write seconds, from 0 to 1000000",
        ),
        (
            {"kind": "uniform", "least": 3, "most": 2},
            "delay.most: is 2, less than least; write 3 or more",
        ),
        (
            {"kind": "lognormal", "median": 1, "sigma": 3},
            "delay.sigma: is 3; write 0 to 2; at 1 one length in a hundred is ten times the median",
        ),
        ({"kind": "percentiles"}, f"delay.points: is empty; {_POINTS}"),
        (
            {"kind": "percentiles", "points": [[101, 1]]},
            f"delay.points: holds [101, 1]; {_POINTS}",
        ),
        (
            {"kind": "percentiles", "points": [[50, -1]]},
            f"delay.points: holds [50, -1]; {_POINTS}",
        ),
        (
            {"kind": "percentiles", "points": [[50, 2], [50, 3]]},
            f"delay.points: does not rise at [50, 3]; {_POINTS}",
        ),
        (
            {"kind": "percentiles", "points": [[50, 2], [90, 1]]},
            f"delay.points: does not rise at [90, 1]; {_POINTS}",
        ),
        (
            {"kind": "percentiles", "points": [[50, 1, 2]]},
            "delay.points: holds a list, wanted a list of lists of 2; write points = [[1.0, 1.0]]",
        ),
        (
            {"kind": "percentiles", "points": [["a", 1]]},
            "delay.points: holds a list, wanted a list of lists of 2; write points = [[1.0, 1.0]]",
        ),
        (
            {"kind": "percentiles", "points": 3},
            "delay.points: is 3, wanted a list of lists of 2; write points = [[1.0, 1.0]]",
        ),
        (
            3,
            "delay: is 3, wanted a table of keys; give it keys: kind, seconds, least, most, mean",
        ),
    ],
)
def test_each_mistake_is_named_once(table: object, line: str) -> None:
    assert read(table)[1] == [line]
