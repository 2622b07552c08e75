from __future__ import annotations

import csv

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
