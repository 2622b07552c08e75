"""The simulated civil registry (Dukcapil): synthetic families, computed from a seed.

Nothing is stored. A citizen's index is turned into a NIK by arithmetic that runs both ways, so
that a hundred million people cost no memory and any NIK is checked in constant time.

    index --> (family, member) --> slot --> (regency, head's birthday, block) --> NIK and KK

`slot = (a * family + b) mod SLOTS` is a bijection that scatters neighbours over the country.
A NIK's serial is 9000 + 4 * block + member: serials from 9000 on cannot belong to real people
(domain.md 2.4). Each member's birthday lies a known distance from the head's, so the way back
from a NIK is a subtraction: the distances and the children's sexes are one of 1,021 fixed family
shapes (families.py). Structure of NIK and KK: domain.md 2.1; the population is invented.
"""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from hashlib import blake2b
from math import gcd
from typing import Final, Literal, Protocol

import msgspec

from gateway.core.numbers import Kk, Nik
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
from gateway.core.registration.names import name_of
from gateway.core.registration.papers import stale_kk, unassigned_nik
from gateway.core.registration.regions import REGENCIES

_BLOCKS: Final = 250
_SERIAL_FIRST: Final = 9000
_DISTRICT: Final = "01"

_SLOTS: Final = len(REGENCIES) * HEAD_DAYS * _BLOCKS
_GOLDEN: Final = 0.6180339887498949

MAX_POPULATION: Final = _SLOTS * MEMBERS
"""How many citizens a registry can hold at most (about 5 * 10^9)."""

_AREAS: Final = tuple(regency.code + _DISTRICT for regency in REGENCIES)
_REGENCY_AT: Final[dict[str, int]] = {area: position for position, area in enumerate(_AREAS)}
_SERIAL_AT: Final = {str(_SERIAL_FIRST + number): number for number in range(_BLOCKS * MEMBERS)}


class Verdict(Enum):
    """What the registry says to a NIK and KK."""

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    MATCH = "match"
    NIK_UNKNOWN = "nik_unknown"
    KK_MISMATCH = "kk_mismatch"
    NIK_BLOCKED = "nik_blocked"
    NIK_DUPLICATE = "nik_duplicate"
    NOT_SYNCHRONISED = "not_synchronised"


# Reading a member of an Enum class costs as much as a dictionary look-up; verify is hot.
_MATCH, _NIK_UNKNOWN, _KK_MISMATCH, *_ = Verdict


class RegistryMode(Enum):
    """Whether the registry knows its own citizens only, or confirms whatever is sent."""

    SYNTHETIC = "synthetic"
    ACCEPT = "accept"


class Sex(Enum):
    """Sex as the KTP has it."""

    MALE = "LAKI-LAKI"
    FEMALE = "PEREMPUAN"


class Role(Enum):
    """Place in the family card."""

    HEAD = "KEPALA KELUARGA"
    SPOUSE = "ISTRI"
    CHILD = "ANAK"


_ROLES: Final = (Role.HEAD, Role.SPOUSE, Role.CHILD, Role.CHILD)


class Citizen(msgspec.Struct, frozen=True, gc=False):
    """A synthetic person. `birth_date` is ISO 8601, `regency_code` has four digits."""

    index: int
    nik: Nik
    kk: Kk
    name: str
    sex: Sex
    birth_date: str
    province: str
    regency_code: str
    regency: str
    role: Role


class Population(Protocol):
    """The people whom a civil registry knows, by index, and whether a NIK and a KK are theirs."""

    @property
    def population(self) -> int:
        """How many there are."""
        ...

    def verify(self, nik: Nik, kk: Kk, now: int = 0) -> Verdict:
        """Check a NIK against a KK at `now`, in milliseconds since 1970 UTC."""
        ...

    def index_of(self, nik: Nik) -> int | None:
        """Give the index of the person with this NIK, None when there is none."""
        ...

    def citizen(self, index: int) -> Citizen:
        """Give one person. Raises IndexError outside 0 to population - 1."""
        ...

    def citizens(self, count: int, start: int = 0) -> Iterator[Citizen]:
        """Give `count` people from index `start` on."""
        ...


