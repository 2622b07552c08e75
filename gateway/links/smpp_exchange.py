"""What the connections of one SMPP server share: who may bind, where events go, what is counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import count
from typing import Protocol

from msgspec import structs

from gateway.clock import Clock, monotonic
from gateway.config import AccountConfig, SmppConfig, SmscConfig
from gateway.core.decision import MessagesEnded
from gateway.core.events import Event
from gateway.flow import Answered, Flow
from gateway.lanes import Carrier
from gateway.links.smpp_account import Account, Traffic
from gateway.links.smpp_door import Door
from gateway.links.smpp_fault_board import FaultBoard
from gateway.links.smpp_mapping import senders
from gateway.links.smpp_routes import Routes
from gateway.links.smpp_watch import Watching
from gateway.links.tally import Tally
from gateway.smpp.timers import Limits

__all__ = ["Account", "Carrier", "Common", "Courier", "Exchange", "Traffic"]


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

    def waits_for(self, receiver: str) -> int:
        """Count what waits for a receiver that nobody holds."""

    def await_end(self, id_: int, told: Callable[[MessagesEnded], None]) -> None:
        """Call `told` once when this message has ended."""


class Common:
    """What the SMSCs of one process share: routes, who serves what, and series of numbers."""

    def __init__(self, smscs: Sequence[SmppConfig], watching: Watching | None = None) -> None:
        """`smscs` are all SMSCs of the process; the first account to serve a code has it."""
        self.watching = watching
        configured: dict[str, str] = {}
        for smsc in smscs:
            for account in smsc.accounts:
                for code in account.serves:
                    configured.setdefault(code, account_key(smsc, account))
        self.routes = Routes(configured)
        self.served = frozenset(configured)
        self.sessions = count(1)
        # Ids of what is only counted: never in the store, so a series of their own.
        self.counted_ids = count(1)


def account_key(smsc: SmppConfig, account: AccountConfig) -> str:
    """Name an account in the whole gateway."""
    if isinstance(smsc, SmscConfig):
        return f"{smsc.name}/{account.system_id}"
    return account.system_id


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
        common: Common | None = None,
    ) -> None:
        """`common` is what this SMSC shares with others of the process."""
        common = common or Common((config,))
        self.config = config
        self.name = config.name if isinstance(config, SmscConfig) else "smpp"
        self.flow = flow
        self.courier = courier
        self.clock = clock
        self.limits = Limits(
            session_init=config.session_init_timeout,
            enquire_link=config.enquire_link_interval,
            inactivity=config.inactivity_timeout,
            response=config.response_timeout,
        )
        now = monotonic()
        self.accounts = _accounts(config, registration_code, common, now)
        self.faults = FaultBoard(clock, flow.rules.faults, flow.tally)
        self.door = Door(self.accounts, config.binds_per_second, now)
        self.refused_binds = Tally("bind refused", smsc=self.name)
        self.throttled = Tally("submit throttled", smsc=self.name)
        self.turned_away = Tally("connection turned away", smsc=self.name)
        self.silent = Tally("silent for too long: closing", smsc=self.name)
        self.routes = common.routes
        self.watching = common.watching
        self.sessions = common.sessions
        self.counted_ids = common.counted_ids
        self.flow_was_full = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()
        self._offers = 0

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

    def close(self) -> None:
        """Tell what is still to be told."""
        for tally in (self.refused_binds, self.throttled, self.turned_away, self.silent):
            tally.close()

    def traffic(self) -> dict[str, Traffic]:
        """Copy the counters, by the account's key."""
        return {
            one.name: structs.replace(one.traffic, statuses=one.traffic.statuses.copy())
            for one in self.accounts.values()
        }


def _accounts(
    smsc: SmppConfig, registration_code: str, common: Common, now: float
) -> dict[str, Account]:
    """Make an SMSC's accounts, by system_id; `served` by others of the process is reserved too."""
    derived = senders(smsc.accounts, registration_code)
    found: dict[str, Account] = {}
    for account in smsc.accounts:
        sender = derived[account.system_id]
        others = common.served.difference(account.serves)
        sender = structs.replace(
            sender, account=account_key(smsc, account), reserved=sender.reserved | others
        )
        found[account.system_id] = Account(account, sender, now)
    return found
