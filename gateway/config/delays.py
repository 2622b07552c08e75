"""A length of time that is drawn anew each time: a table of config.toml <-> core's Delay.

Whoever has such a table takes `DelayConfig` for its key, `check_delay` among its checks, and
`DelayConfig.delay()` for what gateway.core.chance.delay_ms draws from.
"""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from msgspec import Struct

from gateway.config.notes import Notes
from gateway.config.places import Path
from gateway.core.chance import Delay, Fixed, LogNormal, Normal, Percentiles, Uniform

SECONDS_MOST = 1_000_000.0
# At 2 one length in a hundred is a hundred times the median; the longest that can be drawn still
# fits every clock.
SIGMA_MOST = 2.0
_PERCENT_MOST = 100


class DelayKind(Enum):
    """How a length of time is drawn."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    PERCENTILES = "percentiles"


class DelayConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A delay in seconds; which keys count follows from the kind.

    fixed: `seconds`. uniform: `least`, `most`. normal: `mean`, `deviation`. lognormal: `median`,
    `sigma` (of the logarithm, no unit). percentiles: `points`, pairs of percent and seconds.
    """

    kind: DelayKind = DelayKind.FIXED
    seconds: float = 0.0
    least: float = 0.0
    most: float = 0.0
    mean: float = 0.0
    deviation: float = 0.0
    median: float = 0.0
    sigma: float = 0.0
    points: tuple[tuple[float, float], ...] = ()

    def delay(self) -> Delay:
        """Give the value to draw from, in milliseconds."""
        match self.kind:
            case DelayKind.FIXED:
                return Fixed(self.seconds * 1000)
            case DelayKind.UNIFORM:
                return Uniform(self.least * 1000, self.most * 1000)
            case DelayKind.NORMAL:
                return Normal(self.mean * 1000, self.deviation * 1000)
            case DelayKind.LOGNORMAL:
                return LogNormal(self.median * 1000, self.sigma)
            case DelayKind.PERCENTILES:
                return Percentiles(tuple((percent, at * 1000) for percent, at in self.points))
            case _:
                assert_never(self.kind)

    @property
    def is_none(self) -> bool:
        """Whether nothing is ever delayed, so that nothing need be drawn."""
        return self.kind is DelayKind.FIXED and self.seconds == 0


_KEYS: dict[DelayKind, tuple[str, ...]] = {
    DelayKind.FIXED: ("seconds",),
    DelayKind.UNIFORM: ("least", "most"),
    DelayKind.NORMAL: ("mean", "deviation"),
    DelayKind.LOGNORMAL: ("median", "sigma"),
    DelayKind.PERCENTILES: ("points",),
}
_LENGTHS = ("seconds", "least", "most", "mean", "deviation", "median")
_POINTS_REMEDY = "write points = [[50, 0.2], [99, 5.0]], percent and seconds, both rising"


def check_delay(config: DelayConfig, path: Path, notes: Notes) -> None:
    """Report what the types let pass; `path` is where the table stands."""
    if not notes.sound(path):
        return
    used = _KEYS[config.kind]
    for kind, keys in _KEYS.items():
        for key in keys:
            if key not in used and getattr(config, key):
                notes.note(
                    (*path, key),
                    f'is given, but kind = "{config.kind.value}" uses {" and ".join(used)}',
                    f'drop it, or write kind = "{kind.value}"',
                )
    for key in _LENGTHS:
        length = getattr(config, key)
        if key in used and not 0 <= length <= SECONDS_MOST:
            notes.note(
                (*path, key), f"is {length:g}", f"write seconds, from 0 to {SECONDS_MOST:.0f}"
            )
    if not 0 <= config.sigma <= SIGMA_MOST:
        notes.note(
            (*path, "sigma"),
            f"is {config.sigma:g}",
            f"write 0 to {SIGMA_MOST:g}; at 1 one length in a hundred is ten times the median",
        )
    if config.kind is DelayKind.UNIFORM and config.most < config.least:
        notes.note(
            (*path, "most"),
            f"is {config.most:g}, less than least",
            f"write {config.least:g} or more",
        )
    if config.kind is DelayKind.PERCENTILES:
        _check_points(config.points, (*path, "points"), notes)


def _check_points(points: tuple[tuple[float, float], ...], path: Path, notes: Notes) -> None:
    if not points:
        notes.note(path, "is empty", _POINTS_REMEDY)
    below, shorter = -1.0, 0.0
    for percent, seconds in points:
        if not 0 <= percent <= _PERCENT_MOST or not 0 <= seconds <= SECONDS_MOST:
            notes.note(path, f"holds [{percent:g}, {seconds:g}]", _POINTS_REMEDY)
            return
        if percent <= below or seconds < shorter:
            notes.note(path, f"does not rise at [{percent:g}, {seconds:g}]", _POINTS_REMEDY)
            return
        below, shorter = percent, seconds
