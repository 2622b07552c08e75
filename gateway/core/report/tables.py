"""A table of counts in which no small group can be found, nor computed from the totals.

A count from 1 up to the smallest that may be shown is hidden. A line whose total is known and of
which one count alone is hidden would give it away, and so would several that add up to less than
the smallest: then the next larger count is hidden with them, until nothing can be subtracted, in
one line or over several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

Cell = int | None
"""A count; None for one that is hidden."""


class Row(Struct, frozen=True, gc=False):
    """One line of a table."""

    label: str
    cells: tuple[Cell, ...]


class Table(Struct, frozen=True, gc=False):
    """Counts by row and column; `totals` is one for each column, or empty where none is meant.

    `name` is for programs, `title` and `of` (what the rows are) for people.
    """

    name: str
    title: str
    of: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: tuple[Cell, ...] = ()


def column(counts: Mapping[str, int], smallest: int, *, hide_total: bool = False) -> list[Cell]:
    """Give counts and, last, their total, without the small ones.

    `hide_total`: the total must not be known, nor what it could be added up from.
    """
    *rows, total = hidden([[count] for count in counts.values()], smallest, hide_total)
    return [*(row[0] for row in rows), total[0]]


def hidden(
    counts: Sequence[Sequence[int]], smallest: int, hide_total: bool = False
) -> list[list[Cell]]:
    """Give a table's counts, with a last row and, where it has several columns, a last column of
    totals, without the small ones. `hide_total` is the grand total's.
    """
    rows = [list(row) for row in counts]
    width = len(rows[0]) if rows else 1
    if width > 1:
        rows = [[*row, sum(row)] for row in rows]
        width += 1
    rows.append([sum(row[at] for row in rows) for at in range(width)])
    secret = [[0 < value < smallest for value in row] for row in rows]
    secret[-1][-1] = secret[-1][-1] or (hide_total and rows[-1][-1] > 0)
    lines = [[(row, at) for row in range(len(rows))] for at in range(width)]
    if width > 1:
        lines += [[(row, at) for at in range(width)] for row in range(len(rows))]
    # Each round hides one count more, so this ends.
    going = True
    while going:
        going = sum(_protect(line, rows, secret, smallest) for line in lines) > 0
        if not going and width > 1:
            going = _break_chain(rows, secret, smallest)
    return [
        [None if secret[row][at] else value for at, value in enumerate(values)]
        for row, values in enumerate(rows)
    ]


def _protect(
    line: list[tuple[int, int]], rows: list[list[int]], secret: list[list[bool]], smallest: int
) -> bool:
    """Hide one count more where a line's total gives away those that are hidden."""
    places = [(row, at) for row, at in line if secret[row][at]]
    if not places:
        return False
    total = line[-1]
    known = sum(rows[row][at] for row, at in places if (row, at) != total)
    if len(places) > 1 and (secret[total[0]][total[1]] or known >= smallest):
        return False
    others = sorted(
        (rows[row][at], row, at) for row, at in line[:-1] if not secret[row][at] and rows[row][at]
    )
    # A total that is the only one hidden has others that it is added up from.
    row, at = others[0][1:] if others else total
    secret[row][at] = True
    return True


def _break_chain(rows: list[list[int]], secret: list[list[bool]], smallest: int) -> bool:
    """Hide one count more where a small one follows from several lines together.

    Rows and columns are joined by the counts that are hidden. One of these can be computed when
    nothing else joins the two parts that it joins: the parts' totals differ by just that.
    """
    for row, cells in enumerate(secret):
        for at, hides in enumerate(cells):
            if not (hides and 0 < rows[row][at] < smallest):
                continue
            mine, mine_at = _joined(row, (row, at), secret)
            if at in mine_at:
                continue
            across = [
                (not rows[one][other], rows[one][other], one, other)
                for one in range(len(rows))
                for other in range(len(cells))
                if not secret[one][other] and (one in mine) is not (other in mine_at)
            ]
            *_, one, other = min(across)
            secret[one][other] = True
            return True
    return False


def _joined(
    start: int, without: tuple[int, int], secret: list[list[bool]]
) -> tuple[set[int], set[int]]:
    """Find the rows and columns that hidden counts join to a row, without one of these."""
    rows, columns, new = {start}, set[int](), [start]
    while new:
        row = new.pop()
        for at, hides in enumerate(secret[row]):
            if not hides or (row, at) == without or at in columns:
                continue
            columns.add(at)
            fresh = [one for one, cells in enumerate(secret) if cells[at] and one not in rows]
            fresh = [one for one in fresh if (one, at) != without]
            rows.update(fresh)
            new += fresh
    return rows, columns
