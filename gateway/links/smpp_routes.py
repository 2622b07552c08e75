"""Which account a destination belongs to, and which of its sessions may have a message; pure.

An account has a destination because the configuration says so (`serves`), or because one of its
sessions is bound to receive with an address_range that holds it (SMPP 3.4 §5.2.7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from gateway.smpp.address_range import AddressRange

# Destinations whose route is remembered; more than this are forgotten and found again.
_REMEMBERED_MOST: Final = 10_000


class _Range(NamedTuple):
    account: str
    serves: AddressRange


class Routes:
    """The ranges of the sessions that are bound to receive now, and what is configured."""

    def __init__(self, configured: Mapping[str, str]) -> None:
        """`configured` maps short codes to the accounts that serve them."""
        self._configured = dict(configured)
        self._ranges: dict[int, _Range] = {}
        self._remembered: dict[str, str | None] = {}

    def open(self, session: int, account: str, serves: AddressRange) -> None:
        """Note that a session is bound to receive for these addresses."""
        self._ranges[session] = _Range(account, serves)
        self._remembered.clear()

    def close(self, session: int) -> None:
        """Forget the range of a session that is over, if it had one."""
        if self._ranges.pop(session, None) is not None:
            self._remembered.clear()

    def route(self, destination: str) -> str | None:
        """Name the account that has the destination: configured, else by the narrowest range.

        Among ranges that are alike the session that bound first wins.
        """
        account = self._configured.get(destination)
        if account is not None or not self._ranges:
            return account
        remembered = self._remembered
        if destination not in remembered:
            if len(remembered) >= _REMEMBERED_MOST:
                remembered.clear()
            remembered[destination] = self._narrowest(destination)
        return remembered[destination]

    def accepts(self, session: int, destination: str) -> bool:
        """Whether a session takes messages for this address; without a range it takes all."""
        held = self._ranges.get(session)
        return held is None or held.serves.matches(destination)

    def _narrowest(self, destination: str) -> str | None:
        found: str | None = None
        narrowest = -1
        for account, serves in self._ranges.values():
            if serves.specificity > narrowest and serves.matches(destination):
                found, narrowest = account, serves.specificity
        return found
