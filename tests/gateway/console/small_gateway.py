"""A small gateway without links: what the console needs of one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import structs

from gateway.air.frames import UpFrame
from gateway.air.topics import DownKind, UpKind
from gateway.clock import SimulatedClock
from gateway.config import Config
from gateway.console import view
from gateway.core.decision import Decision, Record
from gateway.core.events import ClockSet, Event, FaultsSet, MoSms, MtSms, Phone
from gateway.core.fault_aim import Faults
from gateway.core.ledger import Rules
from gateway.core.message import Message
from gateway.core.numbers import Msisdn
from gateway.flow import Feed, Flow
from gateway.links.campaigns import Campaigns
from gateway.links.rebuilt_pcap import rebuilt_pcap
from gateway.links.smpp_inject import injected, injectors
from gateway.links.smpp_rebuilt import Rebuilder
from gateway.links.smpp_view import AccountView, SessionView
from gateway.links.smpp_watch import Watching
from gateway.links.sweep import Sweep
from gateway.smpp.exchange import Exchange
from gateway.smpp.pdu import SubmitSm
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


class SmallSmpp:
    """Two accounts, the first with two sessions."""

    def __init__(self) -> None:
        self._rebuilder = Rebuilder({one.system_id: one for one in Config().smpp.accounts})
        first = SessionView(
            id=3,
            account="qa",
            smsc="smpp",
            peer="127.0.0.1:4000",
            tls=True,
            bind="transceiver",
            interface_version=0x34,
            address_range="^62812",
            system_type="",
            since=Config().clock_now(),
            seconds=12.3456,
            outstanding=1,
            window=100,
            unanswered=2,
            submit_window=0,
            requests=10,
            delivers=4,
        )
        second = structs.replace(
            first,
            id=4,
            bind="receiver",
            interface_version=0x33,
            address_range="",
            tls=False,
            requests=0,
        )
        third = structs.replace(first, id=5, account="other/bank", smsc="other")
        self._sessions = {one.id: one for one in (first, second, third)}

    def accounts(self) -> dict[str, AccountView]:
        """Show them."""
        counters = {"binds": 3, "binds_refused": 1, "sessions": 2, "submits": 10, "delivers": 8}
        none = dict.fromkeys(counters, 0)
        return {
            "qa": AccountView(counters, {"ESME_ROK": 7, "ESME_RTHROTTLED": 1}),
            "other/bank": AccountView(none, {}),
        }

    def sessions(self) -> list[SessionView]:
        """Show those that no test has ended."""
        return list(self._sessions.values())

    def injected(
        self, account: str, pdus: Sequence[SubmitSm], now: int
    ) -> list[MoSms | MtSms] | str | None:
        """Read them as the SMSC of the default configuration does."""
        return injected(injectors([Config().smpp], "4444"), account, pdus, now)

    def exchanges(self, message: Message, *, clear: bool) -> list[Exchange]:
        """Rebuild as the SMSC of the default configuration does."""
        return self._rebuilder.exchanges(message, clear=clear)

    def pcap(self, exchanges: Iterable[Exchange]) -> Iterator[bytes]:
        """Write a capture file as it does."""
        return rebuilt_pcap(exchanges)

    def end_session(self, number: int) -> SessionView | None:
        """End one."""
        return self._sessions.pop(number, None)


class SmallAir:
    """A link of phones that nobody answers: it keeps what they send."""

    def __init__(self) -> None:
        self.sent: list[tuple[Msisdn, UpKind, UpFrame]] = []
        self.hears: dict[Msisdn, Callable[[DownKind, bytes], None]] = {}

    @property
    def nearby(self) -> SmallAir:
        """Itself."""
        return self

    def holds(self, msisdn: Msisdn) -> bool:
        """Whether this phone is on."""
        return msisdn in self.hears

    def switch_on(self, msisdn: Msisdn, hear: Callable[[DownKind, bytes], None]) -> None:
        """Keep who hears."""
        self.hears[msisdn] = hear

    def switch_off(self, msisdn: Msisdn) -> None:
        """Forget it."""
        self.hears.pop(msisdn, None)

    def frame(self, msisdn: Msisdn, kind: UpKind, frame: UpFrame) -> None:
        """Keep a frame."""
        self.sent.append((msisdn, kind, frame))


class SmallGateway:
    """Flow, memory store and simulated calendar: what the console needs of a gateway."""

    def __init__(self, rules: Rules, speed: float = 0.0) -> None:
        self.clock = SimulatedClock(Config().clock_now(), speed)
        self.store = MemoryStore(rules.schedule, rules.ring_ms)
        self.feed = WatchedFeed()
        self.flow = Flow(self.store, self.clock, rules, NoCourier(), self.feed)
        self.campaigns = Campaigns(self.flow, self.store, self.clock, ())
        self.sweep: view.Sweep = Sweep(self.flow, self.store, self.clock, 0.0)
        accounts = {account.system_id: account for account in Config().smpp.accounts}
        self.watching = Watching(accounts, self.clock)
        self.smpp = SmallSmpp()
        self.ready = True
        self.phones = SmallAir()
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

    async def decide(self, event: Event) -> Decision:
        """Offer one event."""
        return await self.flow.ask(event)

    async def sms(self, sender: str, to: str, text: str, ref: str = "r1") -> Decision:
        """Send an SMS from a phone."""
        return await self.flow.ask(MoSms(Msisdn(sender), to, text, Phone(ref)))
