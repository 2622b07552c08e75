"""The facts of a batch as they stand after the decisions so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from enum import Enum
from typing import Final

from msgspec import Struct, field, structs

from gateway.core.ageing import Schedule, next_step, stage_at, stage_by_date
from gateway.core.application import ServedCode
from gateway.core.barring import BARRED, explain, refusal
from gateway.core.causes import Cause
from gateway.core.chance import Delay, delay_ms
from gateway.core.decision import (
    BarringSignal,
    Call,
    Decision,
    Denied,
    Facts,
    Message,
    Receiver,
)
from gateway.core.fault_aim import NO_FAULTS, Faults
from gateway.core.message import no_header, texts_joined
from gateway.core.numbers import Msisdn
from gateway.core.origin import Body
from gateway.core.outlets import Suspicion
from gateway.core.registration.citizens import Population
from gateway.core.registration.profiles import OperatorProfile, ProfileIndex, operator_of
from gateway.core.registration.records import Records
from gateway.core.subscriber import BlockStage, Service, Status, Subscriber

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_PHONE: Final = Receiver.PHONE
_STATUS_NEW: Final = Status.NEW
_UNREGISTERED: Final = Status.UNREGISTERED


class Unknown(Enum):
    """What a number is that the gateway sees for the first time."""

    OLD = "old"
    NEW = "new"
    REFUSE = "refuse"


# An Enum's member costs a call in CPython 3.11, more than building a value does.
_REFUSE: Final = Unknown.REFUSE
_UNKNOWN_NEW: Final = Unknown.NEW


class Rules(Struct, frozen=True, gc=False):
    """Everything that the configuration lets a user change about the decisions.

    `validity_ms`: how long a message waits for its receiver where the sender asked nothing;
    `ring_ms`: how long a phone rings; `parts_ms`: how long a part of a long message waits for
    the others; `transaction_ms`: how long one waits that is not to be stored and forwarded; all on
    the simulated clock. `numbers_per_nik` 0 means no limit. By account:
    `queues`, the most undelivered messages that it may have; `receipt_delays`, drawn by `seed` as
    `verdict_delay` is: how long after a registration its verdict comes, None for at once.
    `records` are the civil registry's troubles with single people, None for none; `outages` when
    it begins and ends to answer nobody; `lost_success` the share of its successes that are lost.
    `joined` reads a long message from its parts in order: a link knows how they are written;
    `header_kept` gives what the whole has of its first part's header.
    `short_codes` are those that an ESME serves; with the registration code among them the desk is
    that ESME's. More than `report_above` numbers on a NIK are to be reported (domain.md 3.1);
    `suspicion` says which outlets look wrong.
    """

    schedule: Schedule
    profiles: ProfileIndex
    registry: Population
    registration_code: str = "4444"
    numbers_per_nik: int = 3
    unknown: Unknown = Unknown.OLD
    validity_ms: int = 86_400_000
    ring_ms: int = 45_000
    faults: Faults = NO_FAULTS
    parts_ms: int = 300_000
    transaction_ms: int = 10_000
    queues: dict[str, int] = field(default_factory=dict)
    receipt_delays: dict[str, Delay] = field(default_factory=dict)
    verdict_delay: Delay | None = None
    records: Records | None = None
    outages: tuple[tuple[int, int], ...] = ()
    lost_success: float = 0.0
    seed: int = 4444
    joined: Callable[[Sequence[Message]], str] = texts_joined
    header_kept: Callable[[Body], bytes] = no_header
    short_codes: dict[str, ServedCode] = field(default_factory=dict)
    report_above: int = 10
    suspicion: Suspicion = Suspicion()


class Ledger:
    """A batch's working copy of the facts: each decision sees those before it.

    `now` is when what is decided happens. `present` is the calendar's time, which is later for a
    stage, or a scheduled message, that a jump of the calendar passed over: what is sent begins to
    wait only then.
    """

    __slots__ = ("_common_stage", "asked_about", "facts", "now", "present", "rules")

    def __init__(
        self,
        facts: Facts,
        now: int,
        rules: Rules,
        present: int = 0,
        asked_about: Set[int] = frozenset(),
    ) -> None:
        """`asked_about` are the messages that the batch asks about, even when they have ended."""
        self.facts = facts
        self.now = now
        self.rules = rules
        self.present = present or now
        self.asked_about = asked_about
        self._common_stage: BlockStage | None = None

    def then(self, at: int) -> Ledger:
        """Give the ledger of what falls due at `at`, which the calendar may have jumped over."""
        return Ledger(self.facts, at, self.rules, self.present, self.asked_about)

    def new_id(self) -> int:
        """Give the next id of a message or call; ids rise and never repeat."""
        facts = self.facts
        taken = facts.next_id
        facts.next_id = taken + 1
        return taken

    def profile(self, msisdn: Msisdn) -> OperatorProfile:
        """Give the profile of the operator that owns the number's prefix."""
        return operator_of(msisdn, self.rules.profiles)

    def find(self, msisdn: Msisdn) -> Subscriber | None:
        """Give the subscriber; one never seen is what `[subscribers] unknown` says.

        None where that says "refuse". A subscriber made here is not yet known to the ledger:
        whoever decides for it calls `put`.
        """
        known = self.facts.subscribers.get(msisdn)
        if known is not None or self.rules.unknown is _REFUSE:
            return known
        return first_seen(msisdn, self.rules, self.now)

    def put(self, subscriber: Subscriber) -> Subscriber:
        """Write a subscriber's new value ahead for the decisions after this one."""
        self.facts.subscribers[subscriber.msisdn] = subscriber
        return subscriber

    def put_call(self, call: Call) -> Call:
        """Write a call's new value ahead."""
        self.facts.calls[call.id] = call
        return call

    def put_message(self, message: Message) -> Message:
        """Write a pending message ahead, so that what follows in the batch finds it."""
        facts = self.facts
        id_, esme = message.id, message.esme
        if esme is not None:
            if esme.account in facts.queued and not message.parts and id_ not in facts.messages:
                facts.queued[esme.account] += 1
            for part in message.parts:
                facts.whole_of[part] = id_
        facts.messages[id_] = message
        if facts.pending_of and (esme is not None or message.receiver is _PHONE):
            ids = facts.pending_of.get(Msisdn(message.destination))
            if ids is not None and id_ not in ids:
                facts.pending_of[Msisdn(message.destination)] = (*ids, id_)
        return message

    def put_ended(self, message: Message) -> None:
        """Write an ended message ahead: it waits no more, but may be asked about."""
        if message.id in self.asked_about:
            self.facts.ended[message.id] = message
        self.forget(message)

    def forget(self, message: Message) -> None:
        """Let a message wait no more for the decisions after this one, if it did."""
        facts = self.facts
        id_, esme, part = message.id, message.esme, message.part
        if facts.messages.pop(id_, None) is None:
            return
        if esme is not None and esme.account in facts.queued and not message.parts:
            facts.queued[esme.account] -= 1
        if part is not None and facts.parts.get(part.key, {}).get(part.number) == id_:
            del facts.parts[part.key][part.number]
        if facts.pending_of:
            to = Msisdn(message.destination)
            facts.pending_of[to] = tuple(
                other for other in facts.pending_of.get(to, ()) if other != id_
            )

    def parts_of(self, message: Message) -> tuple[Message, ...]:
        """Give the parts that a message was joined of and that have not ended."""
        pending = self.facts.messages
        return tuple(pending[id_] for id_ in message.parts if id_ in pending)

    def receipt_delay(self, account: str, id_: int) -> int:
        """Give how long the receipt of this message is held back, in milliseconds."""
        delay = self.rules.receipt_delays.get(account)
        return delay_ms(delay, self.rules.seed, id_) if delay is not None else 0

    def queue_full(self, account: str) -> bool:
        """Whether the account may have no more undelivered messages."""
        most = self.rules.queues.get(account)
        return most is not None and self.facts.queued.get(account, 0) >= most

    def stage(self, subscriber: Subscriber) -> BlockStage:
        """Give the stage that the subscriber is in now."""
        aged = subscriber.status is _UNREGISTERED and not self.rules.schedule.swept
        if aged and subscriber.notice_at is None:
            # All such numbers age together: the calendar is looked at once a batch.
            if self._common_stage is None:
                self._common_stage = stage_at(self.rules.schedule, subscriber, self.now)
            return self._common_stage
        return stage_at(self.rules.schedule, subscriber, self.now)

    def refusal(self, subscriber: Subscriber, service: Service, other: str) -> Denial | None:
        """Decide whether the subscriber may use the service with `other` now."""
        stage = self.stage(subscriber)
        cause = refusal(subscriber, stage, service, other, self.rules.registration_code)
        if cause is None:
            return None
        return Denial(cause, explain(subscriber, stage, service))

    def barring(self, subscriber: Subscriber) -> BarringSignal:
        """Say to the subscriber's phone what is barred now and what falls due next."""
        stage = self.stage(subscriber)
        step = next_step(self.rules.schedule, subscriber, self.now)
        return BarringSignal(
            subscriber.msisdn,
            stage,
            BARRED[stage],
            step[0] if step else None,
            step[1] if step else 0,
        )

    def repeated(self, ref: str) -> Decision | None:
        """Give the earlier answer to a phone's reference, when it was answered before."""
        earlier = self.facts.answers.get(ref)
        if earlier is None:
            return None
        answer, why = earlier
        return Decision(answer, why)

    def remember(self, ref: str, decision: Decision) -> Decision:
        """Keep the answer to a phone's reference for a repeat within the batch."""
        self.facts.answers[ref] = (decision.answer, decision.why)
        return decision


