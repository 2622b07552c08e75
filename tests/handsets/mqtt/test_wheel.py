"""What is due when."""

from handsets.mqtt.wheel import Wheel


def test_things_come_at_their_time_or_a_slot_later_and_once() -> None:
    wheel: Wheel[str] = Wheel(0.1)
    wheel.put("b", 10.25)
    wheel.put("a", 10.0)
    assert wheel.due(9.9) == []
    assert wheel.due(10.11) == ["a"]
    assert wheel.due(10.25) == []
    assert wheel.due(10.31) == ["b"]
    assert wheel.due(99.0) == []


def test_what_is_late_already_comes_at_the_next_turn() -> None:
    wheel: Wheel[str] = Wheel(0.1)
    wheel.due(10.0)
    wheel.put("late", 3.0)
    assert wheel.due(10.0) == []
    assert wheel.due(10.11) == ["late"]


def test_a_long_sleep_loses_nothing() -> None:
    wheel: Wheel[int] = Wheel(0.1)
    wheel.due(0.0)
    for at in range(5):
        wheel.put(at, at * 100.0)
    assert wheel.due(1000.0) == [0, 1, 2, 3, 4]


def test_a_clock_that_stands_still_gives_nothing_twice() -> None:
    wheel: Wheel[int] = Wheel(0.1)
    wheel.put(1, 0.0)
    assert wheel.due(1.0) == [1]
    assert wheel.due(1.0) == []
    assert wheel.due(0.5) == []
