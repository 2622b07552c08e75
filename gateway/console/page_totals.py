"""Counters and charts of the console's page: counted when somebody asks, for all who look.

Counts by operator and stage, never of what a NIK tells: those are the report's, which hides the
small ones.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from gateway.console.reports import Reports
from gateway.console.view import Gateway
from gateway.core.ageing import Schedule, stage_at
from gateway.core.subscriber import Status, Subscriber

POINTS_MOST = 120
"""Points of the line of registered numbers over time."""

# Counting takes a twentieth of the gateway's time at most, and is done once a second at most.
_SHARE = 20
_LEAST_S = 1.0
_PAGE = 200


class PageTotals:
    """The last count, and when to count anew."""

    def __init__(self, gateway: Gateway, reports: Reports) -> None:
        self._gateway = gateway
        self._reports = reports
        self._last: dict[str, Any] | None = None
        self._next = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def totals(self) -> dict[str, Any]:
        """Count, or give what was counted just now."""
        loop = asyncio.get_running_loop()
        async with self._one_at_a_time:
            if self._last is None or loop.time() >= self._next:
                begun = loop.time()
                self._last = await self._count()
                ended = loop.time()
                self._next = ended + max(_LEAST_S, _SHARE * (ended - begun))
            return self._last

    async def _count(self) -> dict[str, Any]:
        schedule, now = self._gateway.flow.rules.schedule, self._gateway.clock.now()
        stages: dict[str, Counter[str]] = {}
        registered: list[int] = []
        found = self._gateway.store.subscribers()
        for start in range(0, len(found), _PAGE):
            for one in found[start : start + _PAGE]:
                stages.setdefault(one.operator, Counter())[_stands(one, schedule, now)] += 1
                if one.status.registered and one.registered_at:
                    registered.append(one.registered_at)
            await asyncio.sleep(0)
        outcomes: Counter[str] = Counter()
        for (kind, _), count in (await self._reports.ended()).items():
            outcomes[kind.value] += count
        return {
            "now": now,
            "numbers": len(found),
            "registered": len(registered),
            "stages": stages,
            "outcomes": outcomes,
            "over_time": _over_time(sorted(registered), now),
        }


def _stands(subscriber: Subscriber, schedule: Schedule, now: int) -> str:
    if subscriber.status is Status.UNREGISTERED:
        return str(stage_at(schedule, subscriber, now).value)
    return str(subscriber.status.value)


def _over_time(moments: Sequence[int], now: int) -> list[tuple[int, int]]:
    """Give (moment, registered by then), from just before the first until now."""
    if not moments:
        return []
    first, points = moments[0] - 1, min(POINTS_MOST, 4 * len(moments) + 4)
    line = []
    place = 0
    for point in range(points + 1):
        at = first + (max(now, moments[-1]) - first) * point // points
        while place < len(moments) and moments[place] <= at:
            place += 1
        line.append((at, place))
    return line
