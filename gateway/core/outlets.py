"""What an outlet (gerai) or dealer brings to a registration: its id, the number, whose it is.

Source: domain.md 3.1: the fourth number of a NIK and later ones, and all of foreigners, are
registered at an outlet [S73][S22][S70]. The shape of an outlet's id is invented.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct

from gateway.core.numbers import Kk, Msisdn, Nik

OUTLET_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
"""Ids as people write them; invented."""
WORDS_MOST: Final = 60
"""How long what is recorded of a foreigner may be, each; invented."""


class Document(Enum):
    """What a foreigner shows (domain.md 3.1 [S70])."""

    PASSPORT = "passport"
    KITAS = "kitas"
    KITAP = "kitap"


class Papers(Struct, frozen=True, gc=False, tag="papers"):
    """A citizen's KTP and family card."""

    nik: Nik
    kk: Kk


class Foreigner(Struct, frozen=True, gc=False, tag="foreigner"):
    """What is recorded of a foreigner (domain.md 3.1 [S62][S75]); `birth_date` is ISO 8601.

    Printed masked, as a NIK is.
    """

    document: Document
    number: str
    nationality: str
    name: str
    birth_place: str
    birth_date: str

    def __str__(self) -> str:
        return f"{self.document.value} {self.number[:1]}*** ({self.nationality})"

    def __repr__(self) -> str:
        return f"Foreigner({self})"


class Suspicion(Struct, frozen=True, gc=False):
    """When an outlet looks wrong; all invented.

    From how many numbers on one NIK, how many requests in an hour, which share of failures among
    how many requests at least.
    """

    numbers_on_nik: int = 5
    requests_an_hour: int = 30
    failed_share: float = 0.5
    least_requests: int = 10


class OutletRegisters(Struct, frozen=True, gc=False, tag="outlet_registers"):
    """An outlet registers a number for somebody who is there."""

    msisdn: Msisdn
    outlet: str
    identity: Papers | Foreigner

    @property
    def nik(self) -> Nik | None:
        """The NIK to register on; a foreigner has none."""
        return self.identity.nik if isinstance(self.identity, Papers) else None
