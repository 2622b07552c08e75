"""Digits of papers that are wrong as people's were in 2018 (domain.md 1.3)."""

_UNASSIGNED_DISTRICT = "99"


def stale_kk(kk: str) -> str:
    """Write another recording day into the digits of a KK: the number of an old card."""
    day = int(kk[6:8])
    return f"{kk[:6]}{day - 1 if day > 1 else day + 1:02}{kk[8:]}"


def unassigned_nik(nik: str) -> str:
    """Write a district that no regency has into the digits of a NIK: nobody has it."""
    return nik[:4] + _UNASSIGNED_DISTRICT + nik[6:]
