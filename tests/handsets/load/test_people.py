"""What people write can be read, or fails for the reason that was asked for."""

from random import Random

import pytest

from gateway.core.numbers import parse_msisdn
from gateway.core.registration.citizens import Registry, Verdict
from gateway.core.registration.grammar import Register, Reregister, Unparsed, read
from gateway.core.registration.profiles import (
    DEFAULT_PROFILES,
    OperatorProfile,
    index_profiles,
    operator_of,
)
from handsets.load.people import Writers, number
from handsets.load.profile import People

REGISTRY = Registry(4444, 1000)
WRITERS = Writers(People(4444, 1000), Random(1))
INDEX = index_profiles()
BY_NAME = {profile.name: profile for profile in DEFAULT_PROFILES}


@pytest.mark.parametrize("operator", BY_NAME)
def test_numbers_are_the_operators_own_and_differ(operator: str) -> None:
    numbers = [number(operator, index) for index in range(500)]
    assert len(set(numbers)) == 500
    for one in numbers[:20]:
        assert parse_msisdn(one) == one
        assert operator_of(one, INDEX).name == operator  # type: ignore[arg-type]


@pytest.mark.parametrize("operator", BY_NAME.values(), ids=lambda one: one.name)
@pytest.mark.parametrize("is_old", [False, True])
def test_a_right_one_is_in_the_operators_format_and_true(
    operator: OperatorProfile, is_old: bool
) -> None:
    parsed = read(WRITERS.right(operator.name, 7, is_old), operator, not is_old)
    assert isinstance(parsed, Reregister if is_old else Register)
    assert not parsed.notes
    assert REGISTRY.verify(parsed.nik, parsed.kk) is Verdict.MATCH


@pytest.mark.parametrize(
    ("failure", "verdict"),
    [
        ("kk_wrong", Verdict.KK_MISMATCH),
        ("nik_unknown", Verdict.NIK_UNKNOWN),
        ("over_limit", Verdict.MATCH),
    ],
)
def test_a_wrong_one_fails_for_its_reason(failure: str, verdict: Verdict) -> None:
    for index in range(20):
        parsed = read(WRITERS.wrong("xl", index, False, failure), BY_NAME["xl"], True)
        assert isinstance(parsed, Register)
        assert REGISTRY.verify(parsed.nik, parsed.kk) is verdict


def test_few_people_register_too_many_numbers() -> None:
    texts = {WRITERS.wrong("tri", index, False, "over_limit") for index in range(100)}
    assert len(texts) <= 7


def test_what_is_wrong_in_form_cannot_be_read() -> None:
    for index in range(50):
        text = WRITERS.wrong("telkomsel", index, False, "format")
        assert isinstance(read(text, BY_NAME["telkomsel"], True), Unparsed), text
