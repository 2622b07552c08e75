"""Settings of all tests."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Machines that are shared are slow at times: a slow example is no wrong one.
settings.register_profile("everyday", deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None)  # as .ci/run asks for
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite tests/flows/golden with what the flows do now; read the diff",
    )


# Seconds that a thread of a test may take to end after the test.
_THREAD_ENDS_S = 5.0
_AIOSQLITE = "_connection_worker_thread"


@pytest.fixture(autouse=True)
def _no_thread_stays() -> Iterator[None]:
    """Blame the test that leaves a database open: the process would wait for its thread."""
    before = set(threading.enumerate())
    yield
    left = [one for one in threading.enumerate() if one not in before and _AIOSQLITE in one.name]
    for thread in left:
        thread.join(_THREAD_ENDS_S)
    assert not [one.name for one in left if one.is_alive()], "threads left behind"


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
        # A worker of xdist has yet to tell that it has finished, or the others wait for ever.
        wait = _THREAD_ENDS_S if hasattr(config, "workerinput") else 0.0
        timer = threading.Timer(wait, os._exit, (1,))
        timer.daemon = True
        timer.start()
