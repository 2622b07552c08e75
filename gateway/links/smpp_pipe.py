"""The octets of one SMPP connection: one write a turn of the loop, reading while there is room.

Closing lets what was written leave first, for a short time.
"""

from __future__ import annotations

import asyncio
from typing import Final, cast

from gateway.clock import monotonic
from gateway.links.smpp_account import Account
from gateway.links.smpp_alarm import Alarm
from gateway.links.smpp_caller import Caller, names_in
from gateway.links.smpp_exchange import Exchange
from gateway.links.smpp_tap import Tap
from gateway.smpp.pdu import BindRequest
from gateway.smpp.session import Session
from gateway.smpp.timers import Due, Timers

# Octets that may wait for a peer that does not read, before it is paused.
_WRITE_HIGH: Final = 256 * 1024
LINGER: Final = 2.0
"""Seconds for the answer to our unbind, and for the last octets of a connection that we close."""


class Pipe:
    """Carries what the session has to write, and says whether the transport reads."""

    def __init__(
        self, transport: asyncio.BaseTransport, session: Session, timers: Timers, alarm: Alarm
    ) -> None:
        # A cast, not a check: uvloop's transports are no subclass of asyncio's.
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=_WRITE_HIGH)
        self._session = session
        self._timers = timers
        self._alarm = alarm
        self._loop = asyncio.get_running_loop()
        self._linger: asyncio.TimerHandle | None = None
        # Who watches the connection; None costs nothing.
        self.tap: Tap | None = None
        self.ended_by_us = False
        self._sent = 0
        self._flush_due = False
        self._reading = True
        self._finishing = False
        self._ended = False

    def caller(self) -> Caller:
        """Say who is at the other end."""
        ask = self.transport.get_extra_info
        # None when the ESME has gone again already.
        host, port = (ask("peername") or ("unknown", 0))[:2]
        return Caller(host, port, ask("sslcontext") is not None, names_in(ask("peercert") or {}))

    # ---- for whoever watches

    def watch(self, exchange: Exchange) -> None:
        """Have the connection watched from its beginning, if anything is."""
        if exchange.watching is not None:
            names = map(self.transport.get_extra_info, ("peername", "sockname"))
            self.tap = exchange.watching.tap(exchange.config, self._session, *names)

    def bound(self, account: Account, request: BindRequest, number: int) -> None:
        """Tell of an accepted bind."""
        if self.tap is not None:
            self.tap.bound(account.name, request, number)

    def turned(self, account: Account | None, request: BindRequest, status: int) -> None:
        """Tell of a refused bind, and of the account that it names."""
        if self.tap is not None:
            self.tap.refused(None if account is None else account.name, request, status)

    def late(self, count: int) -> None:
        """Tell of requests that had no answer in time."""
        if self.tap is not None and count:
            self.tap.expired(count)

    def close_silent(self, due: Due) -> None:
        """Close, for nothing was heard: no bind, or no answer to enquire_link."""
        if self.tap is not None and due is Due.CLOSE_SILENT:
            self.tap.silent()
        self.close()

    @property
    def closing(self) -> bool:
        """Whether the connection is on its way out."""
        return self.transport.is_closing()

    def flush_soon(self) -> None:
        """Write once, when all of this turn of the loop is said."""
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_due = False
        session, transport = self._session, self.transport
        data = session.take()
        if data and not transport.is_closing():
            transport.write(data)
            if self.tap is not None:
                self.tap.sent(data)
            sent = session.window.sent
            if sent != self._sent:
                self._sent = sent
                self._timers.on_sent_request(monotonic(), sent)
                self._alarm.set()
        if session.done or self._finishing or (self._ended and not session.unanswered):
            self.close()

    def finish(self) -> None:
        """Close when all that is said by now is written."""
        self._finishing = True
        self.flush_soon()

    def answer_the_rest(self) -> bool:
        """The ESME has shut its sending side: whether the connection stays for what it is owed.

        It ends with the last answer, or soon. TLS knows no connection that is half closed.
        """
        if not self._session.unanswered or self.transport.get_extra_info("sslcontext"):
            return False
        self._ended = True
        self.abort_later()
        return True

    def hang_up(self) -> None:
        """Write what is said by now, and close: what is said later is never written."""
        self._flush()
        self.close()

    def read(self, read: bool) -> None:
        """Read from now on, or stop reading."""
        if read is self._reading or self.closing:
            return
        self._reading = read
        if read:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()

    def close(self) -> None:
        """Close once what was written has left; at once if that takes too long."""
        if not self.closing:
            self.transport.close()
        self.abort_later()

    def abort_later(self) -> None:
        """See that the connection ends soon, whatever the peer does."""
        self.ended_by_us = True
        if self._linger is None:
            self._linger = self._loop.call_later(LINGER, self.transport.abort)

    def abort(self) -> None:
        """End the connection now."""
        self.ended_by_us = True
        self.transport.abort()

    def over(self) -> None:
        """Nothing is to be done any more: the connection is lost."""
        if self._linger is not None:
            self._linger.cancel()
        if self.tap is not None:
            self.tap.ended(by_us=self.ended_by_us)
