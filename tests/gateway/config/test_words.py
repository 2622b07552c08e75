from __future__ import annotations

import datetime

import pytest

from gateway.config.words import did_you_mean, shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "true"),
        (False, "false"),
        ("a\nb", '"a\\nb"'),
        ("x" * 41, f'"{"x" * 40}..."'),
        ({}, "a table"),
        ([], "a list"),
        (1.5, "1.5"),
        (datetime.date(2018, 2, 28), "2018-02-28"),
    ],
)
def test_shown(value: object, expected: str) -> None:
    assert shown(value) == expected


def test_did_you_mean() -> None:
    assert did_you_mean("Prot", ["Port", "host"]) == "did you mean Port?"
    assert did_you_mean("zzz", ["port", "host"]) == "write one of port, host"
    assert did_you_mean("zzz", ["port"], otherwise="give up") == "give up"
    assert did_you_mean("prt", ["port"], quoted=True) == 'did you mean "port"?'
