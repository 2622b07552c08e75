"""Registrations that wait for their verdict come in the order in which it falls due."""

from __future__ import annotations

from msgspec import structs

from gateway.core.events import VerdictDue
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import Pending, Status, Subscriber
from gateway.store.verdicts import Verdicts
from tests.gateway.core.network import OTHER, SITI, TELKOMSEL


class Book:
    """Subscribers and their verdicts, kept in step."""

    def __init__(self) -> None:
        self.verdicts = Verdicts()
        self.subscribers: dict[Msisdn, Subscriber] = {}

    def put(self, msisdn: Msisdn, due_at: int | None) -> None:
        before = self.subscribers.get(msisdn)
        after = before or Subscriber(msisdn, "telkomsel", Status.UNREGISTERED, 0)
        pending = due_at and Pending(due_at, 1, SITI.nik, SITI.kk, "REG", (), "4444")
        after = structs.replace(after, pending=pending or None)
        self.subscribers[msisdn] = after
        self.verdicts.change(before, after)

    def due(self, until: int, most: int = 100) -> list[tuple[Msisdn, int]]:
        return [
            (event.msisdn, event.at)
            for event in self.verdicts.due(until, most, self.subscribers)
            if type(event) is VerdictDue
        ]


def test_the_earliest_comes_first_and_stays_due_until_it_is_decided() -> None:
    book = Book()
    book.put(TELKOMSEL, 20)
    book.put(OTHER, 10)
    assert book.due(9) == []
    for _ in range(2):
        assert book.due(20) == [(OTHER, 10), (TELKOMSEL, 20)]
    assert book.due(20, most=1) == [(OTHER, 10)]
    book.put(OTHER, None)
    assert book.due(20) == [(TELKOMSEL, 20)]


def test_what_was_replaced_is_due_at_its_new_time_only() -> None:
    book = Book()
    book.put(TELKOMSEL, 10)
    book.put(TELKOMSEL, 30)
    assert book.due(20) == []
    book.put(TELKOMSEL, 10)
    assert book.due(40) == [(TELKOMSEL, 10)]


def test_a_change_of_something_else_makes_nothing_due_twice() -> None:
    book = Book()
    book.put(TELKOMSEL, 10)
    book.put(TELKOMSEL, 10)
    assert book.due(10) == [(TELKOMSEL, 10)]
