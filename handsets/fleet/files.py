"""Scenarios read from files; what is wrong with one, in lines."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

from handsets.fleet.scenario import Scenario, read_scenario

SCENARIOS = ("registration", "barred", "idle")


class BadScenario(Exception):
    """The scenario cannot be used: show the lines; correct the file, or name another."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def load_scenario(name: str) -> Scenario:
    """Read one of the package's scenarios by name, or a TOML file. Raises BadScenario."""
    if name in SCENARIOS:
        file = resources.files("handsets.fleet") / "scenarios" / f"{name}.toml"
        text = file.read_text("utf-8")
    else:
        text = _read(Path(name))
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        raise BadScenario([f"{name}: {trouble}; correct the TOML there"]) from None
    found = read_scenario(table, Path(name).stem)
    if isinstance(found, list):
        raise BadScenario([f"{name}: {line}" for line in found])
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        known = ", ".join(SCENARIOS)
        raise BadScenario([f"{path}: no such scenario; write a TOML file, or {known}"]) from None
    except (OSError, UnicodeDecodeError) as trouble:
        why = trouble.strerror if isinstance(trouble, OSError) else "not UTF-8"
        raise BadScenario([f"{path}: cannot be read ({why})"]) from None
