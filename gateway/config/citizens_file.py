"""[registry] citizens: a file of people -> the population that it names, or its mistakes.

CSV, or Parquet with the same columns; its rows count from 1 as a CSV file's lines do.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path as FilePath

from msgspec import Struct

from gateway.config.parquet_file import CannotRead, is_parquet, open_parquet
from gateway.core.numbers import BadIdentity, parse_kk, parse_nik
from gateway.core.registration.citizens import Role, Sex
from gateway.core.registration.listed import ListedPerson, ListedPopulation

COLUMNS = ("nik", "kk", "name", "sex", "birth_date", "role")
NEEDED = COLUMNS[:2]
# More mistakes of one file are counted, not told.
_TOLD_MOST = 5


class BadFile(Struct, frozen=True):
    """What is wrong with a file, and what to do."""

    what: str
    remedy: str


class BadRow(Exception):
    """A row names no person: say what is wrong with it; never with the digits themselves."""


def load_citizens(path: str) -> ListedPopulation | tuple[BadFile, ...]:
    """Read the people of a CSV or Parquet file, or everything that is wrong with it."""
    file_path = FilePath(path)
    try:
        if is_parquet(file_path):
            parquet = open_parquet(file_path)
            return _read(parquet.columns, enumerate(parquet.rows, start=1), "row")
        with file_path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lines = ((reader.line_num, row) for row in reader)
            return _read(reader.fieldnames or (), lines, "line")
    except CannotRead as trouble:
        return (BadFile(trouble.what, trouble.remedy),)
    except OSError as trouble:
        return (BadFile(f"cannot be read: {trouble.strerror or trouble}", "name a CSV file"),)
    except (UnicodeDecodeError, csv.Error) as trouble:
        return (BadFile(f"is no CSV file in UTF-8: {trouble}", "save it as CSV in UTF-8"),)


def _read(
    header: Sequence[str], rows: Iterable[tuple[int, dict[str, str]]], place: str
) -> ListedPopulation | tuple[BadFile, ...]:
    missing = [name for name in NEEDED if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    if missing or unknown:
        what = f"has no column {missing[0]}" if missing else f'has a column "{unknown[0]}"'
        return (BadFile(what, f"begin it with the line {','.join(COLUMNS)}"),)
    people: list[ListedPerson] = []
    wrong: list[BadFile] = []
    lines: dict[str, int] = {}
    for line, row in rows:
        try:
            person = _person(row)
        except BadRow as bad:
            wrong.append(BadFile(f"{place} {line}: {bad}", f"correct the {place}, or take it out"))
            continue
        first = lines.setdefault(person.nik.digits, line)
        if first != line:
            what = f"{place} {line}: has the NIK of {place} {first}"
            wrong.append(BadFile(what, "take one of them out"))
            continue
        people.append(person)
    if wrong:
        more = len(wrong) - _TOLD_MOST
        counted = (BadFile(f"has {more} more mistakes", "correct these first"),) if more > 0 else ()
        return (*wrong[:_TOLD_MOST], *counted)
    if not people:
        return (BadFile("names nobody", f"write a {place} for each person"),)
    return ListedPopulation(people)


def _person(row: dict[str, str]) -> ListedPerson:
    if None in row.values() or None in row:  # csv's own sign of a field too few or too many
        raise BadRow("has not as many fields as the first line")
    nik, kk = parse_nik(row["nik"]), parse_kk(row["kk"])
    for parsed in (nik, kk):
        if isinstance(parsed, BadIdentity):
            raise BadRow(parsed.detail)
    assert not isinstance(nik, BadIdentity)
    assert not isinstance(kk, BadIdentity)
    try:
        return ListedPerson(
            nik,
            kk,
            row.get("name", ""),
            Sex(row["sex"]) if row.get("sex") else None,
            date.fromisoformat(row["birth_date"]).isoformat() if row.get("birth_date") else "",
            Role(row["role"]) if row.get("role") else Role.HEAD,
        )
    except ValueError as trouble:
        raise BadRow(str(trouble)) from trouble
