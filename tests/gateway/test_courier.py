"""The courier: who gets what, in which order, and what comes again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

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
from tests.turns import turn, until

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
        self.texts: list[str] = []
        self.at: Callable[[], None] = lambda: None

    def takes(self, destination: str) -> bool:
        return destination in self.only

    def free(self) -> int:
        return self.room

    def carry(self, messages: Sequence[Message]) -> None:
        self.ids += [message.id for message in messages]
        self.texts += [message.text for message in messages]
        self.room -= len(messages)
        for _ in messages:
            self.at()


class Office:
    def __init__(self, speed: float = 0.0, pauses: Sequence[float] = courier_module.PAUSES) -> None:
        self.clock = SimulatedClock(NOW, speed)
        self.signals: list[Signal] = []
        self.courier = Courier(self.clock, self.signals.append, pauses)

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


async def test_run_carries_again_as_soon_as_the_pause_is_over() -> None:
    office = Office(pauses=(0.001,))
    van = Van(repeats=True)
    office.courier.open(PHONE, 0, van)
    office.courier.take([to_phone(1)])
    running = asyncio.create_task(office.courier.run())
    await until(lambda: len(van.ids) >= 3)
    running.cancel()


# ---- priorities, and several sessions of an account


def urgent(id_: int, priority: int, session: int = 0) -> Message:
    return structs.replace(to_esme(id_, session), priority=priority)


@pytest.mark.parametrize("session", [0, 1])
def test_the_higher_priority_is_carried_first(session: int) -> None:
    office = Office()
    van = Van(0)
    office.courier.open("qa", 1, van)
    priorities = enumerate((0, 1, 3, 2, 3), start=1)
    office.courier.take([urgent(id_, priority, session) for id_, priority in priorities])
    for room in (2, 9):
        van.room = room
        office.courier.room("qa", 1)
    assert van.ids == [3, 5, 4, 2, 1]


def test_what_a_lost_session_had_keeps_its_priority() -> None:
    office = Office()
    office.courier.open("qa", 1, Van(2))
    office.courier.take([urgent(1, 0), urgent(2, 0), urgent(3, 0), urgent(4, 2)])
    office.courier.close("qa", 1)
    van = Van()
    office.courier.open("qa", 2, van)
    assert van.ids == [4, 1, 2, 3]


def test_sessions_share_alike_what_comes_at_once() -> None:
    office = Office()
    vans = [Van(), Van(), Van()]
    for key, van in enumerate(vans, start=1):
        office.courier.open("qa", key, van)
    office.take(*range(1, 91))
    assert [len(van.ids) for van in vans] == [30, 30, 30]
    for van in vans:
        assert van.ids == sorted(van.ids)


def test_a_session_without_room_leaves_its_share_to_the_others() -> None:
    office = Office()
    vans = [Van(1), Van(), Van(5)]
    for key, van in enumerate(vans, start=1):
        office.courier.open("qa", key, van)
    office.take(*range(1, 31))
    assert [len(van.ids) for van in vans] == [1, 24, 5]


def test_one_message_after_the_other_goes_round_the_sessions() -> None:
    office = Office()
    vans = [Van(), Van(), Van()]
    for key, van in enumerate(vans, start=1):
        office.courier.open("qa", key, van)
    for id_ in range(1, 10):
        office.take(id_)
    assert [len(van.ids) for van in vans] == [3, 3, 3]


def test_an_unanswered_message_goes_to_another_session() -> None:
    office = Office()
    one, two = Van(), Van()
    office.courier.open("qa", 1, one)
    office.take(1, session=1)
    office.courier.open("qa", 2, two)
    office.courier.again(1)
    office.later(courier_module.PAUSES[0])
    assert (one.ids, two.ids) == ([1], [1])
    # The pause has grown, and the first has the next turn.
    office.courier.again(1)
    office.later(courier_module.PAUSES[0])
    assert (one.ids, two.ids) == ([1], [1])
    office.later(courier_module.PAUSES[1])
    assert (one.ids, two.ids) == ([1, 1], [1])
    office.ended(1)
    office.later(1000)
    assert office.courier.waiting() == 0


def test_an_unanswered_message_comes_before_what_waits_behind_it() -> None:
    office = Office()
    van = Van(1)
    office.courier.open("qa", 1, van)
    office.take(1, 2)
    office.courier.again(1)
    office.later(courier_module.PAUSES[0])
    van.room = 2
    office.courier.room("qa", 1)
    assert van.ids == [1, 1, 2]


# ---- sessions that serve an address_range


def from_phone(id_: int, destination: str) -> Message:
    return structs.replace(to_esme(id_), kind=MessageKind.MO, destination=destination)


def test_a_session_is_given_only_what_its_range_holds() -> None:
    office = Office()
    two, three = Van(only=frozenset({"2000"})), Van(only=frozenset({"3000"}))
    office.courier.open("qa", 1, two)
    office.courier.open("qa", 2, three)
    places = enumerate(("2000", "3000", "2000", "4000", "3000"), start=1)
    office.courier.take([from_phone(id_, destination) for id_, destination in places])
    assert (two.ids, three.ids) == ([1, 3], [2, 5])
    any_ = Van()
    office.courier.open("qa", 3, any_)
    assert any_.ids == [4]


def test_what_a_range_does_not_hold_keeps_its_place() -> None:
    office = Office()
    picky, any_ = Van(2, only=frozenset({"2000"})), Van(0)
    office.courier.open("qa", 1, picky)
    office.courier.open("qa", 2, any_)
    places = enumerate(("3000", "2000", "3000", "2000", "2000", "3000"), start=1)
    office.courier.take([from_phone(id_, destination) for id_, destination in places])
    assert picky.ids == [2, 4]
    any_.room = 9
    office.courier.room("qa", 2)
    assert any_.ids == [1, 3, 5, 6]


def test_receipts_and_replies_go_to_any_session_whatever_its_range() -> None:
    office = Office()
    picky = Van(only=frozenset({"2000"}))
    office.courier.open("qa", 1, picky)
    office.courier.take([to_esme(1), receipt(2, session=0)])
    assert picky.ids == [1, 2]


# ---- replaced messages


def text(id_: int, said: str, **fields: object) -> Message:
    return structs.replace(to_phone(id_), text=said, **fields)


@pytest.mark.parametrize("receiver", [Receiver.PHONE, Receiver.ESME])
def test_the_new_text_is_carried_and_the_old_is_not(receiver: Receiver) -> None:
    office = Office()
    as_sent = {"receiver": receiver, "account": "qa"}
    office.courier.take([text(1, "lama", **as_sent), text(2, "lain", **as_sent)])
    office.courier.take([text(1, "baru", **as_sent)])
    assert office.courier.waiting() == 2
    van = Van()
    office.courier.open("qa" if receiver is Receiver.ESME else PHONE, 0, van)
    assert sorted(van.texts) == ["baru", "lain"]
    office.ended(1, 2)
    assert office.courier.waiting() == 0


def test_what_is_carried_again_is_the_new_text() -> None:
    office = Office()
    van = Van(repeats=True)
    office.courier.open(PHONE, 0, van)
    office.courier.take([text(1, "lama")])
    office.courier.take([text(1, "baru")])
    assert van.texts == ["lama"]
    office.later(courier_module.PAUSES[0])
    assert van.texts == ["lama", "baru"]
    office.courier.close(PHONE, 0)
    office.courier.open(PHONE, 0, van)
    assert van.texts == ["lama", "baru", "baru"]


def test_what_is_put_off_is_not_carried_again() -> None:
    office = Office()
    van = Van(repeats=True)
    office.courier.open(PHONE, 0, van)
    office.courier.take([text(1, "lama"), text(2, "lain")])
    van.room = 0
    office.courier.take([text(3, "tiga")])
    office.courier.take([text(id_, "nanti", receiver=Receiver.LATER) for id_ in (1, 3)])
    office.later(courier_module.PAUSES[0])
    van.room = 9
    office.courier.room(PHONE, 0)
    assert van.texts == ["lama", "lain", "lain"]
    assert office.courier.waiting() == 1
    office.courier.take([text(1, "nanti")])
    assert van.texts[-1] == "nanti"


@pytest.mark.parametrize("receiver", [Receiver.LATER, Receiver.PARTS])
def test_what_waits_in_the_store_is_never_carried(receiver: Receiver) -> None:
    office = Office()
    van = Van()
    office.courier.open(PHONE, 0, van)
    office.courier.take([structs.replace(to_phone(1), receiver=receiver)])
    assert van.ids == []
    assert office.courier.waiting() == 0
    office.later(1000)
    assert van.ids == []


# ---- when something is due


async def carried_at(office: Office, *due: int) -> list[int]:
    """Run until all are carried; gives the calendar's times at which each was."""
    times: list[int] = []
    van = Van()
    van.at = lambda: times.append(office.clock.now())
    office.courier.open(PHONE, 0, van)
    running = asyncio.create_task(office.courier.run())
    # They come while it sleeps.
    await turn()
    office.courier.take([to_phone(id_, not_before=at) for id_, at in enumerate(due, start=1)])
    await until(lambda: len(times) == len(due))
    running.cancel()
    return times


