"""Where a load goes: servers, accounts, TLS; and what a sender of messages is."""

from __future__ import annotations

import ssl
from typing import Protocol

from msgspec import Struct

from handsets.broker import Broker
from handsets.load.book import Flight
from handsets.place import Place


class NoTarget(Exception):
    """What is to be loaded cannot be reached: show the line; start it, or correct the options."""


class Account(Struct, frozen=True):
    """An SMPP account."""

    system_id: str
    password: str


class Tls(Struct, frozen=True):
    """TLS to the SMSC: who signed its certificate ("" for those the system trusts)."""

    ca: str = ""
    insecure: bool = False


class SmppTarget(Struct, frozen=True):
    """An SMSC and how to bind to it."""

    place: Place
    account: Account
    a2p: Account
    sessions: int = 1
    window: int = 100
    tls: Tls | None = None


class MqttTarget(Struct, frozen=True):
    """A broker and how to get in; `connections` is how many carry all phones, 0 for one each.

    `switched_on`: phones are on before the run begins, not each with its first message; those with
    connections of their own always are.
    """

    place: Broker
    connections: int = 4
    switched_on: bool = False


class Sender(Protocol):
    """Sends messages and enters in the book what becomes of them."""

    async def open(self) -> None:
        """Connect. Raises NoTarget."""

    def send(self, flights: list[Flight]) -> None:
        """Send these, now or as soon as the window has room."""

    def drop(self) -> int:
        """Forget what is not yet sent; gives how many these are."""

    @property
    def queued(self) -> int:
        """How many wait to be sent."""

    @property
    def down(self) -> int:
        """How many of its connections are not there."""

    async def close(self) -> None:
        """Say goodbye."""


def context(tls: Tls) -> ssl.SSLContext:
    """Make the TLS context. Raises NoTarget for a file that cannot be read."""
    try:
        made = ssl.create_default_context(cafile=tls.ca or None)
    except (OSError, ssl.SSLError) as trouble:
        raise NoTarget(f"--tls-ca {tls.ca}: cannot be read ({trouble}); name a PEM file") from None
    if tls.insecure:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made
