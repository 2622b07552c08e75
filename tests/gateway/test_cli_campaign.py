"""`gateway campaign` against a running gateway's API."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from .test_cli_remote import Running

BEGAN = "since 2018-02-26T08:00:00+07:00"


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    with capture_logs():
        yield running
    running.stop()


def test_campaigns_in_words_and_as_json(running: Running) -> None:
    assert running.run("campaign", "list").stdout == "no campaign has begun\n"
    running.do(running.gateway.sms("6281190000001", "6281190000002", "halo"))
    begun = running.run("campaign", "start", "weekly", "--per-second", "5").stdout
    line = f"to all operators at 5 a second {BEGAN}: 0 sent, 0 passed over, 2 left\n"
    assert begun == f"weekly  runs, {line}"
    assert running.run("campaign", "list").stdout == begun
    assert running.run("campaign", "start", "weekly").stderr == (
        'a campaign "weekly" runs: stop it first\n'
    )
    assert running.run("campaign", "stop", "weekly").stdout == f"weekly  was stopped, {line}"
    nobody = running.run(
        "campaign", "start", "xl", "--operator", "xl", "--not-since", "2018-02-01", "--json"
    )
    assert json.loads(nobody.stdout)["left"] == 0
    shown = running.run("campaign", "list", "--json").stdout
    assert [one["name"] for one in json.loads(shown)["campaigns"]] == ["weekly", "xl"]
    running.run("campaign", "start", "validate", "--target", "unvalidated")
    assert "validate  has ended, to the unvalidated of all operators at" in (
        running.run("campaign", "list").stdout
    )
    assert "xl  has ended, to xl at" in running.run("campaign", "list").stdout
