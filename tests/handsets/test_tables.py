"""TOML by name: the package's own, or a file."""

from pathlib import Path

import pytest

from handsets.tables import BadTable, load_table


def load(name: str) -> object:
    return load_table(name, ("idle",), "handsets.fleet", "scenarios", "scenario")


def test_one_of_the_package_and_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("phones = 3")
    assert load(str(tmp_path / "mine.toml")) == {"phones": 3}
    found = load("idle")
    assert isinstance(found, dict)
    assert found["stories"]


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (b"phones =", "correct the TOML there"),
        (b"\xff", "cannot be read (not UTF-8)"),
        (None, "no such scenario; write a TOML file, or idle"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_line(
    octets: bytes | None, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.toml"
    if octets is not None:
        path.write_bytes(octets)
    with pytest.raises(BadTable) as caught:
        load(str(path))
    (line,) = caught.value.lines
    assert line.startswith(str(path))
    assert told in line
