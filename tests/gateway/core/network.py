"""A network without links, loop or disk: the pure switch over the state that it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import structs

from gateway.core.ageing import SCHEDULES, WIB, milliseconds
from gateway.core.causes import Cause
from gateway.core.decision import (
    Accepted,
    Call,
    CallChanged,
    Change,
    Decision,
    Denied,
    Message,
    MessagesEnded,
    MessageState,
    MessageStored,
    Outgoing,
    Record,
    Signal,
    SubscriberChanged,
    TakenByDesk,
)
from gateway.core.events import Esme, Event, MoSms, MtSms, Phone, Presence, SmeAddress, StageDue
from gateway.core.fault_aim import Tally
from gateway.core.ledger import Rules
from gateway.core.numbers import Msisdn
from gateway.core.origin import Part, PartKey
from gateway.core.registration.citizens import Citizen, Registry
from gateway.core.registration.profiles import index_profiles
from gateway.core.stored import stored as stored_by
from gateway.core.subscriber import Status, Subscriber
from gateway.core.switch import decide, questions, questions_then
from gateway.store.state import State

# One number of each operator, by its 2018 prefix.
TELKOMSEL = Msisdn("6281210000001")
INDOSAT = Msisdn("6281410000001")
TRI = Msisdn("6289510000001")
SMARTFREN = Msisdn("6288110000001")
XL = Msisdn("6281710000001")
AXIS = Msisdn("6283110000001")
OTHER = Msisdn("6282210000002")
"""Another number of Telkomsel."""

REGISTRY = Registry(seed=4444, population=1_000)
SITI, BUDI = REGISTRY.citizens(2)

# Dates at which an unregistered number is in each stage of the schedule `brief`.
OPEN_AT = "2018-02-26 08:00"
OUTGOING_BARRED_AT = "2018-03-05 08:00"
INCOMING_BARRED_AT = "2018-04-20 08:00"
TOTAL_BARRED_AT = "2018-05-05 08:00"

RULES = Rules(schedule=SCHEDULES["brief"], profiles=index_profiles(), registry=REGISTRY)


def wib(written: str) -> int:
    """Read `2018-03-01 00:00` as Western Indonesian Time, in milliseconds since 1970 UTC."""
    return milliseconds(datetime.fromisoformat(written).replace(tzinfo=WIB))


def registration(citizen: Citizen) -> str:
    """Write a registration that every lenient desk takes."""
    return f"REG {citizen.nik.digits}#{citizen.kk.digits}#"


def sms(sender: Msisdn, to: str, text: str = "Halo", ref: str = "a1") -> MoSms:
    """A phone sends an SMS."""
    return MoSms(sender, to, text, Phone(ref))


def esme(registered_delivery: int = 0, account: str = "a2p", validity: int = 0) -> Esme:
    """An ESME asks, in its own way of writing addresses."""
    return Esme(
        account,
        7,
        SmeAddress(5, 0, "BANK"),
        SmeAddress(1, 1, TELKOMSEL),
        registered_delivery,
        validity,
    )


def mt(to: Msisdn, via: Esme, text: str = "Promo", source: str = "BANK") -> MtSms:
    """An ESME sends an SMS."""
    return MtSms(source, to, text, via)


HANDSET = SmeAddress(1, 1, "+" + TELKOMSEL)
DESK = SmeAddress(3, 0, "4444")


def role_a(
    text: str, sender: Msisdn = TELKOMSEL, registered_delivery: int = 0, to: str = "4444"
) -> MoSms:
    """An ESME speaks for a handset."""
    return MoSms(sender, to, text, Esme("qa", 7, HANDSET, DESK, registered_delivery))


def in_parts(event: MoSms | MtSms, *texts: str, reference: int = 3) -> list[MoSms | MtSms]:
    """Cut what an ESME sends into parts with these texts."""
    assert isinstance(event.via, Esme)
    source = event.sender if isinstance(event, MoSms) else event.source
    key = PartKey(event.via.account, source, event.to, "sar", reference, len(texts))
    return [
        structs.replace(event, text=text, part=Part(key, number))
        for number, text in enumerate(texts, 1)
    ]


# Each decision's record, by the decision's identity: what the desk took is written as its event.
_RECORDS: dict[int, tuple[Record, Decision]] = {}


class Network:
    """Decides events against its state and keeps what follows."""

    def __init__(self, at: str = OPEN_AT, **rules: object) -> None:
        self.rules = structs.replace(RULES, **rules)
        self.state = State(self.rules.schedule, self.rules.ring_ms)
        self.now = wib(at)
        self.records: list[Record] = []
        self.served: dict[str, str] = {}
        self.tally: Tally = {}

    def at(self, written: str) -> Network:
        """Move the calendar; nothing falls due by itself."""
        self.now = wib(written)
        return self

    def batch(self, *events: Event) -> list[Decision]:
        """Decide events together, as the flow does with those that wait together."""
        plan = questions(events, self.rules)
        facts = self.state.answer(plan.questions)
        more = questions_then(plan, facts, self.rules)
        if more is not None:
            facts.numbers_per_nik |= self.state.answer(more).numbers_per_nik
        facts.served_by = {
            to: self.served[to] for to in plan.questions.destinations if to in self.served
        }
        facts.tally = self.tally
        decisions = decide(plan, facts, self.now, self.rules)
        first = self.state.seq + 1
        records = [
            Record(first + index, self.now, event, decision.answer, decision.why, decision.changes)
            for index, (event, decision) in enumerate(zip(events, decisions, strict=True))
        ]
        self.state.apply(records)
        self.records += records
        for record, decision in zip(records, decisions, strict=True):
            _RECORDS[id(decision)] = record, decision
        return decisions

    def one(self, event: Event) -> Decision:
        """Decide one event."""
        return self.batch(event)[0]

    def online(self, *phones: Msisdn) -> Network:
        """Switch phones on."""
        self.batch(*(Presence(phone, True) for phone in phones))
        return self

    def catch_up(self) -> list[Decision]:
        """Decide what fell due, round after round, as the timer does."""
        decisions: list[Decision] = []
        while due := self.state.due(self.now):
            decisions += self.batch(*due)
        return decisions

    def stages_due(self) -> list[StageDue]:
        """List the stages that are due next, without deciding."""
        return [event for event in self.state.due(self.now) if type(event) is StageDue]

    def subscriber(self, msisdn: Msisdn) -> Subscriber:
        """Give a subscriber that must be known."""
        return self.state.subscribers[msisdn]

    def known(self, msisdn: Msisdn, **fields: object) -> Network:
        """Make a number known as it is told."""
        made = Subscriber(msisdn, "telkomsel", Status.UNREGISTERED, self.now)
        self.state.put(structs.replace(made, **fields))
        return self


# ---- reading decisions


def accepted_id(decision: Decision) -> int:
    """Give the id of what was accepted."""
    assert type(decision.answer) is Accepted, decision
    return decision.answer.id


def cause_of(decision: Decision) -> Cause:
    """Give why it was refused."""
    assert type(decision.answer) is Denied, decision
    return decision.answer.cause


def stored(decision: Decision) -> list[Message]:
    """List the messages that a decision makes."""
    if not any(type(change) is TakenByDesk for change in decision.changes):
        return [change.message for change in decision.changes if type(change) is MessageStored]
    return stored_by(_RECORDS[id(decision)][0])


def ends(decision: Decision) -> list[tuple[tuple[int, ...], MessageState, int]]:
    """List the messages that a decision ends: ids, state, MAP error."""
    return [
        (change.ids, change.state, change.error)
        for change in decision.changes
        if type(change) is MessagesEnded
    ]


def subscribers_changed(decision: Decision) -> list[Subscriber]:
    """List the subscribers that a decision changes."""
    return [change.subscriber for change in decision.changes if type(change) is SubscriberChanged]


def calls_changed(decision: Decision) -> list[Call]:
    """List the calls that a decision changes."""
    return [change.call for change in decision.changes if type(change) is CallChanged]


def messages_out(items: Sequence[Outgoing]) -> list[Message]:
    """List the messages among what leaves."""
    return [item for item in items if type(item) is Message]


def signals_out(items: Sequence[Outgoing]) -> list[Signal]:
    """List the signals to phones among what leaves."""
    return [item for item in items if not isinstance(item, Message | MessagesEnded)]


def no_changes(changes: Sequence[Change]) -> bool:
    """Whether nothing becomes durable."""
    return not changes


def receipts(decision: Decision) -> list[tuple[int, MessageState, int]]:
    """List the receipts that leave: of which message, in which state, with which MAP error."""
    return [
        (one.receipt.message_id, one.receipt.state, one.receipt.error)
        for one in messages_out(decision.outgoing)
        if one.receipt is not None
    ]
