"""Where a value of the configuration was written: the line of the file, or the --set option.

A path names a value: ("smpp", "port"), ("smpp", "accounts", 1, "password"); numbers count from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]

_KEY = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_ROW = re.compile(rf"\s*\[\[\s*({_KEYS})\s*\]\]\s*(?:#.*)?").fullmatch
_SECTION = re.compile(rf"\s*\[\s*({_KEYS})\s*\]\s*(?:#.*)?").fullmatch
_ASSIGNMENT = re.compile(rf"\s*({_KEYS})\s*=").match
_one_key = re.compile(_KEY).findall


class Places:
    """Knows where each value came from, to name it in a mistake."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._lines = _lines_by_path(text)
        self._sets: set[Path] = set()

    def note_set(self, path: Path) -> None:
        """Note that --set gave this value, in place of what the file had."""
        self._sets.add(path)
        for line in [line for line in self._lines if line[: len(path)] == path]:
            del self._lines[line]

    def rank(self, path: Path) -> int:
        """Tell how much a user meant the value: 2 by --set, 1 in the file, 0 by default."""
        if self._set_by(path):
            return 2
        return 1 if path in self._lines else 0

    def line(self, path: Path) -> int:
        """Give the line of the file where a value or what holds it stands; 0 when it is not there.

        What --set gave comes after all lines.
        """
        if self._set_by(path):
            return len(self._lines) + max(self._lines.values(), default=0)
        return next((self._lines[above] for above in _ways_up(path) if above in self._lines), 0)

    def name(self, path: Path) -> str:
        """Name the place of a value as a user can find it."""
        option = self._set_by(path)
        if option:
            rest = "".join(f" {_worded(part)}" for part in path[len(option) :])
            return f"--set {'.'.join(map(str, option))}{rest}"
        if not self._file:
            return _worded_path(path)
        line = next((self._lines[above] for above in _ways_up(path) if above in self._lines), None)
        file = self._file if line is None else f"{self._file}:{line}"
        return f"{file} {_worded_path(path)}"

    def _set_by(self, path: Path) -> Path | None:
        """Give the part of a path that --set wrote, in whole or by a key below it."""
        for above in _ways_up(path):
            if above in self._sets:
                return above
            if above in self._lines:
                return None
            if any(one[: len(above)] == above for one in self._sets):
                return above
        return None


def _ways_up(path: Path) -> Iterator[Path]:
    """Give the path, then what holds it, up to the section."""
    return (path[:length] for length in range(len(path), 0, -1))


def _worded(part: str | int) -> str:
    return f"no. {part + 1}" if isinstance(part, int) else part


def _worded_path(path: Path) -> str:
    """Word a path as TOML heads it: `[smpp] port`, `[[smpp.accounts]] no. 2 password`."""
    row = next((place for place, part in enumerate(path) if isinstance(part, int)), None)
    if row is not None:
        rest = " ".join(map(_worded, path[row:]))
        return f"[[{'.'.join(map(str, path[:row]))}]] {rest}"
    if len(path) == 1:
        return f"[{path[0]}]"
    return f"[{'.'.join(map(str, path[:-1]))}] {path[-1]}"


def _lines_by_path(text: str) -> dict[Path, int]:
    """Find the line of every section, row and key.

    A reading by line: what stands inside inline tables and lists goes by the line that opens
    them.
    """
    lines: dict[Path, int] = {}
    rows: dict[Path, int] = {}
    section: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _ROW(line):
            head = _resolved((), found[1], rows)
            rows[head] = rows.get(head, 0) + 1
            section = (*head, rows[head] - 1)
            lines.setdefault(head, number)
            lines[section] = number
        elif found := _SECTION(line):
            section = _resolved((), found[1], rows)
            lines.setdefault(section, number)
        elif found := _ASSIGNMENT(line):
            lines.setdefault(_resolved(section, found[1], rows), number)
    return lines


def _resolved(section: Path, dotted: str, rows: dict[Path, int]) -> Path:
    """Turn a dotted key into a path; a list of tables on the way means its newest row."""
    keys = [key.strip("\"'") for key in _one_key(dotted)]
    path = section
    for key in keys[:-1]:
        path = (*path, key)
        if path in rows:
            path = (*path, rows[path] - 1)
    return (*path, keys[-1])
