"""The half of a session that speaks: what this end may send, and the octets that wait to go."""

from collections import defaultdict
from typing import Any, Final

from gateway.smpp.codec import encode, encode_by_table, error_response
from gateway.smpp.codes import (
    INTERFACE_VERSION_34,
    RESPONSE_BIT,
    CommandId,
    CommandStatus,
    TlvTag,
)
from gateway.smpp.errors import Misuse, Rejected
from gateway.smpp.fast import FAST_ENCODERS, encode_deliver_sm, encode_submit_sm_resp
from gateway.smpp.fields import LAYOUTS, tlv
from gateway.smpp.pdu import (
    BindRequest,
    DeliverSm,
    EnquireLink,
    OneWay,
    Request,
    Response,
    SubmitSmResp,
    Tlv,
    Unbind,
    UnbindResp,
)
from gateway.smpp.states import BINDS, BOUND, MAY_REQUEST, MAY_RESPOND, ONE_WAY, Role, State
from gateway.smpp.window import Window

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_CLOSED: Final = State.CLOSED
_OPEN: Final = State.OPEN
_UNBINDING: Final = State.UNBINDING

_DELIVER_SM: Final = CommandId.DELIVER_SM.value
_DELIVER_SM_RESP: Final = CommandId.DELIVER_SM_RESP.value
_SUBMIT_SM_RESP: Final = CommandId.SUBMIT_SM_RESP.value
_CONTROL: Final = frozenset({CommandId.UNBIND.value, CommandId.ENQUIRE_LINK.value}) | BINDS.keys()


