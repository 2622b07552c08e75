"""config.toml at the top level is the documentation of the configuration: checked against it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from msgspec import Struct, inspect

from gateway.config import Config, SmppConfig
from gateway.config.reading import load

FILE = Path(__file__).parents[3] / "config.toml"
TEXT = FILE.read_text(encoding="utf-8")
# What stands as "#key = value" or "#[[section]]": a setting to uncomment.
UNCOMMENTED = re.sub(r"^#(?=[a-z\[])", "", TEXT, flags=re.MULTILINE)


def keys(cls: type[Struct], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """List every key of a Struct and of those below it; a list's rows and names count as one."""
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    found = []
    for field in info.fields:
        kind = field.type
        at = (*path, field.name)
        if path == ("smsc",) and field.name in SmppConfig.__struct_fields__:
            # Explained with [smpp].
            continue
        if isinstance(kind, inspect.VarTupleType):
            kind = kind.item_type
        elif isinstance(kind, inspect.DictType) and isinstance(kind.value_type, inspect.StructType):
            kind = kind.value_type
            at = (*at, "*")
        found += keys(kind.cls, at) if isinstance(kind, inspect.StructType) else [at]
    return found


def holders(path: tuple[str, ...]) -> list[dict[str, object]]:
    """Find every table of the uncommented file that should have the path's last key.

    A table within a row of a list stands in one row only, as an example.
    """
    tables: list[object] = [tomllib.loads(UNCOMMENTED)]
    for part in path[:-1]:
        below: list[object] = []
        for table in tables:
            assert isinstance(table, dict)
            if part == "*":
                below += table.values()
            elif isinstance(table.get(part), list):
                below += table[part]
            elif part in table:
                below.append(table[part])
        tables = below
    return [table for table in tables if isinstance(table, dict)]


def commented(key: str) -> bool:
    """Tell whether the key stands right below prose, or is explained in a list of keys."""
    assignment = re.compile(rf"#?{key} = ")
    lines = TEXT.splitlines()
    above = False
    for line in lines:
        if assignment.match(line) and above:
            return True
        # Keys that one comment explains together follow each other.
        above = line.startswith("# ") or (above and bool(line.strip()))
    return any(re.match(rf"#   .*\b{key}\b", line) for line in lines)


def test_the_default_file_is_the_built_in_defaults() -> None:
    assert load(FILE) == Config()


def test_the_uncommented_file_is_a_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(UNCOMMENTED, encoding="utf-8")
    loaded = load(path)
    assert isinstance(loaded, Config), loaded
    assert [row.name for row in loaded.schedules] == ["my-schedule"]
    assert [row.name for row in loaded.smsc] == ["other"]


@pytest.mark.parametrize("path", keys(Config), ids=".".join)
def test_every_key_is_present_and_commented(path: tuple[str, ...]) -> None:
    tables = holders(path)
    assert tables
    for table in tables:
        assert path[-1] in table
    assert commented(path[-1])


def test_every_section_is_explained_by_the_line_above_or_below_it() -> None:
    lines = TEXT.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"\[[a-z]+\]$", line):
            assert lines[number + 1].startswith("# "), line
