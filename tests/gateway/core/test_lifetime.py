"""When a number that nobody registers expires, and when it is sold anew."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.ageing import DAY_MS, SCHEDULES, Lifetime
from gateway.core.lifetime import life_due
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import Status, Subscriber
from tests.gateway.core.network import wib

LIFETIME = Lifetime(60 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS)
BRIEF = structs.replace(SCHEDULES["brief"], lifetime=LIFETIME)
SEEN = wib("2018-01-10 12:00")


def number(status: Status, **fields: object) -> Subscriber:
    made = Subscriber(Msisdn("6281210000001"), "telkomsel", status, SEEN)
    return structs.replace(made, **fields)


@pytest.mark.parametrize(
    ("subscriber", "due"),
    [
        (number(Status.UNREGISTERED), wib("2018-04-30 00:00")),
        (
            number(Status.UNREGISTERED, first_seen_at=wib("2018-03-02 00:00")),
            wib("2018-05-01 00:00"),
        ),
        (number(Status.UNREGISTERED, expires_at=5), 5),
        (number(Status.NEW), wib("2018-02-09 12:00")),
        (number(Status.NEW, expires_at=5), 5),
        (number(Status.EXPIRED, expires_at=SEEN), SEEN + 90 * DAY_MS),
        (number(Status.EXPIRED), None),
        (number(Status.REGISTERED, expires_at=5), None),
        (number(Status.UNREGISTERED_DEAD), None),
    ],
)
def test_the_end_of_a_life(subscriber: Subscriber, due: int | None) -> None:
    assert life_due(BRIEF, subscriber) == due


@pytest.mark.parametrize("status", Status)
def test_without_a_lifetime_nothing_ends(status: Status) -> None:
    assert life_due(SCHEDULES["brief"], number(status)) is None


def test_an_own_end_needs_no_lifetime() -> None:
    assert life_due(SCHEDULES["brief"], number(Status.UNREGISTERED, expires_at=5)) == 5
