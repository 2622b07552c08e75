"""Orders in and answers out, one JSON object a line, for the ESMEs in Python."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any


def tell(**said: Any) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def delivered(
    command: str, source: str, destination: str, esm_class: int, data_coding: int, **more: Any
) -> None:
    """Tell of a deliver_sm or data_sm; `octets` in hex, or `text` where the client decodes."""
    told = {
        "command": command,
        "source": source,
        "destination": destination,
        "esm_class": esm_class,
        "data_coding": data_coding,
        **more,
    }
    tell(delivered=told)


async def orders() -> AsyncIterator[dict[str, Any]]:
    """Give the orders as they come, without holding up the event loop."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        yield json.loads(line)
