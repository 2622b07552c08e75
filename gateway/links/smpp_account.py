"""One ESME account of an SMSC: what it may, who is bound as it, what it did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from ipaddress import ip_network
from typing import Protocol

import structlog
from msgspec import Struct, field

from gateway.config import AccountConfig
from gateway.links.smpp_mapping import Sender
from gateway.links.smpp_view import SessionView
from gateway.smpp.rate import SubmitRate
from gateway.smpp.receipt import ReceiptWriter
from gateway.smpp.states import State

log = structlog.get_logger()


class Traffic(Struct, gc=False):
    """One account's counters since the start; `sessions` is how many are bound now.

    `submits` counts submit_sm read, `refused` those among them that were refused before any
    decision, `delivers` deliver_sm sent, repeats included. `statuses` are the answers to requests,
    by their command_status.
    """

    binds: int = 0
    binds_refused: int = 0
    sessions: int = 0
    submits: int = 0
    refused: int = 0
    delivers: int = 0
    statuses: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))


class Held(Protocol):
    """What an account knows of a session that is bound as it."""

    @property
    def bound_as(self) -> State | None:
        """Which kind of bind it is."""

    def unbind(self) -> None:
        """End it."""

    def view(self) -> SessionView | None:
        """Show it; None if it is none any more."""


class Account:
    """An account: `name` is its key in the whole gateway, system_id what its ESME says.

    `sessions` are those that are bound now, oldest first, by their numbers. `receipts` writes its
    receipts and message ids.
    """

    def __init__(self, config: AccountConfig, sender: Sender, now: float) -> None:
        self.config = config
        self.sender = sender
        self.name = sender.account
        self.traffic = Traffic()
        self.receipts = ReceiptWriter(config.receipt.form(), config.default_alphabet)
        self.sessions: dict[int, Held] = {}
        limits = config.limits
        self.networks = tuple(map(ip_network, limits.allow_from))
        rate = limits.submits_per_second
        self.rate = SubmitRate(rate, limits.submit_burst, now) if rate else None

    def end(self, numbers: Iterable[int]) -> None:
        """End these sessions, for another takes their place."""
        for number in numbers:
            log.info("bind replaces the oldest session", account=self.name, ends=number)
            self.sessions.pop(number).unbind()
