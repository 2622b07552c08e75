"""A small gateway without links: what the console needs of one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from gateway.clock import SimulatedClock
from gateway.config import Config
from gateway.core.decision import Decision, Record
from gateway.core.events import ClockSet, Event, FaultsSet, MoSms, Phone
from gateway.core.fault_aim import Faults
from gateway.core.ledger import Rules
from gateway.core.numbers import Msisdn
from gateway.flow import Feed, Flow
from gateway.links.smpp_watch import Watching
from gateway.store.memory import MemoryStore


class NoCourier:
    """Nobody takes messages here."""

    def take(self, outgoing: object) -> None:
        """Let them wait in the store."""


class WatchedFeed(Feed):
    """A feed that says when somebody watches it."""

    def __init__(self) -> None:
        super().__init__()
        self.watched = asyncio.Event()

    def watch(self, watcher: Callable[[Sequence[Record]], None]) -> Callable[[], None]:
        """See Feed."""
        self.watched.set()
        return super().watch(watcher)


class SmallGateway:
    """Flow, memory store and simulated calendar: what the console needs of a gateway."""

    def __init__(self, rules: Rules, speed: float = 0.0) -> None:
        self.clock = SimulatedClock(Config().clock_now(), speed)
        self.store = MemoryStore(rules.schedule, rules.ring_ms)
        self.feed = WatchedFeed()
        self.flow = Flow(self.store, self.clock, rules, NoCourier(), self.feed)
        accounts = {account.system_id: account for account in Config().smpp.accounts}
        self.watching = Watching(accounts, self.clock)
        self.states: dict[str, str] = {"smpp": "up", "mqtt": "off"}

    async def set_clock(self, now: int | None, speed: float | None) -> None:
        """As node does it."""
        self.clock.set(now, speed)
        await self.flow.ask(ClockSet(self.clock.now(), self.clock.speed))
        while events := self.store.due(self.clock.now()):
            for event in events:
                await self.flow.ask(event)

    async def set_faults(self, faults: Faults, what: str) -> None:
        """As node does it."""
        self.flow.set_faults(faults)
        await self.flow.ask(FaultsSet(what, faults.rules, faults.seed))

    def links(self) -> Mapping[str, str]:
        """Say what a test told it to."""
        return self.states

    def smpp_accounts(self) -> Mapping[str, Mapping[str, int]]:
        """Give one account."""
        return {"qa": {"sessions": 1, "submits": 2}}

    async def decide(self, event: Event) -> Decision:
        """Offer one event."""
        return await self.flow.ask(event)

    async def sms(self, sender: str, to: str, text: str, ref: str = "r1") -> Decision:
        """Send an SMS from a phone."""
        return await self.flow.ask(MoSms(Msisdn(sender), to, text, Phone(ref)))
