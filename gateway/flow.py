"""READ THIS FIRST: how an event becomes a decision that is on disk.

    links and console --offer--> [waiting events]
                                      |  all that came while the last batch committed
                    questions(batch)  |  pure: what must be known?
                    store.answer      |  one read
                    decide            |  pure: in order, each sees those before it
                    store.commit      |  one transaction
                                      v
            answers to who asked, outgoing messages to the courier, records to the feed

Nothing is answered and nothing leaves before the commit. A batch is what has come while the
last one committed: one event when it is quiet, thousands under load; there is no timer.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog
from msgspec import Struct, structs

from gateway.clock import Clock, monotonic
from gateway.core.causes import Cause
from gateway.core.decision import Decision, Denied, Facts, Outgoing, Record
from gateway.core.events import Event
from gateway.core.fault_aim import Faults, Tally, carried_over
from gateway.core.ledger import Rules
from gateway.core.switch import Plan, decide, questions, questions_then
from gateway.figures import Figures
from gateway.store.protocol import NotCommitted, Store

log = structlog.get_logger()

# More events than this are not decided in one batch, so that nobody's answer waits for
# thousands of others; and a link stops reading its peers while more than the second figure wait.
BATCH_MOST = 2_000
WAITING_MOST = 20_000

Answered = Callable[[Sequence[Decision]], None]

# Names the ESME account that serves a destination; None where none does.
Route = Callable[[str], str | None]


class Offer(Struct, gc=False):
    """Events of one link, read together, and where their decisions go, in the same order.

    `at` is when they were offered, in steady seconds.
    """

    events: Sequence[Event]
    answered: Answered
    at: float = 0.0


class Batch(Struct, gc=False):
    """Events that were decided together, and when: steady seconds.

    It `began` with reading what it asks, and was `decided`, `committed`, `answered`.
    """

    offers: Sequence[Offer]
    records: Sequence[Record]
    began: float
    decided: float
    committed: float
    answered: float


class Taker(Protocol):
    """Who takes what is to leave the gateway, after the commit."""

    def take(self, outgoing: Sequence[Outgoing]) -> None:
        """Deliver these as soon as their receivers can."""


class Feed:
    """Tells watchers what was committed: the console's pages, long polls, the demo's narrator."""

    def __init__(self) -> None:
        self._watchers: list[Callable[[Sequence[Record]], None]] = []
        self._changed = asyncio.Event()

    def watch(self, watcher: Callable[[Sequence[Record]], None]) -> Callable[[], None]:
        """Call `watcher` with each batch of records; returns what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def changed(self) -> None:
        """Wait for the next commit."""
        await self._changed.wait()

    def publish(self, records: Sequence[Record]) -> None:
        """Tell everybody."""
        self._changed.set()
        self._changed = asyncio.Event()
        for watcher in tuple(self._watchers):
            watcher(records)


