from __future__ import annotations

import pytest

from gateway.core.ageing import iso, wib_midnight
from gateway.core.moments import LATEST, NoMoment, parse_length, parse_moment


@pytest.mark.parametrize(
    "text",
    [
        "2018-03-05",
        " 2018-03-05T00:00:00 ",
        "2018-03-05 00:00",
        "2018-03-05T00:00:00+07:00",
        "2018-03-04T17:00:00Z",
    ],
)
def test_moments(text: str) -> None:
    assert parse_moment(text) == wib_midnight(2018, 3, 5)


@pytest.mark.parametrize("text", ["", "today", "5 March", "2018-13-01", "1520208000"])
def test_no_moments(text: str) -> None:
    with pytest.raises(NoMoment, match="is no moment; write 2018-03-05"):
        parse_moment(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+23:59", "1999-12-31", "2100-01-01"])
def test_moments_outside_the_calendar(text: str) -> None:
    with pytest.raises(NoMoment, match="is not between 2000 and 2099"):
        parse_moment(text)


def test_the_last_moment() -> None:
    assert iso(LATEST) == "2099-12-31T23:59:59+07:00"
    assert parse_moment("2099-12-31T23:59:59.999") == LATEST


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("5d", 432_000_000),
        ("12h", 43_200_000),
        ("30m", 1_800_000),
        ("90s", 90_000),
        (" 1D12H ", 129_600_000),
        ("0s", 0),
    ],
)
def test_lengths(text: str, milliseconds: int) -> None:
    assert parse_length(text) == milliseconds


@pytest.mark.parametrize("text", ["", "5", "d", "-5d", "1.5d", "1w", "5d 12", "9999999999d"])
def test_no_lengths(text: str) -> None:
    with pytest.raises(NoMoment, match="is no length of time"):
        parse_length(text)
