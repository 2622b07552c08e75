"""The sweep in a real gateway that is killed in the middle of it: it goes on where it was."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from tests.interop.commands import Commands, run
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]

NUMBERS = 3_000
RULES = ("schedule.sweep_per_second=1000.0", 'clock.now="2018-02-28T12:00:00+07:00"')
DEADLINE_S = 30.0


def test_a_killed_sweep_goes_on_after_a_restart(tmp_path: Path) -> None:
    numbers = tmp_path / "numbers.csv"
    lines = [f"62815{index:08},unregistered" for index in range(NUMBERS)]
    numbers.write_text("\n".join(["msisdn,status", *lines]) + "\n")
    with Served(tmp_path, *RULES) as served:
        to = Commands(served.ready())
        done = run("gateway", "import", "subscribers", str(numbers), "--api", to.api)
        assert done.code == 0, done
        to.gateway("clock", "set", "2018-03-01")
        began = time.monotonic()
        # Asked by the API: a command takes longer to begin than the sweep may last.
        while not 300 < httpx.get(f"{to.api}/api/v1/sweep", timeout=20).json()["done"] < NUMBERS:
            assert time.monotonic() < began + DEADLINE_S
        served.kill()
    with Served(tmp_path, *RULES) as served:
        to = Commands(served.ready())
        ended = to.gateway("sweep", "--wait", "30")
        assert (ended["left"], ended["running"]) == (0, False)
        assert 0 < ended["done"] < NUMBERS - 300
        text = httpx.get(f"{to.api}/api/v1/export/subscribers", timeout=20).text
        stages = [line for line in text.splitlines() if "OUTGOING_BARRED" in line]
        assert len(stages) == NUMBERS
        assert served.stop() == 0
    told = "".join(served.errors)
    assert "sweep begins" in told
    assert "sweep ended" in told
