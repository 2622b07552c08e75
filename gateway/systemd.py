"""Tells systemd how the gateway stands, where systemd has started it (sd_notify(3)).

One datagram a word to the socket that NOTIFY_SOCKET names. With WatchdogSec= it is told again
and again that the event loop runs; a gateway that hangs is then started anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

log = structlog.get_logger()

# systemd's advice: twice in the time after which it takes the process for hung.
_SHARE = 2


class Systemd:
    """What the environment says of systemd; without it nothing is told."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        name = environment.get("NOTIFY_SOCKET", "")
        # @ stands for the null octet of an abstract name.
        self._socket = "\0" + name[1:] if name.startswith("@") else name
        self._watchdog_us = _whole(environment.get("WATCHDOG_USEC", ""))

    @property
    def watchdog_s(self) -> float:
        """Seconds between signs of life, 0 where none are wanted."""
        return self._watchdog_us / 1_000_000 / _SHARE if self._socket else 0.0

    def tell(self, words: str) -> None:
        """Send one message; what goes wrong is logged, the gateway goes on."""
        if not self._socket:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.connect(self._socket)
                out.sendall(words.encode())
        except OSError as trouble:
            log.warning("systemd was not told", words=words, why=str(trouble))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


@asynccontextmanager
async def announced(systemd: Systemd) -> AsyncIterator[None]:
    """Be ready for the length of the block, with signs of life, and stopping after it."""
    systemd.tell("READY=1\nSTATUS=ready")
    alive = asyncio.create_task(_alive(systemd), name="systemd watchdog")
    try:
        yield
    finally:
        alive.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await alive
        systemd.tell("STOPPING=1\nSTATUS=answering what was taken")


async def _alive(systemd: Systemd) -> None:
    while systemd.watchdog_s:
        systemd.tell("WATCHDOG=1")
        await asyncio.sleep(systemd.watchdog_s)
