"""What the connections of one SMPP server share: who may bind, where events go, what is counted."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple, Protocol

from msgspec import Struct, structs

from gateway.clock import Clock
from gateway.config import AccountConfig, SmppConfig
from gateway.core.decision import Message
from gateway.core.events import Event
from gateway.flow import Answered, Flow
from gateway.links.smpp_mapping import Sender, senders
from gateway.links.smpp_routes import Routes
from gateway.smpp.address_range import AddressRange, Malformed, address_range
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import BindRequest
from gateway.smpp.timers import Limits


class Carrier(Protocol):
    """What the courier is given: a session that may be delivered to; see gateway.courier."""

    @property
    def repeats(self) -> bool:
        """Whether the courier repeats what is not confirmed."""

    def free(self) -> int:
        """Say how many more messages can be taken now."""

    def carry(self, messages: Sequence[Message]) -> None:
        """Take these."""


class Courier(Protocol):
    """What a session needs of gateway.courier.Courier, which node gives it."""

    def open(self, receiver: str, key: int, carrier: Carrier) -> None:
        """Deliver to this carrier."""

    def close(self, receiver: str, key: int) -> None:
        """Deliver to it no more."""

    def room(self, receiver: str, key: int) -> None:
        """It can take more now."""

    def again(self, id_: int) -> None:
        """Carry this message again after a pause."""


class Traffic(Struct, gc=False):
    """One account's counters since the start; `sessions` is how many are bound now.

    `submits` counts submit_sm read, `refused` those among them that were refused before any
    decision, `delivers` deliver_sm sent, repeats included.
    """

    binds: int = 0
    binds_refused: int = 0
    sessions: int = 0
    submits: int = 0
    refused: int = 0
    delivers: int = 0


class Account(Struct):
    """One account: its configuration, what it may send as, its counters."""

    config: AccountConfig
    sender: Sender
    traffic: Traffic

    @property
    def name(self) -> str:
        """The system_id, which names the account everywhere."""
        return self.config.system_id


class Admitted(NamedTuple):
    """A bind that is accepted: whose it is, and the addresses that it serves, if it says any."""

    account: Account
    serves: AddressRange | None


class Exchange:
    """The server's side of every connection that is not the connection's own.

    `idle` is set while the flow owes this server no decision; `flow_was_full` once a connection
    has stopped reading because the flow had no room.
    """

    def __init__(
        self,
        config: SmppConfig,
        registration_code: str,
        flow: Flow,
        courier: Courier,
        clock: Clock,
    ) -> None:
        self.config = config
        self.flow = flow
        self.courier = courier
        self.clock = clock
        self.limits = Limits(
            session_init=config.session_init_timeout,
            enquire_link=config.enquire_link_interval,
            inactivity=config.inactivity_timeout,
            response=config.response_timeout,
        )
        derived = senders(config.accounts, registration_code)
        self.accounts = {
            account.system_id: Account(account, derived[account.system_id], Traffic())
            for account in config.accounts
        }
        self.routes = Routes(
            {code: account.system_id for account in config.accounts for code in account.serves}
        )
        self.sessions = count(1)
        # Ids of what is only counted: never in the store, so a series of their own.
        self.counted_ids = count(1)
        self.flow_was_full = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()
        self._offers = 0

    def admit(self, bind: BindRequest) -> Admitted | CommandStatus:
        """Find the account of a bind, or the status that refuses it (§4.1).

        No status is made for an address_range that cannot be read: it is ESME_RBINDFAIL.
        """
        account = self.accounts.get(bind.system_id)
        if account is None:
            return CommandStatus.ESME_RINVSYSID
        # The PDU holds octets as Latin-1 characters.
        offered = bind.password.encode("latin-1")
        if not hmac.compare_digest(offered, account.config.password.encode()):
            account.traffic.binds_refused += 1
            return CommandStatus.ESME_RINVPASWD
        serves = address_range(bind.address_range)
        if isinstance(serves, Malformed):
            account.traffic.binds_refused += 1
            return CommandStatus.ESME_RBINDFAIL
        return Admitted(account, serves)

    def route(self, destination: str) -> str | None:
        """Name the account to which messages for this address go, if any does.

        `destination` is in its normal form. `serves` of the configuration comes before the
        address_range of whoever is bound to receive.
        """
        return self.routes.route(destination)

    def offer(self, events: Sequence[Event], answered: Answered) -> None:
        """Hand events to the flow; call `settled` when `answered` is called."""
        self._offers += 1
        self.idle.clear()
        self.flow.offer(events, answered)

    def settled(self) -> None:
        """Note that one offer was decided."""
        self._offers -= 1
        if not self._offers:
            self.idle.set()

    def traffic(self) -> dict[str, Traffic]:
        """Copy the counters, by system_id."""
        return {name: structs.replace(one.traffic) for name, one in self.accounts.items()}
