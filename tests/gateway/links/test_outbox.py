"""Frames leave in order, wait while the broker is away, and none keeps a caller waiting."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from gateway.links import outbox as module
from gateway.links.outbox import Outbox
from tests.gateway.links.air_phones import DEADLINE_S, eventually


class ConnectionDouble:
    """Notes the frames that it is given; reports them as sent at once, later or never."""

    def __init__(self, outbox: Outbox, *, reports: bool = True) -> None:
        self._outbox = outbox
        self._reports = reports
        self.taken: list[tuple[str, bytes, int, bool]] = []
        self.broken = False

    def send(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> int:
        if self.broken:
            raise ConnectionError
        self.taken.append((topic, payload, qos, retain))
        number = len(self.taken)
        if self._reports:
            asyncio.get_running_loop().call_soon(self._outbox.sent, number)
        return number

    @property
    def topics(self) -> list[str]:
        return [frame[0] for frame in self.taken]


@contextlib.asynccontextmanager
async def publishing(outbox: Outbox, connection: ConnectionDouble) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(outbox.publish(connection))
        try:
            yield
        finally:
            task.cancel()


async def flushed(outbox: Outbox) -> None:
    await asyncio.wait_for(outbox.flushed(), DEADLINE_S)


async def test_frames_leave_in_order_with_their_settings() -> None:
    outbox = Outbox(1)
    connection = ConnectionDouble(outbox)
    outbox.put("a", b"1")
    outbox.put("b", b"2", retain=True)
    async with publishing(outbox, connection):
        await flushed(outbox)
        outbox.put("c", b"3")
        await flushed(outbox)
    assert connection.taken == [
        ("a", b"1", 1, False),
        ("b", b"2", 1, True),
        ("c", b"3", 1, False),
    ]
    assert len(outbox) == 0


async def test_only_so_many_frames_are_on_their_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAVING_MOST", 2)
    outbox = Outbox(0)
    connection = ConnectionDouble(outbox, reports=False)
    async with publishing(outbox, connection):
        for number in range(5):
            outbox.put(str(number), b"")
        await eventually(lambda: len(connection.taken) == 2)
        outbox.sent(1)
        outbox.sent(1)
        outbox.sent(77)
        await eventually(lambda: len(connection.taken) == 3)
        assert len(outbox) == 4
        assert connection.topics == ["0", "1", "2"]


async def test_what_was_on_its_way_when_the_connection_broke_leaves_again_in_order() -> None:
    outbox = Outbox(0)
    connection = ConnectionDouble(outbox, reports=False)
    for number in range(4):
        outbox.put(str(number), b"", repeated=number == 2)
    with pytest.raises(ExceptionGroup):
        await break_while_publishing(outbox, connection)
    outbox.connection_lost()
    healed = ConnectionDouble(outbox)
    async with publishing(outbox, healed):
        await flushed(outbox)
    assert healed.topics == ["0", "1", "3", "4"]


async def break_while_publishing(outbox: Outbox, connection: ConnectionDouble) -> None:
    async with publishing(outbox, connection):
        await eventually(lambda: len(connection.taken) == 4)
        connection.broken = True
        outbox.put("4", b"")
        await asyncio.wait_for(asyncio.Event().wait(), DEADLINE_S)


async def test_nothing_but_what_others_repeat_leaves_it_empty() -> None:
    outbox = Outbox(0)
    outbox.put("a", b"", repeated=True)
    outbox.connection_lost()
    await flushed(outbox)


async def test_when_it_is_full_the_oldest_go_but_the_newest_of_each_retained_topic_stays() -> None:
    outbox = Outbox(0, most=6)
    connection = ConnectionDouble(outbox)
    with capture_logs() as logs:
        outbox.put("bars", b"old", retain=True)
        for number in range(4):
            outbox.put(str(number), b"")
        outbox.put("bars", b"new", retain=True)
        outbox.put("4", b"")
        for number in range(5, 12):
            outbox.put(str(number), b"")
    async with publishing(outbox, connection):
        await flushed(outbox)
    assert connection.topics == ["bars", "8", "9", "10", "11"]
    assert connection.taken[0][1] == b"new"
    assert len(logs) == 1
    assert "dropped" in logs[0]["event"]
