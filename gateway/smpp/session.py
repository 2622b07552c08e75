"""One SMPP session, either end, without I/O: octets in, items out, octets to write.

The shell around it, in words:

    items = session.receive(data)           all that one read brought
    respond(), refuse(), deliver() ...      what the application decided
    transport.write(session.take())         one write for all of it
    if session.done: transport.close()

The session answers by itself: enquire_link, unbind, what is unknown, malformed, or not allowed in
the present state. Binds and messages are the application's. Source: SMPP 3.4 chapter 2.
"""

from typing import Any, Final

from gateway.smpp.codec import decode_body, encode
from gateway.smpp.codes import RESPONSE_BIT, CommandId, CommandStatus
from gateway.smpp.errors import Rejected
from gateway.smpp.fields import LAYOUTS
from gateway.smpp.framing import Framer
from gateway.smpp.items import Answered, Closed, CloseReason, Item, Refused
from gateway.smpp.misspeaking import Misspeaking
from gateway.smpp.pdu import (
    BindReceiver,
    BindTransceiver,
    BindTransmitter,
    EnquireLinkResp,
    GenericNack,
    Request,
    Response,
    Unbind,
)
from gateway.smpp.states import BINDS, FOR_APPLICATION, ONE_WAY, Role, State

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_CLOSED: Final = State.CLOSED
_OPEN: Final = State.OPEN
_UNBINDING: Final = State.UNBINDING

__all__ = ["Answered", "CloseReason", "Closed", "Item", "Refused", "Role", "Session", "State"]

_NACK: Final = CommandId.GENERIC_NACK.value
_UNBIND: Final = CommandId.UNBIND.value
_ENQUIRE: Final = CommandId.ENQUIRE_LINK.value
_BIND_TYPES: Final = (BindTransmitter, BindReceiver, BindTransceiver)


