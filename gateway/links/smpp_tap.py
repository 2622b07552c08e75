"""The tap on one SMPP connection: hands on what is read and written to whoever watches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import structlog
from msgspec import structs

from gateway.clock import Clock, monotonic, wall
from gateway.core.numbers import mask_identities
from gateway.links.capture import Stream
from gateway.smpp.framing import HEADER, HEADER_SIZE, Framer
from gateway.smpp.items import Item
from gateway.smpp.lint.account import AccountLint
from gateway.smpp.lint.session import SessionLint
from gateway.smpp.pdu import BindRequest
from gateway.smpp.pdu_ring import PduRing, SeenPdu
from gateway.smpp.session import Session
from gateway.smpp.show import line, show
from gateway.smpp.text import DefaultAlphabet

log = structlog.get_logger()

# PDUs that are kept until a bind says whose they are.
_HELD_MOST: Final = 8


class Watched:
    """One account as it is watched; `taps` are on its bound sessions."""

    def __init__(
        self,
        name: str,
        lint: AccountLint | None,
        *,
        logs: bool = False,
        alphabet: DefaultAlphabet = DefaultAlphabet.GSM,
    ) -> None:
        """`logs` is whether its PDUs are logged, `alphabet` what its data_coding 0 means."""
        self.name = name
        self.alphabet = alphabet
        self.lint = lint
        self.logs = logs
        self.pdus = PduRing()
        self.taps: set[Tap] = set()


class Tap:
    """Watches one connection: nobody's until its bind, then its account's."""

    def __init__(
        self,
        accounts: Mapping[str, Watched],
        nobody: Watched,
        clock: Clock,
        session: Session,
        stream: Stream | None,
    ) -> None:
        """`stream` is the connection's part of a capture, None without one."""
        self._accounts = accounts
        self._watched = nobody
        self._clock = clock
        self._session = session
        self._stream = stream
        self._number = 0
        lint = nobody.lint
        self._lint = None if lint is None else SessionLint(lint, 0, monotonic())
        self._framer: Framer | None = None
        # Frames of before the bind, while it is not known whose they are.
        self._held: list[SeenPdu] | None = []
        self.log(any(one.logs for one in accounts.values()))

    def received(self, data: bytes, items: Sequence[Item]) -> None:
        """Take what was read, and what the session made of it."""
        if self._stream is not None:
            self._stream.received(data)
        if self._lint is not None:
            self._lint.received(items, self._session, monotonic(), self._clock.now())
        if self._framer is not None:
            data, frames = self._framer.feed(data)
            for start, end, *_ in frames:
                self._see(data[start - HEADER_SIZE : end], received=True)
            if self._framer.lost is not None:
                # What cannot be cut any more is told once; the session is over.
                rest = frames[-1][1] if frames else 0
                self._see(data[rest : rest + HEADER_SIZE], received=True)
                self._framer = None

    def sent(self, data: bytes) -> None:
        """Take what was written."""
        if self._stream is not None:
            self._stream.sent(data)
        if self._lint is not None:
            self._lint.sent(data, monotonic())
        if self._framer is not None:
            position, size = 0, len(data)
            while position < size:
                # Octets that are broken on purpose are told as one frame.
                length = size - position
                if length >= HEADER_SIZE:
                    length = min(length, max(HEADER_SIZE, HEADER.unpack_from(data, position)[0]))
                self._see(data[position : position + length], received=False)
                position += length

    def bound(self, account: str, bind: BindRequest, number: int) -> None:
        """Note an accepted bind: the connection is this account's, the session has a number."""
        watched = self._accounts[account]
        self._watched, self._number = watched, number
        watched.taps.add(self)
        if watched.lint is None:
            self._lint = None
        elif self._lint is not None:
            self._lint.bound(watched.lint, bind, number, monotonic())
        self._tell_held(watched)
        self._held = None
        self.log(watched.logs)

    def refused(self, account: str | None, bind: BindRequest, status: int) -> None:
        """Note a refused bind; `account` is what its system_id names, None for none."""
        watched = None if account is None else self._accounts[account]
        lint = self._watched.lint if watched is None else watched.lint
        if self._lint is not None and lint is not None:
            standing = 0 if watched is None else len(watched.taps)
            self._lint.bind_refused(lint, bind, status, monotonic(), standing)
        if watched is not None:
            self._tell_held(watched)

    def expired(self, count: int) -> None:
        """Note deliver_sm that had no answer in time."""
        if self._lint is not None:
            self._lint.expired(count, monotonic())

    def silent(self) -> None:
        """Note that enquire_link had no answer in time."""
        if self._lint is not None:
            self._lint.silent(monotonic())

    def settle(self, now: float) -> None:
        """Let the lint judge what only time shows."""
        if self._lint is not None:
            self._lint.settle(now)

    def ended(self, *, by_us: bool) -> None:
        """Note the end of the connection."""
        self._watched.taps.discard(self)
        if self._stream is not None:
            self._stream.ended(by_us=by_us)
        if self._lint is not None:
            self._lint.ended(monotonic(), by_us=by_us)

    def log(self, on: bool) -> None:
        """Look at each PDU from now on, or no more."""
        if not on:
            self._framer = None
        elif self._framer is None:
            self._framer = Framer(self._session.max_pdu)
            self._framer.feed(self._session.unread)

    def _see(self, frame: bytes, *, received: bool) -> None:
        seen = SeenPdu(wall(), self._number, received, frame, self._watched.alphabet)
        if self._held is None:
            _tell(self._watched, seen)
        elif len(self._held) < _HELD_MOST:
            self._held.append(seen)

    def _tell_held(self, watched: Watched) -> None:
        held, self._held = self._held, []
        if watched.logs:
            for seen in held or ():
                seen = structs.replace(seen, session=self._number, alphabet=watched.alphabet)
                _tell(watched, seen)


def _tell(watched: Watched, seen: SeenPdu) -> None:
    watched.pdus.add(seen)
    log.info(
        "pdu",
        account=watched.name,
        session=seen.session,
        direction="received" if seen.received else "sent",
        pdu=line(show(seen.frame, mask_identities, seen.alphabet)),
    )
