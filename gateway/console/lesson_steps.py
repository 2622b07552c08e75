"""The steps of a lesson, as they happen on the page's phones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeAlias, assert_never

from gateway.air.frames import CallEvent, CallUpAction
from gateway.console.fault_switch import switch_profile
from gateway.console.lessons import (
    Arrives,
    AskUssd,
    Calendar,
    CallTo,
    Off,
    On,
    SendSms,
    Step,
    SwitchData,
    SwitchFaults,
)
from gateway.console.page import Page
from gateway.console.page_phones import PagePhone, Told
from gateway.core.ageing import DAY_MS
from gateway.core.numbers import national_form

WITHIN_S = 5.0
"""Seconds that a step waits for what it tells."""

_MORNING_MS = 8 * 3_600_000
_OTHER = 4_000

Result: TypeAlias = tuple[bool, str]


class Staging:
    """Plays steps on the phones of a lesson, which have their keys."""

    def __init__(self, page: Page, phones: Mapping[str, PagePhone]) -> None:
        self._page = page
        self._phones = phones

    def filled(self, phone: PagePhone, text: str) -> str:
        """Put the owner's numbers, and others' where a lesson wants them, into a text."""
        registry = self._page.gateway.flow.rules.registry
        own = registry.citizen(phone.citizen)
        other = registry.citizen((phone.citizen + _OTHER) % registry.population)
        return text.format(
            nik=own.nik.digits,
            kk=own.kk.digits,
            number=national_form(phone.msisdn),
            other_kk=other.kk.digits,
            # Synthetic people have serials from 9000 on (domain.md 2.4).
            no_nik=f"{own.nik.digits[:12]}0001",
        )

    async def play(self, step: Step) -> Result:
        """Play one step; gives whether it went as told, and what came of it."""
        match step:
            case On():
                return await self._on(self._phones[step.phone])
            case Off():
                self._phones[step.phone].power(False)
                return True, ""
            case SendSms():
                return await self._sms(step)
            case Arrives():
                phone = self._phones[step.phone]
                came = await self._until(lambda: _has(phone.came_since(0), step.text))
                return came, "" if came else "did not come"
            case CallTo():
                return await self._call(step)
            case SwitchData():
                told = await _answer(self._phones[step.phone].switch_data(step.on))
                return told.accepted is not step.refused, _words(told)
            case AskUssd():
                told = await _answer(self._phones[step.phone].ask_ussd(step.to))
                return told.accepted, told.text or _words(told)
            case Calendar():
                return await self._calendar(step)
            case SwitchFaults():
                await switch_profile(self._page.gateway, step.profile, step.on)
                return True, ""
            case _:
                assert_never(step)

    async def _on(self, phone: PagePhone) -> Result:
        phone.power(True)
        told = await self._until(lambda: phone.barring is not None)
        return told, "" if told else "the network does not answer"

    async def _sms(self, step: SendSms) -> Result:
        phone = self._phones[step.phone]
        received = phone.received
        told = await _answer(phone.sms(self._address(step.to), self.filled(phone, step.text)))
        if told.accepted is step.refused:
            return False, _words(told)
        if not step.reply:
            return True, _words(told)
        came = await self._until(lambda: _has(phone.came_since(received), step.reply))
        replies = phone.came_since(received)
        return came, replies[-1] if replies else "no reply"

    async def _call(self, step: CallTo) -> Result:
        phone = self._phones[step.phone]
        told = await _answer(phone.dial(self._address(step.to)))
        if not told.accepted or step.refused:
            return told.accepted is not step.refused, _words(told)
        callee = self._phones.get(step.to)
        if callee is not None:
            await self._until(lambda: callee.call is not None and callee.call.id == told.id)
            answered = callee.step(CallUpAction.ANSWER)
            if answered is not None:
                await _answer(answered)
        talks = await self._until(
            lambda: phone.call is not None and phone.call.state is CallEvent.ANSWERED
        )
        hung_up = phone.step(CallUpAction.HANGUP)
        if hung_up is not None:
            await _answer(hung_up)
        return talks, ""

    async def _calendar(self, step: Calendar) -> Result:
        gateway = self._page.gateway
        schedule = gateway.flow.rules.schedule
        days = {one.stage: one.day for one in schedule.steps}
        at = schedule.day_zero + days[step.stage] * DAY_MS + _MORNING_MS
        if at < gateway.clock.now():
            return False, "the calendar is past that"
        await gateway.set_clock(at, None)
        return True, ""

    def _address(self, to: str) -> str:
        phone = self._phones.get(to)
        return to if phone is None else national_form(phone.msisdn)

    async def _until(self, holds: Callable[[], bool]) -> bool:
        """Wait until a phone shows something; whether it did in time."""
        changed = asyncio.Event()
        unwatch = self._page.watch(changed.set)
        try:
            async with asyncio.timeout(WITHIN_S):
                while not holds():
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            return False
        finally:
            unwatch()
        return True


async def _answer(waiting: asyncio.Future[Told]) -> Told:
    try:
        async with asyncio.timeout(WITHIN_S):
            return await waiting
    except TimeoutError:
        return Told(False, why="the network has not answered")


def _words(told: Told) -> str:
    return told.cause or told.why


def _has(texts: list[str], wanted: str) -> bool:
    return any(wanted in text for text in texts)
