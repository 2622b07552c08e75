"""Subscribers as lines of a CSV file: read for an import, written for an export.

| column | for |
|---|---|
| `msisdn` | the number, in any usual form; the only column that must be there |
| `status` | new, unregistered (when empty), registered, registered_unvalidated, expired |
| `notice_at` | when the number was given notice, for schedules that count from it |
| `registered_at`, `first_seen_at` | dates or ISO 8601; without an offset in WIB |
| `nik`, `kk` | both, for a registered number and no other |
| `expires_at` | when the number expires, or did, in place of what [lifetime] says |
| `outlet` | the id of the outlet that registered it |
| `document` | passport, kitas or kitap, for a registered number of a foreigner, with the next |
| `document_number`, `nationality`, `foreigner_name`, | as the outlet took them |
| `birth_place`, `birth_date` | |
| `operator` | checked against the number's prefix |
| `stage` | written by an export; an import leaves it to the calendar |
"""

from __future__ import annotations

import csv
import re
from datetime import date
from functools import lru_cache
from typing import Final

from msgspec import Struct

from gateway.console.csv_lines import unquoted, written
from gateway.core.ageing import iso, stage_at
from gateway.core.imports import ImportRow
from gateway.core.ledger import Rules
from gateway.core.moments import NoMoment, parse_moment
from gateway.core.numbers import (
    BadIdentity,
    BadNumber,
    mask_identities,
    parse_kk,
    parse_msisdn,
    parse_nik,
)
from gateway.core.outlets import OUTLET_PATTERN, WORDS_MOST, Document, Foreigner
from gateway.core.registration.profiles import operator_of
from gateway.core.subscriber import Status, Subscriber

COLUMNS: Final = (
    "msisdn", "operator", "status", "stage", "first_seen_at", "notice_at", "registered_at",
    "nik", "kk", "expires_at", "outlet", "document", "document_number", "nationality",
    "foreigner_name", "birth_place", "birth_date",
)  # fmt: skip

_TIMES: Final = ("notice_at", "registered_at", "first_seen_at", "expires_at")
# What there is of a foreigner beside the document.
_PERSON: Final = ("document_number", "nationality", "foreigner_name", "birth_place", "birth_date")
_DOCUMENTS: Final = {document.value: document for document in Document}
_is_outlet = re.compile(OUTLET_PATTERN).match
_has_control = re.compile(r"[\x00-\x1f\x7f]").search
_DELIMITERS: Final = (",", ";", "\t")
_STATUSES: Final = {status.value: status for status in Status}

_OUTLET_REMEDY: Final = "write up to 40 letters, digits, dots, dashes; a letter or digit first"
_NOBODY: Final = dict.fromkeys(("document", *_PERSON), "")

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
        # Most files know neither outlets nor foreigners.
        self._has_outlets = not set(names).isdisjoint(("outlet", "document", *_PERSON))

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
        if not self._has_outlets:
            return ImportRow(msisdn, status, times[0], times[1], times[2], nik, kk, times[3])
        outlet = cells[at["outlet"]].strip()
        if outlet and not _is_outlet(outlet):
            return BadRow(f"outlet: {_OUTLET_REMEDY}")
        foreigner = _foreigner(cells, at)
        if isinstance(foreigner, BadRow):
            return foreigner
        return ImportRow(
            msisdn, status, times[0], times[1], times[2], nik, kk, times[3], outlet, foreigner
        )


def _foreigner(cells: list[str], at: dict[str, int]) -> Foreigner | BadRow | None:
    """Read whose number it is where that is no citizen."""
    word = cells[at["document"]].strip().lower()
    values = [unquoted(cells[at[name]].strip()) for name in _PERSON]
    if not word:
        named = next((name for name, value in zip(_PERSON, values, strict=True) if value), None)
        return BadRow(f"{named}: only a foreigner has it; name the document") if named else None
    document = _DOCUMENTS.get(word)
    if document is None:
        shown = mask_identities(word[:40])
        return BadRow(f'document: "{shown}" is none of {", ".join(_DOCUMENTS)}')
    for name, value in zip(_PERSON, values, strict=True):
        if not value:
            return BadRow(f"{name}: is missing; a foreigner's number has it")
        if len(value) > WORDS_MOST or _has_control(value):
            return BadRow(f"{name}: write 1 to {WORDS_MOST} characters, no control characters")
        if "*" in value:
            return BadRow(f"{name}: is masked; export with identities")
    try:
        date.fromisoformat(values[-1])
    except ValueError:
        return BadRow("birth_date: is no date; write 1985-07-01")
    return Foreigner(document, *values)


def header_line() -> str:
    """Write the first line of an export."""
    return written(COLUMNS)


def subscriber_line(subscriber: Subscriber, rules: Rules, now: int, *, clear: bool) -> str:
    """Write a subscriber; `clear`: with NIK and KK as they are, else masked."""
    return written(fields(subscriber, rules, now, clear=clear).values())


def fields(subscriber: Subscriber, rules: Rules, now: int, *, clear: bool) -> dict[str, str]:
    """Give a subscriber by column; what there is not is empty."""
    nik, kk, person = subscriber.nik, subscriber.kk, subscriber.foreigner
    return {
        "msisdn": subscriber.msisdn,
        "operator": subscriber.operator,
        "status": subscriber.status.value,
        "stage": stage_at(rules.schedule, subscriber, now).value,
        "first_seen_at": _moment(subscriber.first_seen_at),
        "notice_at": _moment(subscriber.notice_at),
        "registered_at": _moment(subscriber.registered_at),
        "nik": "" if nik is None else nik.digits if clear else str(nik),
        "kk": "" if kk is None else kk.digits if clear else str(kk),
        "expires_at": _moment(subscriber.expires_at),
        "outlet": subscriber.outlet,
        **(_NOBODY if person is None else _person(person, clear)),
    }


def _person(person: Foreigner, clear: bool) -> dict[str, str]:
    return {
        "document": person.document.value,
        "document_number": person.number if clear else f"{person.number[:1]}***",
        "nationality": person.nationality,
        "foreigner_name": person.name if clear else f"{person.name[:1]}***",
        "birth_place": person.birth_place if clear else "***",
        "birth_date": person.birth_date if clear else "***",
    }


def _moment(at: int | None) -> str:
    """Write a moment so that it is read again as it was."""
    if at is None:
        return ""
    written_at = iso(at)
    return f"{written_at[:19]}.{at % 1000:03}{written_at[19:]}" if at % 1000 else written_at