class Sending:
    """State, window and output of one end of a session; `Session` adds the half that listens."""

    def __init__(self, role: Role, *, window: int, error_body: bool, first_sequence: int) -> None:
        """Start in OPEN."""
        self.role = role
        self.window = Window(window, first_sequence)
        self.system_id: str | None = None
        self.interface_version = 0
        self._error_body = error_body
        self._out: list[bytes] = []
        self.statuses: defaultdict[int, int] = defaultdict(int)  # of our answers to requests
        # Requests of the peer that the application has not answered.
        self.unanswered = 0
        self._binding = False
        self._unbind_sequence: int | None = None
        # Our binds, unbinds and enquire_links, outside the window: number -> (context, request).
        self._control: dict[int, tuple[Any, Request]] = {}
        self._enter(_OPEN)

    @property
    def state(self) -> State:
        """The session's state (§2.2)."""
        return self._state

    @property
    def bound_as(self) -> State | None:
        """BOUND_TX, BOUND_RX or BOUND_TRX; None when not bound."""
        return self._state if self._state in BOUND else None

    @property
    def can_receive(self) -> bool:
        """Whether an SMSC may send deliver_sm now, the window apart."""
        return _DELIVER_SM in self._may_request

    @property
    def done(self) -> bool:
        """Whether everything is said and taken, so that the connection is to be closed."""
        return self._state is _CLOSED and not self._out

    def window_free(self) -> int:
        """Give how many requests may be sent now; 0 also when the session is not bound."""
        return self.window.free() if self._state in BOUND else 0

    def take(self) -> bytes:
        """Give all octets to write now, and forget them."""
        data = b"".join(self._out)
        self._out.clear()
        return data

    def request(self, pdu: Request, context: Any = None) -> int:
        """Send a request under the next sequence number, which is returned.

        Its answer comes from `receive` as `Answered(context, ...)`; none comes for enquire_link
        and unbind. Raises Misuse in a state that forbids it, or with a full window.
        """
        command_id = pdu.command_id.value
        if command_id in ONE_WAY:
            raise Misuse(f"{type(pdu).__name__} has no response: use send()")
        self._check(command_id)
        control = command_id in _CONTROL
        if not control and not self.window.free():
            raise Misuse("the window is full")
        sequence = self._number()
        self._out.append(encode(pdu, sequence))
        if control:
            self._control[sequence] = (context, pdu)
            if command_id == CommandId.UNBIND:
                self._enter(_UNBINDING)
        else:
            self.window.add(sequence, context, command_id | RESPONSE_BIT)
        return sequence

    def deliver(self, pdu: DeliverSm, context: Any = None) -> int:
        """Send a deliver_sm: `request` at half the cost, for many. Raises Misuse likewise."""
        window = self.window
        if len(window.outstanding) >= window.limit:
            raise Misuse("the window is full")
        if _DELIVER_SM not in self._may_request:
            self._check(_DELIVER_SM)
        sequence = self._number() if self._control else window.number()
        frame = encode_deliver_sm(pdu, sequence)
        self._out.append(encode_by_table(pdu, sequence) if frame is None else frame)
        window.add(sequence, context, _DELIVER_SM_RESP)
        return sequence

    def send(self, pdu: OneWay) -> int:
        """Send outbind or alert_notification, which have no response."""
        self._check(pdu.command_id.value)
        sequence = self._number()
        self._out.append(encode(pdu, sequence))
        return sequence

    def enquire_link(self) -> int:
        """Ask whether the peer is there (§2.7.2); its answer only stops the timer."""
        return self.request(EnquireLink())

    def unbind(self) -> int:
        """Say goodbye; `Closed(WE_UNBOUND)` comes with the answer (§4.2)."""
        return self.request(Unbind())

    def respond(self, response: Response) -> bool:
        """Answer a request of the peer; False if the session has ended meanwhile.

        Raises Misuse for a response that this end may not send in this state.
        """
        if self._state is _CLOSED:
            return False
        if response.command_id not in self._may_respond:
            raise Misuse(f"{type(response).__name__} in {self._state.name} by {self.role.name}")
        self.statuses[response.command_status] += 1
        fast = FAST_ENCODERS.get(type(response))
        frame = None if fast is None else fast(response, response.sequence_number)
        self._out.append(encode(response, error_body=self._error_body) if frame is None else frame)
        if self.unanswered > 1:
            self.unanswered -= 1
        else:
            self._one_answered()
        return True

    def accept_submit(self, sequence: int, message_id: str) -> bool:
        """Answer a submit_sm with ESME_ROK: `respond` at half the cost, for many."""
        frame = None
        if _SUBMIT_SM_RESP in self._may_respond and self.unanswered > 1:
            frame = encode_submit_sm_resp(sequence, message_id)
        if frame is None:
            return self.respond(SubmitSmResp(sequence, 0, message_id))
        self.statuses[0] += 1
        self._out.append(frame)
        self.unanswered -= 1
        return True

    def refuse(self, request: Request, status: int) -> bool:
        """Answer any request with an error; False if the session has ended meanwhile."""
        if self._state is _CLOSED:
            return False
        if request.command_id in BINDS:
            self._binding = False
        self.statuses[status] += 1
        self._reject(Rejected(status, request.command_id, request.sequence_number))
        self._one_answered()
        return True

    def leave_unanswered(self, count: int = 1) -> None:
        """Give up answering requests, so that an unbind of the peer need not wait for them."""
        for _ in range(count):
            self._one_answered()

    def accept_bind(self, request: BindRequest, system_id: str, tlvs: tuple[Tlv, ...] = ()) -> bool:
        """Answer a bind with ESME_ROK; False if the session has ended meanwhile.

        sc_interface_version goes only to an ESME of version 3.4 or later (§4.1.2, §5.3.2.25), other
        TLVs as well (§3.3). Raises Misuse if this bind was not asked of this session.
        """
        if self._state is _CLOSED:
            return False
        if not self._binding:
            raise Misuse("there is no bind to accept")
        own = tlv(TlvTag.SC_INTERFACE_VERSION, INTERFACE_VERSION_34)
        tlvs = (own, *tlvs) if request.interface_version >= INTERFACE_VERSION_34 else ()
        make: Any = LAYOUTS[request.command_id | RESPONSE_BIT].pdu
        self._out.append(encode(make(request.sequence_number, 0, system_id, tlvs)))
        self._bound(request, request.system_id)
        self._one_answered()
        return True

    def take_outstanding(self) -> list[Any]:
        """Give the contexts of requests that will have no answer: the connection is lost."""
        self._enter(_CLOSED)
        self._out.clear()
        contexts = [context for context, pdu in self._control.values() if pdu.command_id in BINDS]
        self._control.clear()
        return contexts + self.window.take()

    def expire(self, through: int) -> list[Any]:
        """Drop the requests whose response timer ran out (`timers`) and give their contexts."""
        return self.window.expire(through)

    def _bound(self, request: BindRequest, system_id: str) -> None:
        self._binding = False
        self.system_id = system_id
        self.interface_version = request.interface_version
        self._enter(BINDS[request.command_id])

    def _enter(self, state: State) -> None:
        self._state = state
        self._may_request = MAY_REQUEST[self.role, state]
        self._may_respond = MAY_RESPOND[self.role, state]

    def _check(self, command_id: int) -> None:
        if command_id not in self._may_request:
            name = CommandId(command_id).name
            raise Misuse(f"{name} in {self._state.name} by {self.role.name}")

    def _number(self) -> int:
        sequence = self.window.number()
        while sequence in self._control:
            sequence = self.window.number()
        return sequence

    def _reject(self, rejected: Rejected) -> None:
        self._out.append(error_response(rejected, error_body=self._error_body))

    def _one_answered(self) -> None:
        if self.unanswered:
            self.unanswered -= 1
        if self._unbind_sequence is not None and not self.unanswered:
            self._say_goodbye(self._unbind_sequence)

    def _say_goodbye(self, sequence: int) -> None:
        self._out.append(encode(UnbindResp(sequence, CommandStatus.ESME_ROK)))
        self._enter(_CLOSED)