class Registry:
    """The civil registry of one simulated country.

    Two registries of the same seed and population are equal. Raises ValueError when the
    population is not between 1 and `MAX_POPULATION` or the mode is unknown.
    """

    __slots__ = (
        "_accepts_all",
        "_days",
        "_factor",
        "_families",
        "_inverse",
        "_salt",
        "_shift",
        "_written",
        "mode",
        "population",
        "seed",
    )

    def __init__(
        self,
        seed: int,
        population: int = 10**8,
        mode: RegistryMode | Literal["synthetic", "accept"] = RegistryMode.SYNTHETIC,
    ) -> None:
        if not 1 <= population <= MAX_POPULATION:
            raise ValueError(f"population {population} is not between 1 and {MAX_POPULATION}")
        self.seed = seed
        self.population = population
        self.mode = RegistryMode(mode)
        self._families = -(-population // MEMBERS)
        dice = blake2b(str(seed).encode(), digest_size=24).digest()
        # Near the golden section of the slots, neighbours land in far-off provinces.
        factor = int(_SLOTS * _GOLDEN) + int.from_bytes(dice[:8]) % (_SLOTS // 20)
        while gcd(factor, _SLOTS) != 1:
            factor += 1
        self._factor = factor
        self._inverse = pow(factor, -1, _SLOTS)
        self._shift = int.from_bytes(dice[8:16]) % _SLOTS
        self._salt = int.from_bytes(dice[16:]) % SHAPES
        self._days = days()
        self._written = written()
        self._accepts_all = self.mode is RegistryMode.ACCEPT

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Registry) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        return f"Registry(seed={self.seed}, population={self.population}, mode={self.mode.value!r})"

    def _identity(self) -> tuple[int, int, RegistryMode]:
        return self.seed, self.population, self.mode

    def verify(self, nik: Nik, kk: Kk, now: int = 0) -> Verdict:
        """Check a NIK against a KK, as Dukcapil does for the operators."""
        if self._accepts_all:
            return _MATCH
        digits = nik.digits
        place = self._place_of(digits)
        if place is None:
            return _NIK_UNKNOWN
        _, head, block, shape = place
        card = kk.digits
        if (
            card[:6] == digits[:6]
            and self._days.get(card[6:12]) == head + KK_SHAPE[shape]
            and _SERIAL_AT.get(card[12:]) == block * 4 + shape % 4
        ):
            return _MATCH
        return _KK_MISMATCH

    def index_of(self, nik: Nik) -> int | None:
        """Give the index of the citizen with this NIK, None when there is none."""
        place = self._place_of(nik.digits)
        return None if place is None else place[0]

    def citizen(self, index: int) -> Citizen:
        """Compute one citizen. Raises IndexError outside 0 to population - 1."""
        if not 0 <= index < self.population:
            raise IndexError(f"no citizen {index} in a population of {self.population}")
        nik, kk, born, position, slot, member = self._papers(index)
        female = bool(born & 1)
        regency = REGENCIES[position]
        return Citizen(
            index=index,
            nik=Nik(nik),
            kk=Kk(kk),
            name=name_of(slot * MEMBERS + member, female=female),
            sex=Sex.FEMALE if female else Sex.MALE,
            birth_date=date.fromordinal(born >> 1).isoformat(),
            province=regency.province,
            regency_code=regency.code,
            regency=regency.name,
            role=_ROLES[member],
        )

    def identity(self, index: int) -> tuple[str, str]:
        """Give the digits of a citizen's NIK and KK, and nothing else: for many at a time."""
        return self._papers(index)[:2]

    def _papers(self, index: int) -> tuple[str, str, int, int, int, int]:
        """Give NIK and KK, birthday as in `written`, the regency's place, slot and member."""
        lap, family = divmod(index, self._families)
        # Member and family advance together, so that neighbours differ in age and sex too.
        member = (family + lap) % MEMBERS
        slot = (self._factor * family + self._shift) % _SLOTS
        rest, block = divmod(slot, _BLOCKS)
        position, day = divmod(rest, HEAD_DAYS)
        shape = (block * 7 + position * 31 + self._salt) % SHAPES
        head = (HEADS_FROM + day) * 2
        born = head + MEMBER_SHAPE[shape * MEMBERS + member]
        area, serial, ddmmyy = _AREAS[position], _SERIAL_FIRST + MEMBERS * block, self._written
        nik = f"{area}{ddmmyy[born]}{serial + member}"
        kk = f"{area}{ddmmyy[head + KK_SHAPE[shape]]}{serial + shape % MEMBERS}"
        return nik, kk, born, position, slot, member

    def citizens(self, count: int, start: int = 0) -> Iterator[Citizen]:
        """Give `count` citizens from index `start` on."""
        return map(self.citizen, range(start, start + count))

    def family(self, citizen: Citizen) -> tuple[Citizen, ...]:
        """Give everybody on the citizen's family card, by index (four, at the end maybe fewer)."""
        first = citizen.index % self._families
        return tuple(map(self.citizen, range(first, self.population, self._families)))

    def wrong_kk(self, citizen: Citizen) -> Kk:
        """Give a KK of the citizen's family that is out of date: right form, wrong recording day.

        The commonest mistake of 2018 was an old card (domain.md 1.3 [S41][S44]).
        """
        return Kk(stale_kk(citizen.kk.digits))

    def unknown_nik(self, citizen: Citizen) -> Nik:
        """Give a NIK that nobody has, like the citizen's but of an unassigned district."""
        return Nik(unassigned_nik(citizen.nik.digits))

    def _place_of(self, digits: str) -> tuple[int, int, int, int] | None:
        """Find the citizen with this NIK, None when there is none.

        Gives index, twice the ordinal of the head's birthday, block and family shape.
        """
        regency = _REGENCY_AT.get(digits[:6])
        born = self._days.get(digits[6:12])
        serial = _SERIAL_AT.get(digits[12:])
        if regency is None or born is None or serial is None:
            return None
        block = serial // MEMBERS
        shape = (block * 7 + regency * 31 + self._salt) % SHAPES
        head = born - MEMBER_SHAPE[shape * MEMBERS + serial % MEMBERS]
        day = (head >> 1) - HEADS_FROM
        # The difference is odd when the day says the other sex.
        if head & 1 or not 0 <= day < HEAD_DAYS:
            return None
        slot = (regency * HEAD_DAYS + day) * _BLOCKS + block
        family = self._inverse * (slot - self._shift) % _SLOTS
        if family >= self._families:
            return None
        index = (serial - family) % MEMBERS * self._families + family
        return (index, head, block, shape) if index < self.population else None
