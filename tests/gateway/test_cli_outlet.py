"""`gateway outlet` against a running gateway's API."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from gateway.config import Config

from .test_cli_remote import Running

(SITI,) = Config().rules().registry.citizens(1)
PAPERS = ("--nik", SITI.nik.digits, "--kk", SITI.kk.digits)
REGISTER = ("outlet", "register", "081290000001", "--outlet", "G-1")
JANE = (
    "--document", "passport", "--number", "X1", "--nationality", "AU", "--name", "Jane Doe",
    "--birth-place", "Perth", "--birth-date", "1990-05-17",
)  # fmt: skip


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    with capture_logs():
        yield running
    running.stop()


def test_a_citizen_in_words(running: Running) -> None:
    said = running.run(*REGISTER, *PAPERS).stdout
    assert said == f"registered  6281290000001 outlet G-1: registered on NIK {SITI.nik}\n"


def test_a_foreigner_as_json(running: Running) -> None:
    said = running.run(*REGISTER, *JANE, "--json").stdout
    assert json.loads(said)["outcome"] == "registered"


def test_data_that_do_not_go_together(running: Running) -> None:
    half = running.run(*REGISTER, *JANE[:-4])
    assert half.exit_code == 2
    assert half.stderr == "--document needs --birth-place, --birth-date too\n"
    other = running.run(*REGISTER, *JANE[2:])
    assert other.exit_code == 2
    assert "--document passport" in other.stderr
    assert running.run(*REGISTER).stderr == "nik, kk: missing; give both, or a foreigner\n"
