from __future__ import annotations

import importlib
import subprocess
import sys

# In a process of its own: pytest's import hook cannot serve runpy where it rewrites this package,
# as it does once the plugin is installed.


def test_python_m_gateway_is_the_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "gateway", "--help"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "check-config" in ran.stdout


def test_importing_it_does_nothing() -> None:
    assert importlib.import_module("gateway.__main__").__name__ == "gateway.__main__"
