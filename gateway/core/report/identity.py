"""What a NIK says of its holder: where it was issued, sex, date of birth (domain.md 2.1)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from gateway.core.registration.regions import REGENCIES

UNKNOWN: Final = "unknown"
PROVINCES: Final[dict[str, str]] = {regency.code[:2]: regency.province for regency in REGENCIES}
"""Names of provinces by the first two digits."""

FEMALE, MALE = "female", "male"
# On the KTP a woman's day of birth is 40 higher.
_FEMALE_FROM: Final = 40

# From, name. The bands are invented; 17 is the age of the first KTP (unconfirmed).
_BANDS: Final = (
    (65, "65 and older"),
    (55, "55 to 64"),
    (45, "45 to 54"),
    (35, "35 to 44"),
    (25, "25 to 34"),
    (17, "17 to 24"),
    (0, "under 17"),
)
BANDS: Final = tuple(name for _, name in reversed(_BANDS))


def province(digits: str) -> str:
    """Name the province of a NIK; one that is not of 2017-18 is unknown."""
    return PROVINCES.get(digits[:2], UNKNOWN)


@lru_cache(maxsize=1 << 16)
def sex_and_birth(ddmmyy: str, year: int) -> tuple[str, int]:
    """Read sex and date of birth (as yyyymmdd, 0 if there is none such), by the present year.

    Two digits mean the latest year that has begun: the century is ambiguous (domain.md 2.1).
    """
    day, month, short = int(ddmmyy[:2]), int(ddmmyy[2:4]), int(ddmmyy[4:])
    sex = FEMALE if day > _FEMALE_FROM else MALE
    day -= _FEMALE_FROM if day > _FEMALE_FROM else 0
    born = year - (year - short) % 100
    try:
        date(born, month, day)
    except ValueError:
        return UNKNOWN, 0
    return sex, born * 10_000 + month * 100 + day


def band(birth: int, today: int) -> str:
    """Name the age band of a date of birth; both as yyyymmdd."""
    if not birth:
        return UNKNOWN
    age = max(0, today - birth) // 10_000
    return next(name for least, name in _BANDS if age >= least)
