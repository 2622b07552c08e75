"""The steps of a lesson, as they happen on the page's phones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import assert_never

from gateway.air.frames import CallEvent, CallUpAction
from gateway.console.fault_switch import switch_profile
from gateway.console.lesson_backstage import (
    UNDELIVERABLE,
    Result,
    at_outlet,
    from_esme,
    starter,
    to_stage,
    told_by_application,
)
from gateway.console.lessons import (
    Arrives,
    AskUssd,
    AtOutlet,
    Backstage,
    Calendar,
    CallTo,
    FromEsme,
    HangUp,
    Later,
    Manner,
    Off,
    On,
    SendSms,
    Starter,
    Step,
    SwitchData,
    SwitchFaults,
    ToldByApplication,
)
from gateway.console.page import Page
from gateway.console.page_phones import PagePhone, Told
from gateway.core.numbers import national_form

WITHIN_S = 5.0
"""Seconds that a step waits for what it tells."""

_MINUTE_MS = 60_000
_OTHER = 4_000


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
            other_nik=other.nik.digits,
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
            case HangUp():
                return await self._hang_up(self._phones[step.phone])
            case SwitchData():
                told = await _answer(self._phones[step.phone].switch_data(step.on))
                return told.accepted is not step.refused, _words(told)
            case AskUssd():
                told = await _answer(self._phones[step.phone].ask_ussd(step.to))
                return told.accepted is not step.refused, told.text or _words(told)
            case _:
                return await self._beside(step)

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
        rejects = step.manner is Manner.REJECT
        if callee is not None:
            await self._until(lambda: callee.call is not None and callee.call.id == told.id)
            await _step(callee, CallUpAction.REJECT if rejects else CallUpAction.ANSWER)
        state = CallEvent.ENDED if rejects else CallEvent.ANSWERED
        well = await self._until(lambda: phone.call is not None and phone.call.state is state)
        if rejects and phone.call is not None:
            return well, phone.call.cause
        if step.manner is Manner.TALK:
            await _step(phone, CallUpAction.HANGUP)
        return well, ""

    async def _hang_up(self, phone: PagePhone) -> Result:
        await _step(phone, CallUpAction.HANGUP)
        return await self._until(
            lambda: phone.call is not None and phone.call.state is CallEvent.ENDED
        ), ""

    async def _beside(self, step: Backstage) -> Result:
        """Play what happens beside the phones."""
        gateway = self._page.gateway
        match step:
            case Calendar():
                return await to_stage(gateway, step.stage)
            case Later():
                await gateway.set_clock(gateway.clock.now() + step.minutes * _MINUTE_MS, None)
                return True, ""
            case SwitchFaults():
                await switch_profile(gateway, step.profile, step.on)
                return True, ""
            case Starter():
                return await starter(gateway, self._phones[step.phone].msisdn)
            case AtOutlet():
                phone = self._phones[step.phone]
                owner = None if step.foreigner else phone.citizen
                return await at_outlet(gateway, phone.msisdn, owner)
            case ToldByApplication():
                phone = self._phones[step.phone]
                return await told_by_application(gateway, phone.msisdn, phone.citizen)
            case FromEsme():
                return await self._esme(step)
            case _:
                assert_never(step)

    async def _esme(self, step: FromEsme) -> Result:
        phone = self._phones[step.phone]
        received = phone.received
        why = await from_esme(
            self._page.gateway, step.account, step.sender, phone.msisdn, step.text
        )
        if step.refused:
            return (True, UNDELIVERABLE) if UNDELIVERABLE in why else (False, why)
        return await self._until(lambda: _has(phone.came_since(received), step.text)), ""

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


async def _step(phone: PagePhone, action: CallUpAction) -> None:
    """Do something with the call that a phone shows, if it shows one."""
    waiting = phone.step(action)
    if waiting is not None:
        await _answer(waiting)


async def _answer(waiting: asyncio.Future[Told]) -> Told:
    try:
        async with asyncio.timeout(WITHIN_S):
            return await waiting
    except TimeoutError:
        return Told(False, why="the network has not answered")


def _words(told: Told) -> str:
    return told.cause or ("" if told.accepted else told.why)


def _has(texts: list[str], wanted: str) -> bool:
    return any(wanted in text for text in texts)
