"""`gateway export` against a running gateway's API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .test_cli_remote import Running


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A gateway that knows one number."""
    running = Running()
    file = tmp_path / "n.csv"
    file.write_text("msisdn\n081290000001\n")
    assert running.run("import", "subscribers", str(file)).exit_code == 0
    yield running
    running.stop()


def test_subscribers_go_to_stdout_or_a_file(running: Running, tmp_path: Path) -> None:
    shown = running.run("export", "subscribers")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[1].startswith("6281290000001,telkomsel,unregistered")
    out = tmp_path / "out.csv"
    written = running.run("export", "subscribers", "-o", str(out), "--identities")
    assert written.stderr == f"written to {out}\n"
    assert out.read_text() == shown.stdout
    lines = running.run("export", "subscribers", "--format", "jsonl").stdout
    assert json.loads(lines)["msisdn"] == "6281290000001"


def test_what_the_gateway_refuses_is_told(running: Running) -> None:
    result = running.run("export", "journal")
    assert result.exit_code == 1
    assert "there is no journal" in result.stderr


def test_a_place_that_cannot_be_written(running: Running, tmp_path: Path) -> None:
    result = running.run("export", "subscribers", "-o", str(tmp_path / "no" / "out.csv"))
    assert result.exit_code == 2
    assert "name a file that may be written" in result.stderr


def test_call_records(running: Running) -> None:
    assert running.run("export", "cdr").stdout == (
        "type,id,caller,callee,start,answer,end,duration_s,cause,q850,sm\n"
    )
