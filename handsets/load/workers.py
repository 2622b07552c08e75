"""Agents on this machine, a process each, with a broker of their own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from typing import Final

import iotcore

from handsets.broker import Broker
from handsets.load.target import NoTarget
from handsets.place import Place

_STOP_S: Final = 5.0
_PAYLOAD_MOST: Final = 1 << 20


@contextlib.asynccontextmanager
async def workers(many: int) -> AsyncIterator[tuple[Broker, str]]:
    """Start so many agents; gives the broker and the group that they wait in."""
    place, group = Broker("127.0.0.1", _free_port()), f"workers-{secrets.token_hex(4)}"
    broker = iotcore.Broker(listen=place.host, port=place.port, max_payload_size=_PAYLOAD_MOST)
    try:
        await asyncio.to_thread(broker.start)
    except (OSError, RuntimeError) as trouble:
        raise NoTarget(f"--workers: the broker between them does not start ({trouble})") from None
    processes: list[asyncio.subprocess.Process] = []
    try:
        for _ in range(many):
            processes.append(await _start(place, group))
        yield place, group
    finally:
        for process in processes:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()
        for process in processes:
            await _ended(process)
        await asyncio.to_thread(broker.stop)


async def _start(place: Place, group: str) -> asyncio.subprocess.Process:
    words = ("-m", "handsets", "load", "agent", "--group", group, "--broker", str(place), "--once")
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        # Ctrl-C is for the conductor, who tells them.
        start_new_session=True,
    )


async def _ended(process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(_STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
