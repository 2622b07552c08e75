"""The session's timers as values: when something is next due, and what (§2.9, §7.2).

All times are seconds on one clock that never goes back; `now` is always an argument. A limit of 0
switches its timer off. The response timer keeps groups of requests, not requests, so that thousands
of them cost nothing; a request may expire late by a 64th of the limit, never early.
"""

from collections import deque
from enum import Enum, auto
from typing import Final

import msgspec

_GRAIN: Final = 64


class Limits(msgspec.Struct, frozen=True, gc=False):
    """How long each timer runs, in seconds (§7.2)."""

    session_init: float = 30.0
    enquire_link: float = 30.0
    inactivity: float = 0.0
    response: float = 30.0


class Due(Enum):
    """What a timer that ran out asks for."""

    CLOSE_UNBOUND = auto()
    """No bind in time: close."""
    SEND_ENQUIRE_LINK = auto()
    """Nothing heard for long: `Session.enquire_link()`."""
    CLOSE_SILENT = auto()
    """Nothing heard after enquire_link either: close."""
    CLOSE_INACTIVE = auto()
    """No transaction for long: `Session.unbind()`, or close."""
    EXPIRE_REQUESTS = auto()
    """Requests had no answer in time: `Session.expire(through)`."""


class TimerAction(msgspec.Struct, frozen=True, gc=False):
    """One thing to do now; `through` is the ordinal for EXPIRE_REQUESTS."""

    due: Due
    through: int = 0


class Timers:
    """The four timers of one session."""

    __slots__ = ("_bind_by", "_enquired", "_groups", "_heard", "_limits", "_transaction")

    def __init__(self, limits: Limits, now: float) -> None:
        """Start when the connection opens; session_init runs at once, the others from the bind."""
        self._limits = limits
        self._bind_by: float | None = now + limits.session_init if limits.session_init else None
        self._heard: float | None = None
        self._transaction: float | None = None
        self._enquired: float | None = None
        # (expires, joined until, ordinal of the last request): oldest first.
        self._groups: deque[tuple[float, float, int]] = deque()

    def on_bound(self, now: float) -> None:
        """Note a successful bind: session_init is over."""
        self._bind_by = None
        self._heard = self._transaction = now

    def on_received(self, now: float, *, transaction: bool = True) -> None:
        """Note octets from the peer; enquire_link alone is no `transaction` (§7.2)."""
        self._enquired = None
        if self._heard is not None:
            self._heard = now
            if transaction:
                self._transaction = now

    def on_sent_request(self, now: float, ordinal: int) -> None:
        """Note requests sent, up to `ordinal` (`session.window.sent`); once per write is enough."""
        if self._heard is not None:
            self._transaction = now
        response = self._limits.response
        if not response:
            return
        groups = self._groups
        if groups and now <= groups[-1][1]:
            expires, until, _ = groups[-1]
            groups[-1] = (expires, until, ordinal)
        else:
            grain = response / _GRAIN
            groups.append((now + response + grain, now + grain, ordinal))

    def deadline(self) -> float | None:
        """Give the time at which `expired` has something next, or None."""
        return min((when for when, _ in self._due()), default=None)

    def expired(self, now: float) -> list[TimerAction]:
        """Give what is due by now, each once; call again at the next `deadline`."""
        actions: list[TimerAction] = []
        for when, due in self._due():
            if when > now:
                continue
            actions.append(TimerAction(due, self._expire(now) if due is _EXPIRE else 0))
            if due is Due.CLOSE_UNBOUND:
                self._bind_by = None
            elif due is Due.SEND_ENQUIRE_LINK:
                self._enquired = now
            elif due is Due.CLOSE_SILENT:
                self._enquired = self._heard = None
            elif due is Due.CLOSE_INACTIVE:
                self._transaction = None
        return actions

    def _due(self) -> list[tuple[float, Due]]:
        limits = self._limits
        due: list[tuple[float, Due]] = []
        if self._bind_by is not None:
            due.append((self._bind_by, Due.CLOSE_UNBOUND))
        if self._enquired is not None:
            wait = limits.response or limits.enquire_link
            due.append((self._enquired + wait, Due.CLOSE_SILENT))
        elif self._heard is not None and limits.enquire_link:
            due.append((self._heard + limits.enquire_link, Due.SEND_ENQUIRE_LINK))
        if self._transaction is not None and limits.inactivity:
            due.append((self._transaction + limits.inactivity, Due.CLOSE_INACTIVE))
        if self._groups:
            due.append((self._groups[0][0], _EXPIRE))
        return due

    def _expire(self, now: float) -> int:
        through = 0
        while self._groups and self._groups[0][0] <= now:
            through = self._groups.popleft()[2]
        return through


_EXPIRE: Final = Due.EXPIRE_REQUESTS
