"""`handsets fleet` as its users run it, against a whole gateway with its own broker."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.testing import Simulator
from handsets.cli import run
from handsets.outcome import Exit

SCENARIO = """
phones = 50
arrival = 0.0
[[stories]]
name = "registers"
steps = [
  { do = "sms", to = "4444", text = "{reg}" },
  { do = "receive", from = "4444", text = "(?i)selamat|berhasil|terima ?kasih|sukses" },
  { do = "off" },
  { do = "on" },
]
"""


@pytest.fixture
async def broker() -> AsyncIterator[str]:
    async with Simulator("smpp.port=0", 'mqtt.broker="embedded"', "mqtt.port=0") as simulator:
        assert simulator.mqtt is not None
        host, port = simulator.mqtt
        yield f"{host}:{port}"


@pytest.mark.parametrize("more", [[], ["--shared", "2"]], ids=["one each", "shared"])
async def test_fifty_phones_live_and_keep_their_story(
    broker: str, tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SCENARIO)
    words = ["fleet", str(path), "--mqtt", broker, "--json", "--timeout", "30", *more]
    code = await asyncio.to_thread(run, words)
    result = json.loads(capsys.readouterr().out)
    assert result["failing"] == []
    assert [story["kept"] for story in result["stories"]] == [50]
    assert code == Exit.DONE


async def test_what_is_missed_is_shown_and_makes_exit_code_5(
    broker: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SCENARIO.replace("{reg}", "APA").replace('" },', '", within = 1 },', 1))
    words = ["fleet", str(path), "--mqtt", broker, "--phones", "2", "--timeout", "30"]
    path.write_text(path.read_text().replace('sukses" }', 'sukses", within = 0.5 }'))
    assert await asyncio.to_thread(run, words) == Exit.UNMET
    told = capsys.readouterr().out
    assert '"registers" step 2 (receive 4444' in told
    assert "came instead: from 4444:" in told


def test_all_mistakes_of_a_scenario_are_told_and_nothing_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("phones = 0\nseed = 1.5\n")
    assert run(["fleet", str(path)]) == Exit.BAD_ARGUMENTS
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_no_broker_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["fleet", "idle", "--phones", "1", "--mqtt", "127.0.0.1:1", "--timeout", "1"]
    assert run(words) == Exit.UNREACHABLE
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("handsets: 127.0.0.1:1: ")
    assert "gateway serve" in line


def test_more_connections_than_the_system_gives_are_refused_with_the_number_that_fits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("handsets.fleet.command.raise_limit", lambda: 924)
    assert run(["fleet", "idle", "--phones", "1000"]) == Exit.BAD_ARGUMENTS
    (line,) = capsys.readouterr().err.splitlines()
    assert "924 fit" in line
    assert "ulimit -Hn 1100" in line
