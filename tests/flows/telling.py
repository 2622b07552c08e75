"""Tells a story: through the real flow, store and courier, with no network around them.

The phones and ESMEs here are carriers of the courier; they confirm what they get, as a link does
for them.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from gateway.clock import SimulatedClock
from gateway.console.call_records import record_fields
from gateway.console.subscriber_csv import BadRow, SubscriberReader
from gateway.core.ageing import stage_at
from gateway.core.decision import Decision, Imported, Message
from gateway.core.events import (
    Acknowledged,
    CallAction,
    CallStep,
    Cancel,
    DataClose,
    DataOpen,
    Dial,
    Esme,
    Event,
    MoSms,
    MtSms,
    MultiSms,
    OutletRegisters,
    Part,
    PartKey,
    Phone,
    Presence,
    Query,
    RegistrationTold,
    Remind,
    Replace,
    SmeAddress,
    SubscribersImported,
    Ussd,
)
from gateway.core.imports import REASONS
from gateway.core.numbers import mask_identities
from gateway.core.outlets import Foreigner, Papers
from gateway.core.registration.waiting import in_words
from gateway.courier import Courier
from gateway.flow import Feed, Flow
from gateway.store.memory import MemoryStore
from tests.flows import steps
from tests.flows.steps import Person, Step, Story
from tests.flows.transcript import Transcript
from tests.gateway.core.network import wib

SESSION = 1
# What people do takes a minute, what they do with a phone that rings some seconds.
USUAL_MS = 60_000
QUICK_MS = 5_000
QUICK = (steps.Answer, steps.Reject, steps.HangUp)


class Holder:
    """A phone or an ESME that is there: shows what it gets and confirms it."""

    repeats = False
    picky = False

    def takes(self, destination: str) -> bool:
        return True

    def __init__(self, telling: Telling, name: str) -> None:
        self.telling = telling
        self.name = name

    def free(self) -> int:
        """Take whatever comes."""
        return 1_000

    def carry(self, messages: Sequence[Message]) -> None:
        """Show the messages, then confirm them."""
        for message in messages:
            self.telling.transcript.message(message)
        ids = tuple(message.id for message in messages)
        self.telling.flow.offer([Acknowledged(self.name, ids)], _nothing)


class Telling:
    """One story being told."""

    def __init__(self, story: Story) -> None:
        self.story = story
        people = {one for step in (*story.before, *story.steps) for one in steps.people(step)}
        self.transcript = Transcript({one.msisdn: one.name for one in people})
        self.clock = SimulatedClock(wib(story.begins), 0.0)
        self.store = MemoryStore(story.rules.schedule, story.rules.ring_ms)
        self.courier = Courier(self.clock, self.transcript.signal)
        self.flow = Flow(
            self.store, self.clock, story.rules, self.courier, Feed(), story.serves.get
        )
        self.refs = 0

    async def tell(self) -> str:
        """Run the story; gives the transcript."""
        for step in self.story.before:
            await self.step(step)
        self.transcript.begin(self.story.title, self.story.given)
        for step in self.story.steps:
            await self.step(step)
        return self.transcript.text()

    async def step(self, step: Step) -> None:
        """Let one thing happen."""
        match step:
            case steps.Note():
                self.transcript.note(self.clock.now(), step.text)
            case steps.Look():
                self.look(step.who)
            case steps.Swept():
                await self.sweep(step.count)
            case steps.Brings():
                await self.bring(step)
            case steps.Records():
                await self.records()
            case steps.At():
                self.clock.set(wib(step.moment), 0.0)
                self.transcript.day(self.clock.now())
                await self.catch_up()
            case steps.Wait():
                self.clock.set(self.clock.now() + step.seconds * 1_000, 0.0)
                self.transcript.act(self.clock.now(), f"{in_words(step.seconds * 1000)} later")
                await self.catch_up()
            case _:
                takes = QUICK_MS if isinstance(step, QUICK) else USUAL_MS
                self.clock.set(self.clock.now() + takes, 0.0)
                await self.catch_up()
                await self.do(step)

    async def do(self, step: Step) -> None:
        """Let a person or an ESME do something, and all that follows from it."""
        text, event = self.deed(step)
        self.transcript.act(self.clock.now(), text)
        if isinstance(step, steps.On):
            self.transcript.screens.add(step.who.msisdn)
        elif isinstance(step, steps.Off):
            self.transcript.screens.discard(step.who.msisdn)
        if event is not None:
            await self.ask(event)
        self.hold(step)
        await self.quiet()

    # ---- into the flow

    async def quiet(self) -> None:
        """Decide all that was offered, and what is offered because of it."""
        self.flow.drain()
        await self.flow.run()

    async def ask(self, event: Event) -> None:
        """Decide what somebody asks; the answer is told before what follows from it."""

        def answered(decisions: Sequence[Decision]) -> None:
            self.transcript.answer(event, decisions[0])

        self.flow.offer([event], answered)
        await self.quiet()

    async def catch_up(self) -> None:
        """Decide what fell due, as the timer does."""

        def answered(decisions: Sequence[Decision]) -> None:
            for decision in decisions:
                self.transcript.say("calendar", decision.why)

        while due := self.store.due(self.clock.now()):
            self.flow.offer(due, answered)
            await self.quiet()

    async def sweep(self, count: int) -> None:
        """Decide the stages of so many numbers, as the sweep does."""
        self.transcript.act(self.clock.now(), f"the sweep bars the next {count}")

        def answered(decisions: Sequence[Decision]) -> None:
            for decision in decisions:
                self.transcript.say("sweep", decision.why)

        self.flow.offer(self.store.sweep_due(self.clock.now(), count), answered)
        await self.quiet()

    async def bring(self, step: steps.Brings) -> None:
        """Import a file, as the API does; all of it in one event."""
        self.transcript.act(self.clock.now(), "a file of subscribers is imported")
        reader = SubscriberReader(step.lines[0], self.story.rules)
        rows, places = [], []
        for number, line in enumerate(step.lines[1:], start=2):
            row = reader.row(line)
            if isinstance(row, BadRow):
                self.transcript.say(f"line {number}", row.reason)
            else:
                rows.append(row)
                places.append(number)

        def answered(decisions: Sequence[Decision]) -> None:
            (decision,) = decisions
            assert type(decision.answer) is Imported
            for place, why in decision.answer.refused:
                self.transcript.say(f"line {places[place]}", REASONS[why])
            self.transcript.say("import", decision.why)

        self.flow.offer([SubscribersImported(tuple(rows), step.update)], answered)
        await self.quiet()

    async def records(self) -> None:
        """Show the call records, without the columns that are empty here."""
        self.transcript.act(self.clock.now(), "call records")
        async for page in self.store.call_records():
            for record in page:
                row = record_fields(record)
                code = f"Q.850 {row['q850']}" if row["q850"] else f"SM {row['sm']}"
                parties = f"{self.transcript.name(row['caller'])} -> "
                parties += self.transcript.name(row["callee"]) if row["callee"] else "network"
                self.transcript.say(
                    "record",
                    f"{row['type']}: {parties}, from {row['start'][:16]} to {row['end'][:16]}, "
                    f"{row['duration_s']} s, {row['cause']} ({code})",
                )

    # ---- what the steps mean

    def deed(  # noqa: C901 - one row per step
        self, step: Step
    ) -> tuple[str, Event | None]:
        """Give what a step reads like, and its event."""
        match step:
            case steps.On():
                return f"{step.who.name} switches on", Presence(step.who.msisdn, True)
            case steps.Off():
                return f"{step.who.name} switches off", Presence(step.who.msisdn, False)
            case steps.Sms():
                text = f"{step.who.name} -> {called(step.to)}: {mask_identities(step.text)}"
                number, to = step.who.msisdn, number_of(step.to)
                return text, MoSms(number, to, step.text, Phone(self.ref()))
            case steps.Dial():
                text = f"{step.who.name} calls {called(step.to)}"
                return text, Dial(step.who.msisdn, number_of(step.to), self.ref())
            case steps.Answer():
                return f"{step.who.name} answers", self.call(step.who, CallAction.ANSWER)
            case steps.Reject():
                return f"{step.who.name} rejects the call", self.call(step.who, CallAction.REJECT)
            case steps.HangUp():
                return f"{step.who.name} hangs up", self.call(step.who, CallAction.HANGUP)
            case steps.OpenData():
                text = f"{step.who.name} opens a data session"
                return text, DataOpen(step.who.msisdn, self.ref())
            case steps.CloseData():
                text = f"{step.who.name} closes the data session"
                return text, DataClose(step.who.msisdn, self.ref())
            case steps.Bind():
                return f"{step.account} binds as transceiver", None
            case steps.Ussd():
                text = f"{step.who.name} types {step.code}"
                return text, Ussd(step.who.msisdn, step.code, self.ref())
            case steps.AtOutlet():
                return outlet_deed(step)
            case steps.Reminded():
                text = f"the campaign {step.campaign} comes to {step.who.name}"
                since = wib(step.since)
                return text, Remind(step.who.msisdn, step.campaign, since, step.target)
            case steps.Tells():
                one = step.citizen
                about = f" on NIK {one.nik}" if one is not None else ""
                text = f"{step.account} tells by the API: {step.who.name} {step.outcome.value}"
                nik, kk = (one.nik, one.kk) if one is not None else (None, None)
                return text + about, RegistrationTold(
                    step.who.msisdn, step.outcome, step.account, nik, kk
                )
            case _:
                return self.esme_deed(step)

    def esme_deed(self, step: Step) -> tuple[str, Event]:
        """Give what an ESME's request reads like, and its event."""
        match step:
            case steps.Submit():
                text = f"{step.account} as {step.source} -> {step.to.name}: {step.text}"
                via = self.esme(step.account, step.source, step.to.msisdn, step.receipt, step.at)
                via = structs.replace(via, replaces=step.replaces)
                how = scheduled(step.at) + (" [replaces]" if step.replaces else "")
                return text + asked(step.receipt) + how, MtSms(
                    step.source, step.to.msisdn, step.text, via
                )
            case steps.SubmitMulti():
                numbers = [number_of(one) for one in step.to]
                names = ", ".join(called(one) for one in step.to)
                via = self.esme(step.account, step.source, numbers[0], step.receipt)
                text = f"{step.account} as {step.source} -> {names}: {step.text}"
                return text + asked(step.receipt), MultiSms(
                    step.source,
                    tuple((number, SmeAddress(1, 1, number)) for number in numbers),
                    step.text,
                    via,
                )
            case steps.Queries():
                text = f"{step.account} asks how message {step.id} stands"
                return text, Query(step.account, step.id, step.source)
            case steps.Cancels():
                text = f"{step.account} cancels message {step.id}"
                return text, Cancel(step.account, step.id, step.source, "", "")
            case steps.Replaces():
                text = f"{step.account} replaces message {step.id}: {step.text}"
                return text, Replace(step.account, step.id, step.source, step.text, 1)
            case steps.Plays():
                to = number_of(step.to)
                text = f"{step.account} as {step.who.name} -> {called(step.to)}: "
                via = self.esme(step.account, step.who.msisdn, to, step.receipt, step.at)
                text += mask_identities(step.text) + asked(step.receipt) + scheduled(step.at)
                part = None
                if step.part is not None:
                    place, total = step.part
                    text += f" [part {place} of {total}]"
                    key = PartKey(step.account, step.who.msisdn, to, "8 bits", 1, total)
                    part = Part(key, place)
                return text, MoSms(step.who.msisdn, to, step.text, via, part=part)
            case _:
                raise AssertionError(step)

    def hold(self, step: Step) -> None:
        """Tell the courier who is there now, as the links do."""
        match step:
            case steps.On():
                number = step.who.msisdn
                self.courier.open(number, 0, Holder(self, number))
            case steps.Off():
                self.courier.close(step.who.msisdn, 0)
            case steps.Bind():
                self.courier.open(step.account, SESSION, Holder(self, step.account))
            case _:
                pass

    def call(self, who: Person, action: CallAction) -> CallStep:
        """Do something with the call that a person is in."""
        subscriber = self.store.subscriber(who.msisdn)
        return CallStep(who.msisdn, action, subscriber.call_id if subscriber is not None else 0)

    def esme(self, account: str, source: str, to: str, receipt: int, at: str = "") -> Esme:
        """Ask as an ESME."""
        made = Esme(account, SESSION, SmeAddress(5, 0, source), SmeAddress(1, 1, to), receipt)
        return structs.replace(made, not_before=wib(at)) if at else made

    def ref(self) -> str:
        """Give a phone's next reference."""
        self.refs += 1
        return f"r{self.refs}"

    def look(self, who: Person) -> None:
        """Show how the network sees a number."""
        found = self.store.subscriber(who.msisdn)
        stage = stage_at(self.story.rules.schedule, found, self.clock.now()) if found else None
        self.transcript.look(self.clock.now(), who.name, found, stage)


def outlet_deed(step: steps.AtOutlet) -> tuple[str, Event]:
    """Give what an outlet's registration reads like, and its event."""
    one = step.identity
    identity = one if isinstance(one, Foreigner) else Papers(one.nik, one.kk)
    about = str(one) if isinstance(one, Foreigner) else f"NIK {one.nik}"
    text = f"{step.outlet} registers {step.who.name} by the API on {about}"
    return text, OutletRegisters(step.who.msisdn, step.outlet, identity)


def called(to: Person | str) -> str:
    """Name a receiver."""
    return to.name if isinstance(to, Person) else to


def number_of(to: Person | str) -> str:
    """Give a receiver's number."""
    return to.msisdn if isinstance(to, Person) else to


def asked(receipt: int) -> str:
    """Say which receipt was asked for."""
    return ("", " [receipt wanted]", " [receipt of failure wanted]")[receipt]


def scheduled(at: str) -> str:
    """Say for when it was scheduled."""
    return f" [for {at}]" if at else ""


def _nothing(decisions: Sequence[Decision]) -> None:
    """Nobody waits for the answer to a confirmation."""
