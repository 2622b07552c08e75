"""Who sends: numbers by operator, and what each writes to 4444, right or wrong. Pure.

All identities are synthetic, of the civil registry that the gateway simulates with the same seed.
"""

from __future__ import annotations

from random import Random
from typing import Final

from gateway.core.registration.citizens import Citizen, Registry
from gateway.core.registration.papers import stale_kk, unassigned_nik
from gateway.core.registration.profiles import DEFAULT_PROFILES, Format
from handsets.load.profile import People

# Steps that reach every number before one comes again, and lead far from one to the next:
# scattered keys, as in life.
_SUBSCRIBERS: Final = 10**8
_STRIDE: Final = 61_803_399
_SHIFT: Final = 27_182_818
_PEOPLE_STRIDE: Final = 61_803_401

_PREFIXES: Final = {
    profile.name: tuple("62" + prefix[1:] for prefix in profile.prefixes)
    for profile in DEFAULT_PROFILES
}
_FORMATS: Final = {
    profile.name: (profile.new_number, profile.old_number) for profile in DEFAULT_PROFILES
}
# People who register number after number (domain.md 3.1): the first three of each succeed.
_COLLECTORS: Final = 7


def number(operator: str, index: int) -> str:
    """Give an operator's number by its index: MSISDNs that differ for 10^8 indexes."""
    prefixes = _PREFIXES[operator]
    digits = (index * _STRIDE + _SHIFT) % _SUBSCRIBERS
    return f"{prefixes[index % len(prefixes)]}{digits:08}"


class Writers:
    """Writes registrations of a synthetic population."""

    def __init__(self, people: People, chance: Random) -> None:
        """Take people of the civil registry with this seed and size."""
        self._registry = Registry(people.seed, people.population)
        self._chance = chance

    def right(self, operator: str, index: int, is_old: bool) -> str:
        """Write a registration of the person with this index, as the operator asks for it."""
        nik, kk = self._identity(index)
        return _write(_FORMATS[operator][is_old], nik, kk)

    @staticmethod
    def written(operator: str, person: Citizen) -> str:
        """Write a new number's registration of this person, as the operator asks for it."""
        return _write(_FORMATS[operator][False], person.nik.digits, person.kk.digits)

    def wrong(self, operator: str, index: int, is_old: bool, failure: str) -> str:
        """Write a registration that fails (profile.FAILURES)."""
        row = _FORMATS[operator][is_old]
        if failure == "over_limit":
            collector = (
                self._registry.population - 1 - index % min(_COLLECTORS, self._registry.population)
            )
            return _write(row, *self._registry.identity(collector))
        nik, kk = self._identity(index)
        if failure == "kk_wrong":
            return _write(row, nik, stale_kk(kk))
        if failure == "nik_unknown":
            return _write(row, unassigned_nik(nik), kk)
        return self._unreadable(row, nik, kk)

    def _identity(self, index: int) -> tuple[str, str]:
        return self._registry.identity(index * _PEOPLE_STRIDE % self._registry.population)

    def _unreadable(self, row: Format, nik: str, kk: str) -> str:
        """Make one of the mistakes of domain.md 1.3."""
        kind = self._chance.randrange(5)
        if kind == 0:
            return _write(row, nik[:15], kk)
        if kind == 1:
            return _write(row, nik, kk + kk[-1])
        if kind == 2:
            return _write(row, nik[:7] + "O" + nik[8:], kk)
        if kind == 3:
            return f"{row.prefix}{nik}#"
        return f"{row.prefix}{nik}*{kk}{row.endings[0]}"


def _write(row: Format, nik: str, kk: str) -> str:
    return f"{row.prefix}{nik}#{kk}{row.endings[0]}"
