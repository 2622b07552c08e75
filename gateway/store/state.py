"""The present state of the network, folded from the journal's records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from msgspec import structs

from gateway.core.ageing import Schedule
from gateway.core.decision import (
    Answer,
    Call,
    CallChanged,
    CallState,
    CampaignChanged,
    DataSession,
    DataSessionEnded,
    Facts,
    Judged,
    Message,
    MessagesEnded,
    MessageState,
    MessageStored,
    Questions,
    Record,
    RegistryAsked,
    SubscriberChanged,
    TakenByDesk,
)
from gateway.core.desk_sms import message_taken
from gateway.core.events import Event, Lapsed, MoSms, RingLapsed, ref_of
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import Subscriber
from gateway.store.ageing import Ageing
from gateway.store.identities import Identities
from gateway.store.programme import RegistryUse, Rounds, keep
from gateway.store.verdicts import Verdicts
from gateway.store.waiting import Waiting

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_ENDED: Final = CallState.ENDED
_ENROUTE: Final = MessageState.ENROUTE
_RINGING: Final = CallState.RINGING

# How many answers are kept for phones that repeat a frame, and how many are dropped at once
# when they are full.
ANSWERS_KEPT = 100_000
_ANSWERS_DROPPED = 10_000
# A batch of events that fall due at once, so that a jump of the calendar does not stall others.
_DUE_AT_ONCE = 2_000

Touched = tuple[dict[Msisdn, Subscriber], dict[int, Message], dict[int, Call], list[DataSession]]


class State:
    """Subscribers, pending messages, calls and recent answers, as the records left them.

    `touched_subscribers` and `touched_messages` collect what changed, for a store that writes
    it behind; whoever wants them takes and clears them.
    """

    def __init__(self, schedule: Schedule, ring_ms: int) -> None:
        self._swept = schedule.swept
        self._ring_ms = ring_ms
        self.seq = 0
        self.at = 0
        self.next_id = 1
        self.subscribers: dict[Msisdn, Subscriber] = {}
        # Their numbers as they came, for who reads all of them bit by bit.
        self.order: list[Msisdn] = []
        self._identities = Identities()
        self._verdicts = Verdicts()
        self.registry_use: RegistryUse = {}
        self.campaigns: Rounds = {}
        self.waiting = Waiting()
        self.calls: dict[int, Call] = {}
        self.answers: dict[str, tuple[Answer, str]] = {}
        self.touched_subscribers: dict[Msisdn, Subscriber] = {}
        self.touched_messages: dict[int, Message] = {}
        self.touched_calls: dict[int, Call] = {}
        # Numbers with dealings with a registration application of one's own.
        self.dealing: dict[Msisdn, None] = {}
        self.touched_sessions: list[DataSession] = []
        self.ageing = Ageing(schedule)

    @property
    def pending(self) -> dict[int, Message]:
        """The messages that have not ended, by id."""
        return self.waiting.pending

    @property
    def numbers_per_nik(self) -> dict[tuple[str, str], int]:
        """How many numbers are registered on a NIK, by its digits and the operator."""
        return self._identities.counts

    @property
    def touched(self) -> int:
        """How much changed since `take_touched`: of messages and subscribers the larger number."""
        return max(len(self.touched_messages), len(self.touched_subscribers))

    @property
    def unfolded(self) -> int:
        """How many values changed since `take_touched`, each a row to write."""
        ended = len(self.touched_calls) + len(self.touched_sessions)
        return len(self.touched_subscribers) + len(self.touched_messages) + ended

    # ---- reading

    def answer(self, questions: Questions) -> Facts:
        """Answer a batch's questions with copies that the batch may write into."""
        facts = Facts(self.next_id, registry_use=dict(self.registry_use))
        subscribers, answers = self.subscribers, self.answers
        for msisdn in questions.msisdns:
            subscriber = subscribers.get(msisdn)
            if subscriber is not None:
                facts.subscribers[msisdn] = subscriber
                if subscriber.call_id:
                    self._answer_call(subscriber.call_id, facts)
        counts = self._identities.counts
        for nik in questions.niks:
            facts.numbers_per_nik[nik] = counts.get(nik, 0)
        if questions.askers:
            self._identities.answer_askers(questions, subscribers, facts)
        for ref in questions.refs:
            if ref in answers:
                facts.answers[ref] = answers[ref]
        self.waiting.answer(questions, facts)
        for id_ in questions.asked_about:
            ended = self.touched_messages.get(id_)
            if ended is not None and id_ not in facts.messages:
                facts.ended[id_] = ended
        for id_ in questions.call_ids:
            self._answer_call(id_, facts)
        return facts

    def _answer_call(self, id_: int, facts: Facts) -> None:
        """Answer a call together with both its parties."""
        call = self.calls.get(id_)
        if call is not None:
            facts.calls[id_] = call
            for party in (call.caller, Msisdn(call.callee)):
                if party in self.subscribers:
                    facts.subscribers[party] = self.subscribers[party]

    def due(self, now: int) -> list[Event]:
        """List what falls due by `now`, in order: up to the earliest stage; see Store.due.

        A calendar that jumped is caught up by asking again until nothing is due: what lapsed
        before a stage ends before it, what was scheduled before it is sent before it, and each
        number takes one stage after the other. Stages that are swept are not among it.
        """
        stages = [] if self._swept else self.ageing.due(now, _DUE_AT_ONCE)
        until = stages[0].at if stages else now
        events: list[Event] = [
            RingLapsed(call.id)
            for call in self.calls.values()
            if call.state is _RINGING and until >= call.started_at + self._ring_ms
        ]
        lapsed = self.waiting.lapsed(until, _DUE_AT_ONCE)
        if lapsed:
            events.append(Lapsed(tuple(lapsed)))
        deliveries = self.waiting.deliveries_due(until, _DUE_AT_ONCE)
        events += deliveries
        verdicts = self._verdicts.due(until, _DUE_AT_ONCE, self.subscribers)
        events += verdicts
        full = _DUE_AT_ONCE in (len(lapsed), len(deliveries), len(verdicts))
        return events if full else [*events, *stages]

    # ---- folding

    def apply(self, records: Iterable[Record]) -> None:
        """Fold committed records in, oldest first."""
        for record in records:
            self.seq = record.seq
            self.at = record.at
            event = record.event
            for change in record.changes:
                # No `match`: asking a Struct whether it is of another class costs 0.1 us.
                if type(change) is SubscriberChanged:
                    self.put(change.subscriber)
                elif type(change) is MessageStored:
                    self._store(change.message)
                elif type(change) is Judged:
                    pass
                elif type(change) is TakenByDesk:
                    assert type(event) is MoSms
                    self._store(message_taken(event, change.id, record.at))
                elif type(change) is MessagesEnded:
                    self._end(change)
                elif type(change) is CallChanged:
                    self.put_call(change.call)
                elif type(change) is DataSessionEnded:
                    self.touched_sessions.append(change.session)
                elif type(change) is RegistryAsked or type(change) is CampaignChanged:
                    keep(change, self.campaigns, self.registry_use)
                else:
                    assert_never(change)
            ref = ref_of(event)
            if ref is not None:
                self._remember(ref, record)

    def put(self, subscriber: Subscriber) -> None:
        """Take a subscriber's new value and keep the counts by NIK in step."""
        msisdn = subscriber.msisdn
        earlier = self.subscribers.get(msisdn)
        if earlier is None:
            self.order.append(msisdn)
        self.subscribers[msisdn] = subscriber
        self.touched_subscribers[msisdn] = subscriber
        self._identities.change(earlier, subscriber)
        if subscriber.pending is not None:
            self._verdicts.change(earlier, subscriber)
        if subscriber.dealings is not None:
            self.dealing[msisdn] = None
        self.ageing.put(subscriber)

    def take_in(self, subscribers: Sequence[Subscriber]) -> None:
        """Take many at a start, whose numbers are not known yet: as `put`, in less time."""
        numbers = [one.msisdn for one in subscribers]
        self.order += numbers
        self.subscribers.update(zip(numbers, subscribers, strict=True))
        self._identities.take_in(subscribers)
        for subscriber in subscribers:
            if subscriber.pending is not None:
                self._verdicts.change(None, subscriber)
            if subscriber.dealings is not None:
                self.dealing[subscriber.msisdn] = None
            self.ageing.put(subscriber)

    def _store(self, message: Message) -> None:
        id_ = message.id
        if id_ >= self.next_id:
            self.next_id = id_ + 1
        else:
            # It waited for its time, or is stored anew: with another text, for another receiver.
            self.waiting.remove(id_)
        self.touched_messages[id_] = message
        if message.state is _ENROUTE:
            self.keep_pending(message)

    def keep_pending(self, message: Message) -> None:
        """Hold a message until it ends."""
        self.waiting.add(message)

    def _end(self, change: MessagesEnded) -> None:
        for id_ in change.ids:
            message = self.waiting.remove(id_)
            if message is None:
                continue
            self.touched_messages[id_] = structs.replace(
                message, state=change.state, ended_at=change.at, error=change.error
            )

    def put_call(self, call: Call) -> None:
        """Take a call's new value."""
        if call.id >= self.next_id:
            self.next_id = call.id + 1
        self.touched_calls[call.id] = call
        if call.state is _ENDED:
            self.calls.pop(call.id, None)
        else:
            self.calls[call.id] = call

    def _remember(self, ref: str, record: Record) -> None:
        """Keep the answer to a phone's reference, so that its repeat gets the same."""
        answers = self.answers
        answers[ref] = (record.answer, record.why)
        if len(answers) > ANSWERS_KEPT:
            for key in list(answers)[:_ANSWERS_DROPPED]:
                del answers[key]

    def remember_answers(self, records: Iterable[Record]) -> None:
        """Take only the answers of records that are folded already."""
        for record in records:
            self.seq = record.seq
            self.at = record.at
            ref = ref_of(record.event)
            if ref is not None:
                self._remember(ref, record)

    def take_touched(self) -> Touched:
        """Hand over what changed since this was asked last."""
        taken = (
            self.touched_subscribers,
            self.touched_messages,
            self.touched_calls,
            self.touched_sessions,
        )
        self.touched_subscribers, self.touched_messages, self.touched_calls = {}, {}, {}
        self.touched_sessions = []
        return taken

    def give_back(self, taken: Touched) -> None:
        """Take back what could not be written; what changed since then stays newer."""
        subscribers, messages, calls, sessions = taken
        self.touched_subscribers = subscribers | self.touched_subscribers
        self.touched_messages = messages | self.touched_messages
        self.touched_calls = calls | self.touched_calls
        self.touched_sessions = sessions + self.touched_sessions
