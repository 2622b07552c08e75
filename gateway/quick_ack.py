"""Acknowledge what is read at once, for brokers that wait for that before they send more."""

from __future__ import annotations

import asyncio
import socket

# Linux only; elsewhere the system acknowledges when it likes.
_QUICKACK = getattr(socket, "TCP_QUICKACK", None)


def acknowledge_at_once(transport: asyncio.BaseTransport | None) -> None:
    """Have the system acknowledge what was just read; to be called after each read.

    A broker that leaves Nagle's algorithm on, as the embedded one does, holds a small packet back
    until the one before is acknowledged, and Linux takes 40 ms over that. It forgets the option.
    """
    if _QUICKACK is None or transport is None or transport.is_closing():
        return
    connection = transport.get_extra_info("socket")
    if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
