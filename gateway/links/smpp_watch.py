"""What is watched of the SMPP accounts: their client lint, their PDU log, a capture file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import structlog

from gateway.clock import Clock, monotonic, wall
from gateway.config import AccountConfig, SmppConfig
from gateway.core.numbers import mask_identities
from gateway.links.capture import Capture
from gateway.links.smpp_tap import Tap, Watched
from gateway.smpp.lint.account import AccountLint
from gateway.smpp.lint.findings import AccountReport
from gateway.smpp.pdu_ring import SeenPdu
from gateway.smpp.session import Session

log = structlog.get_logger()

NOBODY: Final = "(not bound)"
"""Stands for an account in the lint of connections that were not bound, or not yet."""


class Watching:
    """All that is watched in one process, by account."""

    def __init__(
        self,
        accounts: Mapping[str, AccountConfig],
        clock: Clock,
        captures: Sequence[str] = (),
        *,
        shows_octets: bool = False,
    ) -> None:
        """`accounts` go by their key in the whole gateway; `captures` are files to write.

        `shows_octets` is whether the API may show PDUs in hexadecimal, identities in clear.
        """
        self.clock = clock
        self.shows_octets = shows_octets
        self.captures = {path: Capture(Path(path)) for path in captures if path}
        self.accounts = {name: _watched(name, config) for name, config in accounts.items()}
        lints = any(one.lint is not None for one in self.accounts.values())
        self.nobody = Watched(NOBODY, AccountLint(NOBODY, mask_identities) if lints else None)

    def tap(self, smsc: SmppConfig, session: Session, client: object, server: object) -> Tap:
        """Begin to watch a connection; `client` and `server` as sockets name them."""
        # One file for all SMSCs that name none.
        capture = self.captures.get(smsc.pcap) or next(iter(self.captures.values()), None)
        stream = None if capture is None else capture.stream(client, server)
        return Tap(self.accounts, self.nobody, self.clock, session, stream)

    def lint(self, account: str = "") -> list[AccountReport] | None:
        """Give the lint of one account, or of all; None for an account that there is not."""
        if account and account not in (*self.accounts, NOBODY):
            return None
        now, offset = monotonic(), wall() - monotonic()
        reports: list[AccountReport] = []
        for name, watched in (*self.accounts.items(), (NOBODY, self.nobody)):
            if watched.lint is not None and account in ("", name):
                for tap in watched.taps:
                    tap.settle(now)
                reports.append(watched.lint.report(offset))
        return reports

    def pdus(self, account: str, limit: int) -> list[SeenPdu] | None:
        """Give the newest PDUs of an account's log; None for an account that there is not."""
        watched = self.accounts.get(account)
        return None if watched is None else watched.pdus.newest(limit)

    def logs_pdus(self, account: str) -> bool | None:
        """Say whether an account's PDUs are logged; None for an account that there is not."""
        watched = self.accounts.get(account)
        return None if watched is None else watched.logs

    def log_pdus(self, account: str, on: bool) -> None:
        """Log the PDUs of an account from now on, or no more; its sessions go on."""
        watched = self.accounts[account]
        watched.logs = on
        for tap in watched.taps:
            tap.log(on)
        log.info("PDU log switched", account=account, on=on)

    def forget(self, account: str = "") -> None:
        """Begin the lint of one account, or of all, anew."""
        for name, watched in (*self.accounts.items(), (NOBODY, self.nobody)):
            if watched.lint is not None and account in ("", name):
                watched.lint.forget()

    def open(self) -> None:
        """Make the capture files; raises CannotCapture."""
        for capture in self.captures.values():
            capture.open()

    async def close(self) -> None:
        """Write what the captures still hold."""
        for capture in self.captures.values():
            await capture.close()


def _watched(name: str, config: AccountConfig) -> Watched:
    alphabet, lint = config.default_alphabet, None
    if config.lint:
        window = config.limits.submit_window
        lint = AccountLint(name, mask_identities, alphabet=alphabet, window=window)
    return Watched(name, lint, logs=config.pdu_log, alphabet=alphabet)
