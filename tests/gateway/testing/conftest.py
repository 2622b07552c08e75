"""A Simulator in the test's own loop."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gateway.testing import Simulator


@pytest.fixture
async def sms() -> AsyncIterator[Simulator]:
    async with Simulator() as simulator:
        yield simulator
