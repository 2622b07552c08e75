from __future__ import annotations

from msgspec import structs

from gateway.core.ageing import SCHEDULES
from gateway.core.events import StageDue
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage, Status, Subscriber
from gateway.store.ageing import Ageing
from tests.gateway.core.network import wib

BRIEF = SCHEDULES["brief"]
OUT_AT, IN_AT = wib("2018-03-01 00:00"), wib("2018-04-15 00:00")
LATER = wib("2018-12-01 00:00")


def number(index: int) -> Msisdn:
    return Msisdn(f"62812{index:08}")


def one(index: int, **fields: object) -> Subscriber:
    made = Subscriber(number(index), "telkomsel", Status.UNREGISTERED, 0)
    return structs.replace(made, **fields)


def swept(*numbers: Subscriber) -> Ageing:
    ageing = Ageing(structs.replace(BRIEF, swept=True))
    for subscriber in numbers:
        ageing.put(subscriber)
    return ageing


def test_the_earliest_date_comes_first_and_in_the_order_of_coming() -> None:
    ageing = swept(one(1, announced=BlockStage.OUTGOING_BARRED), one(2), one(3))
    assert ageing.due(OUT_AT - 1, 10) == []
    assert ageing.due(LATER, 10) == [StageDue(number(2), OUT_AT), StageDue(number(3), OUT_AT)]
    assert ageing.due(LATER, 1) == [StageDue(number(2), OUT_AT)]
    assert [ageing.left(at) for at in (OUT_AT - 1, OUT_AT, IN_AT)] == [0, 2, 3]


def test_who_registered_is_passed_over_and_who_is_told_goes_on() -> None:
    ageing = swept(one(1), one(2), one(3))
    ageing.put(one(1, status=Status.REGISTERED))
    ageing.put(one(3, announced=BlockStage.OUTGOING_BARRED))
    assert ageing.due(LATER, 10) == [StageDue(number(2), OUT_AT)]
    ageing.put(one(2, announced=BlockStage.TOTAL_BARRED))
    assert ageing.due(LATER, 10) == [StageDue(number(3), IN_AT)]
    ageing.put(one(3, announced=BlockStage.TOTAL_BARRED))
    assert (ageing.due(LATER, 10), ageing.left(LATER)) == ([], 0)


def test_one_that_comes_back_to_its_date_is_listed_once() -> None:
    ageing = swept(one(1), one(2))
    ageing.put(one(1, status=Status.REGISTERED))
    ageing.put(one(1))
    assert ageing.due(OUT_AT, 10) == [StageDue(number(1), OUT_AT), StageDue(number(2), OUT_AT)]
    ageing.put(one(2, status=Status.REGISTERED))
    ageing.put(one(1, status=Status.REGISTERED))
    assert ageing.due(OUT_AT, 10) == []
    ageing.put(one(2))
    assert ageing.due(OUT_AT, 10) == [StageDue(number(2), OUT_AT)]


def test_an_own_notice_is_an_own_date() -> None:
    permen = structs.replace(SCHEDULES["permen"], swept=True)
    ageing = Ageing(permen)
    ageing.put(one(1))
    ageing.put(one(2, notice_at=wib("2018-02-01 15:00")))
    ageing.put(one(3, notice_at=wib("2018-01-01 15:00"), status=Status.NEW))
    (first,) = ageing.due(LATER, 10)
    assert first == StageDue(number(2), wib("2018-03-03 00:00"))


def test_without_a_sweep_only_who_would_be_told_ages() -> None:
    ageing = Ageing(BRIEF)
    for subscriber in (
        one(1),
        one(2, has_phone=True),
        one(3, data_ref="d1"),
        one(4, call_id=7),
    ):
        ageing.put(subscriber)
    assert [event.msisdn for event in ageing.due(OUT_AT, 10)] == [number(2), number(3), number(4)]


def test_many_are_listed_in_linear_time() -> None:
    many = 20_000
    ageing = swept(*(one(index) for index in range(many)))
    told = 0
    while due := ageing.due(OUT_AT, 200):
        for event in due:
            index = int(event.msisdn[5:])
            ageing.put(one(index, announced=BlockStage.OUTGOING_BARRED))
        told += len(due)
    assert told == many
