"""Troubles of single people: named ones, and shares of the population."""

import pytest

from gateway.core.numbers import Kk, Nik
from gateway.core.registration.citizens import Citizen, Registry, Role, Verdict
from gateway.core.registration.records import Person, Records, Shares, Standing, renewed
from tests.gateway.core.network import wib

REGISTRY = Registry(4444, 10_000)
CITIZEN = REGISTRY.citizen(7)
NIK, KK = CITIZEN.nik, CITIZEN.kk
NEW_KK = Kk("3201010101179999")
DAY = wib("2018-03-13 00:00")
V, S = Verdict, Standing


def named(person: Person, nik: Nik = NIK) -> Records:
    return Records(REGISTRY, people={nik.digits: person})


@pytest.mark.parametrize(
    ("person", "kk", "now", "verdict"),
    [
        (Person(S.SOUND), KK, 0, V.MATCH),
        (Person(S.SOUND, NEW_KK), KK, 0, V.KK_MISMATCH),
        (Person(S.SOUND, NEW_KK), NEW_KK, 0, V.MATCH),
        (Person(S.BLOCKED), KK, 0, V.NIK_BLOCKED),
        (Person(S.DUPLICATE), KK, 0, V.NIK_DUPLICATE),
        (Person(S.UNSYNCHRONISED, None, DAY), KK, DAY - 1, V.NOT_SYNCHRONISED),
        (Person(S.UNSYNCHRONISED, None, DAY), KK, DAY, V.MATCH),
        (Person(S.UNSYNCHRONISED, None, DAY), NEW_KK, DAY, V.KK_MISMATCH),
        (Person(S.UNSYNCHRONISED), KK, DAY, V.NOT_SYNCHRONISED),
    ],
)
def test_a_named_person_is_as_named(person: Person, kk: Kk, now: int, verdict: Verdict) -> None:
    assert named(person).verify(NIK, kk, now) is verdict


def test_somebody_whom_the_population_does_not_have_can_be_named() -> None:
    stranger = Nik("9999019001019001")
    assert named(Person(S.SOUND, NEW_KK), stranger).verify(stranger, NEW_KK) is V.MATCH
    assert named(Person(S.SOUND), stranger).verify(stranger, NEW_KK) is V.NIK_UNKNOWN


def test_others_are_as_the_population_has_them() -> None:
    records = named(Person(S.BLOCKED))
    other = REGISTRY.citizen(8)
    assert records.verify(other.nik, other.kk) is V.MATCH
    assert records.standing(other) == (S.SOUND, other.kk)


SHARES = Shares(0.3, 0.1, 0.05, 0.15, DAY)
DRAWN = Records(REGISTRY, 1, SHARES)


def test_the_shares_are_drawn_from_the_seed() -> None:
    found = [DRAWN.standing(citizen)[0] for citizen in REGISTRY.citizens(4_000)]
    for standing, share in zip(S, (0.4, 0.3, 0.1, 0.05, 0.15), strict=True):
        assert found.count(standing) / 4_000 == pytest.approx(share, abs=0.02)
    again = Records(Registry(4444, 10_000), 1, SHARES)
    assert [again.standing(citizen)[0] for citizen in REGISTRY.citizens(4_000)] == found
    other = Records(REGISTRY, 2, SHARES)
    assert [other.standing(citizen)[0] for citizen in REGISTRY.citizens(4_000)] != found


def drawn(standing: Standing) -> Citizen:
    return next(one for one in REGISTRY.citizens(500) if DRAWN.standing(one)[0] is standing)


def test_of_a_changed_card_the_old_is_refused_and_the_new_accepted() -> None:
    citizen = drawn(S.KK_CHANGED)
    _, valid = DRAWN.standing(citizen)
    assert valid == renewed(citizen.kk) != citizen.kk
    assert DRAWN.verify(citizen.nik, citizen.kk) is V.KK_MISMATCH
    assert DRAWN.verify(citizen.nik, valid) is V.MATCH


def test_who_is_not_synchronised_is_from_the_day_on() -> None:
    citizen = drawn(S.UNSYNCHRONISED)
    assert DRAWN.verify(citizen.nik, citizen.kk, DAY - 1) is V.NOT_SYNCHRONISED
    assert DRAWN.verify(citizen.nik, citizen.kk, DAY) is V.MATCH


def test_nobody_unknown_is_drawn() -> None:
    unknown = REGISTRY.unknown_nik(CITIZEN)
    assert DRAWN.verify(unknown, KK) is V.NIK_UNKNOWN


@pytest.mark.parametrize(("serial", "new"), [(9000, 9001), (9003, 9000), (9998, 9999)])
def test_a_new_card_has_another_serial(serial: int, new: int) -> None:
    assert renewed(Kk(f"320101010117{serial}")) == Kk(f"320101010117{new}")


def test_children_register_with_their_own_nik_and_their_family_card() -> None:
    """Domain.md 2.1 [S70]: everybody has a NIK from birth, and a minor uses the family's KK."""
    born = "2001"
    child = next(one for one in REGISTRY.citizens(2_000) if one.birth_date > born)
    head = next(one for one in REGISTRY.family(child) if one.role is Role.HEAD)
    assert child.role is Role.CHILD
    assert child.kk == head.kk
    assert REGISTRY.verify(child.nik, head.kk) is V.MATCH
