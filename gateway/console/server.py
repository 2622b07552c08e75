"""Serves the API over HTTP, inside the gateway's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from gateway.console.polling import MessagePolls
from gateway.listening import listening_socket

# Seconds that requests under way may take once the gateway stops.
_LINGER_S = 2
_STOP_S = 5.0


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the command that started the gateway."""
        yield


class ApiServer:
    """One listener of the API: `start` opens it, `run` serves until `stop`."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._socket: socket.socket | None = None
        self._server: _Server | None = None
        self._ended = asyncio.Event()

    @property
    def polls(self) -> MessagePolls:
        """The long polls of its application."""
        polls: MessagePolls = self._app.state.polls
        return polls

    async def start(self) -> tuple[str, int]:
        """Listen; requests wait until `run`. Gives host and port; raises CannotListen."""
        self._socket = listening_socket(self._host, self._port, "http")
        _silence_uvicorn()
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_LINGER_S,
        )
        config.load()
        self._server = _Server(config)
        host, port = self._socket.getsockname()[:2]
        return host, port

    async def run(self) -> None:
        """Serve requests until `stop`."""
        if self._server is None or self._socket is None:
            raise RuntimeError("ApiServer.run before start")
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            self._socket.close()
            self._ended.set()

    async def stop(self) -> None:
        """Take no more requests and let those under way end, long polls at once."""
        self.polls.end()
        if self._server is None:
            return
        self._server.should_exit = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STOP_S):
                await self._ended.wait()


def _silence_uvicorn() -> None:
    """Keep its lines, tracebacks among them, off the terminal: the API logs its own troubles."""
    logger = logging.getLogger("uvicorn")
    logger.handlers = [logging.NullHandler()]
    logger.propagate = False
