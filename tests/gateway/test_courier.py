"""The courier: who gets what, in which order, and what comes again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from gateway import courier as courier_module
from gateway.clock import SimulatedClock, monotonic
from gateway.core.decision import (
    BarringSignal,
    Message,
    MessageKind,
    MessagesEnded,
    MessageState,
    Receiver,
    Signal,
)
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage
from gateway.courier import Courier, receiver_of

NOW = 1_519_606_800_000
PHONE = Msisdn("6281234567890")


def to_esme(id_: int, session: int = 0, account: str = "qa") -> Message:
    return Message(
        id_,
        MessageKind.REPLY,
        "4444",
        PHONE,
        "halo",
        Receiver.ESME,
        MessageState.ENROUTE,
        NOW,
        account=account,
        session=session,
    )


def to_phone(id_: int, not_before: int = 0) -> Message:
    return Message(
        id_,
        MessageKind.REPLY,
        "4444",
        PHONE,
        "halo",
        Receiver.PHONE,
        MessageState.ENROUTE,
        NOW,
        not_before=not_before,
    )


class Van:
    """A carrier with so much room."""

    def __init__(self, room: int = 100, *, repeats: bool = False) -> None:
        self.room = room
        self.repeats = repeats
        self.ids: list[int] = []

    def free(self) -> int:
        return self.room

    def carry(self, messages: Sequence[Message]) -> None:
        self.ids += [message.id for message in messages]
        self.room -= len(messages)


class Office:
    def __init__(self) -> None:
        self.clock = SimulatedClock(NOW, 0.0)
        self.signals: list[Signal] = []
        self.courier = Courier(self.clock, self.signals.append)

    def take(self, *ids: int, session: int = 0) -> None:
        self.courier.take([to_esme(id_, session) for id_ in ids])

    def ended(self, *ids: int) -> None:
        self.courier.take([MessagesEnded(ids, MessageState.DELIVERED, NOW)])

    def later(self, seconds: float) -> None:
        self.courier.tick(monotonic() + seconds)


def test_receivers() -> None:
    assert receiver_of(to_esme(1)) == "qa"
    assert receiver_of(to_phone(1)) == PHONE


def test_waits_until_somebody_holds_the_receiver() -> None:
    office = Office()
    office.take(1, 2, 3)
    assert office.courier.waiting() == 3
    van = Van(2)
    office.courier.open("qa", 1, van)
    assert van.ids == [1, 2]
    van.room = 5
    office.courier.room("qa", 1)
    assert van.ids == [1, 2, 3]
    office.ended(1, 2, 3)
    assert office.courier.waiting() == 0


def test_the_session_that_asked_gets_the_answer_others_share_the_rest() -> None:
    office = Office()
    one, two = Van(), Van()
    office.courier.open("qa", 1, one)
    office.courier.open("qa", 2, two)
    office.take(1, 2, session=2)
    office.take(3, session=1)
    assert (one.ids, two.ids) == ([3], [1, 2])
    office.take(4, session=9)
    assert sorted(one.ids + two.ids) == [1, 2, 3, 4]


def test_what_a_lost_carrier_had_goes_on_in_the_old_order() -> None:
    office = Office()
    one = Van(2)
    office.courier.open("qa", 1, one)
    office.take(1, 2, 3, session=1)
    office.take(4)
    office.ended(1)
    office.courier.close("qa", 1)
    two = Van()
    office.courier.open("qa", 2, two)
    assert two.ids == [2, 3, 4]
    office.courier.close("qa", 9)
    office.courier.close("nobody", 1)
    office.courier.room("nobody", 1)


def test_what_ended_while_it_waited_is_not_carried() -> None:
    office = Office()
    office.take(1, 2)
    office.ended(1)
    van = Van()
    office.courier.open("qa", 1, van)
    assert van.ids == [2]


def test_a_phone_is_sent_it_again_after_growing_pauses() -> None:
    office = Office()
    van = Van(repeats=True)
    office.courier.open(PHONE, 0, van)
    office.courier.take([to_phone(1)])
    office.later(courier_module.PAUSES[0] / 2)
    assert van.ids == [1]
    office.later(courier_module.PAUSES[0])
    assert van.ids == [1, 1]
    office.later(courier_module.PAUSES[0])
    assert van.ids == [1, 1]
    office.later(courier_module.PAUSES[1])
    assert van.ids == [1, 1, 1]
    office.ended(1)
    office.later(1000)
    assert van.ids == [1, 1, 1]


def test_an_esme_is_sent_it_again_only_when_it_asked_and_has_room() -> None:
    office = Office()
    van = Van()
    office.courier.open("qa", 1, van)
    office.take(1, 2)
    office.later(1000)
    assert van.ids == [1, 2]
    van.room = 0
    office.courier.again(1)
    office.later(courier_module.PAUSES[0])
    assert van.ids == [1, 2]
    van.room = 1
    office.courier.room("qa", 1)
    assert van.ids == [1, 2, 1]
    # The pause has grown.
    van.room = 1
    office.courier.again(1)
    office.later(courier_module.PAUSES[0])
    assert van.ids == [1, 2, 1]
    office.later(courier_module.PAUSES[1])
    assert van.ids == [1, 2, 1, 1]


def test_again_of_what_is_not_carried_does_nothing() -> None:
    office = Office()
    van = Van()
    office.courier.open("qa", 1, van)
    office.take(1, 2)
    office.ended(1)
    office.courier.again(1)
    office.courier.again(2)
    office.ended(2)
    office.courier.again(99)
    office.later(1000)
    assert van.ids == [1, 2]
    assert office.courier.waiting() == 0


def test_again_then_the_carrier_is_lost() -> None:
    office = Office()
    office.courier.open("qa", 1, Van())
    office.take(1)
    office.courier.again(1)
    office.courier.close("qa", 1)
    two = Van()
    office.courier.open("qa", 2, two)
    assert two.ids == [1]
    office.later(1000)
    assert two.ids == [1]


def test_a_second_carrier_under_the_same_key_takes_over() -> None:
    office = Office()
    one, two = Van(), Van()
    office.courier.open("qa", 1, one)
    office.take(1)
    office.courier.open("qa", 1, two)
    assert (one.ids, two.ids) == ([1], [1])


def test_later_is_by_the_calendar() -> None:
    office = Office()
    van = Van(repeats=True)
    office.courier.open(PHONE, 0, van)
    office.courier.take([to_phone(1, not_before=NOW + 1000)])
    office.later(0)
    assert van.ids == []
    office.clock.set(NOW + 1000, 0.0)
    office.later(0)
    assert van.ids == [1]


def test_signals_leave_at_once() -> None:
    office = Office()
    signal = BarringSignal(PHONE, BlockStage.OPEN, (), None, 0)
    office.courier.take([signal])
    assert office.signals == [signal]


async def test_run_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier_module, "_TICK", 0.001)
    monkeypatch.setattr(courier_module, "PAUSES", (0.001,))
    office = Office()
    van = Van(repeats=True)
    office.courier.open(PHONE, 0, van)
    office.courier.take([to_phone(1)])
    running = asyncio.create_task(office.courier.run())
    async with asyncio.timeout(5):
        while len(van.ids) < 3:  # noqa: ASYNC110 - of what no event tells
            await asyncio.sleep(0.001)
    running.cancel()
