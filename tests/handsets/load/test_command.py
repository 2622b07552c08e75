"""`handsets load` as it is typed, against a whole gateway."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import SubmitSm
from gateway.smpp.session import Session
from gateway.testing import Simulator
from handsets import cli
from tests.handsets.fake_smsc import accept_and_reply, fake_smsc
from tests.ports import free_port

PROFILE = """
patience = 5.0
[mix]
registration = 4.0
a2p = 1.0
[[curve]]
kind = "constant"
rate = 400.0
seconds = 0.25
[registrations]
duplicates = 0.2
again_after = [0.01, 0.1]
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(PROFILE)
    return path


async def typed(*words: object) -> int:
    return await asyncio.to_thread(cli.run, [str(word) for word in words])


def result_in(capsys: pytest.CaptureFixture[str]) -> Any:
    """Give the JSON that the command printed; the gateway's own log is in the same process."""
    (line,) = (one for one in capsys.readouterr().out.splitlines() if one.startswith('{"summary'))
    return json.loads(line)


async def loaded(profile: Path, *words: object) -> int:
    async with Simulator() as sms:
        host, port = sms.smpp
        metrics = f"{sms.http}/metrics"
        smpp = ("--smpp", f"{host}:{port}", "--metrics-url", metrics)
        return await typed("load", "--profile", profile, *smpp, *words)


async def test_every_message_is_accounted_for(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "out.html"
    assert await loaded(profile, "--json", "--report", report, "--expect", "lost<=0") == 0
    found: Any = result_in(capsys)
    one = found["summary"]
    assert one["sent"] == one["offered"] > 50
    assert one["unaccounted"] == one["refused"] == one["lost"] == 0
    assert one["replied"] == one["kinds"]["registration"]
    assert one["reported"] == one["kinds"]["a2p"]
    assert "Selamat, nomor" in one["replies"]
    assert one["latency_ms"]["end"]["p99"] > 0
    assert report.read_text().startswith("<!doctype html>")


async def test_a_broken_threshold_is_the_exit_code(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await loaded(profile, "--expect", "p50<1us", "--scale", "0.2") == 5
    out = capsys.readouterr().out
    assert "BROKEN  p50<1us" in out
    assert "lost 0" in out


LONGER = """
patience = 0.2
[[curve]]
rate = 200.0
seconds = 0.6
"""


async def test_a_target_that_goes_away_is_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, report = tmp_path / "longer.toml", tmp_path / "out.html"
    path.write_text(LONGER)
    async with fake_smsc(accept_and_reply) as smsc:
        words = ("load", "--profile", path, "--smpp", smsc.place, "--metrics-url", "")

        def dies(session: Session, submit: SubmitSm) -> None:
            accept_and_reply(session, submit)
            if len(smsc.submits) > 20:
                smsc.hang_up_on_submit = True
                smsc.refuse_bind = CommandStatus.ESME_RSYSERR

        smsc.answer = dies
        assert await typed(*words, "--sessions", "2", "--report", report) == 5
    told = capsys.readouterr().out
    assert "target lost: 2 connections broke, from 00:00 on; 2 were down to the end" in told
    assert "no connection to the target)" in told
    assert "Target lost" in report.read_text()
    assert "Never sent, by cause" in report.read_text()


async def test_a_closed_loop_keeps_its_window_full(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "closed.toml"
    path.write_text('[[curve]]\nkind = "closed"\nwindow = 10\nseconds = 1.0\n')
    assert await loaded(path, "--json") == 0
    found: Any = result_in(capsys)
    # Each place of the window is taken again when its reply came.
    assert found["summary"]["replied"] > 10
    assert found["run"]["way"].endswith("closed loop of 10")


async def test_compare_sets_two_results_side_by_side(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await loaded(profile, "--json", "--scale", "0.2") == 0
    kept = tmp_path / "a.json"
    kept.write_text(json.dumps(result_in(capsys)))
    assert await typed("load", "compare", kept, kept) == 0
    assert "+0.0%" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--expect", "p99"], '--expect "p99" is no threshold; write it like p99<200ms'),
        (["--account", "qa"], '--account "qa": write NAME:PASSWORD'),
        (["--account", "q\u00e4:x"], "--account: SMPP takes ASCII only"),
        (["--profile", "no.toml"], "--profile no.toml: no such profile; write a TOML file"),
        (["--switched-on"], "--switched-on is for phones on a broker: say --mqtt HOST:PORT"),
        (["--report", "nowhere/x.html"], "--report nowhere/x.html: cannot be written (No such"),
        (["compare", "no.json", "no.json"], "no.json: cannot be read (No such file or directory)"),
    ],
)
async def test_a_wrong_argument_is_told_in_one_line(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await typed("load", *words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line


async def test_kinds_need_a_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "calls.toml"
    path.write_text("[mix]\ncall = 1\n[[curve]]\nrate = 1.0\n")
    assert await typed("load", "--profile", path) == 2
    assert "the profile has call: say with --mqtt HOST:PORT" in capsys.readouterr().err


async def test_what_is_no_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.json"
    path.write_text("{}")
    assert await typed("load", "compare", path, path) == 2
    assert "is no result; write one with handsets load --json" in capsys.readouterr().err


async def test_nobody_to_load(capsys: pytest.CaptureFixture[str]) -> None:
    assert await typed("load", "--smpp", f"127.0.0.1:{free_port()}") == 1
    assert "handsets: no SMSC answers at" in capsys.readouterr().err
