"""What is shown of accounts and of sessions that are bound; pure."""

from __future__ import annotations

from msgspec import Struct


class AccountView(Struct, frozen=True):
    """One account's counters, and how often its requests were answered with each status."""

    counters: dict[str, int]
    statuses: dict[str, int]


class SessionView(Struct, frozen=True, gc=False):
    """One session as the API shows it.

    `id` is this process's number of the bind, `account` the account's key, `smsc` the SMSC's name,
    `bind` "transmitter", "receiver", "transceiver", or "unbinding" at its end. `since` is on the
    calendar in Unix milliseconds, `seconds` how long it is bound in real time. `outstanding` are
    our requests without an answer, of `window` at most; `unanswered` those of the ESME, of
    `submit_window` at most (0: no limit). `requests` and `delivers` count what went either way.
    """

    id: int
    account: str
    smsc: str
    peer: str
    tls: bool
    bind: str
    interface_version: int
    address_range: str
    system_type: str
    since: int
    seconds: float
    outstanding: int
    window: int
    unanswered: int
    submit_window: int
    requests: int
    delivers: int
