"""Family shapes keep parents older than children and every date before 2018."""

from datetime import date, timedelta

import pytest

from gateway.core.registration.families import (
    HEAD_DAYS,
    HEADS_FROM,
    KK_SHAPE,
    MEMBER_SHAPE,
    MEMBERS,
    SHAPES,
    days,
    written,
)

YEAR = 365.25
ROWS = [MEMBER_SHAPE[at : at + MEMBERS] for at in range(0, SHAPES * MEMBERS, MEMBERS)]


def test_every_shape_is_a_plausible_family() -> None:
    for (head, spouse, first, second), kk in zip(ROWS, KK_SHAPE, strict=True):
        distances = [entry >> 1 for entry in (head, spouse, first, second)]
        assert (head, spouse & 1) == (0, 1)
        assert abs(distances[1]) <= 3.02 * YEAR
        assert min(distances[2] - distances[0], distances[2] - distances[1]) >= 17.9 * YEAR
        assert distances[3] - distances[2] >= 1.5 * YEAR
        assert kk & 1 == 0
        assert kk >> 1 > distances[3]
        assert 18 * YEAR < kk >> 1 <= 28 * YEAR


def test_no_two_members_share_birthday_and_sex() -> None:
    for row in ROWS:
        assert len(set(row)) == MEMBERS


def test_boys_and_girls_are_about_as_many() -> None:
    girls = sum(entry & 1 for row in ROWS for entry in row[2:])
    assert 0.45 < girls / (2 * SHAPES) < 0.55


def test_the_last_family_is_carded_before_2018() -> None:
    last = HEADS_FROM + HEAD_DAYS - 1
    assert date.fromordinal(last) == date(1989, 12, 31)
    assert date.fromordinal(last + (max(KK_SHAPE) >> 1)) <= date(2017, 12, 31)


@pytest.mark.parametrize(
    ("day", "female", "text"),
    [
        (date(1985, 3, 9), False, "090385"),
        (date(1985, 3, 9), True, "490385"),
        (date(2000, 12, 31), True, "711200"),
    ],
)
def test_a_womans_day_is_written_40_higher(day: date, female: bool, text: str) -> None:
    number = day.toordinal() * 2 + female
    assert days()[text] == number
    assert written()[number] == text


def test_every_day_from_1957_to_2017_is_known_once_for_each_sex() -> None:
    span = (date(2018, 1, 1) - date(1957, 1, 1)) // timedelta(days=1)
    assert len(days()) == len(set(days().values())) == 2 * span
    assert "310202" not in days()
