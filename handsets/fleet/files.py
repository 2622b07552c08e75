"""Scenarios read from files; what is wrong with one, in lines."""

from __future__ import annotations

from pathlib import Path

from handsets.fleet.scenario import Scenario, read_scenario
from handsets.tables import BadTable, load_table

SCENARIOS = ("registration", "barred", "idle")


def load_scenario(name: str) -> Scenario:
    """Read one of the package's scenarios by name, or a TOML file. Raises BadTable."""
    table = load_table(name, SCENARIOS, "handsets.fleet", "scenarios", "scenario")
    found = read_scenario(table, Path(name).stem)
    if isinstance(found, list):
        raise BadTable([f"{name}: {line}" for line in found])
    return found
