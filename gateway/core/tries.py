"""The tries of a number that failed, as the desk counts them."""

from __future__ import annotations

from msgspec import Struct

from gateway.core.numbers import Kk, Nik


class Tries(Struct, frozen=True, gc=False, array_like=True):
    """Registrations that failed: with which data the last one, how many, until when locked out.

    `locked_until` is in milliseconds since 1970 UTC, 0 for no lock (domain.md 1.5).
    """

    nik: Nik
    kk: Kk
    count: int
    locked_until: int = 0
