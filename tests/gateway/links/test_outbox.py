"""Frames leave in order, wait while the broker is away, and none keeps a caller waiting."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from gateway.links.outbox import Outbox, end_if_cancelled
from tests.gateway.links.air_phones import DEADLINE_S, eventually


class BrokerDouble:
    """Notes the frames in the order in which it is given them; holds up, or fails, when told."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes, int, bool]] = []
        self.held = 0
        self.open = asyncio.Event()
        self.open.set()
        self.broken = False

    async def publish(
        self, topic: str, /, payload: bytes, qos: int = 0, retain: bool = False
    ) -> None:
        self.taken.append((topic, payload, qos, retain))
        self.held += 1
        await self.open.wait()
        self.held -= 1
        if self.broken:
            raise ConnectionError

    @property
    def topics(self) -> list[str]:
        return [frame[0] for frame in self.taken]


@contextlib.asynccontextmanager
async def publishing(outbox: Outbox, broker: BrokerDouble, workers: int = 4) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        own = [tasks.create_task(outbox.publish(broker)) for _ in range(workers)]
        try:
            yield
        finally:
            for task in own:
                task.cancel()


async def flushed(outbox: Outbox) -> None:
    await asyncio.wait_for(outbox.flushed(), DEADLINE_S)


async def test_frames_leave_in_order_with_their_settings() -> None:
    outbox, broker = Outbox(1), BrokerDouble()
    outbox.put("a", b"1")
    outbox.put("b", b"2", retain=True)
    async with publishing(outbox, broker):
        await flushed(outbox)
        outbox.put("c", b"3")
        await flushed(outbox)
    assert broker.taken == [("a", b"1", 1, False), ("b", b"2", 1, True), ("c", b"3", 1, False)]
    assert len(outbox) == 0


async def test_no_more_frames_than_workers_are_on_their_way() -> None:
    outbox, broker = Outbox(0), BrokerDouble()
    broker.open.clear()
    async with publishing(outbox, broker, workers=2):
        for number in range(5):
            outbox.put(str(number), b"")
        await eventually(lambda: broker.held == 2)
        assert len(outbox) == 5
        broker.open.set()
        await flushed(outbox)
    assert broker.topics == ["0", "1", "2", "3", "4"]


async def break_while_publishing(outbox: Outbox, broker: BrokerDouble) -> None:
    async with publishing(outbox, broker, workers=3):
        await eventually(lambda: broker.held == 3)
        broker.broken = True
        broker.open.set()
        await asyncio.wait_for(asyncio.Event().wait(), DEADLINE_S)


async def test_what_was_on_its_way_when_the_connection_broke_leaves_again_in_order() -> None:
    outbox, broker = Outbox(0), BrokerDouble()
    broker.open.clear()
    for number in range(4):
        outbox.put(str(number), b"", repeated=number == 2)
    with pytest.raises(ExceptionGroup):
        await break_while_publishing(outbox, broker)
    outbox.connection_lost()
    outbox.put("4", b"")
    healed = BrokerDouble()
    async with publishing(outbox, healed):
        await flushed(outbox)
    assert healed.topics == ["0", "1", "3", "4"]


async def test_nothing_but_what_others_repeat_leaves_it_empty() -> None:
    outbox = Outbox(0)
    outbox.put("a", b"", repeated=True)
    outbox.connection_lost()
    await flushed(outbox)


async def test_when_it_is_full_the_oldest_go_but_the_newest_of_each_retained_topic_stays() -> None:
    outbox, broker = Outbox(0, most=6), BrokerDouble()
    with capture_logs() as logs:
        outbox.put("bars", b"old", retain=True)
        for number in range(4):
            outbox.put(str(number), b"")
        outbox.put("bars", b"new", retain=True)
        outbox.put("4", b"")
        for number in range(5, 12):
            outbox.put(str(number), b"")
    async with publishing(outbox, broker):
        await flushed(outbox)
    assert broker.topics[0] == "bars"
    assert broker.taken[0][1] == b"new"
    assert broker.topics[1:] == ["8", "9", "10", "11"]
    assert len(logs) == 1
    assert "dropped" in logs[0]["event"]


async def test_a_worker_ends_although_its_cancellation_was_lost() -> None:
    class Swallows(BrokerDouble):
        async def publish(
            self, topic: str, /, payload: bytes, qos: int = 0, retain: bool = False
        ) -> None:
            with contextlib.suppress(asyncio.CancelledError):
                await super().publish(topic, payload, qos, retain)

    outbox, broker = Outbox(0), Swallows()
    broker.open.clear()
    outbox.put("a", b"")
    async with asyncio.timeout(DEADLINE_S), publishing(outbox, broker, workers=1):
        await eventually(lambda: broker.held == 1)
    end_if_cancelled()