class Denial(Struct, frozen=True, gc=False):
    """Why a service is refused: the cause for the interfaces, the line for people."""

    cause: Cause
    why: str


def first_seen(msisdn: Msisdn, rules: Rules, now: int) -> Subscriber:
    """Make the subscriber that a number is when it is seen for the first time."""
    status = _STATUS_NEW if rules.unknown is _UNKNOWN_NEW else _UNREGISTERED
    found = Subscriber(
        msisdn=msisdn,
        operator=operator_of(msisdn, rules.profiles).name,
        status=status,
        first_seen_at=now,
    )
    if not rules.schedule.swept or status is not _UNREGISTERED:
        return found
    # The sweep has done with numbers that it need not come to.
    return replace(found, announced=stage_by_date(rules.schedule, found, now))


def deny(denial: Denial) -> Decision:
    """Refuse with a denial; nothing changes."""
    return Decision(Denied(denial.cause), denial.why)


def not_served(number: str) -> Decision:
    """Refuse a destination that is neither a subscriber nor a served short code."""
    return Decision(
        Denied(Cause.UNASSIGNED_NUMBER),
        f"{number} is neither a mobile number nor a short code that is served here",
    )


def unknown_subscriber(msisdn: str) -> Decision:
    """Refuse a number that the network does not know ([subscribers] unknown = "refuse")."""
    return Decision(
        Denied(Cause.UNKNOWN_SUBSCRIBER),
        f'{msisdn} is no subscriber here ([subscribers] unknown is "refuse")',
    )


replace = structs.replace