class Session(Misspeaking):
    """The state of one connection, of an SMSC or of an ESME.

    `window` limits our own unanswered requests; `max_pdu` is in octets. `enquire_before_bind`
    answers enquire_link in OPEN instead of refusing it; `error_body` sends the bodies of error
    responses that §4 leaves out. `unsolicited` counts responses to nothing we asked, which are
    ignored; `rejected` counts requests that the session refused by itself; `enquired` the peer's
    enquire_links.
    """

    def __init__(
        self,
        role: Role,
        *,
        window: int = 10,
        max_pdu: int = 65536,
        enquire_before_bind: bool = True,
        error_body: bool = False,
        first_sequence: int = 1,
    ) -> None:
        """Start in OPEN, with nothing to write."""
        super().__init__(role, window=window, error_body=error_body, first_sequence=first_sequence)
        self.unsolicited = 0
        self.rejected = 0
        self.enquired = 0
        self._framer = Framer(max_pdu)
        self._enquire_before_bind = enquire_before_bind

    @property
    def max_pdu(self) -> int:
        """The octets of the longest PDU that is taken."""
        return self._framer.max_pdu

    @property
    def unread(self) -> bytes:
        """What was received of a PDU that is not yet whole."""
        return self._framer.rest

    def receive(self, data: bytes) -> list[Item]:
        """Take what was read; give what the application must know or answer, in order."""
        items: list[Item] = []
        outstanding = self.window.outstanding
        data, frames = self._framer.feed(data)
        for start, end, command_id, status, sequence in frames:
            if self._state is _CLOSED:
                break
            if command_id in self._for_application:
                pdu = decode_body(data, start, end, command_id, status, sequence)
                if type(pdu) is Rejected:
                    items.append(self._refused(pdu))
                else:
                    items.append(pdu)  # type: ignore[arg-type]  # its id is a request's
                    self.unanswered += command_id not in ONE_WAY
                continue
            if command_id < RESPONSE_BIT:
                item = self._on_request(data, start, end, command_id, sequence)
            else:
                waiting = outstanding.get(sequence)
                if waiting is not None and command_id in (waiting[1], _NACK):
                    del outstanding[sequence]
                    response = decode_body(data, start, end, command_id, status, sequence)
                    # Its id is a response's.
                    item = Answered(waiting[0], response)  # type: ignore[arg-type]
                else:
                    item = self._on_link_response(data, start, end, command_id, status, sequence)
            if item is not None:
                items.append(item)
        if self._framer.lost is not None and self._state is not _CLOSED:
            items.append(self._on_framing_lost())
        return items

    def _enter(self, state: State) -> None:
        super()._enter(state)
        self._for_application = FOR_APPLICATION[self.role, state]

    def _on_request(
        self, data: bytes, start: int, end: int, command_id: int, sequence: int
    ) -> Item | None:
        """Deal with a request that is not simply the application's."""
        state, status = self._state, CommandStatus.ESME_RINVBNDSTS
        if command_id == _ENQUIRE and (state is not _OPEN or self._enquire_before_bind):
            self.enquired += 1
            ignores = self.ignores_enquire_link
            if ignores is None or not ignores():
                self._out.append(encode(EnquireLinkResp(sequence)))
            return None
        if command_id == _UNBIND and state is not _OPEN:
            return self._on_unbind(sequence)
        if command_id in BINDS and self.role is Role.SMSC:
            if state is _OPEN and not self._binding:
                return self._on_bind(data, start, end, command_id, sequence)
            status = CommandStatus.ESME_RALYBND
        elif command_id not in LAYOUTS:
            status = CommandStatus.ESME_RINVCMDID
        return self._refused(Rejected(status, command_id, sequence, f"in {state.name}"))

    def _on_bind(self, data: bytes, start: int, end: int, command_id: int, sequence: int) -> Item:
        pdu = decode_body(data, start, end, command_id, 0, sequence)
        if isinstance(pdu, Rejected):
            return self._refused(pdu)
        self._binding = True
        self.unanswered += 1
        return pdu  # type: ignore[return-value]  # its id is a bind's

    def _on_unbind(self, sequence: int) -> Item | None:
        """Answer at once, or after the last request that the application still owes an answer."""
        crossed = self._state is _UNBINDING
        self._enter(_UNBINDING)
        self._unbind_sequence = sequence
        if not self.unanswered:
            self._say_goodbye(sequence)
        return None if crossed else Closed(CloseReason.PEER_UNBOUND)

    def _on_link_response(
        self, data: bytes, start: int, end: int, command_id: int, status: int, sequence: int
    ) -> Item | None:
        control = self._control.get(sequence)
        if control is None or command_id not in (control[1].command_id | RESPONSE_BIT, _NACK):
            self.unsolicited += 1
            return None
        del self._control[sequence]
        response = decode_body(data, start, end, command_id, status, sequence)
        return self._on_control(*control, response)  # type: ignore[arg-type]  # a response's id

    def _on_control(
        self, context: Any, request: Request, response: Response | Rejected
    ) -> Item | None:
        """Deal with the answer to our bind, unbind or enquire_link."""
        if isinstance(request, _BIND_TYPES):
            if not isinstance(response, Rejected | GenericNack) and not response.command_status:
                self._bound(request, request.system_id)
            return Answered(context, response)
        if isinstance(request, Unbind):
            self._enter(_CLOSED)
            return Closed(CloseReason.WE_UNBOUND)
        return None

    def _refused(self, rejected: Rejected) -> Refused:
        self.rejected += 1
        self._reject(rejected)
        return Refused(rejected)

    def _on_framing_lost(self) -> Closed:
        # The header of a PDU without a credible length is not credible either: number 0 (§4.3.1).
        self._reject(Rejected(CommandStatus.ESME_RINVCMDLEN, 0, 0))
        self._enter(_CLOSED)
        return Closed(CloseReason.FRAMING_LOST, self._framer.lost)
