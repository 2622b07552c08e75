import pytest

from gateway.smpp.timers import Due, Limits, TimerAction, Timers

LIMITS = Limits(session_init=5, enquire_link=10, inactivity=100, response=8)
OFF = Limits(session_init=0, enquire_link=0, inactivity=0, response=0)


def bound(limits: Limits = LIMITS) -> Timers:
    timers = Timers(limits, 0.0)
    timers.on_bound(1.0)
    return timers


def due(timers: Timers, now: float) -> list[Due]:
    return [action.due for action in timers.expired(now)]


def test_an_unbound_connection_is_closed_once() -> None:
    timers = Timers(LIMITS, 0.0)
    timers.on_received(4.0)
    assert timers.deadline() == 5.0
    assert due(timers, 4.9) == []
    assert due(timers, 5.0) == [Due.CLOSE_UNBOUND]
    assert timers.deadline() is None


def test_silence_asks_then_closes() -> None:
    timers = bound()
    assert timers.deadline() == 11.0
    assert due(timers, 11.0) == [Due.SEND_ENQUIRE_LINK]
    assert timers.deadline() == 19.0
    assert due(timers, 18.9) == []
    assert due(timers, 19.0) == [Due.CLOSE_SILENT]


def test_anything_heard_is_a_sign_of_life() -> None:
    timers = bound()
    timers.expired(11.0)
    timers.on_received(12.0, transaction=False)
    assert timers.deadline() == 22.0


def test_without_a_response_timer_silence_waits_as_long_again() -> None:
    timers = bound(Limits(session_init=0, enquire_link=10, response=0))
    assert due(timers, 11.0) == [Due.SEND_ENQUIRE_LINK]
    assert timers.deadline() == 21.0


def test_enquire_links_do_not_stop_the_inactivity_timer() -> None:
    timers = bound(Limits(session_init=0, enquire_link=0, inactivity=100, response=0))
    timers.on_received(50.0, transaction=False)
    assert timers.deadline() == 101.0
    timers.on_received(60.0)
    assert timers.deadline() == 160.0
    timers.on_sent_request(70.0, 1)
    assert due(timers, 170.0) == [Due.CLOSE_INACTIVE]
    assert timers.deadline() is None


def test_requests_expire_in_order_never_early_and_hardly_late() -> None:
    timers = bound()
    timers.on_sent_request(2.0, 3)
    timers.on_sent_request(2.1, 7)
    timers.on_sent_request(3.0, 9)
    assert timers.deadline() == 2.0 + 8 + 8 / 64
    assert timers.expired(10.1) == []
    assert timers.expired(10.2) == [TimerAction(Due.EXPIRE_REQUESTS, 7)]
    assert TimerAction(Due.EXPIRE_REQUESTS, 9) in timers.expired(20.0)


def test_thousands_of_requests_are_a_few_groups() -> None:
    timers = bound()
    for ordinal in range(1, 10_001):
        timers.on_sent_request(2.0 + ordinal / 1000, ordinal)
    assert len(timers._groups) < 90
    assert TimerAction(Due.EXPIRE_REQUESTS, 10_000) in timers.expired(30.0)


@pytest.mark.parametrize("is_bound", [False, True])
def test_all_timers_can_be_off(is_bound: bool) -> None:
    timers = bound(OFF) if is_bound else Timers(OFF, 0.0)
    timers.on_received(2.0)
    timers.on_sent_request(2.0, 1)
    assert timers.deadline() is None
    assert timers.expired(1e9) == []
