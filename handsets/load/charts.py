"""Line charts as inline SVG, with what each point says on hovering. Pure.

The console's charts are bars of counts; these are lines over time and over percentiles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import floor, log10

from msgspec import Struct

# All lengths are in the drawing's own units, about a pixel.
WIDTH, HEIGHT = 560, 230
WIDE = 1140
_LEFT, _RIGHT, _TOP, _FOOT = 92, 36, 12, 28
_TICKS = 4
_POINTS_MOST = 400

Write = Callable[[float], str]


class Line(Struct, frozen=True, gc=False):
    """One line: its name, its colour as a CSS class, a value for each place; None is a gap."""

    name: str
    colour: str
    values: tuple[float | None, ...]


class Axis(Struct, frozen=True, gc=False):
    """The places of the points from left to right, and the marks below: place and label."""

    places: tuple[float, ...]
    marks: tuple[tuple[float, str], ...]
    labels: tuple[str, ...]


def time_axis(seconds: Sequence[int], write: Write) -> Axis:
    """Make an axis of seconds from the start."""
    last = max([*seconds, 1])
    step = next(
        (one for one in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800) if last / one <= 6),
        3600,
    )
    marks = tuple((float(at), write(at)) for at in range(0, last + 1, step))
    return Axis(tuple(map(float, seconds)), marks, tuple(write(at) for at in seconds))


def lines(axis: Axis, series: Sequence[Line], title: str, write: Write, width: int = WIDTH) -> str:
    """Draw lines over one axis; `write` writes a value, `axis.labels` a place."""
    axis, series = thinned(axis, series)
    most = max([value for one in series for value in one.values if value is not None], default=0.0)
    ticks = nice_ticks(most)
    top = ticks[-1] or 1.0
    low, high = axis.places[0], max(axis.places[-1], axis.places[0] + 1e-9)

    def x(place: float) -> float:
        return _LEFT + (width - _LEFT - _RIGHT) * (place - low) / (high - low)

    def y(value: float) -> float:
        return HEIGHT - _FOOT - (HEIGHT - _FOOT - _TOP) * value / top

    drawn = [_grid(width, y(tick), write(tick)) for tick in ticks]
    drawn += [
        f'<text x="{x(place):.1f}" y="{HEIGHT - 9}" class="middle faint">{escape(label)}</text>'
        for place, label in axis.marks
        if low <= place <= high
    ]
    # The first one is drawn last: nothing hides it.
    for one in reversed(series):
        drawn += [
            f'<polyline points="{" ".join(run)}" class="line {one.colour}"/>'
            for run in _runs(axis.places, one.values, x, y)
        ]
    drawn += _hovers(axis, series, write, x, width)
    return (
        f'<svg viewBox="0 0 {width} {HEIGHT}" role="img" '
        f'aria-label="{escape(title, quote=True)}">{"".join(drawn)}</svg>'
        f"{key(series) if len(series) > 1 else ''}"
    )


def key(series: Sequence[Line]) -> str:
    """Explain the colours."""
    return (
        '<ul class="key">'
        + "".join(
            f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2" '
            f'class="{one.colour}"/></svg>{escape(one.name)}</li>'
            for one in series
        )
        + "</ul>"
    )


def bars(rows: Sequence[tuple[str, int]], colour: str) -> str:
    """Draw one bar a line, with its count; names wrap, so nothing of them is lost."""
    most = max([count for _, count in rows], default=1)
    return (
        '<ul class="bars">'
        + "".join(
            f'<li><span>{escape(name)}</span><i><b class="{colour}" '
            f'style="width:{100 * count / most:.1f}%"></b></i><em>{count:,}</em></li>'
            for name, count in rows
        )
        + "</ul>"
    )


def nice_ticks(most: float) -> list[float]:
    """Give round values from 0 to at least `most`."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / _TICKS
    power = 10 ** floor(log10(rough))
    step = next(one * power for one in (1, 2, 2.5, 5, 10) if one * power >= rough * 0.999)
    count = 1
    while count * step < most * 0.999:
        count += 1
    return [at * step for at in range(count + 1)]


def thinned(axis: Axis, series: Sequence[Line]) -> tuple[Axis, list[Line]]:
    """Keep at most so many points; each stands for the highest value around it."""
    size = -(-len(axis.places) // _POINTS_MOST)
    if size <= 1:
        return axis, list(series)
    cuts = range(0, len(axis.places), size)
    kept = Axis(axis.places[::size], axis.marks, axis.labels[::size])
    return kept, [
        Line(one.name, one.colour, tuple(_highest(one.values[at : at + size]) for at in cuts))
        for one in series
    ]


def _highest(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _grid(width: int, y: float, label: str) -> str:
    return (
        f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{width - _RIGHT}" y2="{y:.1f}" class="grid"/>'
        f'<text x="{_LEFT - 8}" y="{y:.1f}" class="end faint">{escape(label)}</text>'
    )


def _runs(
    places: Sequence[float],
    values: Sequence[float | None],
    x: Callable[[float], float],
    y: Callable[[float], float],
) -> list[list[str]]:
    """Give the points of a line; a gap begins a new one."""
    runs: list[list[str]] = [[]]
    for place, value in zip(places, values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x(place):.1f},{y(value):.1f}")
    # A point alone would not be seen.
    return [run * 2 if len(run) == 1 else run for run in runs if run]


def _hovers(
    axis: Axis, series: Sequence[Line], write: Write, x: Callable[[float], float], width: int
) -> list[str]:
    step = (width - _LEFT - _RIGHT) / max(1, len(axis.places) - 1)
    drawn = []
    for at, (place, label) in enumerate(zip(axis.places, axis.labels, strict=True)):
        said = [label]
        for one in series:
            value = one.values[at]
            said.append(f"{one.name}: {'-' if value is None else write(value)}")
        drawn.append(
            f'<rect x="{x(place) - step / 2:.1f}" y="{_TOP}" width="{step:.1f}" '
            f'height="{HEIGHT - _TOP - _FOOT}" class="hit"><title>'
            f"{escape(chr(10).join(said))}</title></rect>"
        )
    return drawn
