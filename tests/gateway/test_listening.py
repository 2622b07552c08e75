from __future__ import annotations

import asyncio
import socket

import pytest

from gateway.listening import CannotListen, listening_socket


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_what_is_accepted_does_not_wait_for_delayed_acknowledgements(host: str) -> None:
    accepted: asyncio.Queue[asyncio.BaseTransport] = asyncio.Queue()

    class Guest(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted.put_nowait(transport)

    try:
        listening = listening_socket(host, 0, "smpp")
    except CannotListen:
        pytest.skip(f"no {host} here")
    server = await asyncio.get_running_loop().create_server(Guest, sock=listening)
    async with server:
        with socket.create_connection(listening.getsockname()[:2], 5.0):
            transport = await accepted.get()
            connection = transport.get_extra_info("socket")
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
            transport.close()
