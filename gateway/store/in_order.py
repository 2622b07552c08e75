"""Subscribers by rising number, without keeping others waiting while they are sorted."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Iterator, Sequence

from gateway.core.subscriber import Subscriber

# How many are sorted between two turns of the loop.
_CHUNK = 2_000


async def in_order(subscribers: Sequence[Subscriber]) -> Iterator[Subscriber]:
    """Sort; the last of the work is done as the result is read, a little for each."""
    chunks = []
    for start in range(0, len(subscribers), _CHUNK):
        chunks.append(sorted(subscribers[start : start + _CHUNK], key=_number))
        await asyncio.sleep(0)
    return heapq.merge(*chunks, key=_number)


def _number(subscriber: Subscriber) -> int:
    return int(subscriber.msisdn)
