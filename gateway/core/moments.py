"""Moments and lengths of time as people write them, on the simulated calendar."""

from __future__ import annotations

import re
from datetime import datetime

from gateway.core.ageing import WIB, milliseconds

_UNITS_MS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000}
_LENGTH = re.compile(r"(?:[0-9]{1,9}[dhms])+").fullmatch
_parts = re.compile(r"([0-9]+)([dhms])").findall
# SMPP writes years with two digits and means 20xx (SMPP 3.4 section 7.1.1).
_YEARS = range(2000, 2100)


class NoMoment(Exception):
    """The text is no moment or length of time: show the line to who wrote it."""


def parse_moment(text: str) -> int:
    """Read a date (its midnight) or ISO 8601 date and time, without an offset in WIB.

    Gives milliseconds since 1970 UTC; raises NoMoment.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as trouble:
        raise NoMoment(
            f'"{text[:40]}" is no moment; write 2018-03-05 or 2018-03-05T08:00:00+07:00'
        ) from trouble
    if moment.year not in _YEARS:
        raise NoMoment(f"the year {moment.year} is not between 2000 and 2099")
    return milliseconds(moment if moment.tzinfo else moment.replace(tzinfo=WIB))


def parse_length(text: str) -> int:
    """Read a length of time: 5d, 12h, 30m, 90s, or several: 1d12h.

    Gives milliseconds; raises NoMoment.
    """
    plain = text.strip().lower()
    if not _LENGTH(plain):
        raise NoMoment(
            f'"{text[:40]}" is no length of time; write days, hours, minutes or seconds: '
            "5d, 12h, 30m, 90s, 1d12h"
        )
    return sum(int(number) * _UNITS_MS[unit] for number, unit in _parts(plain))


LATEST = milliseconds(datetime(_YEARS.stop, 1, 1, tzinfo=WIB)) - 1
"""The last moment of the calendar."""
