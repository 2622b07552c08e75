"""Ends programs that are not ours: that they end well is not what is tested."""

from __future__ import annotations

import subprocess

GRACE_S = 5.0


def end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """SIGTERM, and SIGKILL where that is not enough."""
    process.terminate()
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(GRACE_S)
