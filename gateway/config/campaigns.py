"""[[campaigns]]: reminders from 4444 that begin by the calendar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from gateway.config.notes import YEARS, Notes
from gateway.config.places import Path
from gateway.config.words import did_you_mean
from gateway.core.ageing import DAY_MS, WIB, milliseconds
from gateway.core.programme import Target

RATE_MOST = 100_000
_NAME_MOST = 40


class CampaignConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[campaigns]]; `begin` and `end` are dates or moments, `per_second` real seconds.

    `every_days` counts from `begin`, for the unvalidated from each number's registration: a round a
    day reminds those whose date has come.
    """

    name: str
    begin: str = ""
    end: str = ""
    every_days: int = 0
    per_second: float = 10.0
    operator: str = ""
    target: Target = Target.UNREGISTERED

    @property
    def own_days(self) -> int:
        """Every how many days each number has a date of its own; 0 where a round is for all."""
        return self.every_days if self.target is Target.UNVALIDATED else 0

    def round_at(self, now: int) -> int | None:
        """Give when the newest round by `now` began; None before the first and after the end."""
        begin = read_moment(self.begin)
        end = read_moment(self.end)
        if begin is None or now < begin or (end is not None and now >= end):
            return None
        every = DAY_MS if self.own_days else self.every_days * DAY_MS
        return now - (now - begin) % every if every else begin


def read_moment(text: str) -> int | None:
    """Read a date (its midnight in WIB) or a moment; None where it is empty or neither."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return milliseconds(moment if moment.tzinfo is not None else moment.replace(tzinfo=WIB))


def check_campaign(
    row: CampaignConfig, operators: Sequence[str], note: Callable[[str, str, str], None]
) -> None:
    """Report what is wrong with one campaign: key, what, remedy."""
    if not row.name or len(row.name) > _NAME_MOST:
        note("name", f'is "{row.name[:50]}"', f"write 1 to {_NAME_MOST} characters")
    if not 0 < row.per_second <= RATE_MOST:
        note(
            "per_second",
            f"is {row.per_second:g}",
            f"write how many SMS a second, more than 0, {RATE_MOST} at most",
        )
    if row.operator and row.operator not in operators:
        note(
            "operator",
            f'is "{row.operator}", no operator',
            did_you_mean(row.operator, operators, quoted=True),
        )


def check_campaigns(rows: Sequence[CampaignConfig], operators: Sequence[str], notes: Notes) -> None:
    """Report campaigns that cannot be, and those that never begin."""
    names: dict[str, int] = {}
    for index, row in enumerate(rows):
        path: Path = ("campaigns", index)

        def note(key: str, what: str, remedy: str, path: Path = path) -> None:
            notes.note((*path, key), what, remedy)

        check_campaign(row, operators, note)
        first = names.setdefault(row.name, index)
        if first != index:
            note("name", f'is "{row.name}", as that of no. {first + 1}', "give each its own name")
        _check_times(row, note)


def _check_times(row: CampaignConfig, note: Callable[[str, str, str], None]) -> None:
    for key in ("begin", "end"):
        text = getattr(row, key)
        at = read_moment(text)
        if at is None and (text or key == "begin"):
            note(key, f'is "{text}", no date', f'write {key} = "2018-02-01"')
        elif at is not None and datetime.fromisoformat(text).year not in YEARS:
            note(key, f'is "{text}"', "write a year from 2000 to 2099")
    begin, end = read_moment(row.begin), read_moment(row.end)
    if begin is not None and end is not None and end <= begin:
        note("end", f'is "{row.end}", not after its begin', "write a later date, or drop it")
    if not 0 <= row.every_days <= 36_500:
        note("every_days", f"is {row.every_days}", "write days, or 0 for once")
