"""One embedded broker for a test."""

from collections.abc import AsyncIterator

import pytest

from gateway.links.broker import EmbeddedBroker


@pytest.fixture
async def broker() -> AsyncIterator[EmbeddedBroker]:
    embedded = EmbeddedBroker("127.0.0.1", 0)
    await embedded.start()
    yield embedded
    await embedded.stop()


@pytest.fixture
def place(broker: EmbeddedBroker) -> tuple[str, int]:
    return broker.place
