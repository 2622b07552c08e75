"""What the civil registry says of single people beside the population: troubles, and new cards.

A NIK may be blocked or kept twice, not yet synchronised, or on another family card than it was.
Such people are named one by one, or drawn from the seed as shares of the population. Source:
domain.md 1.3 [S41]-[S47]; the shares are invented (5 has a suggested mix, inferred).
"""

from __future__ import annotations

from enum import Enum

import msgspec

from gateway.core.chance import draw
from gateway.core.numbers import Kk, Nik
from gateway.core.registration.citizens import Citizen, Population, Verdict
from gateway.core.registration.families import MEMBERS


class Standing(Enum):
    """How a NIK stands with the registry."""

    SOUND = "sound"
    KK_CHANGED = "kk_changed"
    BLOCKED = "blocked"
    DUPLICATE = "duplicate"
    UNSYNCHRONISED = "unsynchronised"


class Person(msgspec.Struct, frozen=True, gc=False):
    """What is known of one NIK: its present card, None for that of the population.

    UNSYNCHRONISED ends at `synchronised_at`, in milliseconds since 1970 UTC; 0 is never.
    """

    standing: Standing
    kk: Kk | None = None
    synchronised_at: int = 0


class Shares(msgspec.Struct, frozen=True, gc=False):
    """How many of the population have which trouble, each from 0 to 1, 1 at most together."""

    kk_changed: float = 0.0
    blocked: float = 0.0
    duplicate: float = 0.0
    unsynchronised: float = 0.0
    synchronised_at: int = 0

    @property
    def none(self) -> bool:
        """Whether nobody has any trouble."""
        return not (self.kk_changed or self.blocked or self.duplicate or self.unsynchronised)


_SOUND = Person(Standing.SOUND)
_VERDICTS = {Standing.BLOCKED: Verdict.NIK_BLOCKED, Standing.DUPLICATE: Verdict.NIK_DUPLICATE}


class Records(msgspec.Struct, frozen=True):
    """The population with its troubles; `people` by NIK digits come before the shares."""

    population: Population
    seed: int = 4444
    shares: Shares = Shares()
    people: dict[str, Person] = {}

    def verify(self, nik: Nik, kk: Kk, now: int = 0) -> Verdict:
        """Check a NIK against a KK at `now`, in milliseconds since 1970 UTC."""
        person = self._person(nik)
        refused = _VERDICTS.get(person.standing)
        if refused is not None:
            return refused
        waits = person.standing is Standing.UNSYNCHRONISED
        if waits and not 0 < person.synchronised_at <= now:
            return Verdict.NOT_SYNCHRONISED
        if person.kk is None:
            return self.population.verify(nik, kk, now)
        return Verdict.MATCH if kk == person.kk else Verdict.KK_MISMATCH

    def standing(self, citizen: Citizen) -> tuple[Standing, Kk]:
        """Say how a citizen stands, and which card is valid now."""
        person = self._person(citizen.nik)
        return person.standing, person.kk or citizen.kk

    def _person(self, nik: Nik) -> Person:
        named = self.people.get(nik.digits)
        if named is not None:
            return named
        shares = self.shares
        if shares.none:
            return _SOUND
        index = self.population.index_of(nik)
        if index is None:
            return _SOUND
        drawn = draw(self.seed, index)
        for standing, share in (
            (Standing.KK_CHANGED, shares.kk_changed),
            (Standing.BLOCKED, shares.blocked),
            (Standing.DUPLICATE, shares.duplicate),
            (Standing.UNSYNCHRONISED, shares.unsynchronised),
        ):
            if drawn < share:
                changed = standing is Standing.KK_CHANGED
                kk = renewed(self.population.citizen(index).kk) if changed else None
                return Person(standing, kk, shares.synchronised_at)
            drawn -= share
        return _SOUND


def renewed(kk: Kk) -> Kk:
    """Give the card that took this one's place: of the same place and day, with another serial."""
    serial = int(kk.digits[12:])
    place = serial % MEMBERS
    return Kk(f"{kk.digits[:12]}{serial - place + (place + 1) % MEMBERS:04}")
