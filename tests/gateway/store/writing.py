"""Writing to a store as the flow does: questions, facts, decisions, commit."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.core.ageing import SCHEDULES
from gateway.core.decision import Decision, Record
from gateway.core.events import Event
from gateway.core.ledger import Rules
from gateway.core.switch import decide, questions, questions_then
from gateway.store.protocol import Store
from tests.gateway.core.network import OPEN_AT, RULES, wib

SCHEDULE = SCHEDULES["brief"]
RING_MS = RULES.ring_ms


class Writer:
    """Decides batches against a store and commits them."""

    def __init__(self, store: Store, at: str = OPEN_AT, rules: Rules = RULES) -> None:
        self.store = store
        self.rules = rules
        self.now = wib(at)

    def at(self, written: str) -> Writer:
        """Move the calendar."""
        self.now = wib(written)
        return self

    async def decided(self, *events: Event) -> tuple[list[Decision], list[Record]]:
        """Decide without committing."""
        plan = questions(events, self.rules)
        facts = await self.store.answer(plan.questions)
        more = questions_then(plan, facts, self.rules)
        if more is not None:
            facts.numbers_per_nik |= (await self.store.answer(more)).numbers_per_nik
        decisions = decide(plan, facts, self.now, self.rules)
        return decisions, self.records(events, decisions)

    def records(self, events: Sequence[Event], decisions: Sequence[Decision]) -> list[Record]:
        """Make the journal's records of decisions."""
        first = self.store.next_seq()
        return [
            Record(first + index, self.now, event, decision.answer, decision.why, decision.changes)
            for index, (event, decision) in enumerate(zip(events, decisions, strict=True))
        ]

    async def batch(self, *events: Event) -> list[Decision]:
        """Decide and commit."""
        decisions, records = await self.decided(*events)
        await self.store.commit(records)
        return decisions

    async def catch_up(self) -> None:
        """Decide what fell due, as the timer does."""
        while due := self.store.due(self.now):
            await self.batch(*due)
