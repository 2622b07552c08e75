"""`gateway sessions` against a running gateway's API."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from .test_cli_remote import Running

FIRST = (
    "3  qa at smpp  transceiver 3.4  from 127.0.0.1:4000 over TLS  for 12 s  "
    "asked 10 (2 waiting)  got 4 (1 of 100 waiting)  address_range ^62812\n"
)
SECOND = (
    "4  qa at smpp  receiver 3.3  from 127.0.0.1:4000  for 12 s  "
    "asked 0 (2 waiting)  got 4 (1 of 100 waiting)\n"
)


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    yield running
    running.stop()


def test_sessions_are_listed_and_ended(running: Running) -> None:
    assert running.run("sessions", "--account", "qa").stdout == FIRST + SECOND
    shown = json.loads(running.run("sessions", "--smsc", "other", "--json").stdout)
    assert [one["id"] for one in shown["sessions"]] == [5]
    assert running.run("sessions", "--end", "4").stdout == f"unbound: {SECOND}"
    assert running.run("sessions", "--account", "qa").stdout == FIRST
    assert json.loads(running.run("sessions", "--end", "3", "--json").stdout)["id"] == 3
    assert running.run("sessions", "--account", "qa").stdout == "nobody is bound\n"
    refused = running.run("sessions", "--end", "3")
    assert (refused.exit_code, refused.stderr) == (1, "no session 3 is bound\n")
