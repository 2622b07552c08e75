from __future__ import annotations

import csv

import pytest

from gateway.console.csv_lines import written


def test_what_is_written_reads_back() -> None:
    values: list[str | int] = ["a,b", 'say "x"', "two\nlines", "", "plain", -3]
    assert next(csv.reader([written(values)])) == [
        *map(str, values[:2]),
        "two\nlines",
        "",
        "plain",
        "-3",
    ]


def test_a_spreadsheet_finds_no_formula() -> None:
    assert written(["=1+1", "@x"]) == "'=1+1,'@x\n"


@pytest.mark.parametrize("text", ["=1", "-1", "\ta", "a,b", 'a"b', "a\rb", "a\nb", "a=b", "", "ok"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_cell_is_written_alike_among_others_and_alone(text: str, place: int) -> None:
    cells: list[str | int] = ["x", 7, "y"]
    cells[place] = text
    alone = [written([cell])[:-1] for cell in cells]
    assert written(cells) == ",".join(alone) + "\n"
