"""The demo's narrator: plays a story's steps on phones and tells what each brings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import assert_never

from gateway.air.frames import (
    CallEvent,
    CallUpAction,
    CauseFrame,
    DataStatus,
    DataUpAction,
    ResultStatus,
)
from gateway.core.ageing import milliseconds, moment, stage_at
from gateway.core.barring import BARRED
from gateway.core.decision import Record
from gateway.core.events import Dial, MoSms, StageDue
from gateway.core.numbers import (
    EMERGENCY_NUMBERS,
    Address,
    ShortCode,
    mask_identities,
    national_form,
)
from gateway.core.registration.citizens import Population
from gateway.core.subscriber import BlockStage
from gateway.demo.phone import Phone
from gateway.demo.story import ACTORS, Actor, CallTo, Chapter, Data, Note, Sms, Step
from gateway.node import Gateway
from handsets.handset import (
    Answered,
    BarringChanged,
    CallChanged,
    DataChanged,
    Happening,
    SmsReceived,
)
from handsets.radio import Radio

Show = Callable[[str], None]

# Real seconds: that a run of the calendar takes, and that a reader gets for each step.
_CALENDAR_S = 5.0
READING_S = 0.8
# The calendar runs in so many jumps: at a speed, a busy machine would overshoot by days.
_JUMPS = 50


class Story:
    """Plays the steps on a running gateway and writes the transcript."""

    def __init__(self, gateway: Gateway, people: Population, show: Show, reading_s: float) -> None:
        self._gateway = gateway
        self._people = people
        self._show = show
        self._reading_s = reading_s
        self.phones = {actor.msisdn: Phone(actor, self._happened) for actor in ACTORS}
        self.radios: dict[str, Radio] = {}
        self._why = ""
        self._barring_shown: dict[str, BlockStage] = {}

    def watch(self, records: Sequence[Record]) -> None:
        """Remember the journal's last word, and tell the stages as they fall due."""
        for record in records:
            match record.event:
                case MoSms() | Dial():
                    self._why = record.why
                case StageDue(msisdn, at):
                    self._stage_fell_due(self.phones[msisdn].actor, at)
                case _:
                    pass

    def _stage_fell_due(self, actor: Actor, at: int) -> None:
        stage = self._stage(actor, at)
        told = f"{actor.name}'s number is {stage.value}: {_services(stage)} barred"
        self._line(f"** network: {told}", at)

    def _stage(self, actor: Actor, at: int) -> BlockStage:
        subscriber = self._gateway.store.subscriber(actor.msisdn)
        assert subscriber is not None, "every actor's phone is on"
        return stage_at(self._gateway.flow.rules.schedule, subscriber, at)

    def _line(self, text: str, at: int = 0) -> None:
        now = moment(at or self._gateway.clock.now())
        self._show(f"  {now.day:2} {now:%b %H:%M}  {text}")

    def _happened(self, phone: Phone, happening: Happening) -> None:
        match happening:
            case BarringChanged(barring):
                before = self._barring_shown.get(phone.actor.msisdn)
                self._barring_shown[phone.actor.msisdn] = barring.stage
                if before not in (None, BlockStage.OPEN) and barring.stage is BlockStage.OPEN:
                    self._line(f"** {phone.actor.name}'s phone: nothing is barred any more")
            case DataChanged(data, asked=False):
                cause = f" (SM cause {data.cause.sm})" if data.cause else ""
                self._line(f"** {phone.actor.name}'s data session was closed{cause}")
            case _:
                pass

    async def play(self, steps: Sequence[Step]) -> None:
        """Play the steps, one after the other."""
        for step in steps:
            match step:
                case Chapter():
                    await self._chapter(step)
                case Note():
                    self._show("")
                    self._show(f"  # {step.text}")
                case Sms():
                    await self._sms(step)
                case CallTo():
                    await self._call(step)
                case Data():
                    await self._data(step)
                case _:
                    assert_never(step)
            await asyncio.sleep(self._reading_s)

    async def _chapter(self, chapter: Chapter) -> None:
        target = milliseconds(datetime.fromisoformat(chapter.when))
        if target > self._gateway.clock.now():
            self._show("")
            self._show(f"  ... the calendar runs to {moment(target):%d %B %Y} ...")
            await self._run_to(target)
            for phone in self.phones.values():
                await phone.informed(self._stage(phone.actor, target))
        day = moment(self._gateway.clock.now())
        heading = f"{day:%A}, {day.day} {day:%B %Y}: {chapter.heading}"
        self._show("")
        self._show(f"== {heading} {'=' * max(0, 86 - len(heading))}")

    async def _run_to(self, target: int) -> None:
        start = self._gateway.clock.now()
        jumps = _JUMPS if self._reading_s else 1
        for jump in range(1, jumps + 1):
            await asyncio.sleep(_CALENDAR_S / jumps if self._reading_s else 0)
            await self._gateway.set_clock(start + (target - start) * jump // jumps, None)

    async def _sms(self, sms: Sms) -> None:
        phone = self.phones[sms.sender.msisdn]
        to: Address = ShortCode(sms.to) if isinstance(sms.to, str) else sms.to.msisdn
        name = sms.to if isinstance(sms.to, str) else sms.to.name
        text = self._fill(sms)
        self._line(f'{sms.sender.name} -> {name}: "{mask_identities(text)}"')
        radio = self.radios[sms.sender.msisdn]
        ref = phone.handset.send_sms(to, text, radio.now())
        radio.wake()
        answer = await phone.until(lambda one: isinstance(one, Answered) and one.request.ref == ref)
        assert isinstance(answer, Answered)
        if answer.result.status is ResultStatus.REFUSED:
            self._refused(answer.result.cause, answer.result.why)
        elif isinstance(sms.to, str):
            reply = await phone.until(
                lambda one: isinstance(one, SmsReceived) and one.sms.source == to
            )
            assert isinstance(reply, SmsReceived)
            self._line(f'{to} -> {sms.sender.name}: "{reply.sms.text}"')
            self._detail(self._why)
        elif "undeliverable" in self._why:
            self._detail(f"accepted, but not delivered: {self._why}")
        else:
            received = self.phones[sms.to.msisdn]
            await received.until(lambda one: isinstance(one, SmsReceived) and one.sms.text == text)
            self._detail(f"{sms.to.name}'s phone shows it")

    def _fill(self, sms: Sms) -> str:
        own = self._people.citizen(sms.sender.citizen)
        other = self._people.citizen(sms.sender.citizen + 4_000)
        nobody = own.nik.digits[:12] + "0001"
        return sms.text.format(
            nik=own.nik.digits, kk=own.kk.digits, other_kk=other.kk.digits, no_nik=nobody
        )

    async def _call(self, call: CallTo) -> None:
        caller = self.phones[call.caller.msisdn]
        to: Address = ShortCode(call.to) if isinstance(call.to, str) else call.to.msisdn
        name = call.to if isinstance(call.to, str) else call.to.name
        self._line(f"{call.caller.name} calls {name}")
        radio = self.radios[call.caller.msisdn]
        ref = caller.handset.dial(to, radio.now())
        radio.wake()
        answer = await caller.until(
            lambda one: isinstance(one, Answered) and one.request.ref == ref
        )
        assert isinstance(answer, Answered)
        if answer.result.status is ResultStatus.REFUSED:
            self._refused(answer.result.cause, answer.result.why)
            return
        id_ = answer.result.id
        if not isinstance(call.to, str):
            callee = self.phones[call.to.msisdn]
            await callee.until(_call_event(id_, CallEvent.INCOMING))
            self._step(callee, CallUpAction.ANSWER, id_)
        await caller.until(_call_event(id_, CallEvent.ANSWERED))
        self._detail("rings, is answered" if to not in EMERGENCY_NUMBERS else "is answered")
        self._step(caller, CallUpAction.HANGUP, id_)
        await caller.until(_call_event(id_, CallEvent.ENDED))
        if not isinstance(call.to, str):
            await self.phones[call.to.msisdn].until(_call_event(id_, CallEvent.ENDED))

    def _step(self, phone: Phone, action: CallUpAction, id_: str) -> None:
        radio = self.radios[phone.actor.msisdn]
        phone.handset.step(action, id_, radio.now())
        radio.wake()

    async def _data(self, data: Data) -> None:
        phone = self.phones[data.phone.msisdn]
        self._line(f"{data.phone.name} switches mobile data {'on' if data.on else 'off'}")
        radio = self.radios[data.phone.msisdn]
        action = DataUpAction.OPEN if data.on else DataUpAction.CLOSE
        ref = phone.handset.switch_data(action, radio.now())
        radio.wake()
        changed = await phone.until(
            lambda one: isinstance(one, DataChanged) and one.data.ref == ref and one.asked
        )
        assert isinstance(changed, DataChanged)
        if changed.data.status is DataStatus.REFUSED:
            self._refused(changed.data.cause, changed.data.why)
        else:
            self._detail(f"session {changed.data.status.value}")

    def _refused(self, cause: CauseFrame | None, why: str) -> None:
        numbers = {"RP": "rp", "Q.850": "q850", "SM": "sm"}
        shown = [
            f"{name} cause {getattr(cause, field)}"
            for name, field in numbers.items()
            if getattr(cause, field, None) is not None
        ]
        name = cause.name.value if cause else "refused"
        self._detail(f"REFUSED {name} ({', '.join(shown)}): {why}")

    def _detail(self, text: str) -> None:
        self._show(f"                  {mask_identities(text)}")

    def conclude(self) -> None:
        """Show where each number ended."""
        self._show("")
        self._show("== How they stand " + "=" * 72)
        for actor in ACTORS:
            subscriber = self._gateway.store.subscriber(actor.msisdn)
            assert subscriber is not None
            stage = self._stage(actor, self._gateway.clock.now())
            self._show(
                f"  {actor.name:6}{national_form(actor.msisdn):14}{actor.operator:11}"
                f"{subscriber.status.value:14}{stage.value:16}"
                f"{_services(stage) or 'nothing barred'}"
            )


def _services(stage: BlockStage) -> str:
    return ", ".join(service.value.replace("_", " ") for service in BARRED[stage])


def _call_event(id_: str, event: CallEvent) -> Callable[[Happening], bool]:
    return lambda one: (
        isinstance(one, CallChanged) and one.call.id == id_ and one.call.state is event
    )
