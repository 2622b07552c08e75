"""What the rows of operators must keep to beyond their types."""

from __future__ import annotations

import re
from collections.abc import Callable

from gateway.config.notes import Notes
from gateway.config.operators import (
    DEFAULT_OPERATORS,
    OTHER_OPERATOR,
    FormatConfig,
    OperatorConfig,
    ServiceConfig,
)
from gateway.config.places import Path
from gateway.config.words import did_you_mean
from gateway.core.registration.services import INQUIRE, UNREGISTER, read_form
from gateway.core.registration.ussd import is_ussd_code

_OPERATOR_NAME = re.compile(r"[a-z][a-z0-9_-]*").fullmatch
_PREFIX = re.compile(r"08[0-9]{2}").fullmatch
_KEYWORDS = ("", "REG", "DAFTAR", "ULANG")
_HOURS_MOST = 8_760.0


def check_operators(
    rows: dict[str, OperatorConfig], notes: Notes, rank: Callable[[Path], int]
) -> None:
    """Report what is wrong in the operators' rows; `rank` says how much a user meant a value."""
    owners: dict[str, str] = {}
    # Those that a user meant least come first, so that the blame falls on what was written.
    for name in sorted(rows, key=lambda name: rank(("operators", name, "prefixes"))):
        row = rows[name]
        path: Path = ("operators", name)
        if not _OPERATOR_NAME(name):
            notes.note(path, "is no name", "write it in lower case: [operators.telkomsel]")
        if not row.brand:
            notes.note((*path, "brand"), "is empty", "write the name that replies use")
        if name == OTHER_OPERATOR and row.prefixes:
            notes.note(
                (*path, "prefixes"),
                f'holds prefixes, but "{OTHER_OPERATOR}" is for those that nobody lists',
                "give them to an operator with another name",
            )
        if name not in DEFAULT_OPERATORS and not row.prefixes:
            notes.note(
                (*path, "prefixes"),
                "is empty, so the operator has no numbers",
                did_you_mean(name, DEFAULT_OPERATORS, otherwise='write prefixes = ["0811"]'),
            )
        for prefix in row.prefixes:
            _check_prefix(prefix, name, path, owners, notes)
        _check_format(row.new_number, (*path, "new_number"), notes)
        _check_format(row.old_number, (*path, "old_number"), notes)
        _check_service(row.check, "INFO#NIK", (*path, "check"), notes)
        _check_service(row.unregister, "UNREG#NIK#", (*path, "unregister"), notes)
        if row.ussd.code and not is_ussd_code(row.ussd.code):
            what = f'is "{row.ussd.code}", no USSD code'
            notes.note((*path, "ussd", "code"), what, 'write one like "*444#", or "" for none')
        if row.daily_quota < 0:
            what = f"is {row.daily_quota}"
            notes.note((*path, "daily_quota"), what, "write how many a day, or 0 for no limit")
        if not 0 < row.lock_hours <= _HOURS_MOST:
            what = f"is {row.lock_hours:g}"
            notes.note((*path, "lock_hours"), what, f"write hours, up to {_HOURS_MOST:.0f}")


def _check_prefix(prefix: str, name: str, path: Path, owners: dict[str, str], notes: Notes) -> None:
    at = (*path, "prefixes")
    if not _PREFIX(prefix):
        notes.note(at, f'holds "{prefix}", no prefix', 'write four digits from 08 on: "0811"')
        return
    owner = owners.setdefault(prefix, name)
    if owner != name:
        notes.note(
            at,
            f"holds {prefix}, which is {owner}'s too",
            "take it out of one of them",
        )


def _check_format(row: FormatConfig, path: Path, notes: Notes) -> None:
    if row.keyword not in _KEYWORDS:
        notes.note(
            (*path, "keyword"),
            f'is "{row.keyword}", a word that the desk does not know',
            'write "REG", "DAFTAR", "ULANG", or "" for none',
        )
    elif row.keyword and row.separator not in (" ", "#"):
        notes.note(
            (*path, "separator"),
            f'is "{row.separator}"',
            'write " " or "#" to stand between keyword and NIK',
        )
    elif not row.keyword and row.separator:
        notes.note(
            (*path, "separator"),
            f'is "{row.separator}", but there is no keyword before it',
            'write separator = ""',
        )


def _check_service(row: ServiceConfig, example: str, path: Path, notes: Notes) -> None:
    words = INQUIRE if example.startswith(INQUIRE) else UNREGISTER
    for text in row.forms:
        form = read_form(text)
        if form is None or form.keyword not in words or (words == UNREGISTER and text in words):
            notes.note(
                (*path, "forms"),
                f'holds "{text}", no form of it',
                f'write {", ".join(words)} with NIK or MSISDN: "{example}"',
            )
