"""What the console sees of a running gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Protocol

from fastapi import Depends, Request
from msgspec import Struct

from gateway.air.frames import UpFrame
from gateway.air.topics import DownKind, UpKind
from gateway.clock import Clock
from gateway.config import CampaignConfig
from gateway.console.polling import MessagePolls
from gateway.core.events import MoSms, MtSms
from gateway.core.fault_aim import Faults
from gateway.core.message import Message
from gateway.core.numbers import Msisdn
from gateway.core.programme import Target
from gateway.flow import Feed, Flow
from gateway.smpp.exchange import Exchange
from gateway.smpp.lint.findings import AccountReport
from gateway.smpp.pdu import SubmitSm
from gateway.smpp.pdu_ring import SeenPdu
from gateway.store.protocol import Store

# How a link's state reads in `links()` when all is well, or when it is not wanted.
LINK_UP = "up"
LINK_OFF = "off"


class Watch(Protocol):
    """What is watched of the ESME accounts; see gateway.links.smpp_watch."""

    @property
    def shows_octets(self) -> bool:
        """Whether PDUs may be shown in hexadecimal, identities in clear."""

    def lint(self, account: str = "") -> list[AccountReport] | None:
        """Give the client lint of one account, or of all; None for an unknown one."""

    def forget(self, account: str = "") -> None:
        """Begin the lint of one account, or of all, anew."""

    def pdus(self, account: str, limit: int) -> list[SeenPdu] | None:
        """Give the newest logged PDUs; None for an unknown account."""

    def logs_pdus(self, account: str) -> bool | None:
        """Say whether PDUs are logged; None for an unknown account."""

    def log_pdus(self, account: str, on: bool) -> None:
        """Switch the PDU log."""


class Account(Protocol):
    """What an ESME account did since the start."""

    @property
    def counters(self) -> Mapping[str, int]:
        """How many sessions it has now, and what was counted."""

    @property
    def statuses(self) -> Mapping[str, int]:
        """How often its requests were answered with each command_status, by name."""


class Smpp(Protocol):
    """The SMSCs of a gateway."""

    def accounts(self) -> Mapping[str, Account]:
        """Show all accounts, by the account's key."""

    def sessions(self) -> Sequence[Struct]:
        """Show the sessions that are bound, as gateway.links.smpp_view has them, oldest first."""

    def injected(
        self, account: str, pdus: Sequence[SubmitSm], now: int
    ) -> list[MoSms | MtSms] | str | None:
        """Say what PDUs mean if an account sends them; why it may not; None: no such account."""

    def exchanges(self, message: Message, *, clear: bool) -> Sequence[Exchange]:
        """Write the PDUs again that a message came and went by; `clear`: NIK and KK as they are."""

    def pcap(self, exchanges: Iterable[Exchange]) -> Iterator[bytes]:
        """Write them to a capture file, piece by piece."""

    def end_session(self, number: int) -> Struct | None:
        """Unbind a session and show it as it was; None if there is none of this number."""


class Sweep(Protocol):
    """The barring in bulk; see gateway.links.sweep."""

    def view(self) -> SweepView:
        """Show how it stands."""


class SweepView(Protocol):
    """How it stands; see gateway.links.sweep."""

    @property
    def per_second(self) -> float:
        """The rate, 0 where nothing is swept."""

    @property
    def running(self) -> bool:
        """Whether numbers are still to be barred."""

    @property
    def done(self) -> int:
        """How many were barred."""

    @property
    def left(self) -> int:
        """How many are left."""

    @property
    def seconds(self) -> float:
        """How long that took."""


class Campaign(Protocol):
    """One round of reminders; see gateway.links.rounds.CampaignView."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def operator(self) -> str:
        """Whose numbers, "" for all."""

    @property
    def target(self) -> Target:
        """Whom it reminds."""

    @property
    def per_second(self) -> float:
        """The rate."""

    @property
    def began_at(self) -> int:
        """When, on the calendar."""

    @property
    def running(self) -> bool:
        """Whether it goes on."""

    @property
    def sent(self) -> int:
        """How many were reminded."""

    @property
    def passed_over(self) -> int:
        """How many needed it no more."""

    @property
    def left(self) -> int:
        """How many are left."""


class Campaigns(Protocol):
    """The reminders; see gateway.links.campaigns."""

    def views(self) -> Sequence[Campaign]:
        """Show the newest round of each."""

    async def start(self, wish: CampaignConfig, since: int | None = None) -> Campaign | None:
        """Begin a round; None where one of this name runs. Raises NotCommitted."""

    async def stop(self, name: str) -> Campaign | None:
        """End a round; None where there is none of this name. Raises NotCommitted."""


class Air(Protocol):
    """The link of phones in this process; see gateway.links.nearby."""

    def holds(self, msisdn: Msisdn) -> bool:
        """Whether this phone is here and on."""

    def switch_on(self, msisdn: Msisdn, hear: Callable[[DownKind, bytes], None]) -> None:
        """Announce a phone; `hear` is called with each frame for it."""

    def switch_off(self, msisdn: Msisdn) -> None:
        """Announce that a phone goes."""

    def frame(self, msisdn: Msisdn, kind: UpKind, frame: UpFrame) -> None:
        """Send a frame of a phone."""


class Phones(Protocol):
    """The phones' links; see gateway.links.phones."""

    @property
    def nearby(self) -> Air:
        """That of phones in this process."""


class Gateway(Protocol):
    """A running gateway, for the console: read-only queries, and events offered to the flow."""

    @property
    def flow(self) -> Flow:
        """Where events are decided, and by which rules."""

    @property
    def feed(self) -> Feed:
        """Tells what was committed."""

    @property
    def store(self) -> Store:
        """What is known."""

    @property
    def clock(self) -> Clock:
        """The network's calendar."""

    @property
    def watching(self) -> Watch:
        """What is watched of the ESME accounts."""

    @property
    def campaigns(self) -> Campaigns:
        """The reminders."""

    @property
    def phones(self) -> Phones:
        """The phones' links."""

    @property
    def sweep(self) -> Sweep:
        """The barring in bulk."""

    async def set_clock(self, now: int | None, speed: float | None) -> None:
        """Move the calendar forwards and decide all that fell due; raises clock.Fixed."""

    async def set_faults(self, faults: Faults, what: str) -> None:
        """Let these go wrong on purpose from now on; `what` words the change for the journal."""

    @property
    def ready(self) -> bool:
        """Whether everything has started, and nothing stops."""

    def links(self) -> Mapping[str, str]:
        """Say how each link stands: "up", "off" when it is not wanted, else what is wrong."""

    @property
    def smpp(self) -> Smpp:
        """Who is bound, and what accounts did."""


# Coroutines, though they await nothing: FastAPI runs a plain function in a thread, which halves the
# requests a second.
async def _gateway_of(request: Request) -> Gateway:
    gateway: Gateway = request.app.state.gateway
    return gateway


async def _polls_of(request: Request) -> MessagePolls:
    polls: MessagePolls = request.app.state.polls
    return polls


FromRequest = Annotated[Gateway, Depends(_gateway_of)]
Polls = Annotated[MessagePolls, Depends(_polls_of)]
