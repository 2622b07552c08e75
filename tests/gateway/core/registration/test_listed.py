"""People of a list in place of the synthetic population."""

import pytest

from gateway.core.numbers import Kk, Nik
from gateway.core.registration.citizens import Population, Role, Sex, Verdict
from gateway.core.registration.listed import ListedPerson, ListedPopulation

SITI = ListedPerson(Nik("3201064507859001"), Kk("3201060102179001"), "Siti")
BUDI = ListedPerson(Nik("9999010101109001"), SITI.kk, "Budi", Sex.FEMALE, "1999-12-31", Role.CHILD)
PEOPLE: Population = ListedPopulation([SITI, BUDI])


@pytest.mark.parametrize(
    ("nik", "kk", "verdict"),
    [
        (SITI.nik, SITI.kk, Verdict.MATCH),
        (BUDI.nik, SITI.kk, Verdict.MATCH),
        (SITI.nik, Kk("3201060102179002"), Verdict.KK_MISMATCH),
        (Nik("3201064507859002"), SITI.kk, Verdict.NIK_UNKNOWN),
    ],
)
def test_the_list_decides(nik: Nik, kk: Kk, verdict: Verdict) -> None:
    assert PEOPLE.verify(nik, kk) is verdict


def test_what_a_list_leaves_out_is_read_from_the_nik() -> None:
    siti, budi = PEOPLE.citizens(2)
    assert (siti.index, siti.name, siti.role) == (0, "Siti", Role.HEAD)
    assert (siti.sex, siti.birth_date) == (Sex.FEMALE, "1985-07-05")
    assert (siti.regency_code, siti.province) == ("3201", "Jawa Barat")
    assert (budi.sex, budi.birth_date, budi.role) == (Sex.FEMALE, "1999-12-31", Role.CHILD)
    assert (budi.regency_code, budi.regency, budi.province) == ("9999", "", "")


@pytest.mark.parametrize(("written", "born"), [("010118", "2018-01-01"), ("010119", "1919-01-01")])
def test_two_digit_years_are_of_the_programmes_own_century(written: str, born: str) -> None:
    nik = Nik(f"320106{written}9001")
    people = ListedPopulation([ListedPerson(nik, SITI.kk, "")])
    assert (people.citizen(0).birth_date, people.citizen(0).sex) == (born, Sex.MALE)


def test_people_are_found_by_index_and_nik() -> None:
    assert PEOPLE.population == 2
    assert PEOPLE.index_of(BUDI.nik) == 1
    assert PEOPLE.index_of(Nik("3201064507859002")) is None
    with pytest.raises(IndexError, match="no citizen 2 in a population of 2"):
        PEOPLE.citizen(2)


def test_lists_of_the_same_people_are_the_same() -> None:
    same = ListedPopulation([SITI, BUDI])
    assert same == PEOPLE
    assert hash(PEOPLE) == hash(same)
    others: list[object] = [ListedPopulation([BUDI, SITI]), "a list"]
    assert PEOPLE not in others


@pytest.mark.parametrize(("people", "what"), [([], "somebody"), ([SITI, SITI], "listed twice")])
def test_nobody_or_somebody_twice_is_no_population(people: list[ListedPerson], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        ListedPopulation(people)
