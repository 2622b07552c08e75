"""The target's own /metrics, read every second beside the load (Prometheus text format)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from http.client import HTTPException
from typing import Final
from urllib.request import ProxyHandler, build_opener

from handsets.load.result import Reading

_PATIENCE_S: Final = 0.9
# A name, and its labels: a closing brace may stand in a quoted value.
_NAME: Final = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?').match
_SUMMED: Final = {
    "process_cpu_seconds_total": "cpu_seconds",
    "process_resident_memory_bytes": "memory",
    "gateway_events_waiting": "events_waiting",
    "smsc_submits_total": "submits",
}


class Metrics:
    """Reads one address; what cannot be read leaves a gap."""

    def __init__(self, url: str) -> None:
        """Read `url`."""
        self._url = url
        self._opener = build_opener(ProxyHandler({}))
        self.readings: list[Reading] = []

    async def follow(self) -> None:
        """Read every second until cancelled; in a thread, so that no message waits for it."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        second = 0
        while True:
            found = await asyncio.to_thread(self._read, second)
            if found is not None:
                self.readings.append(found)
            second += 1
            await asyncio.sleep(max(0.0, start + second - loop.time()))

    def _read(self, second: int) -> Reading | None:
        try:
            with self._opener.open(self._url, timeout=_PATIENCE_S) as answer:
                return reading(second, answer.read().decode("utf-8", "replace").splitlines())
        except (OSError, HTTPException, ValueError):
            return None


def reading(second: int, lines: Iterable[str]) -> Reading:
    """Take what is shown from a page of metrics; other lines are passed over."""
    found: dict[str, float] = {}
    for line in lines:
        name = _NAME(line)
        if name is None or name[1] not in _SUMMED:
            continue
        key = _SUMMED[name[1]]
        try:
            found[key] = found.get(key, 0.0) + float(line[name.end() :].split()[0])
        except (ValueError, IndexError):
            continue
    return Reading(second, **found)
