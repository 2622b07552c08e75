"""What one sender of a run is to do, as a value that goes to other processes; and its doing."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from handsets.load.book import Book
from handsets.load.mqtt import MqttSender
from handsets.load.plan import A2P, CALL, DATA, REGISTRATION, Plan
from handsets.load.profile import Profile
from handsets.load.run import Run, Tell
from handsets.load.smpp import SmppSender
from handsets.load.target import MqttTarget, Sender, SmppTarget


class Job(Struct, frozen=True):
    """The part of sender `number` of `senders`. With `mqtt` phones speak through the broker."""

    profile: Profile
    smpp: SmppTarget | None = None
    mqtt: MqttTarget | None = None
    number: int = 0
    senders: int = 1


def kinds_without_a_way(job: Job) -> list[str]:
    """Name the kinds of message in the profile for which no target is given."""
    mix = job.profile.mix
    calls = [kind for kind in (CALL, DATA) if kind in mix and job.mqtt is None]
    a2p = [A2P] if A2P in mix and job.smpp is None else []
    return [*calls, *a2p]


class Prepared:
    """A sender that is connected and waits to begin."""

    def __init__(self, job: Job, tell: Tell) -> None:
        """Prepare a job; `tell` is given each second's tally."""
        profile = job.profile
        self._plan = Plan(profile, job.number, job.senders)
        book = Book(profile.patience, profile.a2p.receipts)
        senders: dict[str, Sender] = {}
        if job.smpp is not None:
            receipts = profile.a2p.receipts
            desk = SmppSender(job.smpp, job.smpp.account, book, receipts, self._turned)
            senders[REGISTRATION] = desk
            if job.smpp.a2p == job.smpp.account:
                senders[A2P] = desk
            else:
                senders[A2P] = SmppSender(job.smpp, job.smpp.a2p, book, receipts, self._turned)
        if job.mqtt is not None:
            phones = MqttSender(job.mqtt, book, self._plan.numbers(), self._turned)
            senders.update(dict.fromkeys((REGISTRATION, CALL, DATA), phones))
        self._senders = {kind: one for kind, one in senders.items() if kind in profile.mix}
        self._run: Run | None = None
        self._book, self._tell = book, tell

    def _turned(self) -> None:
        if self._run is not None:
            self._run.refill()

    async def open(self) -> None:
        """Connect. Raises NoTarget."""
        for sender in self._each():
            await sender.open()

    async def run(self) -> None:
        """Send, wait for what is under way, and disconnect."""
        self._run = Run(self._plan, self._book, self._senders, self._tell)
        try:
            await self._run.run()
        finally:
            for sender in self._each():
                await sender.close()

    def stop(self) -> None:
        """Send no more."""
        if self._run is not None:
            self._run.stop()

    def _each(self) -> Iterator[Sender]:
        seen: list[Sender] = []
        for sender in self._senders.values():
            if sender not in seen:
                seen.append(sender)
                yield sender
