"""The calendar: simulated time stands, runs, jumps forwards, and never goes back."""

from __future__ import annotations

import time

import pytest

from gateway.clock import Fixed, SimulatedClock, SystemClock, monotonic
from tests.gateway.core.network import wib

START = wib("2018-02-26 08:00")


class Steady:
    """The steady time, as the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1_000.0
        monkeypatch.setattr("gateway.clock.time.monotonic", lambda: self.seconds)


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> Steady:
    return Steady(monkeypatch)


@pytest.mark.parametrize("speed", [0.0, 0.5, 1.0, 86_400.0])
def test_it_runs_at_its_speed(steady: Steady, speed: float) -> None:
    clock = SimulatedClock(START, speed)
    assert (clock.now(), clock.speed) == (START, speed)
    steady.seconds += 2.5
    assert clock.now() == START + round(2_500 * speed)


def test_it_jumps_forwards_and_goes_on_from_there(steady: Steady) -> None:
    clock = SimulatedClock(START, 1.0)
    steady.seconds += 10
    clock.set(wib("2018-03-01 00:00"), 60.0)
    assert (clock.now(), clock.speed) == (wib("2018-03-01 00:00"), 60.0)
    steady.seconds += 1
    assert clock.now() == wib("2018-03-01 00:01")


def test_only_the_speed_changes(steady: Steady) -> None:
    clock = SimulatedClock(START, 1.0)
    steady.seconds += 10
    clock.set(None, 0.0)
    steady.seconds += 10
    assert (clock.now(), clock.speed) == (START + 10_000, 0.0)


def test_only_the_time_changes(steady: Steady) -> None:
    clock = SimulatedClock(START, 2.0)
    clock.set(START + 5_000, None)
    steady.seconds += 1
    assert (clock.now(), clock.speed) == (START + 7_000, 2.0)


def test_it_does_not_go_back(steady: Steady) -> None:
    clock = SimulatedClock(START, 1.0)
    steady.seconds += 10
    with pytest.raises(Fixed, match=r"only moves forwards.*fresh store"):
        clock.set(START + 9_999, 5.0)
    assert (clock.now(), clock.speed) == (START + 10_000, 1.0)
    clock.set(START + 10_000, 1.0)


def test_it_is_exact_to_the_millisecond(steady: Steady) -> None:
    clock = SimulatedClock(START, 1.0)
    for _ in range(1_000):
        steady.seconds += 0.001
    assert abs(clock.now() - (START + 1_000)) <= 1


def test_the_system_s_clock_is_today_s_and_cannot_be_set() -> None:
    clock = SystemClock()
    before = time.time_ns() // 1_000_000
    assert before <= clock.now() <= time.time_ns() // 1_000_000
    assert clock.speed == 1.0
    with pytest.raises(Fixed, match=r'set \[clock\] mode = "simulated"'):
        clock.set(START, 1.0)


def test_the_steady_time_does_not_step_back() -> None:
    assert monotonic() <= monotonic()
