from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import structlog

from gateway.console.api import create_app
from gateway.console.server import ApiServer
from gateway.listening import CannotListen

from .small_gateway import SmallGateway


@pytest.fixture
async def server(gateway: SmallGateway) -> AsyncIterator[ApiServer]:
    server = ApiServer(create_app(gateway), "127.0.0.1", 0)
    yield server
    await server.stop()


async def get(address: tuple[str, int], path: str) -> httpx.Response:
    url = f"http://{address[0]}:{address[1]}{path}"
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(10):
        return await client.get(url, timeout=10)


async def test_it_serves_until_stopped(server: ApiServer) -> None:
    address = await server.start()
    assert address[0] == "127.0.0.1"
    assert address[1] > 0
    run = asyncio.create_task(server.run(), name="http")
    assert (await get(address, "/api/v1/health")).status_code == 200
    await server.stop()
    async with asyncio.timeout(5):
        await run
    with pytest.raises(httpx.ConnectError):
        await get(address, "/api/v1/health")


async def test_stopping_answers_long_polls(server: ApiServer, gateway: SmallGateway) -> None:
    # The reports of the API watch from its start on.
    gateway.feed.watched.clear()
    address = await server.start()
    run = asyncio.create_task(server.run(), name="http")
    poll = asyncio.create_task(get(address, "/api/v1/messages?wait=60"), name="poll")
    async with asyncio.timeout(10):
        await gateway.feed.watched.wait()
        await server.stop()
        await run
    assert (await poll).json() == {"messages": [], "last": "0"}


async def test_cancelling_closes_the_listener(server: ApiServer) -> None:
    address = await server.start()
    run = asyncio.create_task(server.run(), name="http")
    await get(address, "/api/v1/health")
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    with pytest.raises(httpx.ConnectError):
        await get(address, "/api/v1/health")


async def test_signals_stay_with_whoever_had_them(server: ApiServer) -> None:
    before = signal.getsignal(signal.SIGTERM)
    address = await server.start()
    run = asyncio.create_task(server.run(), name="http")
    await get(address, "/api/v1/health")
    assert signal.getsignal(signal.SIGTERM) is before
    await server.stop()
    await run


async def test_a_port_in_use(gateway: SmallGateway) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"{port}: the port is in use"):
            await ApiServer(create_app(gateway), "127.0.0.1", port).start()


async def test_running_needs_a_start(server: ApiServer) -> None:
    with pytest.raises(RuntimeError, match="before start"):
        await server.run()


async def test_uvicorn_writes_no_lines(
    server: ApiServer, gateway: SmallGateway, capfd: pytest.CaptureFixture[str]
) -> None:
    gateway.states = None  # type: ignore[assignment]
    address = await server.start()
    run = asyncio.create_task(server.run(), name="http")
    with structlog.testing.capture_logs():
        assert (await get(address, "/api/v1/health")).status_code == 500
    await server.stop()
    await run
    assert "Traceback" not in capfd.readouterr().err
    assert not logging.getLogger("uvicorn").propagate
