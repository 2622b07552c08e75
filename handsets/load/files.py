"""Profiles and recorded moments, read from files; what is wrong with them in one line each."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from handsets.load.profile import Profile, read_profile
from handsets.tables import BadTable, load_table

PROFILES = ("realistic", "last-day-2018", "stretch")


def load_profile(name: str) -> Profile:
    """Read one of the package's profiles by name, or a TOML file. Raises BadTable."""
    table = load_table(name, PROFILES, "handsets.load", "profiles", "profile")
    is_own = name in PROFILES
    folder = Path() if is_own else Path(name).parent
    shown = name if is_own else Path(name).stem
    found = read_profile(table, shown, lambda file, column: read_moments(folder / file, column))
    if isinstance(found, list):
        raise BadTable([f"{name}: {line}" for line in found])
    return found


def read_moments(path: Path, column: str) -> tuple[float, ...] | str:
    """Read the column of a CSV file: seconds, or ISO 8601; gives seconds from the earliest.

    Gives what is wrong in place of them.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if column not in (rows.fieldnames or ()):
                return f'{path} has no column "{column}"; set column to one of its first line'
            found = []
            for row in rows:
                moment = _moment(row[column] or "")
                if moment is None:
                    return (
                        f"{path} line {rows.line_num}: {row[column]!r} is no time; write seconds"
                        " or ISO 8601"
                    )
                found.append(moment)
    except (OSError, UnicodeDecodeError) as trouble:
        why = trouble.strerror if isinstance(trouble, OSError) else "not UTF-8"
        return f"{path} cannot be read ({why})"
    if not found:
        return f"{path} holds no moment; write one a line below {column}"
    found.sort()
    return tuple(moment - found[0] for moment in found)


def _moment(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None
