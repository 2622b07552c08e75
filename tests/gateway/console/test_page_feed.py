"""What viewers are sent: sampled at any rate, nothing watched while nobody looks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from gateway.console import page_feed
from gateway.console.page_feed import SHOWN_MOST, PageFeed
from gateway.console.polling import MessagePolls
from gateway.core.events import MoSms, Phone
from gateway.core.numbers import Msisdn

from .small_gateway import SmallGateway

SITI = Msisdn("6281290000001")
DEADLINE_S = 5.0


async def told(ticks: AsyncGenerator[bytes, None]) -> dict[str, Any]:
    async with asyncio.timeout(DEADLINE_S):
        async for chunk in ticks:
            if chunk.startswith(b"event: tick"):
                found: dict[str, Any] = json.loads(chunk.split(b"data: ")[1])
                return found
    raise AssertionError("the stream ended")


async def look(feed: PageFeed, polls: MessagePolls) -> AsyncGenerator[bytes, None]:
    ticks = feed.ticks(polls)
    assert (await anext(ticks)).startswith(b": connected")
    return ticks


async def test_a_tick_is_a_sample_that_says_how_many_passed(gateway: SmallGateway) -> None:
    polls = MessagePolls()
    feed = PageFeed(gateway, lambda msisdn: {"number": msisdn})
    ticks, others = await look(feed, polls), await look(feed, polls)
    assert feed.viewers == 2
    events = [MoSms(SITI, "4444", "halo", Phone(f"r{number}")) for number in range(500)]
    decided = asyncio.get_running_loop().create_future()
    gateway.flow.offer(events, lambda _: decided.set_result(None))
    await decided
    feed.phone_changed(SITI)
    feed.lesson_changed({"name": "formats"})
    tick = await told(ticks)
    assert tick == await told(others)
    assert tick["passed"] == 500
    assert len(tick["events"]) == SHOWN_MOST
    assert tick["phones"] == {SITI: {"number": SITI}}
    assert tick["lesson"] == {"name": "formats"}
    assert "clock" not in tick
    await gateway.set_clock(gateway.clock.now() + 1000, None)
    moved = await told(ticks)
    assert moved["clock"] == {"now": gateway.clock.now(), "speed": 0.0}
    await ticks.aclose()
    await others.aclose()


async def test_nothing_is_watched_while_nobody_looks(gateway: SmallGateway) -> None:
    polls = MessagePolls()
    feed = PageFeed(gateway, lambda _: None)
    before = len(gateway.feed._watchers)
    ticks = await look(feed, polls)
    assert len(gateway.feed._watchers) == before + 1
    await gateway.sms(SITI, "4444", "halo")
    await ticks.aclose()
    assert len(gateway.feed._watchers) == before
    assert feed.viewers == 0
    feed.phone_changed(SITI)


async def test_a_viewer_who_cannot_follow_is_told(
    gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_feed, "_BEHIND_MOST", 1)
    monkeypatch.setattr(page_feed, "TICK_S", 0.0)
    feed = PageFeed(gateway, lambda _: None)
    ticks = await look(feed, MessagePolls())
    ended = asyncio.get_running_loop().time() + DEADLINE_S
    for _ in range(3):
        feed.phone_changed(SITI)
        while feed._timer is not None:
            assert asyncio.get_running_loop().time() < ended
            await asyncio.sleep(0)
    assert await anext(ticks) == b"event: lost\ndata: {}\n\n"
    assert (await anext(ticks)).startswith(b"event: tick")
    await ticks.aclose()


async def test_a_stream_ends_with_the_gateway_and_lives_in_silence(
    gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_feed, "_SILENCE_S", 0.0)
    polls = MessagePolls()
    ticks = await look(PageFeed(gateway, lambda _: None), polls)
    assert await anext(ticks) == b": nothing new\n\n"
    polls.end()
    assert [chunk async for chunk in ticks] == []
