"""The listening half, and the wire behaviour bar of an SMPP 3.4 server."""

import struct

import pytest

from gateway.smpp.codec import decode, encode
from gateway.smpp.codes import CommandId, CommandStatus
from gateway.smpp.errors import FramingLost, Rejected
from gateway.smpp.framing import Framer
from gateway.smpp.pdu import (
    BindReceiver,
    BindTransceiver,
    BindTransceiverResp,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    Outbind,
    Pdu,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
)
from gateway.smpp.session import Answered, Closed, CloseReason, Refused, Role, Session, State
from tests.gateway.smpp.samples import DELIVER, SUBMIT, bound

S = CommandStatus
BIND = BindTransceiver(1, "esme", "pw")


def said(session: Session) -> list[Pdu | Rejected]:
    octets, frames = Framer(65536).feed(session.take())
    return [decode(octets[start - 16 : end]) for start, end, *_ in frames]


def raw(command_id: int, body: bytes = b"", status: int = 0, sequence: int = 7) -> bytes:
    return struct.pack(">IIII", 16 + len(body), command_id, status, sequence) + body


@pytest.mark.parametrize(
    ("octets", "answer"),
    [
        (encode(SUBMIT), SubmitSmResp(1, S.ESME_RINVBNDSTS)),
        (encode(Unbind(1)), UnbindResp(1, S.ESME_RINVBNDSTS)),
        (encode(DELIVER, 1), DeliverSmResp(1, S.ESME_RINVBNDSTS)),
        (encode(Outbind(1)), GenericNack(1, S.ESME_RINVBNDSTS)),
        (raw(0x111), GenericNack(7, S.ESME_RINVCMDID)),
        (
            raw(CommandId.BIND_TRANSCEIVER, b"s" * 17),
            BindTransceiverResp(7, S.ESME_RINVSYSID),
        ),
        (raw(CommandId.BIND_TRANSCEIVER, b"s"), BindTransceiverResp(7, S.ESME_RINVCMDLEN)),
    ],
)
def test_before_the_bind_the_session_refuses_by_itself(octets: bytes, answer: Pdu) -> None:
    smsc = Session(Role.SMSC)
    (refused,) = smsc.receive(octets)
    assert isinstance(refused, Refused)
    assert said(smsc) == [answer]
    assert (smsc.state, smsc.rejected, smsc.unanswered) == (State.OPEN, 1, 0)


def test_a_request_pipelined_behind_the_bind_is_refused() -> None:
    smsc = Session(Role.SMSC)
    bind, refused = smsc.receive(encode(BIND) + encode(SUBMIT, 2))
    assert bind == BIND
    assert isinstance(refused, Refused)


@pytest.mark.parametrize("accepted", [False, True])
def test_a_second_bind_is_already_bound(accepted: bool) -> None:
    smsc = Session(Role.SMSC)
    (bind,) = smsc.receive(encode(BIND))
    assert isinstance(bind, BindTransceiver)
    if accepted:
        smsc.accept_bind(bind, "smsc")
        smsc.take()
    smsc.receive(encode(BIND, 2))
    assert said(smsc) == [BindTransceiverResp(2, S.ESME_RALYBND)]


def test_submit_on_a_receiver_is_refused() -> None:
    _, smsc = bound(BindReceiver)
    smsc.receive(encode(SUBMIT))
    assert said(smsc) == [SubmitSmResp(1, S.ESME_RINVBNDSTS)]


@pytest.mark.parametrize(("knob", "status"), [(True, 0), (False, S.ESME_RINVBNDSTS)])
def test_enquire_link_before_the_bind_is_a_knob(knob: bool, status: int) -> None:
    smsc = Session(Role.SMSC, enquire_before_bind=knob)
    smsc.receive(encode(EnquireLink(5)))
    assert said(smsc) == [EnquireLinkResp(5, status)]


@pytest.mark.parametrize("sequence", [0, 0x80000001, 0xFFFFFFFF])
def test_enquire_link_is_answered_under_its_own_number(sequence: int) -> None:
    _, smsc = bound()
    assert smsc.receive(encode(EnquireLink(sequence))) == []
    assert said(smsc) == [EnquireLinkResp(sequence)]


def test_malformed_messages_are_refused_and_the_session_goes_on() -> None:
    _, smsc = bound()
    lies = b"\0" * 16 + b"\x64hi"
    refused, message = smsc.receive(raw(CommandId.SUBMIT_SM, lies) + encode(SUBMIT, 8))
    assert isinstance(refused, Refused)
    assert isinstance(message, SubmitSm)
    assert said(smsc) == [SubmitSmResp(7, S.ESME_RINVMSGLEN)]
    assert smsc.unanswered == 1


def test_fifty_pipelined_are_fifty() -> None:
    _, smsc = bound()
    items = smsc.receive(b"".join(encode(SUBMIT, number) for number in range(50)))
    assert [item.sequence_number for item in items if isinstance(item, SubmitSm)] == [*range(50)]


def test_answers_come_back_with_their_context_in_any_order() -> None:
    esme, smsc = bound()
    esme.request(SUBMIT, "a")
    esme.request(SUBMIT, "b")
    one, two = smsc.receive(esme.take())
    assert isinstance(one, SubmitSm)
    assert isinstance(two, SubmitSm)
    smsc.respond(SubmitSmResp(two.sequence_number, 0, "2"))
    smsc.refuse(one, S.ESME_RMSGQFUL)
    first, second = esme.receive(smsc.take())
    assert isinstance(first, Answered)
    assert isinstance(second, Answered)
    assert (first.context, second.context) == ("b", "a")
    assert isinstance(second.response, SubmitSmResp)
    assert second.response.command_status == S.ESME_RMSGQFUL


