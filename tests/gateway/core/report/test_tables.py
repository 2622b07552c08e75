"""No small count is shown, nor can one be subtracted from what is."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from gateway.core.report.tables import Cell, column, hidden


def test_large_counts_are_shown_with_their_totals() -> None:
    assert hidden([[5, 7], [0, 9]], 5) == [[5, 7, 12], [0, 9, 9], [5, 16, 21]]
    assert column({"a": 5, "b": 0}, 5) == [5, 0, 5]


def test_without_rows_there_is_a_total_of_nothing() -> None:
    assert column({}, 5) == [0]


def test_a_small_count_is_hidden_with_one_that_it_could_be_computed_from() -> None:
    assert column({"a": 3, "b": 20, "c": 8, "d": 0}, 5) == [None, 20, None, 0, 31]


def test_small_counts_that_add_up_to_few_need_one_more() -> None:
    assert column({"a": 1, "b": 2, "c": 9, "d": 30}, 5) == [None, None, None, 30, 42]
    assert column({"a": 4, "b": 4, "c": 9}, 5) == [None, None, 9, 17]


def test_a_total_that_is_small_is_hidden_too() -> None:
    assert column({"a": 3, "b": 0}, 5) == [None, 0, None]
    assert column({"a": 2, "b": 1}, 5) == [None, None, None]


def test_a_total_that_must_not_be_known_cannot_be_added_up() -> None:
    assert column({"a": 9, "b": 20}, 5, hide_total=True) == [None, 20, None]
    assert column({"a": 3, "b": 20}, 5, hide_total=True) == [None, 20, None]


def test_where_one_is_the_smallest_nothing_is_hidden() -> None:
    assert column({"a": 1, "b": 2}, 1) == [1, 2, 3]


def test_in_a_table_rows_and_columns_are_both_looked_at() -> None:
    shown = hidden([[3, 20, 30], [40, 50, 60], [70, 80, 90]], 5)
    assert shown[0][0] is None
    assert sum(cell is None for row in shown for cell in row) >= 4
    assert shown[-1] == [113, 150, 180, 443]


def test_a_count_that_follows_from_several_lines_together_gets_company() -> None:
    counts = [[1, 0, 30], [0, 30, 0], [1, 9, 0]]
    shown = hidden(counts, 5)
    assert shown[0] == [None, 0, None, None]
    assert not determined(shown)


def exact(counts: list[list[int]]) -> list[list[int]]:
    """Give counts with their totals as they are."""
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 4, 5, 9, 30]), min_size=width, max_size=width),
        min_size=1,
        max_size=5,
    )
)


@given(tables, st.booleans())
def test_no_small_count_is_shown_and_none_that_is_hidden_follows_from_the_others(
    counts: list[list[int]], hide_total: bool
) -> None:
    smallest = 5
    shown = hidden(counts, smallest, hide_total)
    whole = exact(counts)
    for row, true in zip(shown, whole, strict=True):
        for cell, value in zip(row, true, strict=True):
            assert cell in (None, value)
            assert cell is None or not 0 < cell < smallest
    assert not [at for at in determined(shown) if 0 < whole[at[0]][at[1]] < smallest]


def determined(shown: list[list[Cell]]) -> set[tuple[int, int]]:
    """Find hidden counts that follow from the equations of rows and columns (Gauss)."""
    places = [
        (row, at)
        for row, cells in enumerate(shown)
        for at, cell in enumerate(cells)
        if cell is None
    ]
    lines = [[(row, at) for row in range(len(shown))] for at in range(len(shown[0]))]
    lines += [[(row, at) for at in range(len(shown[0]))] for row in range(len(shown))]
    matrix = [
        [Fraction((place in line) * (-1 if place == line[-1] else 1)) for place in places]
        for line in lines
    ]
    pivots = 0
    for at in range(len(places)):
        found = next((row for row in range(pivots, len(matrix)) if matrix[row][at]), None)
        if found is None:
            continue
        matrix[pivots], matrix[found] = matrix[found], matrix[pivots]
        factor = matrix[pivots][at]
        matrix[pivots] = [value / factor for value in matrix[pivots]]
        for row in range(len(matrix)):
            if row != pivots and matrix[row][at]:
                times = matrix[row][at]
                matrix[row] = [
                    value - times * other
                    for value, other in zip(matrix[row], matrix[pivots], strict=True)
                ]
        pivots += 1
    return {
        places[[bool(value) for value in row].index(True)]
        for row in matrix
        if sum(bool(value) for value in row) == 1
    }
