"""Charts as inline SVG: bars across, bars up, bars in parts. Pure, nothing from the network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from msgspec import Struct

Cell = int | None

# All lengths are in the drawing's own units, about a pixel; a wide drawing has a line for itself.
_WIDTH, WIDE = 540, 1100
_NUMBER, _CHARACTER, _LABEL_MOST = 70, 7.0, 260
_LINE, _BAR = 24, 15
_HEIGHT, _FOOT, _LEFT = 190, 24, 8


class Series(Struct, frozen=True, gc=False):
    """One part of the bars: its name, its colour as a CSS class, a count for each bar."""

    name: str
    colour: str
    counts: tuple[Cell, ...]


def across(labels: Sequence[str], counts: Sequence[Cell], title: str) -> str:
    """Draw one bar a line, the longest as wide as there is room; a hidden count is a mark."""
    return parts_across(labels, (Series("", "c0", tuple(counts)),), title)


def parts_across(
    labels: Sequence[str], series: Sequence[Series], title: str, width: int = _WIDTH
) -> str:
    """Draw one bar a line, made of the series' parts from left to right."""
    sums = [_sum(one.counts[at] for one in series) for at in range(len(labels))]
    most = max([*sums, 1])
    margin = min(_LABEL_MOST, 12 + _CHARACTER * max([*map(len, labels), 0]))
    room = width - margin - _NUMBER
    drawn = []
    for at, label in enumerate(labels):
        top = at * _LINE
        middle = top + _LINE / 2
        drawn.append(f'<text x="{margin - 8:.0f}" y="{middle}" class="end">{escape(label)}</text>')
        left = margin
        for one in series:
            count = one.counts[at]
            if not count:
                continue
            length = max(1.0, room * count / most)
            what = f"{label}: {one.name} {count:,}" if one.name else f"{label}: {count:,}"
            drawn.append(
                f'<rect x="{left:.1f}" y="{top + (_LINE - _BAR) / 2}" width="{length:.1f}" '
                f'height="{_BAR}" rx="2" class="{one.colour}"><title>{escape(what)}</title></rect>'
            )
            left += length
        some_hidden = any(one.counts[at] is None for one in series)
        number = f"{sums[at]:,}" if not some_hidden else f"{sums[at]:,} +" if sums[at] else "hidden"
        shade = ' class="faint"' if some_hidden else ""
        drawn.append(f'<text x="{left + 6:.1f}" y="{middle}"{shade}>{number}</text>')
    return _svg(title, width, len(labels) * _LINE, drawn)


def upwards(labels: Sequence[str], counts: Sequence[Cell], title: str) -> str:
    """Draw bars side by side, the highest as high as there is room."""
    most = max([*(count or 0 for count in counts), 1])
    step = (_WIDTH - 2 * _LEFT) / max(1, len(labels))
    floor = _HEIGHT - _FOOT
    room = floor - 20
    drawn = [
        f'<line x1="{_LEFT}" y1="{floor}" x2="{_WIDTH - _LEFT}" y2="{floor}" class="axis"/>',
        f'<line x1="{_LEFT}" y1="20" x2="{_WIDTH - _LEFT}" y2="20" class="grid"/>',
        f'<text x="{_LEFT}" y="10" class="faint">{most:,}</text>',
    ]
    for at, (label, count) in enumerate(zip(labels, counts, strict=True)):
        middle = _LEFT + step * (at + 0.5)
        height = room * (count or 0) / most
        what = f"{label}: {'hidden' if count is None else f'{count:,}'}"
        if height:
            drawn.append(
                f'<rect x="{middle - step * 0.35:.1f}" y="{floor - height:.1f}" '
                f'width="{step * 0.7:.1f}" height="{height:.1f}" rx="2" class="c0">'
                f"<title>{escape(what)}</title></rect>"
            )
        elif count is None:
            drawn.append(
                f'<text x="{middle:.1f}" y="{floor - 8}" class="middle faint">?'
                f"<title>{escape(what)}</title></text>"
            )
        drawn.append(
            f'<text x="{middle:.1f}" y="{floor + 13}" class="middle faint">{escape(label)}</text>'
        )
    return _svg(title, _WIDTH, _HEIGHT, drawn)


def _sum(counts: Iterable[Cell]) -> int:
    return sum(count or 0 for count in counts)


def _svg(title: str, width: int, height: int, drawn: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {max(height, _LINE)}" role="img" '
        f'aria-label="{escape(title, quote=True)}">{"".join(drawn)}</svg>'
    )
