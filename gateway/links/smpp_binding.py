"""One accepted bind from its acceptance to the end of the connection, and what is shown of it."""

from __future__ import annotations

from typing import Final

from gateway.clock import monotonic
from gateway.links.smpp_account import Held
from gateway.links.smpp_bound import BoundEsme
from gateway.links.smpp_door import Admitted
from gateway.links.smpp_exchange import Exchange
from gateway.links.smpp_gate import gate
from gateway.links.smpp_pipe import Pipe
from gateway.links.smpp_view import SessionView
from gateway.smpp.pdu import BindRequest
from gateway.smpp.session import Session
from gateway.smpp.states import State

_KINDS: Final = {
    State.BOUND_TX: "transmitter",
    State.BOUND_RX: "receiver",
    State.BOUND_TRX: "transceiver",
}


class Binding:
    """What begins and ends with a bind: the account's session, its route, its gate.

    `since` is the calendar's time in milliseconds, `since_steady` that of deadlines, in seconds.
    """

    def __init__(
        self,
        found: Admitted,
        request: BindRequest,
        exchange: Exchange,
        session: Session,
        pipe: Pipe,
    ) -> None:
        """Answer the bind; sessions that it replaces end."""
        self.account = found.account
        self.account.end(found.replaces)
        session.accept_bind(request, exchange.config.system_id)
        # All sessions of an account count in one place.
        session.statuses = self.account.traffic.statuses
        self.request = request
        self.since = exchange.clock.now()
        self.since_steady = monotonic()
        picky = found.serves is not None
        self.bound = BoundEsme(exchange, self.account, session, pipe, picky=picky)
        self.gate = gate(self.account, session, exchange.throttled)
        self._smsc = exchange.name
        self._session = session
        self._serves = found.serves
        self._routes = exchange.routes
        self._receives = session.can_receive
        self._pipe = pipe

    @property
    def number(self) -> int:
        """This process's number of the bind."""
        return self.bound.number

    def open(self, held: Held) -> None:
        """Take what waits for the account; `held` is how the account ends the session."""
        self.account.sessions[self.number] = held
        self._pipe.bound(self.account, self.request, self.number)
        if self._serves is not None and self._receives:
            self._routes.open(self.number, self.account.name, self._serves)
        self.bound.open()

    def view(self, requests: int) -> SessionView:
        """Show it; `requests` is how many the ESME has sent."""
        session, request, caller = self._session, self.request, self._pipe.caller()
        return SessionView(
            id=self.number,
            account=self.account.name,
            smsc=self._smsc,
            peer=str(caller),
            tls=caller.tls,
            bind=_KINDS.get(session.state, "unbinding"),
            interface_version=request.interface_version,
            address_range=request.address_range,
            system_type=request.system_type,
            since=self.since,
            seconds=monotonic() - self.since_steady,
            outstanding=len(session.window.outstanding),
            window=session.window.limit,
            unanswered=session.unanswered,
            submit_window=self.account.config.limits.submit_window,
            requests=requests,
            delivers=session.window.sent,
        )

    def close(self) -> None:
        """Give back what is not confirmed."""
        self._routes.close(self.number)
        self.account.sessions.pop(self.number, None)
        self.bound.lost()