class Flow:
    """The one place where events are decided, one batch after the other."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        rules: Rules,
        courier: Taker,
        feed: Feed,
        route: Route | None = None,
    ):
        self._store = store
        self._route = route
        self._clock = clock
        self._rules = rules
        self._courier = courier
        self._feed = feed
        self._offers: deque[Offer] = deque()
        self._waiting = 0
        self._work = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._tally: Tally = {}
        self.figures = Figures()
        # Who is told of each batch and its times, if anybody is.
        self.traced: Callable[[Batch], None] | None = None
        self._not_stored = 0
        self._draining = False
        self._drained = asyncio.Event()

    @property
    def rules(self) -> Rules:
        """What the decisions go by."""
        return self._rules

    @property
    def tally(self) -> Tally:
        """How often each fault was met and struck."""
        return self._tally

    def set_faults(self, faults: Faults) -> None:
        """Let these go wrong from the next batch on; rules that stay keep their counts."""
        self._tally = carried_over(self._tally, self._rules.faults, faults)
        self._rules = structs.replace(self._rules, faults=faults)

    @property
    def waiting(self) -> int:
        """How many events wait for a decision."""
        return self._waiting

    @property
    def storing(self) -> bool:
        """Whether the last batch could be stored."""
        return not self._not_stored

    @property
    def full(self) -> bool:
        """Whether a link should stop reading until `room`."""
        return self._waiting > WAITING_MOST

    async def room(self) -> None:
        """Wait until there is room for more events."""
        await self._room.wait()

    def offer(self, events: Sequence[Event], answered: Answered) -> None:
        """Hand events in; `answered` is called once, after the commit, with their decisions.

        For no events at all it is called at once.
        """
        if not events:
            answered(())
            return
        self._offers.append(Offer(events, answered, monotonic()))
        self._waiting += len(events)
        if self._waiting > WAITING_MOST:
            self._room.clear()
        self._work.set()

    async def ask(self, event: Event) -> Decision:
        """Offer one event and wait for its decision: for people, not for the hot path."""
        future: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()

        def answered(decisions: Sequence[Decision]) -> None:
            if not future.done():
                future.set_result(decisions[0])

        self.offer([event], answered)
        return await future

    def drain(self) -> None:
        """Let `run` end once nothing waits any more."""
        self._draining = True
        self._work.set()

    async def drained(self) -> None:
        """Wait until everything offered before `drain` is decided."""
        await self._drained.wait()

    async def run(self) -> None:
        """Decide batch after batch until drained."""
        while True:
            if not self._offers:
                if self._draining:
                    self._drained.set()
                    return
                self._work.clear()
                await self._work.wait()
                continue
            await self._batch(self._next_offers())

    def _next_offers(self) -> list[Offer]:
        offers: list[Offer] = []
        size = 0
        while self._offers and size < BATCH_MOST:
            offer = self._offers.popleft()
            size += len(offer.events)
            offers.append(offer)
        self._waiting -= size
        if self._waiting <= WAITING_MOST // 2:
            self._room.set()
        return offers

    async def _batch(self, offers: list[Offer]) -> None:
        events = [event for offer in offers for event in offer.events]
        now = self._clock.now()
        began_at = monotonic()
        plan = questions(events, self._rules)
        facts = await self._facts(plan)
        facts.tally = self._tally
        decisions = decide(plan, facts, now, self._rules)
        seq = self._store.next_seq()
        records = [
            Record(seq + index, now, event, decision.answer, decision.why, decision.changes)
            for index, (event, decision) in enumerate(zip(events, decisions, strict=True))
        ]
        began = monotonic()
        try:
            await self._store.commit(records)
        except NotCommitted as trouble:
            if not self._not_stored:
                log.error("not stored: senders are told to repeat until it is", why=str(trouble))
            self._not_stored += len(events)
            denied = Decision(Denied(Cause.CONGESTION), f"not stored, send again: {trouble}")
            _answer(offers, [denied] * len(events))
            return
        committed = monotonic()
        if self._not_stored:
            log.warning("the store takes events again", not_stored=self._not_stored)
            self._not_stored = 0
        _answer(offers, decisions)
        self._count(offers, len(events), committed - began)
        outgoing = [item for decision in decisions for item in decision.outgoing]
        if outgoing:
            self._courier.take(outgoing)
        if self.traced is not None:
            self.traced(Batch(offers, records, began_at, began, committed, monotonic()))
        self._feed.publish(records)

    def _count(self, offers: list[Offer], events: int, commit_s: float) -> None:
        figures, now = self.figures, monotonic()
        figures.batch_events.note(events)
        figures.commit_seconds.note(commit_s)
        for offer in offers:
            figures.decision_seconds.note(now - offer.at, len(offer.events))

    async def _facts(self, plan: Plan) -> Facts:
        """Fetch what a batch needs to know, in one read; in two where a long message needs it."""
        asked = plan.questions
        facts = await self._store.answer(asked)
        more = questions_then(plan, facts, self._rules)
        if more is not None:
            facts.numbers_per_nik |= (await self._store.answer(more)).numbers_per_nik
        if self._route is not None:
            for to in asked.destinations:
                account = self._route(to)
                if account is not None:
                    facts.served_by[to] = account
        return facts


def _answer(offers: list[Offer], decisions: Sequence[Decision]) -> None:
    start = 0
    for offer in offers:
        end = start + len(offer.events)
        offer.answered(decisions[start:end])
        start = end
