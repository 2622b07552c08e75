"""What waits for one receiver, and when it is carried again."""

from __future__ import annotations

import pytest

from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.lanes import Hold, Lane, Queue, Retries
from tests.gateway.test_courier import Van


def message(id_: int, priority: int = 0, kind: MessageKind = MessageKind.MO) -> Message:
    return Message(
        id_,
        kind,
        "6281234567890",
        "2000",
        "halo",
        Receiver.ESME,
        MessageState.ENROUTE,
        1,
        priority=priority,
    )


def queue(*messages: Message) -> Queue:
    made = Queue()
    for one in messages:
        made.push(one)
    return made


def popped(waiting: Queue) -> list[int]:
    return [waiting.pop().id for _ in range(len(waiting))]


# ---- the queue


def test_messages_leave_in_their_order() -> None:
    waiting = queue(message(1), message(2), message(3))
    assert [one.id for one in waiting] == [1, 2, 3]
    assert popped(waiting) == [1, 2, 3]
    assert len(waiting) == 0
    with pytest.raises(IndexError):
        waiting.pop()


def test_the_higher_priority_leaves_first_and_then_the_older() -> None:
    waiting = queue(
        message(1), message(2, 1), message(3, 3), message(4, 2), message(5, 3), message(6)
    )
    assert len(waiting) == 6
    assert [one.id for one in waiting] == [3, 5, 4, 2, 1, 6]
    assert popped(waiting) == [3, 5, 4, 2, 1, 6]


def test_a_priority_that_was_used_up_comes_again() -> None:
    waiting = queue(message(1, 2))
    waiting.pop()
    waiting.push(message(2, 1))
    waiting.push(message(3, 2))
    assert popped(waiting) == [3, 2]


def test_what_was_taken_goes_back_before_those_of_its_priority() -> None:
    waiting = queue(message(1), message(2), message(3, 1), message(4, 1))
    first = waiting.pop()
    waiting.push_back(first)
    waiting.push_back(message(5))
    assert popped(waiting) == [3, 4, 5, 1, 2]


def test_a_refilled_queue_holds_just_what_it_was_given() -> None:
    waiting = queue(message(1), message(2, 1))
    waiting.refill([message(4), message(3, 2), message(5)])
    assert popped(waiting) == [3, 4, 5]


# ---- holds and lanes


def test_only_what_phones_send_is_picked_by_its_destination() -> None:
    hold = Hold("qa", Van(only=frozenset({"3000"})))
    assert not hold.takes(message(1))
    for kind in set(MessageKind) - {MessageKind.MO}:
        assert hold.takes(message(1, kind=kind))
    assert Hold("qa", Van(only=frozenset({"2000"}))).takes(message(1))


def test_a_carrier_becomes_the_last_in_turn() -> None:
    lane = Lane()
    for key in (1, 2, 3):
        lane.holds[key] = Hold("qa", Van())
    lane.last(1)
    lane.last(9)
    assert list(lane.holds) == [2, 3, 1]


# ---- carried again


def due(retries: Retries, now: float) -> list[int]:
    return list(retries.due(now))


def test_pauses_grow_to_the_longest() -> None:
    retries = Retries((1.0, 2.0, 4.0))
    now = 100.0
    for pause in (1.0, 2.0, 4.0, 4.0):
        retries.again(7, now)
        assert retries.next() == now + pause
        assert due(retries, now + pause - 0.1) == []
        now += pause
        assert due(retries, now) == [7]
    assert retries.next() is None


def test_it_says_whether_this_is_sooner_than_all_others() -> None:
    retries = Retries((1.0, 2.0))
    assert retries.again(1, 100.0)
    assert not retries.again(2, 100.5)
    assert not retries.again(1, 100.5)
    assert retries.again(3, 99.0)


def test_what_is_forgotten_is_not_due_and_counts_anew() -> None:
    retries = Retries((1.0, 5.0))
    retries.again(1, 100.0)
    retries.forget(1)
    retries.forget(2)
    assert due(retries, 200.0) == []
    retries.again(1, 200.0)
    assert due(retries, 201.0) == [1]


def test_the_newest_time_counts() -> None:
    retries = Retries((1.0, 5.0))
    retries.again(1, 100.0)
    retries.again(1, 100.0)
    assert due(retries, 104.0) == []
    assert due(retries, 105.0) == [1]