async def test_it_sleeps_until_something_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    # No tick comes to its help.
    monkeypatch.setattr(courier_module, "_TICK", 1000)
    office = Office(speed=1.0)
    due = office.clock.now() + 60
    (at,) = await carried_at(office, due)
    assert due <= at


async def test_it_sleeps_as_the_calendar_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier_module, "_TICK", 1000)
    office = Office(speed=86_400.0)
    hour = 3_600_000
    due = [office.clock.now() + hour, office.clock.now() + 2 * hour]
    first, second = await carried_at(office, *due)
    assert due[0] <= first <= second
    assert due[1] <= second


@pytest.mark.parametrize(
    ("speed", "ahead_ms", "seconds"),
    [
        (1.0, 100, 0.1),
        (10.0, 100, 0.01),
        (10.0, 2_000, 0.2),
        (1.0, 60_000, courier_module._TICK),
        (0.0, 100, courier_module._TICK),
        (86_400.0, 1, 0.001),
    ],
)
def test_how_long_it_sleeps(
    monkeypatch: pytest.MonkeyPatch, speed: float, ahead_ms: int, seconds: float
) -> None:
    office = Office(speed)
    monkeypatch.setattr(office.clock, "now", lambda: NOW)
    office.courier.take([to_phone(1, not_before=NOW + ahead_ms)])
    assert office.courier._sleep() == pytest.approx(seconds)


def test_a_retry_ends_the_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier_module, "monotonic", lambda: 100.0)
    office = Office(pauses=(0.125,))
    office.courier.open(PHONE, 0, Van(repeats=True))
    assert office.courier._sleep() == courier_module._TICK
    office.courier.take([to_phone(1)])
    assert office.courier._sleep() == pytest.approx(0.125)


def test_what_is_due_goes_to_the_session_that_asked_and_in_the_order_of_times() -> None:
    office = Office()
    one, two = Van(), Van()
    office.courier.open("qa", 1, one)
    office.courier.open("qa", 2, two)
    times = ((1, 3_000), (2, 1_000), (3, 2_000), (4, 9_000))
    office.courier.take(
        [structs.replace(to_esme(id_, 2), not_before=NOW + after) for id_, after in times]
    )
    office.clock.set(NOW + 3_000, 0.0)
    office.later(0)
    assert (one.ids, two.ids) == ([], [2, 3, 1])


# ---- receipts behind their responses


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
