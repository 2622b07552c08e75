"""Profiles and recorded moments, read from files; what is wrong with them in one line each."""

from __future__ import annotations

import csv
import tomllib
from datetime import datetime
from importlib import resources
from pathlib import Path

from handsets.load.profile import Profile, read_profile

PROFILES = ("realistic", "last-day-2018", "stretch")


class BadProfile(Exception):
    """The profile cannot be used: show the lines; correct the file, or name another."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def load_profile(name: str) -> Profile:
    """Read one of the package's profiles by name, or a TOML file. Raises BadProfile."""
    if name in PROFILES:
        text = (resources.files("handsets.load") / "profiles" / f"{name}.toml").read_text("utf-8")
        folder = Path()
    else:
        text, folder = _read(Path(name)), Path(name).parent
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        raise BadProfile([f"{name}: {trouble}; correct the TOML there"]) from None
    shown = name if name in PROFILES else Path(name).stem
    found = read_profile(table, shown, lambda file, column: read_moments(folder / file, column))
    if isinstance(found, list):
        raise BadProfile([f"{name}: {line}" for line in found])
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        known = ", ".join(PROFILES)
        raise BadProfile([f"{path}: no such profile; write a TOML file, or {known}"]) from None
    except (OSError, UnicodeDecodeError) as trouble:
        why = trouble.strerror if isinstance(trouble, OSError) else "not UTF-8"
        raise BadProfile([f"{path}: cannot be read ({why})"]) from None


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
