"""`gateway import subscribers` against a running gateway's API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import cli_import

from .test_cli_remote import Running


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    yield running
    running.stop()


def test_a_file_is_imported_in_pieces_and_bad_lines_are_told(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_import, "_LINES_AT_ONCE", 2)
    file, bad = tmp_path / "n.csv", tmp_path / "bad.csv"
    file.write_text("msisdn,status\n081290000001,\n0812,\n081290000003,new\n081290000004,x\n")
    result = running.run("import", "subscribers", str(file), "--refused", str(bad))
    assert result.exit_code == cli_import.EXIT_ROWS_REFUSED
    assert result.stdout == "2 new, 0 updated, 2 refused and not imported\n"
    first, second = result.stderr.splitlines()
    assert first.startswith('line 3: msisdn: "0812" is no mobile number')
    assert second.startswith('line 5: status: "x" is none of')
    assert bad.read_text().splitlines()[1].startswith('3,"msisdn: ""0812"" is no mobile number')


def test_known_numbers_are_updated_if_wished(running: Running, tmp_path: Path) -> None:
    file = tmp_path / "n.csv"
    file.write_text("msisdn,status\n081290000001,new\n")
    assert running.run("import", "subscribers", str(file)).exit_code == 0
    again = running.run("import", "subscribers", str(file), "--json")
    assert again.exit_code == cli_import.EXIT_ROWS_REFUSED
    assert json.loads(again.stdout)["refused"][0]["line"] == 2
    updated = running.run("import", "subscribers", str(file), "--update")
    assert (updated.exit_code, updated.stdout) == (
        0,
        "0 new, 1 updated, 0 refused and not imported\n",
    )


def test_only_the_first_bad_lines_are_shown(running: Running, tmp_path: Path) -> None:
    file = tmp_path / "n.csv"
    file.write_text("msisdn\n" + "0812\n" * 30)
    result = running.run("import", "subscribers", str(file))
    lines = result.stderr.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 10 more lines: --refused PATH writes them all"


@pytest.mark.parametrize(("text", "code"), [("", 1), ("name\nx\n", 1)])
def test_a_file_with_other_columns_is_refused(
    running: Running, tmp_path: Path, text: str, code: int
) -> None:
    file = tmp_path / "n.csv"
    file.write_text(text)
    result = running.run("import", "subscribers", str(file))
    assert result.exit_code == code
    assert "the columns are msisdn" in result.stderr


def test_a_file_that_is_not_there(running: Running, tmp_path: Path) -> None:
    result = running.run("import", "subscribers", str(tmp_path / "none.csv"))
    assert result.exit_code == 2
    assert "none.csv: No such file" in result.stderr
