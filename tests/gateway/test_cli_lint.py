"""`gateway lint` against a running gateway's API, and the report after a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from gateway.cli_lint import EXIT_FOUND, check_place, report_lines, write_report
from gateway.config import Config
from gateway.links.smpp_watch import Watching
from gateway.smpp.pdu import Unbind

from .console.small_gateway import SmallGateway
from .console.watched_esme import speaks, submit
from .test_cli_remote import Running


@pytest.fixture(scope="module")
def shared() -> Iterator[Running]:
    running = Running()
    yield running
    running.stop()


@pytest.fixture
def running(shared: Running) -> Running:
    shared.run("lint", "--forget")
    return shared


def watching(running: Running) -> Watching:
    return running.gateway.watching


def test_nothing_seen_is_nothing_found(running: Running) -> None:
    result = running.run("lint")
    assert result.exit_code == 0
    assert result.stdout == "nothing seen of: qa, a2p, reg4444, (not bound)\n"


def test_a_finding_in_words(running: Running) -> None:
    speaks(watching(running), "qa", submit(2, b"abc", data_coding=8), Unbind(3))
    result = running.run("lint", "--account", "qa")
    assert result.exit_code == EXIT_FOUND
    lines = result.stdout.splitlines()
    assert lines[:4] == [
        "qa: 1 sessions, 1 requests, 1 messages, 1 findings",
        "  error   UCS-2 of an odd number of octets, 1 times",
        "          half a character stands at the end, or the text is no UCS-2",
        "          remedy: encode as UTF-16BE and cut between characters [SMPP 3.4 §5.2.19]",
    ]
    assert lines[4].endswith("Z session 7 sequence_number 2: data_coding 8, 3 octets")
    assert len(lines) == 5


def test_as_json(running: Running) -> None:
    speaks(watching(running), "qa")
    result = running.run("lint", "--json", "--fail-on", "never")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["accounts"][0]["findings"][0]["rule"] == "no_unbind"


@pytest.mark.parametrize(
    ("level", "code"), [("error", 0), ("warning", 5), ("hint", 5), ("never", 0)]
)
def test_the_exit_code_says_how_severe(running: Running, level: str, code: int) -> None:
    speaks(watching(running), "qa")
    assert running.run("lint", "--fail-on", level).exit_code == code


def test_forgetting_begins_a_new_run(running: Running) -> None:
    speaks(watching(running), "qa")
    assert running.run("lint", "--forget").exit_code == EXIT_FOUND
    assert running.run("lint").exit_code == 0


def test_wrong_arguments_and_no_such_account(running: Running) -> None:
    assert running.run("lint", "--fail-on", "everything").exit_code == 2
    result = running.run("lint", "--account", "x")
    assert result.exit_code == 1
    assert result.stderr == 'there is no account "x"; GET /api/v1/smpp lists them\n'


def test_what_was_not_checked_is_said() -> None:
    seen = {"sessions": 1, "requests": 9, "messages": 9, "checked": 4}
    (line,) = report_lines({"accounts": [{"account": "qa", "seen": seen, "findings": []}]})
    assert line == "qa: 1 sessions, 9 requests, 9 messages (4 of them checked), 0 findings"


def test_lint_off_everywhere_is_said() -> None:
    (line,) = report_lines({"accounts": []})
    assert line == "no account has lint switched on: lint = true in [[smpp.accounts]]"


# ---- gateway serve


def test_the_report_after_a_run_is_text_or_json(tmp_path: Path) -> None:
    gateway = SmallGateway(Config().rules())
    speaks(gateway.watching, "qa")
    reports = gateway.watching.lint() or []
    text, as_json = tmp_path / "lint.txt", tmp_path / "lint.json"
    write_report(text, reports)
    write_report(as_json, reports)
    write_report(None, reports)
    assert "closed without unbind, 1 times" in text.read_text()
    assert json.loads(as_json.read_text())["accounts"][0]["findings"][0]["rule"] == "no_unbind"


def test_a_report_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check_place(None)
    check_place(tmp_path / "lint.txt")
    with pytest.raises(typer.Exit) as wrong:
        check_place(tmp_path / "missing" / "lint.txt")
    assert wrong.value.exit_code == 2
    with pytest.raises(typer.Exit) as failed:
        write_report(tmp_path, [])
    assert failed.value.exit_code == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith("make it first")
    assert "cannot be written: Is a directory" in lines[1]
