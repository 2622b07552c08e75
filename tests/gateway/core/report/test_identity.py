from __future__ import annotations

from datetime import date

import pytest

from gateway.core.registration.citizens import Sex
from gateway.core.report.identity import BANDS, FEMALE, MALE, UNKNOWN, band, province, sex_and_birth
from tests.gateway.core.network import REGISTRY

TODAY = 20180305


@pytest.mark.parametrize("index", range(40))
def test_a_citizen_s_nik_says_what_the_registry_knows(index: int) -> None:
    one = REGISTRY.citizen(index)
    digits = one.nik.digits
    assert province(digits) == one.province
    sex, birth = sex_and_birth(digits[6:12], 2018)
    assert sex == (FEMALE if one.sex is Sex.FEMALE else MALE)
    assert birth == int(date.fromisoformat(one.birth_date).strftime("%Y%m%d"))


def test_a_place_that_did_not_exist_is_unknown() -> None:
    assert province("9301") == UNKNOWN


@pytest.mark.parametrize("ddmmyy", ["000000", "310299", "719900", "400185"])
def test_digits_that_are_no_day_tell_nothing(ddmmyy: str) -> None:
    assert sex_and_birth(ddmmyy, 2018) == (UNKNOWN, 0)


@pytest.mark.parametrize(("ddmmyy", "birth"), [("010118", 20180101), ("410119", 19190101)])
def test_two_digits_are_the_latest_year_that_has_begun(ddmmyy: str, birth: int) -> None:
    assert sex_and_birth(ddmmyy, 2018)[1] == birth


@pytest.mark.parametrize(
    ("birth", "name"),
    [
        (0, UNKNOWN),
        (20180401, "under 17"),
        (20010306, "under 17"),
        (20010305, "17 to 24"),
        (19930306, "17 to 24"),
        (19930305, "25 to 34"),
        (19530305, "65 and older"),
        (19190101, "65 and older"),
    ],
)
def test_ages_fall_into_bands_on_the_birthday(birth: int, name: str) -> None:
    assert band(birth, TODAY) == name
    assert name in (*BANDS, UNKNOWN)
