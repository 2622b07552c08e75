"""The alarm rings at the timers' deadlines, and only then."""

from __future__ import annotations

import asyncio

from gateway.clock import monotonic
from gateway.links.smpp_alarm import Alarm
from gateway.smpp.timers import Due, Limits, TimerAction, Timers


class Rung:
    def __init__(self) -> None:
        self.dues: list[Due] = []
        self.event = asyncio.Event()

    def act(self, action: TimerAction) -> None:
        self.dues.append(action.due)
        self.event.set()

    async def next(self) -> None:
        async with asyncio.timeout(5):
            await self.event.wait()
        self.event.clear()


async def test_rings_at_each_deadline() -> None:
    rung = Rung()
    limits = Limits(session_init=0.01, enquire_link=0.02, response=0.02)
    timers = Timers(limits, monotonic())
    alarm = Alarm(timers, rung.act)
    alarm.set()
    await rung.next()
    timers.on_bound(monotonic())
    alarm.set()
    await rung.next()
    await rung.next()
    assert rung.dues == [Due.CLOSE_UNBOUND, Due.SEND_ENQUIRE_LINK, Due.CLOSE_SILENT]


async def test_a_nearer_deadline_moves_it_a_farther_one_does_not() -> None:
    rung = Rung()
    timers = Timers(Limits(session_init=60.0, enquire_link=60.0, response=0.01), monotonic())
    alarm = Alarm(timers, rung.act)
    alarm.set()
    alarm.set()
    timers.on_bound(monotonic())
    alarm.set()
    timers.on_sent_request(monotonic(), 1)
    alarm.set()
    await rung.next()
    assert rung.dues == [Due.EXPIRE_REQUESTS]


async def test_cancelled_it_is_silent() -> None:
    rung = Rung()
    timers = Timers(Limits(session_init=0.01), monotonic())
    alarm = Alarm(timers, rung.act)
    alarm.cancel()
    alarm.set()
    alarm.cancel()
    await asyncio.sleep(0.03)
    assert rung.dues == []


async def test_without_deadlines_nothing_is_set() -> None:
    rung = Rung()
    Alarm(Timers(Limits(session_init=0.0), monotonic()), rung.act).set()
    assert rung.dues == []
