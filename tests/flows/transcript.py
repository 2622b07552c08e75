"""How a story reads: who did what at which time, what was answered and why, what each got."""

from __future__ import annotations

from textwrap import fill
from typing import assert_never

from gateway.core.ageing import moment
from gateway.core.causes import CODES, Cause
from gateway.core.decision import (
    Accepted,
    AcceptedFor,
    Answer,
    BarringSignal,
    CallSignal,
    DataSignal,
    Decision,
    Denied,
    Found,
    Message,
    MessageState,
    Noted,
    Signal,
)
from gateway.core.events import (
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
    Query,
    Replace,
)
from gateway.core.numbers import Msisdn, mask_identities, national_form
from gateway.core.subscriber import BlockStage, Subscriber
from gateway.links.smpp_responses import STATUS_BY_CAUSE, status_of

WIDTH = 96
# SMPP 3.4 appendix B, table B-2.
STAT = {
    MessageState.DELIVERED: "DELIVRD",
    MessageState.UNDELIVERABLE: "UNDELIV",
    MessageState.EXPIRED: "EXPIRED",
    MessageState.REJECTED: "REJECTD",
    MessageState.DELETED: "DELETED",
}


class Transcript:
    """The lines of one story; `names` are the people's, by number."""

    def __init__(self, names: dict[Msisdn, str]) -> None:
        self.names = names
        self.lines: list[str] = []
        self.screens: set[Msisdn] = set()
        self.open = False
        self._day = ""

    def begin(self, title: str, given: str) -> None:
        """Write the head; only what comes after it is heard."""
        self.open = True
        self.lines = [title, "=" * len(title), "", fill(given, WIDTH), ""]
        for msisdn, name in sorted(self.names.items(), key=lambda one: one[1]):
            self.lines.append(f"{name:<8}{national_form(msisdn)}")

    def text(self) -> str:
        """Give the whole transcript."""
        return "\n".join(self.lines) + "\n"

    def act(self, at: int, text: str) -> None:
        """Write what happens, under its day and at its time."""
        if self.open:
            self.day(at)
            self.lines.append(f"{moment(at):%H:%M}  {text}")

    def day(self, at: int) -> None:
        """Write the day's heading unless it stands there."""
        now = moment(at)
        day = f"{now:%a} {now.day} {now:%b %Y}"
        if self.open and day != self._day:
            self._day = day
            self._gap()
            self.lines += [f"--- {day}, WIB", ""]

    def say(self, who: str, text: str) -> None:
        """Write what comes of it: whose line it is, and what."""
        if self.open:
            self.lines.append(f"       {who:<9}{text}")

    def note(self, at: int, text: str) -> None:
        """Write what a trainer would say."""
        if self.open:
            self.day(at)
            self._gap()
            paragraph = fill(text, WIDTH, initial_indent="| ", subsequent_indent="| ")
            self.lines += [paragraph, ""]

    def _gap(self) -> None:
        if self.lines[-1]:
            self.lines.append("")

    # ---- what comes out of the gateway

    def name(self, address: str) -> str:
        """Call a number by its owner's name."""
        return self.names.get(Msisdn(address), address)

    def answer(self, event: Event, decision: Decision) -> None:
        """Write what the sender learns, and the journal's reason."""
        if not isinstance(decision.answer, Noted):
            self.say("answer", _answer(event, decision))
        self.say("why", decision.why)

    def message(self, message: Message) -> None:
        """Write a message that arrived."""
        receipt = message.receipt
        if receipt is not None:
            text = f"id:{receipt.message_id} stat:{STAT[receipt.state]} err:{receipt.error:03}"
            self.say(message.account, f"receipt: {text}")
            return
        taken_by = message.account or self.name(message.destination)
        sender, text = self.name(message.source), mask_identities(message.text)
        self.say(taken_by, f"SMS {message.id} from {sender}: {text}")

    def signal(self, signal: Signal) -> None:
        """Write what a phone is shown, if it is on."""
        if signal.msisdn not in self.screens:
            return
        who = self.name(signal.msisdn)
        match signal:
            case BarringSignal():
                self.say(who, _barring(signal))
            case CallSignal():
                cause = f", {_told(signal.cause, 'q850')}" if signal.cause else ""
                self.say(who, f"call with {self.name(signal.other)}: {signal.event}{cause}")
            case DataSignal():
                self.say(who, f"data session closed, {_told(signal.cause, 'sm')}")
            case _:
                assert_never(signal)

    def look(
        self, at: int, who: str, subscriber: Subscriber | None, stage: BlockStage | None
    ) -> None:
        """Write how the network sees a number."""
        self.day(at)
        if subscriber is None or stage is None:
            self.say("network", f"{who}: not known")
            return
        identity = f", NIK {subscriber.nik}" if subscriber.nik is not None else ""
        text = f"{subscriber.operator}, {subscriber.status.value}{identity}, {stage.value}"
        self.say("network", f"{who}: {text}")


def _answer(event: Event, decision: Decision) -> str:
    answer = decision.answer
    response = _RESPONSES.get(type(event))
    if isinstance(event, MoSms) and not isinstance(event.via, Esme):
        response = None
    if response is not None:
        return f"{response} {_response(event, answer)}"
    if isinstance(answer, Accepted):
        what = "call" if isinstance(event, Dial | CallStep) else "message"
        shown = f"; on the screen: {answer.text}" if answer.text else ""
        return (f"accepted, {what} {answer.id}" if answer.id else "accepted") + shown
    if isinstance(answer, Denied):
        return f"refused, {_told(answer.cause, _interface(event))}"
    raise AssertionError(answer)


_RESPONSES: dict[type, str] = {
    MoSms: "submit_sm_resp",
    MtSms: "submit_sm_resp",
    MultiSms: "submit_multi_resp",
    Query: "query_sm_resp",
    Cancel: "cancel_sm_resp",
    Replace: "replace_sm_resp",
}


def _response(event: Event, answer: Answer) -> str:
    if isinstance(answer, Found):
        return f"ESME_ROK, {answer.state.value}"
    if isinstance(answer, AcceptedFor) and isinstance(event, MultiSms):
        failed = "".join(
            f"; not to {event.to[place][0]}: {STATUS_BY_CAUSE[cause].name}"
            for place, cause in answer.denied
        )
        return f"ESME_ROK, message {answer.id}{failed}"
    if isinstance(answer, Accepted):
        return f"ESME_ROK, message {answer.id}"
    assert isinstance(event, MoSms | MtSms | MultiSms | Query | Cancel | Replace)
    return status_of(event, answer).name


def _interface(event: Event) -> str:
    if isinstance(event, Dial | CallStep):
        return "q850"
    return "sm" if isinstance(event, DataOpen | DataClose) else "rp"


_INTERFACES = {"rp": "RP cause", "q850": "Q.850 cause", "sm": "SM cause"}


def _told(cause: Cause, interface: str) -> str:
    number = getattr(CODES[cause], interface)
    return f"{_INTERFACES[interface]} {number} ({cause.value.replace('_', ' ')})"


def _barring(signal: BarringSignal) -> str:
    barred = ", ".join(one.value.replace("_", " ") for one in signal.barred) or "nothing"
    if signal.next_stage is None:
        return f"screen: barred: {barred}"
    at = moment(signal.next_at)
    return f"screen: barred: {barred}; {signal.next_stage.value} from {at.day} {at:%b %Y}"
