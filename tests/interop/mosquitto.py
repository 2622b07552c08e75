"""A real mosquitto on a free port of loopback."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port

# Debian puts it where only root's PATH looks.
PROGRAM = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
START_TRIES = 200


@contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    """Run mosquitto for the length of the block; gives its port. Skips where there is none."""
    if PROGRAM is None:
        pytest.skip("mosquitto is not installed (Debian package mosquitto)")
    port = free_port()
    settings = folder / "mosquitto.conf"
    settings.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
        "max_inflight_messages 100\nmax_queued_messages 0\nuser root\n"
        # Its lines are read until it runs only: a full pipe would stop it.
        "connection_messages false\n"
    )
    with subprocess.Popen(
        [PROGRAM, "-c", str(settings)], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if "running" in line:
                    break
            else:
                raise AssertionError("mosquitto did not start")
            yield port
        finally:
            process.terminate()
            process.wait(10)
