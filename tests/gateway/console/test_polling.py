from __future__ import annotations

import asyncio

from gateway.console.polling import MessagePolls
from gateway.core.decision import Message
from gateway.core.events import Presence
from gateway.core.numbers import Msisdn

from .small_gateway import SmallGateway

NUMBER = Msisdn("6281190000001")


async def poll(
    polls: MessagePolls, gateway: SmallGateway, seconds: float, msisdn: Msisdn | None = None
) -> list[Message]:
    async with asyncio.timeout(10):
        return await polls.messages(gateway.store, gateway.feed, msisdn, 0, 10, seconds)


async def test_what_is_there_is_answered_at_once(gateway: SmallGateway) -> None:
    await gateway.sms(NUMBER, "4444", "INFO")
    assert len(await poll(MessagePolls(), gateway, 0)) == 2


async def test_a_commit_without_messages_wakes_nobody(gateway: SmallGateway) -> None:
    polls = MessagePolls()
    task = asyncio.create_task(poll(polls, gateway, 30), name="poll")
    await gateway.feed.watched.wait()
    await gateway.decide(Presence(NUMBER, True))
    assert not task.done()
    await gateway.sms(NUMBER, "4444", "INFO")
    assert len(await task) == 2


async def test_ending_answers_those_that_wait_and_those_that_come(gateway: SmallGateway) -> None:
    polls = MessagePolls()
    task = asyncio.create_task(poll(polls, gateway, 30), name="poll")
    await gateway.feed.watched.wait()
    polls.end()
    assert await task == []
    assert await poll(polls, gateway, 30) == []


async def test_nothing_is_left_behind(gateway: SmallGateway) -> None:
    polls = MessagePolls()
    task = asyncio.create_task(poll(polls, gateway, 30), name="poll")
    await gateway.feed.watched.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert polls.waiting == 0
    assert await poll(polls, gateway, 0) == []
