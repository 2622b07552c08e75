"""Plays a lesson on the page's phones, one step at a time, and says whether it went as told.

Each run has numbers and owners of its own, so that a lesson can be played again and again on one
gateway. The calendar only moves forwards: a lesson about stages needs one that is before them.
"""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec import to_builtins

from gateway.console.lesson_backstage import Result
from gateway.console.lesson_steps import Staging
from gateway.console.lessons import (
    AtOutlet,
    Calendar,
    FromEsme,
    Later,
    Lesson,
    On,
    SendSms,
    Step,
    SwitchData,
    SwitchFaults,
    lessons,
)
from gateway.console.page import Page
from gateway.console.page_phones import PagePhone
from gateway.core.ageing import DAY_MS, iso
from gateway.core.numbers import Msisdn, mask_identities
from gateway.core.registration.profiles import operator_of
from gateway.core.registration.records import Standing

_FIRST_CITIZEN = 1_000
# A calendar for lessons about stages begins so long before the first.
_DAYS_BEFORE, _MORNING_MS = 3, 8 * 3_600_000
_SERVE = (
    "gateway serve --set 'store.path=\":memory:\"' --set 'clock.mode=\"simulated\"' "
    "--set 'clock.now=\"{now}\"'"
)


class LessonPlayer:
    """The one lesson that runs; all who look see it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._name = ""
        self._lesson: Lesson | None = None
        self._phones: dict[str, PagePhone] = {}
        self._staging = Staging(page, self._phones)
        self._done: list[Result] = []
        self._run = 0
        self._numbers = 0
        self._next_citizen = _FIRST_CITIZEN
        self._one_at_a_time = asyncio.Lock()

    # ---- what a trainer does

    def offers(self) -> list[dict[str, Any]]:
        """List the lessons; `too_late` where the calendar is past what one tells.

        It only moves forwards: `remedy` is then the command for a gateway that is not past it.
        """
        rules, now = self._page.gateway.flow.rules, self._page.gateway.clock.now()
        first = rules.schedule.day_zero + rules.schedule.steps[0].day * DAY_MS
        began = now >= first
        remedy = _SERVE.format(now=iso(first - _DAYS_BEFORE * DAY_MS + _MORNING_MS))
        return [
            {
                "name": name,
                "title": to_builtins(lesson.title),
                "about": to_builtins(lesson.about),
                "too_late": lesson.stages and began,
                "remedy": remedy if lesson.stages and began else "",
            }
            for name, lesson in lessons().items()
        ]

    async def begin(self, name: str) -> dict[str, Any] | None:
        """Put the lesson's phones into the row, on; None where there is no such lesson."""
        lesson = lessons().get(name)
        if lesson is None:
            return None
        async with self._one_at_a_time:
            for phone in self._page.phones.all():
                self._page.phones.remove(phone.msisdn)
            self._name, self._lesson, self._done = name, lesson, []
            self._run += 1
            self._phones.clear()
            for row in lesson.phones:
                owner = self._phones.get(row.owner)
                msisdn = self._number(row.prefix)
                citizen = owner.citizen if owner is not None else self._citizen(msisdn)
                phone = self._page.phones.put(msisdn, row.name, citizen)
                self._phones[row.key] = phone
                await self._staging.play(On(row.key))
            return self._show()

    async def step(self, position: int) -> dict[str, Any] | None:
        """Play the step at this place, unless another trainer did; None: no lesson runs."""
        async with self._one_at_a_time:
            lesson = self._lesson
            if lesson is None:
                return None
            if position == len(self._done) < len(lesson.steps):
                done = await self._staging.play(lesson.steps[position])
                if self._lesson is None:  # left meanwhile
                    return None
                self._done.append(done)
            return self._show()

    def leave(self) -> dict[str, Any]:
        """End the lesson; its phones stay in the row."""
        self._lesson = None
        self._page.show_lesson({"name": ""})
        self._page.lesson = None
        return {"name": ""}

    # ---- numbers and owners that nobody has had

    def _number(self, prefix: str) -> Msisdn:
        store = self._page.gateway.store
        while True:
            self._numbers += 1
            msisdn = Msisdn(f"62{prefix[1:]}7{self._numbers:07d}")
            if store.subscriber(msisdn) is None:
                return msisdn

    def _citizen(self, msisdn: Msisdn) -> int:
        gateway = self._page.gateway
        rules = gateway.flow.rules
        operator = operator_of(msisdn, rules.profiles).name
        for _ in range(rules.registry.population):
            self._next_citizen = (self._next_citizen + 1) % rules.registry.population
            citizen = rules.registry.citizen(self._next_citizen)
            sound = rules.records is None or rules.records.standing(citizen)[0] is Standing.SOUND
            if sound and not gateway.store.numbers_per_nik.get((citizen.nik.digits, operator)):
                break
        return self._next_citizen

    # ---- as JSON

    def _show(self) -> dict[str, Any]:
        assert self._lesson is not None
        shown = {
            "name": self._name,
            "title": to_builtins(self._lesson.title),
            "about": to_builtins(self._lesson.about),
            "run": self._run,
            "position": len(self._done),
            "steps": [self._shown(at, step) for at, step in enumerate(self._lesson.steps)],
        }
        self._page.show_lesson(shown)
        return shown

    def _shown(self, at: int, step: Step) -> dict[str, Any]:
        done = self._done[at] if at < len(self._done) else (True, "")
        phone = self._phones.get(getattr(step, "phone", ""))
        to = str(getattr(step, "to", ""))
        callee = self._phones.get(to)
        text = getattr(step, "text", "")
        if isinstance(step, Calendar):
            to = step.stage.value
        elif isinstance(step, Later):
            to = str(step.minutes)
        elif isinstance(step, FromEsme):
            to = step.sender
        elif isinstance(step, AtOutlet):
            to = "foreigner" if step.foreigner else ""
        elif isinstance(step, SwitchFaults):
            to = f"{step.profile} {'on' if step.on else 'off'}"
        elif isinstance(step, SwitchData):
            text = "on" if step.on else "off"
        elif isinstance(step, SendSms) and phone is not None:
            text = mask_identities(self._staging.filled(phone, text))
        return {
            "do": type(step).__struct_config__.tag,
            "phone": phone.name if phone is not None else "",
            "to": callee.name if callee is not None else to,
            "text": text,
            "say": to_builtins(step.say),
            "well": done[0],
            "told": done[1],
        }
