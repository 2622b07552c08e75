"""A campaign in a real gateway that is killed in the middle: everybody is reminded, once."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.interop.commands import Commands, run
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]

NUMBERS = 1_000
RULES = ('clock.now="2018-02-20T12:00:00+07:00"',)
DEADLINE_S = 30.0


def test_a_killed_campaign_goes_on_after_a_restart(tmp_path: Path) -> None:
    numbers = tmp_path / "numbers.csv"
    lines = [f"62815{index:08},unregistered" for index in range(NUMBERS)]
    numbers.write_text("\n".join(["msisdn,status", *lines]) + "\n")
    with Served(tmp_path, *RULES) as served:
        to = Commands(served.ready())
        done = run("gateway", "import", "subscribers", str(numbers), "--api", to.api)
        assert done.code == 0, done
        begun = to.gateway("campaign", "start", "weekly", "--per-second", "300")
        assert begun["left"] == NUMBERS
        while not shown(to)["sent"] > 100:
            pass
        served.kill()
    with Served(tmp_path, *RULES) as served:
        to = Commands(served.ready())
        began = time.monotonic()
        while (now := shown(to))["running"]:
            assert time.monotonic() < began + DEADLINE_S
        assert (now["sent"], now["left"]) == (NUMBERS, 0)
        assert now["began_at"] == begun["began_at"]
        assert to.gateway("campaign", "list") == {"campaigns": [now]}
        assert served.stop() == 0
    assert "campaign goes on" in "".join(served.errors)
    with contextlib.closing(sqlite3.connect(served.database)) as database:
        bodies = [json.loads(body) for (body,) in database.execute("SELECT body FROM messages")]
    reminded = Counter(body["destination"] for body in bodies)
    assert len(reminded) == NUMBERS
    assert set(reminded.values()) == {1}
    with Served(tmp_path, *RULES) as served:
        assert shown(Commands(served.ready())) == now
        assert served.stop() == 0


def shown(to: Commands) -> dict[str, Any]:
    """Ask how the one campaign stands: by the API, as a command takes long to begin."""
    (one,) = httpx.get(f"{to.api}/api/v1/campaigns", timeout=20).json()["campaigns"]
    assert isinstance(one, dict)
    return one
