"""`handsets load` as a user runs it: against `gateway serve`, alone, by workers, by agents."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.interop.commands import RUN_S, run
from tests.interop.serving import Served, address, environment

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with Served(tmp_path_factory.mktemp("load")) as served:
        yield served.ready()
        served.stop()


def words(gateway: dict[str, Any], *more: str) -> list[str]:
    metrics = f"http://{address(gateway['http'])}/metrics"
    smpp = address(gateway["smpp"])
    return ["load", "--smpp", smpp, "--metrics-url", metrics, "--json", *more]


def test_realistic_for_some_seconds_loses_nothing(gateway: dict[str, Any], tmp_path: Path) -> None:
    report = tmp_path / "out.html"
    more = ("--for", "4", "--scale", "0.3", "--expect", "errors<=0", "--report", str(report))
    done = run("handsets", *words(gateway, *more))
    assert done.code == 0, done.err
    one = done.json["summary"]
    assert one["sent"] == one["replied"] > 500
    assert len(done.json["run"]["readings"]) >= 3
    assert "CPU of the target" in report.read_text()


@pytest.mark.parametrize("way", ["smpp", "mqtt"])
def test_a_gateway_that_is_killed_is_the_exit_code(tmp_path: Path, way: str) -> None:
    with Served(tmp_path) as served:
        place = address(served.ready()[way])
        profile = tmp_path / "impatient.toml"
        profile.write_text("patience = 2.0\n[[curve]]\nrate = 50.0\nseconds = 8.0\n")
        more = ("--profile", str(profile), f"--{way}", place, "--metrics-url", "")
        loading = subprocess.Popen(
            [sys.executable, "-m", "handsets", "load", *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        try:
            assert loading.stderr is not None
            for line in loading.stderr:
                if line.startswith("00:05"):
                    break
            served.process.kill()
            out, err = loading.communicate(timeout=RUN_S)
        finally:
            loading.kill()
            loading.communicate(timeout=RUN_S)
    assert loading.returncode == 5, err
    assert "target lost: 4 connections broke, from 00:0" in out
    assert "no connection to the target)" in out


def test_workers_share_the_load(gateway: dict[str, Any]) -> None:
    done = run("handsets", *words(gateway, "--for", "3", "--scale", "0.2", "--workers", "2"))
    assert done.code == 0, done.err
    assert [agent["state"] for agent in done.json["run"]["agents"]] == ["done", "done"]
    one = done.json["summary"]
    assert one["sent"] == one["replied"] > 200
    assert one["unaccounted"] == 0


def test_an_agent_that_dies_is_named(gateway: dict[str, Any]) -> None:
    broker = address(gateway["mqtt"])
    agent = [sys.executable, "-m", "handsets", "load", "agent", "--group", "g", "--broker", broker]
    agents = [
        subprocess.Popen(agent, stderr=subprocess.PIPE, text=True, env=environment())
        for _ in range(2)
    ]
    more = ("--group", "g", "--agents", "2", "--broker", broker, "--for", "6", "--scale", "0.1")
    conductor = subprocess.Popen(
        [sys.executable, "-m", "handsets", *words(gateway, *more)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    try:
        assert agents[0].stderr is not None
        for line in agents[0].stderr:
            if "part" in line:
                break
        # It has told some seconds before it dies.
        assert conductor.stderr is not None
        for line in conductor.stderr:
            if line.startswith("00:05"):
                break
        agents[0].kill()
        out, err = conductor.communicate(timeout=RUN_S)
        assert conductor.returncode == 5, err
        states = sorted(one["state"] for one in json.loads(out)["run"]["agents"])
        assert states[0] == "done"
        assert states[1].startswith("its connection to the broker broke; what it told up to 00:0")
    finally:
        for process in (*agents, conductor):
            process.kill()
            process.communicate(timeout=RUN_S)
