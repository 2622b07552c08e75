"""A civil registry of people who are listed one by one, in place of the synthetic population."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from gateway.core.numbers import Kk, Nik
from gateway.core.registration.citizens import Citizen, Role, Sex, Verdict
from gateway.core.registration.regions import REGENCIES

_FEMALE_DAYS = 40
# Two-digit years up to this one are of this century: people of the programme's own years.
_NEWEST_YEAR = 18
_REGENCIES = {regency.code: regency for regency in REGENCIES}


class ListedPerson(msgspec.Struct, frozen=True, gc=False):
    """One person of a list; what is empty is read from the NIK as far as it goes."""

    nik: Nik
    kk: Kk
    name: str
    sex: Sex | None = None
    birth_date: str = ""
    role: Role = Role.HEAD


class ListedPopulation:
    """The people of a list, in its order. Raises ValueError for none, and for a NIK twice."""

    def __init__(self, people: Sequence[ListedPerson]) -> None:
        if not people:
            raise ValueError("a population has somebody in it")
        self._people = tuple(people)
        self._index = {person.nik.digits: index for index, person in enumerate(people)}
        if len(self._index) < len(people):
            raise ValueError("a NIK is listed twice")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ListedPopulation) and self._people == other._people

    def __hash__(self) -> int:
        return hash(self._people)

    @property
    def population(self) -> int:
        """How many there are."""
        return len(self._people)

    def verify(self, nik: Nik, kk: Kk, now: int = 0) -> Verdict:
        """Check a NIK against a KK."""
        index = self._index.get(nik.digits)
        if index is None:
            return Verdict.NIK_UNKNOWN
        return Verdict.MATCH if self._people[index].kk == kk else Verdict.KK_MISMATCH

    def index_of(self, nik: Nik) -> int | None:
        """Give the index of the person with this NIK, None when there is none."""
        return self._index.get(nik.digits)

    def citizen(self, index: int) -> Citizen:
        """Give one person. Raises IndexError outside 0 to population - 1."""
        if not 0 <= index < len(self._people):
            raise IndexError(f"no citizen {index} in a population of {len(self._people)}")
        person = self._people[index]
        digits = person.nik.digits
        regency = _REGENCIES.get(digits[:4])
        return Citizen(
            index=index,
            nik=person.nik,
            kk=person.kk,
            name=person.name,
            sex=person.sex or _sex(digits),
            birth_date=person.birth_date or _birth_date(digits),
            province="" if regency is None else regency.province,
            regency_code=digits[:4],
            regency="" if regency is None else regency.name,
            role=person.role,
        )

    def citizens(self, count: int, start: int = 0) -> Iterator[Citizen]:
        """Give `count` people from index `start` on."""
        return map(self.citizen, range(start, start + count))


def _sex(digits: str) -> Sex:
    return Sex.FEMALE if int(digits[6:8]) > _FEMALE_DAYS else Sex.MALE


def _birth_date(digits: str) -> str:
    """Write the birthday that a NIK says (domain.md 2.1), whether or not there is such a day."""
    day, month, year = (int(digits[place : place + 2]) for place in (6, 8, 10))
    century = 2000 if year <= _NEWEST_YEAR else 1900
    return f"{century + year:04}-{month:02}-{day - (_FEMALE_DAYS if day > _FEMALE_DAYS else 0):02}"
