"""Settings of all tests."""

from __future__ import annotations

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
