"""Subscribers as lines of a CSV file: read for an import, written for an export.

| column | for |
|---|---|
| `msisdn` | the number, in any usual form; the only column that must be there |
| `status` | new, unregistered (when empty), registered, registered_unvalidated, expired |
| `notice_at` | when the number was given notice, for schedules that count from it |
| `registered_at`, `first_seen_at` | dates or ISO 8601; without an offset in WIB |
| `nik`, `kk` | both, for a registered number and no other |
| `operator` | checked against the number's prefix |
| `stage` | written by an export; an import leaves it to the calendar |
"""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import Final

from msgspec import Struct

from gateway.console.csv_lines import written
from gateway.console.moments import NoMoment, parse_moment
from gateway.core.ageing import iso, stage_at
from gateway.core.imports import ImportRow
from gateway.core.ledger import Rules
from gateway.core.numbers import (
    BadIdentity,
    BadNumber,
    mask_identities,
    parse_kk,
    parse_msisdn,
    parse_nik,
)
from gateway.core.registration.profiles import operator_of
from gateway.core.subscriber import Status, Subscriber

COLUMNS: Final = (
    "msisdn", "operator", "status", "stage", "first_seen_at", "notice_at", "registered_at",
    "nik", "kk",
)  # fmt: skip

_TIMES: Final = ("notice_at", "registered_at", "first_seen_at")
_DELIMITERS: Final = (",", ";", "\t")
_STATUSES: Final = {status.value: status for status in Status}

# The same days come again and again in a file.
_moment_of = lru_cache(maxsize=4096)(parse_moment)


class BadHeader(Exception):
    """The first line names no usable columns: show the line to whose file it is."""


class BadRow(Struct, frozen=True, gc=False):
    """Why a line is no subscriber; identities in it are not repeated."""

    reason: str


def _cells(line: str, delimiter: str) -> list[str]:
    """Part one line; raises csv.Error."""
    if '"' not in line:
        return line.split(delimiter)
    return next(csv.reader((line,), delimiter=delimiter, strict=True), [])


class SubscriberReader:
    """Reads the lines of one file, whose header it is made from. Raises BadHeader.

    Columns may be in any order and in capitals, parted by comma, semicolon or tab.
    """

    def __init__(self, header: str, rules: Rules) -> None:
        line = header.removeprefix("\ufeff").strip()
        self._delimiter = next((sign for sign in _DELIMITERS if sign in line), ",")
        try:
            names = [name.strip().lower() for name in _cells(line, self._delimiter)]
        except csv.Error as trouble:
            raise BadHeader(f"the header is no CSV: {trouble}") from trouble
        known = f"the columns are {', '.join(COLUMNS)}"
        for name in names:
            if name not in COLUMNS:
                shown = mask_identities(name[:40])
                raise BadHeader(f'the header has a column "{shown}"; {known}')
        if "msisdn" not in names:
            raise BadHeader(f"the header has no column msisdn; {known}")
        if len(set(names)) < len(names):
            raise BadHeader("the header names a column twice")
        self._columns = len(names)
        # A column that the header lacks is read from an empty cell after the last.
        self._places = {
            name: names.index(name) if name in names else len(names) for name in COLUMNS
        }
        self._profiles = rules.profiles

    def row(self, line: str) -> ImportRow | BadRow:
        """Read one line, without its end."""
        try:
            cells = _cells(line, self._delimiter)
        except csv.Error as trouble:
            return BadRow(f"no CSV: {trouble}")
        if len(cells) != self._columns:
            return BadRow(f"{len(cells)} columns where the header has {self._columns}")
        cells.append("")
        return self._parsed(cells, self._places)

    def _parsed(self, cells: list[str], at: dict[str, int]) -> ImportRow | BadRow:
        msisdn = parse_msisdn(cells[at["msisdn"]].strip())
        if isinstance(msisdn, BadNumber):
            return BadRow(f'msisdn: "{msisdn.text}" is no mobile number; {msisdn.remedy}')
        word = cells[at["status"]].strip().lower()
        status = _STATUSES.get(word) if word else Status.UNREGISTERED
        if status is None:
            shown = mask_identities(word[:40])
            return BadRow(f'status: "{shown}" is none of {", ".join(_STATUSES)}')
        operator = cells[at["operator"]].strip().lower()
        if operator and operator != operator_of(msisdn, self._profiles).name:
            owner = operator_of(msisdn, self._profiles).name
            return BadRow(f"operator: the prefix of {msisdn} is one of {owner}")
        nik = parse_nik(text) if (text := cells[at["nik"]].strip()) else None
        kk = parse_kk(text) if (text := cells[at["kk"]].strip()) else None
        if isinstance(nik, BadIdentity):
            return BadRow(f"nik: {nik.detail}")
        if isinstance(kk, BadIdentity):
            return BadRow(f"kk: {kk.detail}")
        times: list[int | None] = []
        for name in _TIMES:
            try:
                times.append(_moment_of(text) if (text := cells[at[name]].strip()) else None)
            except NoMoment as trouble:
                return BadRow(f"{name}: {mask_identities(str(trouble))}")
        return ImportRow(msisdn, status, times[0], times[1], times[2], nik, kk)


def header_line() -> str:
    """Write the first line of an export."""
    return written(COLUMNS)


def subscriber_line(subscriber: Subscriber, rules: Rules, now: int, *, clear: bool) -> str:
    """Write a subscriber; `clear`: with NIK and KK as they are, else masked."""
    return written(fields(subscriber, rules, now, clear=clear).values())


def fields(subscriber: Subscriber, rules: Rules, now: int, *, clear: bool) -> dict[str, str]:
    """Give a subscriber by column; what there is not is empty."""
    nik, kk = subscriber.nik, subscriber.kk
    return {
        "msisdn": subscriber.msisdn,
        "operator": subscriber.operator,
        "status": subscriber.status.value,
        "stage": stage_at(rules.schedule, subscriber, now).value,
        "first_seen_at": iso(subscriber.first_seen_at),
        "notice_at": _moment(subscriber.notice_at),
        "registered_at": _moment(subscriber.registered_at),
        "nik": "" if nik is None else nik.digits if clear else str(nik),
        "kk": "" if kk is None else kk.digits if clear else str(kk),
    }


def _moment(at: int | None) -> str:
    return "" if at is None else iso(at)
