"""`gateway report` against a running gateway's API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .test_cli_remote import Running


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gateway that knows some numbers."""
    running = Running()
    file = tmp_path_factory.mktemp("import") / "n.csv"
    file.write_text(
        "msisdn\n" + "".join(f"0812{index:08}\n" for index in range(20)) + "0817000001\n"
    )
    assert running.run("import", "subscribers", str(file)).exit_code == 0
    yield running
    running.stop()


def test_tables_for_people(running: Running) -> None:
    result = running.run("report")
    assert result.exit_code == 0
    assert "Registrations at 2018-02-26T08:00:00+07:00  schedule brief" in result.stdout
    assert "OUTGOING_BARRED  2018-03-01  in 3 days" in result.stdout
    assert "Numbers, by operator and how they stand" in result.stdout
    (line,) = (line for line in result.stdout.splitlines() if " telkomsel " in line)
    assert [cell.strip() for cell in line.strip("│").split("│")][-1] == "·"
    assert "·: 1 to 4, or hidden" in result.stdout


def test_json_for_programs(running: Running) -> None:
    answer = json.loads(running.run("report", "--json").stdout)
    assert answer["schedule"] == "brief"


def test_csv_and_page_go_to_files_by_their_name(running: Running, tmp_path: Path) -> None:
    assert running.run("report", "--format", "csv").stdout.startswith("table,row,column,count\n")
    page = tmp_path / "report.html"
    result = running.run("report", "-o", str(page))
    assert result.stderr == f"written to {page}\n"
    assert page.read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("report.pdf", "name it .csv or .html"), ("no/report.csv", "may be written")],
)
def test_a_file_that_cannot_be(running: Running, tmp_path: Path, name: str, reason: str) -> None:
    result = running.run("report", "-o", str(tmp_path / name))
    assert result.exit_code == 2
    assert reason in result.stderr
