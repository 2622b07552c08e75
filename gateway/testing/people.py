"""People of the simulated civil registry, one after the other, for tests."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from gateway.core.ledger import Rules
from gateway.core.registration.citizens import Registry
from gateway.core.registration.records import Standing


class Person(Struct, frozen=True):
    """A synthetic citizen; `nik` and `kk` are the 16 digits, there to be sent.

    `wrong_kk` is an old card of the family, `unknown_nik` a NIK that nobody has; both are empty
    where the people come from a file.
    """

    nik: str
    kk: str
    name: str
    birth_date: str
    province: str
    wrong_kk: str
    unknown_nik: str


def people(rules: Rules) -> Iterator[Person]:
    """Give those who stand well with the registry, each once, always in the same order."""
    registry, records = rules.registry, rules.records
    for citizen in registry.citizens(registry.population):
        if records is not None and records.standing(citizen)[0] is not Standing.SOUND:
            continue
        yield Person(
            nik=citizen.nik.digits,
            kk=citizen.kk.digits,
            name=citizen.name,
            birth_date=citizen.birth_date,
            province=citizen.province,
            wrong_kk=registry.wrong_kk(citizen).digits if isinstance(registry, Registry) else "",
            unknown_nik=registry.unknown_nik(citizen).digits
            if isinstance(registry, Registry)
            else "",
        )
