"""The profile table says what domain.md 1.1 and 4 say, and look-up goes by prefix."""

import pytest
from msgspec.structs import replace

from gateway.core.numbers import Msisdn
from gateway.core.registration.profiles import (
    DEFAULT_PROFILES,
    FALLBACK_PROFILE,
    OperatorProfile,
    Reading,
    index_profiles,
    operator_of,
)

BY_NAME = {profile.name: profile for profile in DEFAULT_PROFILES}
INDEX = index_profiles()


@pytest.mark.parametrize(
    ("name", "new_hint", "old_hint"),
    [
        ("telkomsel", "REG NIK#KK#", "ULANG NIK#KK#"),
        ("indosat", "NIK#KK#", "ULANG#NIK#KK#"),
        ("tri", "NIK#KK#", "ULANG#NIK#KK#"),
        ("smartfren", "NIK#KK#", "ULANG#NIK#KK#"),
        ("xl", "DAFTAR#NIK#KK", "ULANG#NIK#KK"),
        ("axis", "DAFTAR#NIK#KK", "ULANG#NIK#KK"),
    ],
)
def test_formats_are_those_of_the_table(name: str, new_hint: str, old_hint: str) -> None:
    profile = BY_NAME[name]
    assert profile.format_for(is_new=True).hint == new_hint
    assert profile.format_for(is_new=False).hint == old_hint


def test_the_six_operators_are_lenient_by_default_and_say_where_they_come_from() -> None:
    assert list(BY_NAME) == ["telkomsel", "indosat", "tri", "smartfren", "xl", "axis"]
    for profile in DEFAULT_PROFILES:
        assert profile.reading is Reading.LENIENT
        assert "domain.md" in profile.provenance
        assert "domain.md 1.1" in profile.new_number.source
        assert "domain.md 1.1" in profile.old_number.source


def test_every_example_fits_one_short_message() -> None:
    for profile in (*DEFAULT_PROFILES, FALLBACK_PROFILE):
        for is_new in (True, False):
            assert 34 <= len(profile.format_for(is_new).example) <= 40


@pytest.mark.parametrize(
    ("msisdn", "name"),
    [
        ("6281112345678", "telkomsel"),
        ("6285312345678", "telkomsel"),
        ("6281412345678", "indosat"),
        ("6285812345678", "indosat"),
        ("6289512345678", "tri"),
        ("6288112345678", "smartfren"),
        ("6287912345678", "xl"),
        ("6283812345678", "axis"),
        ("6282712345678", "other"),
        ("6289012345678", "other"),
    ],
)
def test_a_number_belongs_to_the_owner_of_its_prefix(msisdn: Msisdn, name: str) -> None:
    assert operator_of(msisdn, INDEX).name == name


def test_unlisted_prefixes_are_read_leniently_and_labelled_invented() -> None:
    assert FALLBACK_PROFILE.reading is Reading.LENIENT
    assert FALLBACK_PROFILE.provenance.startswith("invented")
    assert operator_of(Msisdn("6282712345678"), INDEX) is FALLBACK_PROFILE


def test_two_owners_of_one_prefix_are_a_mistake_of_the_caller() -> None:
    rival: OperatorProfile = replace(BY_NAME["xl"], name="rival", prefixes=("0811",))
    with pytest.raises(ValueError, match="prefix 0811 belongs to telkomsel and rival"):
        index_profiles((*DEFAULT_PROFILES, rival))


def test_a_prefix_listed_twice_by_its_owner_is_harmless() -> None:
    twice = replace(BY_NAME["xl"], prefixes=("0817", "0817"))
    assert index_profiles((twice,)).by_prefix == {"62817": twice}
