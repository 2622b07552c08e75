"""The target's own /metrics, read every second beside the load (Prometheus text format)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from handsets.load.result import Reading

_PATIENCE_S: Final = 0.9
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
        self.readings: list[Reading] = []

    async def follow(self) -> None:
        """Read every second until cancelled."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        second = 0
        async with httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False) as client:
            while True:
                reading = await self._read(client, second)
                if reading is not None:
                    self.readings.append(reading)
                second += 1
                await asyncio.sleep(max(0.0, start + second - loop.time()))

    async def _read(self, client: httpx.AsyncClient, second: int) -> Reading | None:
        try:
            answer = await client.get(self._url)
            answer.raise_for_status()
            return reading(second, answer.text.splitlines())
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return None


def reading(second: int, lines: Iterable[str]) -> Reading:
    """Take what is shown from a page of metrics. Raises ValueError for what is none."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families("\n".join(lines) + "\n"):
        for sample in family.samples:
            name = _SUMMED.get(sample.name)
            if name is not None:
                found[name] = found.get(name, 0.0) + sample.value
    return Reading(second, **found)
