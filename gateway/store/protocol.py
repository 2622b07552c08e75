"""What the flow and the console ask of a store, whichever it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from gateway.core.decision import Call, DataSession, Facts, Message, Questions, Record
from gateway.core.events import Event, StageDue
from gateway.core.numbers import Msisdn
from gateway.core.programme import Campaign
from gateway.core.subscriber import Subscriber
from gateway.store.annotations import Annotations
from gateway.store.remedies import NotCommitted as NotCommitted
from gateway.store.retention import Deleted


class CannotOpen(Exception):
    """The store cannot be used: tell the user the place and the remedy, and stop."""


class Store(Protocol):
    """One durable memory of the network; a single flow writes, anybody reads."""

    async def open(self) -> None:
        """Open, migrate and replay; raises CannotOpen."""

    async def answer(self, questions: Questions) -> Facts:
        """Answer a batch's questions; the result is the caller's own copy."""

    async def commit(self, records: Sequence[Record]) -> None:
        """Make records durable, all or none; raises NotCommitted."""

    def next_seq(self) -> int:
        """Give the number of the next record."""

    def last_at(self) -> int:
        """Give the simulated time of the newest record, 0 when there is none."""

    def pending(self) -> list[Message]:
        """List the messages that wait for a receiver, oldest first."""

    def waits_longest(self) -> Message | None:
        """Give the message that has waited longest for a receiver, None when none waits."""

    def due(self, now: int) -> list[Event]:
        """List what falls due by `now`: stages of phones, one step each; lapsed messages."""

    def sweep_due(self, now: int, most: int) -> list[StageDue]:
        """List the numbers whose stage is due longest by `now`, `most` at most."""

    def sweep_left(self, now: int) -> int:
        """Count the numbers whose next stage is due by `now`."""

    def subscriber(self, msisdn: Msisdn) -> Subscriber | None:
        """Find a subscriber."""

    def subscribers(self) -> list[Subscriber]:
        """List all subscribers as they are now, in no order: at once, which stalls others."""

    def in_pages(self, most: int) -> AsyncIterator[Sequence[Subscriber]]:
        """Read all subscribers in no order, `most` at once, with rests in which others work.

        Each is as it is when its page is read; who comes meanwhile may be left out.
        """

    def in_order(self, most: int) -> AsyncIterator[Sequence[Subscriber]]:
        """Read them by rising number, as `in_pages`."""

    @property
    def numbers_per_nik(self) -> Mapping[tuple[str, str], int]:
        """How many numbers each NIK (its digits) has with each operator, as it is now."""

    @property
    def registry_use(self) -> Mapping[str, tuple[int, int]]:
        """How often each asked the civil registry of its quota: the newest day, and its count."""

    @property
    def campaigns(self) -> Mapping[str, Campaign]:
        """The newest round of each campaign, by its name."""

    @property
    def keeps_journal(self) -> bool:
        """Whether `records` has what was decided."""

    def records(self, after: int = 0, words: Sequence[str] = ()) -> AsyncIterator[Sequence[Record]]:
        """Read the journal's records with a number above `after`, in batches as committed.

        `words`: only batches in whose JSON one of them stands, for who looks for little in much.
        """

    def compared(self) -> list[Subscriber]:
        """List those with dealings with a registration application, which shadow compares."""

    def call_records(self) -> AsyncIterator[Sequence[Call | DataSession]]:
        """Read calls that ended, by id, then data sessions that ended, as they did."""

    def numbers(self) -> dict[str, int]:
        """Count what the store holds, for health and metrics."""

    @property
    def annotations(self) -> Annotations:
        """What people noted of messages."""

    @property
    def deleted(self) -> Deleted:
        """What went because it was older than is to be kept."""

    def size(self) -> dict[str, int]:
        """Give the bytes of its files, by what they are; none where it has none."""

    async def messages(self, msisdn: Msisdn | None, after: int, limit: int) -> list[Message]:
        """List messages from or to a number (None: of all) with an id above `after`, by id."""

    async def run(self) -> None:
        """Do the store's own work in the background until cancelled."""

    async def close(self) -> None:
        """Write out what is only in the journal, and close."""
