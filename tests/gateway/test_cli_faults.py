"""`gateway faults` against a running gateway's API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.config import PROFILES
from gateway.core.chance import Fixed, Uniform
from gateway.core.faults import (
    ChangeReceipt,
    DelayResponse,
    Disconnect,
    FaultRule,
    FinalState,
    Form,
    MalformedResponse,
    Refuse,
)

from .test_cli_remote import Running


@pytest.fixture(scope="module")
def shared() -> Iterator[Running]:
    running = Running()
    yield running
    running.stop()


@pytest.fixture
def running(shared: Running) -> Running:
    shared.run("faults", "clear")
    return shared


def rules(running: Running) -> tuple[FaultRule, ...]:
    """Give the rules that the gateway goes by."""
    return running.gateway.flow.rules.faults.rules


def test_a_fault_is_added_listed_and_removed(running: Running) -> None:
    assert running.run("faults", "list").stdout == "nothing goes wrong on purpose\n"
    line = "busy  refuse  status ESME_RMSGQFUL  account qa  probability 0.1  met 0, struck 0\n"
    added = running.run(
        "faults", "add", "busy", "refuse", "--status", "0x14", "--account", "qa",
        "--probability", "0.1",
    )  # fmt: skip
    assert added.stdout == line
    assert running.run("faults", "list").stdout == line
    assert rules(running) == (
        FaultRule(name="busy", fault=Refuse(0x14), account="qa", probability=0.1),
    )
    assert running.run("faults", "remove", "busy").stdout == "nothing goes wrong on purpose\n"
    assert rules(running) == ()


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        (["delay_response", "--delay", "1.5"], {"fault": DelayResponse(Fixed(1500))}),
        (
            ["delay_response", "--delay", '{"kind": "uniform", "least": 1, "most": 3}'],
            {"fault": DelayResponse(Uniform(1000, 3000))},
        ),
        (["malformed_response", "--form", "cut"], {"fault": MalformedResponse(Form.CUT)}),
        (
            ["disconnect", "--after", "3", "--unanswered"],
            {"fault": Disconnect(3, answered=False)},
        ),
        (
            ["change_receipt", "--state", "EXPIRED", "--error", "27"],
            {"fault": ChangeReceipt(FinalState.EXPIRED, 27)},
        ),
        (
            [
                "refuse", "--status", "8", "--source", "BANK", "--destination", "0812*",
                "--text", "(?i)promo", "--every-n", "3", "--skip", "2", "--limit", "1",
                "--active-from", "1970-01-01T00:00:01Z", "--active-until", "2018-03-01",
            ],
            None,
        ),
    ],
)  # fmt: skip
def test_every_key_has_its_option(
    running: Running, options: list[str], rule: dict[str, Any] | None
) -> None:
    result = running.run("faults", "add", "x", *options)
    if rule is not None:
        assert rules(running) == (FaultRule(name="x", **rule),)
        return
    # The year is before the calendar's: the rest is as it should be.
    assert result.exit_code == 1
    assert result.stderr.startswith('active_from: is "1970-01-01T00:00:01Z", no date or time')
    assert " | " not in result.stderr


def test_what_is_wrong_is_said_in_one_line(running: Running) -> None:
    result = running.run("faults", "add", "x", "refuse")
    assert result.exit_code == 1
    assert result.stderr == 'status: is missing; write status = "ESME_RSYSERR"\n'
    result = running.run("faults", "add", "x", "delay_response", "--delay", "long")
    assert result.exit_code == 2
    assert result.stderr.startswith('--delay: "long" is neither seconds nor a table; write --delay')
    result = running.run("faults", "remove", "a/b c")
    assert result.exit_code == 1


def test_all_are_removed(running: Running) -> None:
    running.run("faults", "add", "x", "drop_receipt")
    running.run("faults", "add", "y", "drop_receipt")
    assert len(rules(running)) == 2
    answer = json.loads(running.run("faults", "clear", "--json").stdout)
    assert answer == {"seed": 4444, "faults": []}


def test_profiles_are_listed_and_switched(running: Running) -> None:
    running.run("faults", "profile", "throttling", "--account", "qa")
    assert [(rule.name, rule.account) for rule in rules(running)] == [("throttling.rate", "qa")]
    lines = running.run("faults", "profile").stdout.splitlines()
    assert (
        "throttling (on): ten messages a second and no more (invented: plausible, measured nowhere)"
        in lines
    )
    assert "  throttling.rate  throttle  per_second 10.0" in lines
    answer = json.loads(running.run("faults", "profile", "--json").stdout)
    assert [one["name"] for one in answer] == list(PROFILES)
    running.run("faults", "profile", "throttling", "--off")
    assert rules(running) == ()


@pytest.mark.parametrize("command", ["list", "add", "remove", "clear", "profile"])
def test_every_command_shows_an_example(running: Running, command: str) -> None:
    assert f"gateway faults {command}" in running.run("faults", command, "--help").stdout
