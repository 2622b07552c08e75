"""One SMPP connection: octets in, PDUs to whoever decides, and one write for each turn of the loop.

All that a turn answers and delivers is written at once. While the ESME does not read what it is
sent, or the flow is full, this side stops reading too and takes no more to deliver, so that a slow
peer costs nobody memory or time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, assert_never

import structlog
from structlog.typing import FilteringBoundLogger

from gateway.clock import monotonic
from gateway.links.smpp_alarm import Alarm
from gateway.links.smpp_asks import ASKED
from gateway.links.smpp_binding import Binding
from gateway.links.smpp_bound import BoundEsme
from gateway.links.smpp_door import Turned
from gateway.links.smpp_exchange import Exchange
from gateway.links.smpp_gate import SubmitGate
from gateway.links.smpp_pipe import Pipe
from gateway.links.smpp_responses import Asked
from gateway.links.smpp_view import SessionView
from gateway.smpp.codes import CommandStatus
from gateway.smpp.items import Answered, Closed, CloseReason, Refused
from gateway.smpp.pdu import (
    BindReceiver,
    BindRequest,
    BindTransceiver,
    BindTransmitter,
    Request,
)
from gateway.smpp.session import Session
from gateway.smpp.states import Role, State
from gateway.smpp.timers import Due, TimerAction, Timers

log = structlog.get_logger()

_BINDS: Final = (BindTransmitter, BindReceiver, BindTransceiver)
_ENDS: Final = {
    CloseReason.PEER_UNBOUND: "unbound",
    CloseReason.WE_UNBOUND: "unbound from here",
    CloseReason.FRAMING_LOST: "not SMPP",
}


class SmppPeer(asyncio.Protocol):
    """The shell around one `Session`."""

    def __init__(
        self,
        exchange: Exchange,
        met: Callable[[SmppPeer], None],
        gone: Callable[[SmppPeer], None],
    ) -> None:
        """`met` is called when the connection is there, `gone` when it is over, both once.

        A TLS connection that does not come to be calls neither.
        """
        config = exchange.config
        self._exchange = exchange
        self._met = met
        self._gone = gone
        self._session = Session(
            Role.SMSC,
            window=config.window,
            max_pdu=config.max_pdu,
            enquire_before_bind=config.enquire_before_bind,
            error_body=config.error_body,
        )
        self._timers = Timers(exchange.limits, monotonic())
        self._alarm = Alarm(self._timers, self._on_alarm)
        self._binding: Binding | None = None
        # Of the binding, for the hot path.
        self._bound: BoundEsme | None = None
        self._gate: SubmitGate | None = None
        self._binds_refused = self._requests = 0
        self._write_paused = False
        self._stopping = False
        self._end = "closed without unbind"
        self._log: FilteringBoundLogger = log

    # ---- called by asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the clock of session_init."""
        self._pipe = Pipe(transport, self._session, self._timers, self._alarm)
        self._pipe.watch(self._exchange)
        self._caller = self._pipe.caller()
        self._log = log.bind(peer=str(self._caller))
        self._met(self)
        self._alarm.set()

    def data_received(self, data: bytes) -> None:
        """Take what was read, all of it as one."""
        items = self._session.receive(data)
        if self._pipe.tap is not None:
            self._pipe.tap.received(data, items)
        self._timers.on_received(monotonic(), transaction=bool(items))
        asked: list[Asked] = []
        answers: list[Answered] = []
        for item in items:
            if type(item) is Answered:
                answers.append(item)
            elif isinstance(item, ASKED):
                asked.append(item)
            else:
                self._on_item(item)
        if self._bound is not None and (asked or answers):
            self._requests += len(asked)
            if self._gate is not None and asked:
                asked = self._gate.pass_on(asked, monotonic())
            self._bound.take(asked, answers)
        self._pipe.flush_soon()
        self.regulate()

    def eof_received(self) -> bool:
        """The ESME sends no more: answer what it asked, then close."""
        return self._pipe.answer_the_rest()

    def pause_writing(self) -> None:
        """The ESME does not read: send it no more, and read it no more."""
        self._write_paused = True
        if self._bound is not None:
            self._bound.paused = True
        self.regulate()

    def resume_writing(self) -> None:
        """The ESME reads again."""
        self._write_paused = False
        if self._bound is not None:
            self._bound.paused = self._stopping
            self._bound.room()
        self.regulate()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give back what is open."""
        self._alarm.cancel()
        self._pipe.over()
        unconfirmed = len(self._session.take_outstanding())
        if self._binding is not None:
            self._binding.close()
            self._log.info("session over", unconfirmed=unconfirmed, why=str(exc or self._end))
        self._gone(self)

    # ---- items that are no traffic

    def _on_item(self, item: Request | Refused | Closed) -> None:
        if isinstance(item, _BINDS):
            self._on_bind(item)
        elif isinstance(item, Refused):
            _tell(self._log, item)
        elif isinstance(item, Closed):
            self._end = _ENDS[item.reason]
            if item.lost is not None:
                self._log.warning("not SMPP: closing", command_length=item.lost.command_length)
        else:
            self._session.refuse(item, CommandStatus.ESME_RINVCMDID)

    def _on_bind(self, request: BindRequest) -> None:
        exchange = self._exchange
        found = exchange.door.admit(request, self._caller, monotonic())
        if isinstance(found, Turned):
            self._turn(request, found)
            return
        if exchange.faults.refuses_bind(found.account, self._session, request):
            return
        binding = Binding(found, request, exchange, self._session, self._pipe)
        self._bound, self._gate = binding.bound, binding.gate
        self._binding = binding
        self._timers.on_bound(monotonic())
        binding.bound.paused = self._write_paused
        self._log = self._log.bind(account=binding.account.name, session=binding.number)
        self._log.info("bound", state=self._session.state.name)
        binding.open(self)
        self._alarm.set()

    def _turn(self, request: BindRequest, turned: Turned) -> None:
        """Refuse a bind; too many of them end the connection."""
        self._exchange.refused_binds.note(str(turned), peer=self._caller.host)
        self._session.refuse(request, turned.status)
        self._pipe.turned(self._exchange.accounts.get(request.system_id), request, turned.status)
        self._binds_refused += 1
        if self._binds_refused == self._exchange.config.bind_attempts:
            self._pipe.finish()

    # ---- reading

    def regulate(self) -> None:
        """Read exactly while what comes can be taken."""
        full = self._exchange.flow.full
        if full:
            # The server calls this again when the flow has room.
            self._exchange.flow_was_full.set()
        self._pipe.read(not (full or self._write_paused or self._stopping))

    # ---- timers

    def _on_alarm(self, action: TimerAction) -> None:
        if self._pipe.closing:
            return
        match action.due:
            case Due.CLOSE_UNBOUND | Due.CLOSE_SILENT:
                whose = f" by {self._bound.account.name}" if self._bound is not None else ""
                self._exchange.silent.note(f"{action.due.name}{whose}", peer=str(self._caller))
                self._pipe.close_silent(action.due)
            case Due.SEND_ENQUIRE_LINK:
                if self._session.bound_as is not None:
                    self._session.enquire_link()
                    self._pipe.flush_soon()
            case Due.CLOSE_INACTIVE:
                self._log.info("no transaction for long: unbinding")
                self.unbind()
            case Due.EXPIRE_REQUESTS:
                late = self._session.expire(action.through)
                if self._bound is not None:
                    self._bound.unanswered(late)
                self._pipe.late(len(late))
            case _:
                assert_never(action.due)

    # ---- ending it from here

    def stop_reading(self) -> None:
        """Take nothing more, so that what was taken can be answered and written."""
        self._stopping = True
        if self._bound is not None:
            self._bound.paused = True
        self.regulate()

    def unbind(self) -> None:
        """Say goodbye and read again for the answer (§4.2); without a bind, just close."""
        self._stopping = False
        if self._session.state in (State.OPEN, State.CLOSED):
            self._pipe.close()
            return
        if self._session.bound_as is not None:
            self._session.unbind()
        self._pipe.abort_later()
        self.regulate()
        self._pipe.flush_soon()

    @property
    def bound_as(self) -> State | None:
        """Which kind of bind this is; None when it is not bound."""
        return self._session.bound_as

    def view(self) -> SessionView | None:
        """Show the session; None when it is not bound."""
        return None if self._binding is None else self._binding.view(self._requests)

    def abort(self) -> None:
        """End the connection now."""
        self._pipe.abort()


def _tell(log: FilteringBoundLogger, item: Refused) -> None:
    """Log what the session has refused by itself."""
    rejected = item.rejected
    log.debug(
        "answered with an error",
        command_id=f"0x{rejected.command_id:08x}",
        command_status=f"0x{rejected.command_status:08x}",
        why=rejected.why,
    )
