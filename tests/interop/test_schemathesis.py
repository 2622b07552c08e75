"""schemathesis tries the REST API against its own description, and finds nothing."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.interop.serving import Served, address

pytestmark = [
    pytest.mark.interop,
    pytest.mark.timeout(600),
    pytest.mark.skipif(find_spec("schemathesis") is None, reason="schemathesis is not installed"),
]

RUN_S = 550
# Some answer when something comes, or after up to a minute; the registry fails on purpose, with a
# 504 as it says, once another request of the run has set that fault.
_NOT_TRIED = r"/(messages/(wait|stream)|console/stream|registry/verify)"
# What no schema says: that a text is a number or a moment that exists, which fields go together,
# and that a message has to be there.
_NOT_CHECKED = "positive_data_acceptance"


def test_it_finds_nothing(tmp_path: Path) -> None:
    with Served(tmp_path, "mqtt.broker=none") as served:
        api = address(served.ready()["http"])
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run"),
            *("--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--seed", "4444"),
            *("--exclude-path-regex", _NOT_TRIED, "--exclude-checks", _NOT_CHECKED),
            *(
                "--request-timeout",
                "70",
                "--max-time",
                "240",
                "--no-color",
                "--generation-database",
                "none",
            ),
            f"http://{api}/openapi.json",
        ]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, timeout=RUN_S, check=False
        )
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