@pytest.mark.parametrize(
    ("octets", "response"),
    [
        (encode(GenericNack(1, 3)), GenericNack(1, 3)),
        (raw(CommandId.DELIVER_SM_RESP, b"", 0, 1), DeliverSmResp(1)),
        (
            raw(CommandId.DELIVER_SM_RESP, b"no end", 0, 1),
            Rejected(S.ESME_RINVCMDLEN, CommandId.DELIVER_SM_RESP, 1, "message_id is cut off"),
        ),
    ],
)
def test_odd_answers_are_answers_too(octets: bytes, response: object) -> None:
    _, smsc = bound()
    smsc.deliver(DELIVER, "context")
    assert smsc.receive(octets) == [Answered("context", response)]  # type: ignore[arg-type]
    assert smsc.window_free() == 10


def test_unsolicited_responses_are_counted_and_ignored() -> None:
    _, smsc = bound()
    smsc.deliver(DELIVER)
    smsc.enquire_link()
    octets = (
        encode(SubmitSmResp(1, 0, "x"))
        + encode(DeliverSmResp(99))
        + encode(DeliverSmResp(2))
        + raw(0x80000111)
        + encode(GenericNack(77, 3))
    )
    assert smsc.receive(octets) == []
    assert smsc.unsolicited == 5
    assert len(smsc.window.outstanding) == 1


def test_our_enquire_link_is_answered_without_the_application() -> None:
    esme, smsc = bound()
    smsc.enquire_link()
    assert esme.receive(smsc.take()) == []
    assert smsc.receive(esme.take()) == []
    assert smsc.unsolicited == 0


@pytest.mark.parametrize(
    "octets",
    [
        encode(BindTransceiverResp(1, S.ESME_RBINDFAIL)),
        encode(GenericNack(1, S.ESME_RINVCMDID)),
        raw(CommandId.BIND_TRANSCEIVER_RESP, b"s" * 17, 0, 1),
    ],
)
def test_a_refused_bind_leaves_the_esme_open(octets: bytes) -> None:
    esme = Session(Role.ESME)
    esme.request(BindTransceiver(), "bind")
    (answered,) = esme.receive(octets)
    assert isinstance(answered, Answered)
    assert (answered.context, esme.state) == ("bind", State.OPEN)


def test_unbind_is_answered_and_the_session_closes() -> None:
    esme, smsc = bound()
    esme.unbind()
    assert smsc.receive(esme.take() + encode(SUBMIT)) == [Closed(CloseReason.PEER_UNBOUND)]
    assert not smsc.done
    assert esme.receive(smsc.take()) == [Closed(CloseReason.WE_UNBOUND)]
    assert smsc.done


def test_crossing_unbinds_are_both_answered() -> None:
    esme, smsc = bound()
    esme.unbind()
    smsc.unbind()
    from_esme, from_smsc = esme.take(), smsc.take()
    assert esme.receive(from_smsc) == []
    assert smsc.receive(from_esme) == []
    assert said(esme) == [UnbindResp(1)]
    assert esme.state is State.CLOSED


def test_requests_after_an_unbind_are_refused_but_the_link_is_answered() -> None:
    _, smsc = bound()
    smsc.receive(encode(SUBMIT))
    smsc.receive(encode(Unbind(2)) + encode(SUBMIT, 3) + encode(EnquireLink(4)))
    assert said(smsc) == [SubmitSmResp(3, S.ESME_RINVBNDSTS), EnquireLinkResp(4)]
    smsc.leave_unanswered()
    assert said(smsc) == [UnbindResp(2)]


@pytest.mark.parametrize(
    ("octets", "length"),
    [(b"GET / HTTP/1.1\r\n\r\n", 0x47455420), (b"\0\0\0\4\0\0\0\4", 4), (b"\x7f" * 4, 0x7F7F7F7F)],
)
def test_lost_framing_is_nacked_and_closes(octets: bytes, length: int) -> None:
    _, smsc = bound()
    message, closed = smsc.receive(encode(SUBMIT) + octets)
    assert isinstance(message, SubmitSm)
    assert closed == Closed(CloseReason.FRAMING_LOST, FramingLost(length))
    assert not smsc.respond(SubmitSmResp(1))
    assert said(smsc) == [GenericNack(0, S.ESME_RINVCMDLEN)]
    assert smsc.done
    assert smsc.receive(encode(SUBMIT)) == []


def test_an_esme_is_asked_to_bind_and_may_not_be_bound() -> None:
    esme = Session(Role.ESME)
    outbind, refused = esme.receive(encode(Outbind(1, "smsc")) + encode(BIND))
    assert outbind == Outbind(1, "smsc")
    assert isinstance(refused, Refused)
    assert said(esme) == [BindTransceiverResp(1, S.ESME_RINVBNDSTS)]


def test_what_is_not_yet_a_whole_pdu_can_be_looked_at() -> None:
    session = Session(Role.SMSC, max_pdu=1000)
    session.receive(b"\0\0\0\x10\0")
    assert session.unread == b"\0\0\0\x10\0"
    assert session.max_pdu == 1000
