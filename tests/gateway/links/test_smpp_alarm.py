"""The alarm rings at the timers' deadlines, and only then."""

from __future__ import annotations

import pytest

from gateway.links.smpp_alarm import Alarm
from gateway.smpp.timers import Due, Limits, TimerAction, Timers
from tests.gateway.links.wire import Steady


class Rung:
    def __init__(self, steady: Steady) -> None:
        self._steady = steady
        self.dues: list[tuple[float, Due]] = []

    def act(self, action: TimerAction) -> None:
        self.dues.append((self._steady.now, action.due))


@pytest.fixture
async def steady(monkeypatch: pytest.MonkeyPatch) -> Steady:
    return Steady(monkeypatch)


async def test_rings_at_each_deadline(steady: Steady) -> None:
    rung = Rung(steady)
    limits = Limits(session_init=1, enquire_link=2, response=4)
    timers = Timers(limits, steady.now)
    alarm = Alarm(timers, rung.act)
    alarm.set()
    await steady.passes(1)
    timers.on_bound(steady.now)
    alarm.set()
    await steady.passes(100)
    assert rung.dues == [(1, Due.CLOSE_UNBOUND), (3, Due.SEND_ENQUIRE_LINK), (7, Due.CLOSE_SILENT)]


async def test_a_nearer_deadline_moves_it_a_farther_one_does_not(steady: Steady) -> None:
    rung = Rung(steady)
    timers = Timers(Limits(session_init=60, enquire_link=60, response=1), steady.now)
    alarm = Alarm(timers, rung.act)
    alarm.set()
    alarm.set()
    timers.on_bound(steady.now)
    alarm.set()
    timers.on_sent_request(steady.now, 1)
    alarm.set()
    await steady.passes(2)
    assert [due for _, due in rung.dues] == [Due.EXPIRE_REQUESTS]


async def test_cancelled_it_is_silent(steady: Steady) -> None:
    rung = Rung(steady)
    timers = Timers(Limits(session_init=1), steady.now)
    alarm = Alarm(timers, rung.act)
    alarm.cancel()
    alarm.set()
    alarm.cancel()
    await steady.passes(3)
    assert rung.dues == []


async def test_without_deadlines_nothing_is_set(steady: Steady) -> None:
    rung = Rung(steady)
    Alarm(Timers(Limits(session_init=0), steady.now), rung.act).set()
    await steady.passes(100)
    assert rung.dues == []
