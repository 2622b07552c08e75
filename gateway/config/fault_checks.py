"""What rows of [[faults]] must keep to beyond their types; also for those that the API is sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from msgspec.structs import fields

from gateway.config.delays import check_delay
from gateway.config.fault_profiles import PROFILES
from gateway.config.faults import (
    KEYS_OF,
    FaultConfig,
    FaultingConfig,
    FaultKind,
    parse_moment,
    parse_status,
)
from gateway.config.notes import Notes
from gateway.config.places import Path
from gateway.config.words import did_you_mean
from gateway.core.fault_aim import BadRule, aim_address, text_pattern
from gateway.smpp.codes import CommandStatus

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}").fullmatch
_RATE_MOST = 1_000_000.0
_COUNT_MOST = 1_000_000_000
_ERROR_MOST = 255
_USUAL = {field.name: field.default for field in fields(FaultConfig)}
_LEAST = {"after": 1, "every_n": 1, "skip": 0, "limit": 0}


def check_faults(
    rows: Sequence[FaultConfig],
    path: Path,
    notes: Notes,
    accounts: Collection[str],
    taken: Collection[str] = (),
) -> None:
    """Report what is wrong in the rows at `path`.

    `accounts` are the system_ids there are, `taken` the names of other rules.
    """
    seen: dict[str, int] = {}
    for index, row in enumerate(rows):
        at = (*path, index)
        first = seen.setdefault(row.name, index)
        if row.name in taken:
            notes.note(
                (*at, "name"),
                f'is "{row.name}", which there is already',
                "give the fault another name",
            )
        elif first != index and row.name:
            notes.note(
                (*at, "name"),
                f'is "{row.name}", as that of fault no. {first + 1}',
                "give each its own name",
            )
        check_fault(row, at, notes, accounts)


def check_fault(row: FaultConfig, path: Path, notes: Notes, accounts: Collection[str]) -> None:
    """Report what is wrong in one row."""
    if not _NAME(row.name):
        notes.note(
            (*path, "name"),
            f'is "{row.name[:70]}", no name for a fault',
            "write up to 60 letters, digits, dots, dashes: lost-receipts",
        )
    if notes.sound((*path, "kind")):
        _check_keys(row, path, notes)
    _check_figures(row, path, notes)
    _check_aim(row, path, notes, accounts)
    _check_times(row, path, notes)


def _check_keys(row: FaultConfig, path: Path, notes: Notes) -> None:
    """Check the keys that belong to a kind: there where needed, and nowhere else."""
    used = KEYS_OF[row.kind]
    for key in sorted({key for keys in KEYS_OF.values() for key in keys}):
        if key not in used and getattr(row, key) != _USUAL[key]:
            kinds = " or ".join(f'"{kind.value}"' for kind in KEYS_OF if key in KEYS_OF[kind])
            notes.note(
                (*path, key),
                f'is given, but kind = "{row.kind.value}" has no {key}',
                f"drop it, or write kind = {kinds}",
            )
    if "status" in used:
        _check_status(row, path, notes)
    if "delay" in used:
        check_delay(row.delay, (*path, "delay"), notes)
        if row.delay.is_none:
            notes.note((*path, "delay"), "is missing", "write delay = { seconds = 2.0 }")
    if row.kind is FaultKind.THROTTLE and not 0 < row.per_second <= _RATE_MOST:
        notes.note(
            (*path, "per_second"),
            f"is {row.per_second:g}",
            f"write messages a second, above 0 and up to {_RATE_MOST:.0f}",
        )


def _check_status(row: FaultConfig, path: Path, notes: Notes) -> None:
    at = (*path, "status")
    if not row.status:
        notes.note(at, "is missing", 'write status = "ESME_RSYSERR"')
        return
    try:
        parse_status(row.status)
    except ValueError:
        names = [status.name for status in CommandStatus if status]
        notes.note(
            at,
            f'is "{row.status}", no command_status that refuses',
            did_you_mean(row.status, names, quoted=True, otherwise='write one as "ESME_RSYSERR"')
            + " or a number, 0x1 to 0xffffffff",
        )


def _check_figures(row: FaultConfig, path: Path, notes: Notes) -> None:
    if not 0 <= row.probability <= 1:
        notes.note(
            (*path, "probability"), f"is {row.probability:g}", "write 0.0 (never) to 1.0 (always)"
        )
    for key, least in _LEAST.items():
        count = getattr(row, key)
        if not least <= count <= _COUNT_MOST:
            notes.note((*path, key), f"is {count}", f"write {least} to {_COUNT_MOST}")
    if not 0 <= row.error <= _ERROR_MOST:
        notes.note((*path, "error"), f"is {row.error}", f"write 0 to {_ERROR_MOST}")


def _check_aim(row: FaultConfig, path: Path, notes: Notes, accounts: Collection[str]) -> None:
    account = row.account
    known = [name for name in accounts if account in ("", name)]
    if account.endswith("*"):
        known = [name for name in accounts if name.startswith(account[:-1])]
    if not known and accounts:
        notes.note(
            (*path, "account"),
            f'is "{account}", the system_id of no account',
            did_you_mean(account, accounts, quoted=True),
        )
    for key in ("source", "destination"):
        try:
            aim_address(key, getattr(row, key))
        except BadRule as bad:
            notes.note((*path, key), bad.what, bad.remedy)
    try:
        text_pattern(row.text)
    except BadRule as bad:
        notes.note((*path, "text"), bad.what, bad.remedy)


def _check_times(row: FaultConfig, path: Path, notes: Notes) -> None:
    times = []
    for key in ("active_from", "active_until"):
        written = getattr(row, key)
        if not written:
            continue
        try:
            at = parse_moment(written)
        except ValueError:
            notes.note(
                (*path, key),
                f'is "{written[:40]}", no date or time of the years 2000 to 2099',
                f'write {key} = "2018-03-05T08:00:00+07:00"',
            )
            continue
        times.append(at)
    if len(times) == 2 and times[0] >= times[1]:
        notes.note(
            (*path, "active_until"), "is not after active_from", "let it be later, or drop one"
        )


def check_faulting(config: FaultingConfig, notes: Notes) -> None:
    """Report what is wrong in [faulting]."""
    for name in config.profiles:
        if name not in PROFILES:
            notes.note(
                ("faulting", "profiles"),
                f'holds "{name}", no fault profile',
                did_you_mean(name, PROFILES, quoted=True),
            )
