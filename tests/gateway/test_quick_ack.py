"""What is read is acknowledged at once, where the system can."""

from __future__ import annotations

import asyncio
import socket
import sys

import pytest

from gateway import quick_ack
from gateway.quick_ack import acknowledge_at_once


def option(transport: asyncio.BaseTransport) -> int:
    connection: socket.socket = transport.get_extra_info("socket")
    return connection.getsockopt(socket.IPPROTO_TCP, getattr(socket, "TCP_QUICKACK", 0))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the option")
async def test_the_option_is_set_again_after_each_read() -> None:
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0) as one:
        _, writer = await asyncio.open_connection(*one.sockets[0].getsockname())
        connection: socket.socket = writer.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
        assert not option(writer.transport)
        acknowledge_at_once(writer.transport)
        assert option(writer.transport)
        writer.close()
        await writer.wait_closed()
        acknowledge_at_once(writer.transport)
    acknowledge_at_once(None)


async def test_where_there_is_no_such_option_nothing_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quick_ack, "_QUICKACK", None)
    acknowledge_at_once(asyncio.Transport())
