"""The console's page as the server keeps it: the row of phones, the feed, the running lesson."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from msgspec import to_builtins

from gateway.console.page_feed import PageFeed, clock_shown
from gateway.console.page_phones import PagePhone, PagePhones
from gateway.console.page_totals import PageTotals
from gateway.console.reports import Reports
from gateway.console.view import Gateway
from gateway.core.ageing import DAY_MS, stage_at
from gateway.core.moments import parse_moment
from gateway.core.numbers import Msisdn, national_form
from gateway.core.registration.profiles import operator_of
from gateway.core.subscriber import Status

PHONES_MOST = 24

CAST: Final = (
    ("6281290000001", "Sari", 101),
    ("6285690000002", "Budi", 205),
    ("6281790000003", "Dewi", 309),
    ("6289790000004", "Agus", 412),
    ("6283890000005", "Eko", 516),
    ("6288190000006", "Rina", 621),
)
"""The first row: number, name and the owner's index in the civil registry; all invented."""


class Page:
    """What all viewers share."""

    def __init__(self, gateway: Gateway, reports: Reports) -> None:
        self.gateway: Final = gateway
        self.feed: Final = PageFeed(gateway, self.phone)
        self.phones: Final = PagePhones(gateway.phones.nearby, self._changed)
        self.totals: Final = PageTotals(gateway, reports)
        self.lesson: dict[str, Any] | None = None
        self._watchers: list[Callable[[], None]] = []
        population = gateway.flow.rules.registry.population
        for msisdn, name, citizen in CAST:
            self.phones.put(Msisdn(msisdn), name, citizen % population)

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` whenever a phone changes; returns what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def _changed(self, msisdn: Msisdn) -> None:
        self.feed.phone_changed(msisdn)
        for watcher in tuple(self._watchers):
            watcher()

    def show_lesson(self, lesson: dict[str, Any]) -> None:
        """Show how the lesson stands."""
        self.lesson = lesson
        self.feed.lesson_changed(lesson)

    # ---- as JSON

    def phone(self, msisdn: Msisdn) -> dict[str, Any] | None:
        """Show a phone; None where it is in the row no more."""
        phone = self.phones.find(msisdn)
        return None if phone is None else self._shown(phone)

    def all(self) -> dict[str, Any]:
        """Show everything, for who opens the page."""
        rules = self.gateway.flow.rules
        schedule = rules.schedule
        return {
            "tick": self.feed.tick,
            "clock": clock_shown(self.gateway),
            "schedule": {
                "name": schedule.name,
                "source": schedule.source,
                "from": min(self.gateway.clock.now(), schedule.day_zero - 7 * DAY_MS),
                "stages": [
                    {"stage": step.stage.value, "at": schedule.day_zero + step.day * DAY_MS}
                    for step in schedule.steps
                ],
            },
            "phones": {phone.msisdn: self._shown(phone) for phone in self.phones.all()},
            "links": dict(self.gateway.links()),
            "lesson": self.lesson,
            "viewers": self.feed.viewers,
        }

    def _shown(self, phone: PagePhone) -> dict[str, Any]:
        gateway = self.gateway
        rules, now = gateway.flow.rules, gateway.clock.now()
        profile = operator_of(phone.msisdn, rules.profiles)
        found = gateway.store.subscriber(phone.msisdn)
        status = found.status if found is not None else Status.UNREGISTERED
        told = phone.barring
        owner = rules.registry.citizen(phone.citizen)
        return {
            "number": national_form(phone.msisdn),
            "name": phone.name,
            "brand": profile.brand,
            "on": phone.on,
            "data": phone.data,
            "status": status.value,
            "stage": stage_at(rules.schedule, found, now).value if found is not None else "OPEN",
            "barred": [one.value for one in told.barred] if told is not None and phone.on else [],
            "next": parse_moment(told.next.at)
            if told is not None and told.next is not None
            else None,
            "call": to_builtins(phone.call),
            "ussd": phone.ussd,
            "bubbles": to_builtins(list(phone.bubbles)),
            "hint": profile.format_for(status is Status.NEW).hint,
            "owner": {"name": owner.name, "nik": owner.nik.digits, "kk": owner.kk.digits},
        }


async def _page_of(request: Request) -> Page:
    page: Page = request.app.state.page
    return page


FromPage = Annotated[Page, Depends(_page_of)]
