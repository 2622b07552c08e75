from __future__ import annotations

import pytest

from gateway.core.ageing import SCHEDULES
from gateway.core.numbers import Nik
from gateway.core.report.people import People, Standing
from gateway.core.subscriber import Status, Subscriber
from tests.gateway.core.network import SITI, TELKOMSEL, TOTAL_BARRED_AT, wib


def counted(*subscribers: Subscriber, at: str = "2018-03-05 08:00") -> People:
    people = People(SCHEDULES["brief"], wib(at))
    people.add(subscribers)
    return people


def one(status: Status, nik: Nik | None = None, registered_at: int | None = None) -> Subscriber:
    return Subscriber(
        TELKOMSEL, "telkomsel", status, 1, nik=nik, kk=None, registered_at=registered_at
    )


@pytest.mark.parametrize(
    ("status", "at", "standing"),
    [
        (Status.REGISTERED, TOTAL_BARRED_AT, Standing.REGISTERED),
        (Status.REGISTERED_UNVALIDATED, TOTAL_BARRED_AT, Standing.UNVALIDATED),
        (Status.NEW, TOTAL_BARRED_AT, Standing.NEW),
        (Status.UNREGISTERED, "2018-02-26 08:00", Standing.OPEN),
        (Status.UNREGISTERED, "2018-03-01 00:00", Standing.OUTGOING),
        (Status.UNREGISTERED, "2018-04-20 00:00", Standing.INCOMING),
        (Status.UNREGISTERED, TOTAL_BARRED_AT, Standing.TOTAL),
        (Status.EXPIRED, TOTAL_BARRED_AT, Standing.GONE),
    ],
)
def test_how_a_number_stands(status: Status, at: str, standing: Standing) -> None:
    assert counted(one(status), at=at).standing == {("telkomsel", standing): 1}


def test_who_registered_is_counted_by_what_the_nik_says() -> None:
    people = counted(
        one(Status.REGISTERED, SITI.nik, wib("2018-02-01 23:59")),
        one(Status.REGISTERED, SITI.nik, wib("2018-02-02 00:00")),
        one(Status.REGISTERED_UNVALIDATED, SITI.nik, wib("2018-02-02 05:00")),
        one(Status.UNREGISTERED),
    )
    assert people.province == {SITI.province: 2}
    assert people.sex.total() == people.band.total() == 2
    assert people.hour == {23: 1, 0: 1}


def test_an_application_that_tells_no_nik_leaves_the_person_unknown() -> None:
    people = counted(one(Status.REGISTERED))
    assert people.province == people.sex == people.band == {"unknown": 1}
