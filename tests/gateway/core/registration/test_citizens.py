"""The civil registry is a function of its seed and knows its citizens, and only them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lokal.nik import parse_nik

from gateway.core.numbers import Kk, Nik
from gateway.core.registration.citizens import (
    MAX_POPULATION,
    Citizen,
    Registry,
    RegistryMode,
    Role,
    Sex,
    Verdict,
)

REGISTRY = Registry(4444)
SMALL = Registry(seed=7, population=10)
FULL = Registry(seed=1, population=MAX_POPULATION)
indices = st.integers(min_value=0, max_value=REGISTRY.population - 1)
seeds = st.integers()


# ---- golden: what seed 4444 gives, for ever

GOLDEN = [
    (
        "6171013003889176",
        "6171010508159177",
        "Putu Kurnia",
        "1988-03-30",
        "Kota Pontianak",
        "Kalimantan Barat",
    ),
    (
        "3203014503769285",
        "3203010212029287",
        "Rini Siregar",
        "1976-03-05",
        "Kabupaten Cianjur",
        "Jawa Barat",
    ),
    (
        "9211015401849394",
        "9211010505899394",
        "Mega Suryani",
        "1984-01-14",
        "Kabupaten Manokwari Selatan",
        "Papua Barat",
    ),
]


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: row[2])
def test_seed_4444_gives_the_same_people_for_ever(row: tuple[str, ...]) -> None:
    citizen = REGISTRY.citizen([golden[0] for golden in GOLDEN].index(row[0]))
    assert row == (
        citizen.nik.digits,
        citizen.kk.digits,
        citizen.name,
        citizen.birth_date,
        citizen.regency,
        citizen.province,
    )


def test_the_first_five_citizens_look_varied() -> None:
    people = list(REGISTRY.citizens(5))
    assert [person.index for person in people] == [0, 1, 2, 3, 4]
    assert len({person.regency_code for person in people}) == 5
    assert len({person.province for person in people}) >= 4
    assert len({person.birth_date[:4] for person in people}) == 5
    assert {person.sex for person in people} == set(Sex)
    assert {person.role for person in people} == set(Role)


# ---- every citizen


@given(seeds, indices)
def test_every_citizen_is_known_by_nik_and_kk(seed: int, index: int) -> None:
    registry = Registry(seed)
    citizen = registry.citizen(index)
    assert registry.verify(citizen.nik, citizen.kk) is Verdict.MATCH
    assert registry.index_of(citizen.nik) == index
    assert citizen == Registry(seed).citizen(index)


@given(st.integers(min_value=0, max_value=MAX_POPULATION - 1))
def test_the_arithmetic_holds_up_to_the_largest_population(index: int) -> None:
    citizen = FULL.citizen(index)
    assert FULL.index_of(citizen.nik) == index
    assert FULL.verify(citizen.nik, citizen.kk) is Verdict.MATCH


@given(indices)
def test_a_nik_says_what_the_citizen_is(index: int) -> None:
    citizen = REGISTRY.citizen(index)
    read = parse_nik(citizen.nik.digits)
    born = date.fromisoformat(citizen.birth_date)
    assert read.valid
    assert citizen.nik.digits[:6] == citizen.kk.digits[:6] == citizen.regency_code + "01"
    day = born.day + (40 if citizen.sex is Sex.FEMALE else 0)
    assert citizen.nik.digits[6:12] == f"{day:02}{born:%m%y}"
    assert 9000 <= int(citizen.nik.digits[12:]) <= 9999
    assert 9000 <= int(citizen.kk.digits[12:]) <= 9999
    assert 1957 <= born.year <= 2017


@given(indices)
def test_a_family_shares_its_card_and_is_plausible(index: int) -> None:
    citizen = REGISTRY.citizen(index)
    family = REGISTRY.family(citizen)
    assert citizen in family
    assert {person.kk for person in family} == {citizen.kk}
    assert len({person.nik for person in family}) == 4
    by_role: dict[Role, list[Citizen]] = {role: [] for role in Role}
    for person in family:
        by_role[person.role].append(person)
    (head,), (spouse,), children = by_role[Role.HEAD], by_role[Role.SPOUSE], by_role[Role.CHILD]
    assert (head.sex, spouse.sex) == (Sex.MALE, Sex.FEMALE)
    youngest_parent = max(head.birth_date, spouse.birth_date)
    for child in children:
        assert int(child.birth_date[:4]) - int(youngest_parent[:4]) >= 17
    card = citizen.kk.digits
    carded = date(_full_year(card[10:12]), int(card[8:10]), int(card[6:8]))
    assert max(person.birth_date for person in family) < carded.isoformat() < "2018"


def _full_year(yy: str) -> int:
    return int(yy) + (2000 if int(yy) < 20 else 1900)


# ---- mistakes


@given(indices, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_never_matches(index: int, at: int, by: int) -> None:
    citizen = REGISTRY.citizen(index)
    nik = Nik(_typo(citizen.nik.digits, at, by))
    assert REGISTRY.verify(nik, citizen.kk) is not Verdict.MATCH
    kk = Kk(_typo(citizen.kk.digits, at, by))
    assert REGISTRY.verify(citizen.nik, kk) is Verdict.KK_MISMATCH


def _typo(digits: str, at: int, by: int) -> str:
    return f"{digits[:at]}{(int(digits[at]) + by) % 10}{digits[at + 1 :]}"


@given(indices)
def test_an_identity_is_the_citizens(index: int) -> None:
    citizen = REGISTRY.citizen(index)
    assert REGISTRY.identity(index) == (citizen.nik.digits, citizen.kk.digits)


@given(indices)
def test_old_cards_mismatch_and_unassigned_districts_are_unknown(index: int) -> None:
    citizen = REGISTRY.citizen(index)
    assert REGISTRY.verify(citizen.nik, REGISTRY.wrong_kk(citizen)) is Verdict.KK_MISMATCH
    unknown = REGISTRY.unknown_nik(citizen)
    assert REGISTRY.verify(unknown, citizen.kk) is Verdict.NIK_UNKNOWN
    assert REGISTRY.index_of(unknown) is None


def test_a_card_recorded_on_the_first_of_a_month_gets_a_wrong_day_too() -> None:
    first = next(c for c in REGISTRY.citizens(500) if c.kk.digits[6:8] == "01")
    assert REGISTRY.wrong_kk(first).digits[6:8] == "02"
    assert REGISTRY.verify(first.nik, REGISTRY.wrong_kk(first)) is Verdict.KK_MISMATCH


CITIZEN = REGISTRY.citizen(0)
NIK = CITIZEN.nik.digits


@pytest.mark.parametrize(
    "digits",
    [
        "9301" + NIK[4:],  # province of 2022
        NIK[:6] + "310290" + NIK[12:],  # no such day
        NIK[:6] + str(int(NIK[6]) + 4) + NIK[7:],  # the head as a woman
        NIK[:12] + "0001",  # serials of real people
        NIK[:6] + "010159" + "9000",  # before any head of family
        NIK[:6] + "010117" + "9000",  # a head born in 2017
        "",
        "x" * 16,
    ],
)
def test_a_nik_that_nobody_can_have_is_unknown(digits: str) -> None:
    assert REGISTRY.verify(Nik(digits), CITIZEN.kk) is Verdict.NIK_UNKNOWN


@given(st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_sixteen_random_digits_are_nobody(digits: str) -> None:
    index = REGISTRY.index_of(Nik(digits))
    assert index is None or REGISTRY.citizen(index).nik.digits == digits


# ---- populations


def test_only_the_population_is_known() -> None:
    people = list(SMALL.citizens(10))
    assert len({person.nik for person in people}) == 10
    assert all(SMALL.index_of(person.nik) == person.index for person in people)
    # Ten people of three families: two family members are not in the country.
    assert sorted(len(SMALL.family(person)) for person in people[:3]) == [3, 3, 4]
    larger = Registry(seed=7, population=12)
    beyond = [person for person in larger.citizens(12) if SMALL.index_of(person.nik) is None]
    assert [person.index for person in beyond] == [10, 11]
    stranger = Registry(seed=7, population=1000).citizen(900)
    assert SMALL.verify(stranger.nik, stranger.kk) is Verdict.NIK_UNKNOWN


def test_the_first_citizens_do_not_depend_on_the_population() -> None:
    assert list(Registry(4444, population=4000).citizens(1000)) == list(REGISTRY.citizens(1000))


@pytest.mark.parametrize("index", [-1, 10])
def test_an_index_outside_the_population_is_an_error(index: int) -> None:
    with pytest.raises(IndexError, match=f"no citizen {index} in a population of 10"):
        SMALL.citizen(index)


@pytest.mark.parametrize("population", [0, -5, MAX_POPULATION + 1])
def test_a_population_has_its_bounds(population: int) -> None:
    with pytest.raises(ValueError, match="is not between 1 and"):
        Registry(1, population)


def test_registries_are_values() -> None:
    assert Registry(1) == Registry(1, 10**8, RegistryMode.SYNTHETIC)
    assert Registry(1) != Registry(2)
    assert Registry(1) != Registry(1, mode="accept")
    assert Registry(1) != 1
    assert len({Registry(1), Registry(1), Registry(1, 5)}) == 2
    assert repr(Registry(1, 5)) == "Registry(seed=1, population=5, mode='synthetic')"


def test_a_registry_in_accept_mode_confirms_anything() -> None:
    registry = Registry(1, mode="accept")
    assert registry.verify(Nik("1" * 16), Kk("2" * 16)) is Verdict.MATCH


def test_printing_a_citizen_shows_no_identity() -> None:
    assert NIK not in repr(CITIZEN)
    assert CITIZEN.kk.digits not in repr(CITIZEN)
