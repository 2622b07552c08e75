"""The courier: who gets what, in which order, and what comes again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from msgspec import structs

from gateway import courier as courier_module
from gateway.clock import SimulatedClock, monotonic
from gateway.core.decision import (
    BarringSignal,
    Message,
    MessageKind,
    MessagesEnded,
    MessageState,
    ReceiptOf,
    Receiver,
    Signal,
)
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage
from gateway.courier import Courier, receiver_of
from tests.turns import until

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

    def __init__(
        self, room: int = 100, *, repeats: bool = False, only: frozenset[str] | None = None
    ) -> None:
        self.room = room
        self.repeats = repeats
        self.picky = only is not None
        self.only = only or frozenset()
        self.ids: list[int] = []

    def takes(self, destination: str) -> bool:
        return destination in self.only

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


def test_what_ended_before_its_time_came_is_not_carried() -> None:
    office = Office()
    van = Van(repeats=True)
    office.courier.open(PHONE, 0, van)
    office.courier.take([to_phone(1, not_before=NOW + 1000), to_phone(2, not_before=NOW + 1000)])
    assert office.courier.waiting() == 2
    office.ended(1)
    assert office.courier.waiting() == 1
    office.clock.set(NOW + 1000, 0.0)
    office.later(0)
    assert van.ids == [2]


def test_a_time_that_has_come_already_is_no_reason_to_wait() -> None:
    office = Office()
    van = Van(repeats=True)
    office.courier.open(PHONE, 0, van)
    office.courier.take([to_phone(1, not_before=NOW)])
    assert van.ids == [1]


def test_what_is_made_and_ended_in_one_batch_is_not_carried() -> None:
    office = Office()
    van = Van()
    office.courier.open("qa", 1, van)
    office.courier.take([to_esme(1), to_esme(2), MessagesEnded((1,), MessageState.DELIVERED, NOW)])
    assert van.ids == [2]
    assert office.courier.waiting() == 1


def test_a_session_takes_no_more_than_its_window_and_goes_on_in_order() -> None:
    office = Office()
    van = Van(2)
    office.courier.open("qa", 1, van)
    office.take(*range(1, 6), session=1)
    office.take(6)
    assert van.ids == [1, 2]
    for room, carried in ((1, 3), (2, 5), (0, 5), (5, 6)):
        van.room = room
        office.courier.room("qa", 1)
        assert len(van.ids) == carried
    assert van.ids == [1, 2, 3, 4, 5, 6]


def test_sessions_of_an_account_take_turns() -> None:
    office = Office()
    vans = [Van(2), Van(2), Van(2)]
    for key, van in enumerate(vans, start=1):
        office.courier.open("qa", key, van)
    for id_ in range(1, 6):
        office.take(id_)
    assert sorted(len(van.ids) for van in vans) == [1, 2, 2]
    assert sorted(id_ for van in vans for id_ in van.ids) == [1, 2, 3, 4, 5]


def test_what_a_lost_session_had_goes_to_the_others_at_once() -> None:
    office = Office()
    one, two = Van(2), Van()
    office.courier.open("qa", 1, one)
    office.courier.open("qa", 2, two)
    office.take(1, 2, 3, 4, session=1)
    assert (one.ids, two.ids) == ([1, 2], [])
    office.courier.close("qa", 1)
    assert two.ids == [1, 2, 3, 4]


def test_a_receiver_that_goes_with_nothing_waiting_is_forgotten() -> None:
    office = Office()
    office.courier.open("qa", 1, Van())
    office.take(1)
    office.ended(1, 99)
    office.courier.close("qa", 1)
    assert office.courier._lanes == {}


def test_another_account_gets_nothing_of_it() -> None:
    office = Office()
    van = Van()
    office.courier.open("a2p", 1, van)
    office.take(1, session=1)
    assert van.ids == []
    assert office.courier.waiting() == 1


def test_a_phone_that_comes_back_is_sent_it_at_once_and_with_short_pauses_again() -> None:
    office = Office()
    van = Van(repeats=True)
    office.courier.open(PHONE, 0, van)
    office.courier.take([to_phone(1)])
    for pause in courier_module.PAUSES[:3]:
        office.later(pause)
    carried = len(van.ids)
    office.courier.close(PHONE, 0)
    office.later(1000)
    assert len(van.ids) == carried
    office.courier.open(PHONE, 0, van)
    assert len(van.ids) == carried + 1
    office.later(courier_module.PAUSES[0])
    assert len(van.ids) == carried + 2


def test_pauses_grow_to_the_longest_and_stay_there(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(courier_module, "monotonic", lambda: now)
    office = Office()
    van = Van(repeats=True)
    office.courier.open(PHONE, 0, van)
    office.courier.take([to_phone(1)])
    waited = []
    for _ in range(8):
        carried, begin = len(van.ids), now
        while len(van.ids) == carried:
            now += 0.5
            office.courier.tick(now)
        waited.append(now - begin)
    assert waited == [*courier_module.PAUSES, courier_module.PAUSES[-1], courier_module.PAUSES[-1]]


def test_what_ended_for_receivers_who_are_away_is_swept_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(courier_module, "_DEAD_MOST", 3)
    office = Office()
    full = Van(0)
    office.courier.open("qa", 1, full)
    office.take(1, 2, session=1)
    office.take(3, 4)
    office.courier.take([to_phone(5), to_phone(6, not_before=NOW + 1)])
    office.courier.take([to_esme(7, account="away")])
    office.ended(1, 3, 5)
    kept = office.courier
    assert [len(lane.waiting) for lane in kept._lanes.values()] == [2, 1, 1]
    office.ended(6)
    assert kept.waiting() == 3
    assert set(kept._lanes) == {"qa", "away"}
    assert [message.id for message in kept._lanes["qa"].waiting] == [4]
    assert [message.id for message in kept._lanes["qa"].holds[1].waiting] == [2]
    assert kept._later == []
    full.room = 10
    office.courier.room("qa", 1)
    assert full.ids == [2, 4]


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
    await until(lambda: len(van.ids) >= 3)
    running.cancel()


def receipt(id_: int, session: int) -> Message:
    report = ReceiptOf(1, MessageState.DELIVERED, 0, NOW, NOW, "halo")
    return structs.replace(to_esme(id_, session), kind=MessageKind.RECEIPT, receipt=report)


async def test_a_receipt_on_another_session_lets_the_response_go_first() -> None:
    office = Office()
    here, there = Van(), Van()
    office.courier.open("qa", 7, here)
    office.courier.take([receipt(1, session=7)])
    assert here.ids == [1]
    office.courier.close("qa", 7)
    office.courier.open("qa", 8, there)
    assert there.ids == [1]
    office.courier.take([receipt(2, session=7), to_esme(3, session=7)])
    assert there.ids == [1, 3]
    office.later(courier_module._BEHIND_RESPONSE_S)
    assert there.ids == [1, 3, 2]
