"""Runs tests of a user's own, as a user would: a file, a directory, pytest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

ROOT = Path(__file__).parents[3]
DEADLINE_S = 50.0


def readme(mark: str) -> str:
    """Give the README's Python example below a mark."""
    text = (ROOT / "README.md").read_text()
    found = re.search(rf"<!-- {mark} -->\n```python\n(.*?)```", text, re.DOTALL)
    assert found, f"README has no example below <!-- {mark} -->"
    return found[1]


def run_python(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a directory, with nothing but this project on its path."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    environment.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


def run_pytest(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a directory; the plugin is found as installed, or is named where it is not."""
    installed = any(one.name == "sms_gateway" for one in entry_points(group="pytest11"))
    named = () if installed else ("-p", "gateway.testing.plugin")
    # pytest-asyncio warns of its own default otherwise.
    (directory / "pytest.ini").write_text(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\n"
    )
    return run_python(directory, "-m", "pytest", *named, "-p", "no:cacheprovider", *arguments)
