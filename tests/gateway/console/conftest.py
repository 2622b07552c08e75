"""A small gateway without links, and a client of its API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.config import Config
from gateway.console.api import create_app
from gateway.core.ledger import Rules

from .small_gateway import SmallGateway


@pytest.fixture
def rules() -> Rules:
    return Config().rules()


@pytest.fixture
async def gateway(rules: Rules) -> AsyncIterator[SmallGateway]:
    gateway = SmallGateway(rules)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(gateway.flow.run(), name="flow")
        yield gateway
        gateway.flow.drain()


@pytest.fixture
async def client(gateway: SmallGateway) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(gateway) as client:
        yield client


def client_of(gateway: SmallGateway) -> httpx.AsyncClient:
    """Make a client of a gateway's API, without a port."""
    transport = httpx.ASGITransport(app=create_app(gateway), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://gateway")
