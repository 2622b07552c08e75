"""Settings of all tests."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from hypothesis import settings

# Machines that are shared are slow at times: a slow example is no wrong one.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite tests/flows/golden with what the flows do now; read the diff",
    )


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End even where a failed test left a thread that would be waited for (an open database)."""
    left = [
        thread.name
        for thread in threading.enumerate()
        if not thread.daemon and thread is not threading.main_thread()
    ]
    if left:
        sys.stderr.write(f"threads left behind by tests: {', '.join(left)}\n")
        sys.stderr.flush()
        os._exit(1)
