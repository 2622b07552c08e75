"""SMPP's 16-character times, absolute and relative (§7.1.1): YYMMDDhhmmsstnnp.

Instants are Unix milliseconds, durations milliseconds. Two-digit years are 20xx; nn counts quarters
of an hour that local time is ahead of (+) or behind (-) UTC.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from gateway.smpp.errors import Misuse

_FORM: Final = re.compile(r"([0-9]{2})" * 6 + r"([0-9])([0-9]{2})([-+R])").fullmatch
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_CENTURY: Final = 2000
_MAX_QUARTERS: Final = 48
_DAY: Final = 86_400_000
# A relative time has no calendar; SMSCs take a year for 365 days and a month for 30.
_UNITS: Final = (365 * _DAY, 30 * _DAY, _DAY, 3_600_000, 60_000, 1000)


class Absolute(msgspec.Struct, frozen=True, gc=False):
    """An instant."""

    unix_ms: int


class Relative(msgspec.Struct, frozen=True, gc=False):
    """A time from now on."""

    duration_ms: int

    def after(self, now_ms: int) -> Absolute:
        """Give the instant it means."""
        return Absolute(now_ms + self.duration_ms)


class Malformed(msgspec.Struct, frozen=True, gc=False):
    """Not a time of §7.1.1: ESME_RINVSCHED or ESME_RINVEXPIRY."""

    text: str


def unix_ms(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int | None:
    """Give the instant of a UTC date and time; None if there is no such date."""
    try:
        when = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return (when - _EPOCH) // _MILLISECOND


def utc(ms: int) -> datetime:
    """Give the UTC date and time of an instant."""
    return _EPOCH + timedelta(milliseconds=ms)


def parse_time(text: str) -> Absolute | Relative | Malformed | None:
    """Read schedule_delivery_time, validity_period or final_date; None for an empty one."""
    if not text:
        return None
    found = _FORM(text)
    if found is None:
        return Malformed(text)
    year, month, day, hour, minute, second, tenth, quarters = map(int, found.groups()[:8])
    sign = found[9]
    if sign == "R":
        numbers = (year, month, day, hour, minute, second)
        return Relative(sum(n * unit for n, unit in zip(numbers, _UNITS, strict=True)))
    local = unix_ms(_CENTURY + year, month, day, hour, minute, second)
    if local is None or quarters > _MAX_QUARTERS:
        return Malformed(text)
    offset = quarters * 900_000
    return Absolute(local + tenth * 100 + (offset if sign == "-" else -offset))


def format_absolute(ms: int, quarters: int = 0) -> str:
    """Write an instant as local time `quarters` of an hour ahead of UTC.

    Raises Misuse outside the years 2000 to 2099 and outside 12 hours.
    """
    if abs(quarters) > _MAX_QUARTERS:
        raise Misuse(f"{quarters} quarters of an hour are more than 12 hours")
    local = utc(ms + quarters * 900_000)
    if local.year // 100 != _CENTURY // 100:
        raise Misuse(f"the year {local.year} has no two-digit form")
    tenth = local.microsecond // 100_000
    sign = "-" if quarters < 0 else "+"
    return f"{local:%y%m%d%H%M%S}{tenth}{abs(quarters):02}{sign}"


def format_relative(duration_ms: int) -> str:
    """Write a duration, rounded down to seconds; Misuse below 0 and from 100 years."""
    if not 0 <= duration_ms < 100 * _UNITS[0]:
        raise Misuse(f"a duration of {duration_ms} ms has no form")
    parts: list[str] = []
    for unit in _UNITS:
        count, duration_ms = divmod(duration_ms, unit)
        parts.append(f"{count:02}")
    return "".join(parts) + "000R"
