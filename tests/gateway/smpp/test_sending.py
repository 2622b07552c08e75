import pytest

from gateway.smpp.codec import decode
from gateway.smpp.codes import CommandStatus, TlvTag
from gateway.smpp.errors import Misuse
from gateway.smpp.fields import sc_interface_version, tlv
from gateway.smpp.pdu import (
    AlertNotification,
    BindReceiver,
    BindTransceiver,
    BindTransceiverResp,
    BindTransmitter,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    Outbind,
    SubmitSm,
    SubmitSmResp,
    Unbind,
)
from gateway.smpp.session import Answered, Closed, CloseReason, Role, Session, State
from gateway.smpp.window import LAST_SEQUENCE
from tests.gateway.smpp.samples import DELIVER, SUBMIT, bound


def asked(version: int) -> tuple[Session, BindTransceiver]:
    smsc, esme = Session(Role.SMSC), Session(Role.ESME)
    esme.request(BindTransceiver(system_id="esme", interface_version=version))
    (request,) = smsc.receive(esme.take())
    assert isinstance(request, BindTransceiver)
    return smsc, request


@pytest.mark.parametrize(("version", "told"), [(0x34, 0x34), (0x50, 0x34), (0x33, None), (0, None)])
def test_only_an_esme_of_version_34_is_told_ours(version: int, told: int | None) -> None:
    smsc, request = asked(version)
    assert smsc.accept_bind(request, "smsc", (tlv(TlvTag.DPF_RESULT, 1),))
    response = decode(smsc.take())
    assert isinstance(response, BindTransceiverResp)
    assert sc_interface_version(response.tlvs) == told
    assert len(response.tlvs) == (0 if told is None else 2)
    assert (smsc.system_id, smsc.interface_version) == ("esme", version)


def test_a_bind_can_be_accepted_once_and_only_if_asked() -> None:
    smsc, request = asked(0x34)
    smsc.accept_bind(request, "smsc")
    with pytest.raises(Misuse):
        smsc.accept_bind(request, "smsc")


def test_a_refused_bind_may_be_tried_again() -> None:
    smsc, request = asked(0x34)
    assert smsc.refuse(request, CommandStatus.ESME_RINVPASWD)
    assert decode(smsc.take()) == BindTransceiverResp(1, CommandStatus.ESME_RINVPASWD)
    assert smsc.state is State.OPEN
    esme = Session(Role.ESME)
    esme.request(BindTransceiver())
    assert len(smsc.receive(esme.take())) == 1


@pytest.mark.parametrize(
    ("bind", "state", "receives"),
    [
        (BindTransmitter, State.BOUND_TX, False),
        (BindReceiver, State.BOUND_RX, True),
        (BindTransceiver, State.BOUND_TRX, True),
    ],
)
def test_a_bind_decides_what_may_be_sent(
    bind: type[BindTransmitter], state: State, receives: bool
) -> None:
    esme, smsc = bound(bind)
    assert esme.bound_as is smsc.bound_as is smsc.state is state
    assert smsc.can_receive is receives
    if not receives:
        with pytest.raises(Misuse):
            smsc.deliver(DELIVER)
    if state is State.BOUND_RX:
        with pytest.raises(Misuse):
            esme.request(SUBMIT)


def test_nothing_but_a_bind_goes_before_the_bind() -> None:
    esme = Session(Role.ESME)
    assert (esme.bound_as, esme.window_free(), esme.take()) == (None, 0, b"")
    for pdu in (SUBMIT, EnquireLink(), Unbind()):
        with pytest.raises(Misuse):
            esme.request(pdu)
    with pytest.raises(Misuse):
        Session(Role.SMSC).request(BindTransceiver())


def test_the_window_limits_requests_but_not_the_link() -> None:
    esme, smsc = bound(window=2)
    assert smsc.window_free() == 2
    smsc.deliver(DELIVER)
    smsc.request(DELIVER)
    assert smsc.window_free() == 0
    with pytest.raises(Misuse):
        smsc.deliver(DELIVER)
    with pytest.raises(Misuse):
        smsc.request(DELIVER)
    smsc.enquire_link()
    esme.receive(smsc.take())


def test_deliver_writes_what_request_writes() -> None:
    _, one = bound()
    _, two = bound()
    odd = DeliverSm(service_type="WAP", source_addr="4444", destination_addr="62")
    for pdu in (DELIVER, odd):
        assert one.deliver(pdu) == two.request(pdu)
    assert one.take() == two.take()


@pytest.mark.parametrize("message_id", ["7", "", "a\0", "x" * 65])
def test_accept_submit_writes_what_respond_writes(message_id: str) -> None:
    said: list[list[bytes | str]] = []
    for direct in (True, False):
        esme, smsc = bound()
        mine: list[bytes | str] = []
        for _ in range(3):
            esme.request(SUBMIT)
        smsc.receive(esme.take())
        for sequence in (2, 3, 4):
            try:
                if direct:
                    assert smsc.accept_submit(sequence, message_id)
                else:
                    assert smsc.respond(SubmitSmResp(sequence, 0, message_id))
            except Misuse as misuse:
                mine.append(str(misuse))
        mine += [smsc.take(), str(smsc.unanswered), str(dict(smsc.statuses))]
        said.append(mine)
    assert said[0] == said[1]


def test_numbers_avoid_those_still_waiting() -> None:
    _, smsc = bound()
    assert smsc.enquire_link() == 1
    smsc.window.sequence = 1
    assert smsc.deliver(DELIVER) == 2
    smsc.window.sequence = 1
    assert smsc.request(DELIVER) == 3


def test_the_first_number_can_be_chosen() -> None:
    esme = Session(Role.ESME, first_sequence=LAST_SEQUENCE)
    assert esme.request(BindTransceiver()) == LAST_SEQUENCE
    assert esme.window.sequence == 1


def test_one_way_pdus_are_sent_not_requested() -> None:
    smsc = Session(Role.SMSC)
    with pytest.raises(Misuse):
        smsc.request(Outbind())
    smsc.send(Outbind(system_id="smsc"))
    assert decode(smsc.take()) == Outbind(1, "smsc")
    esme, smsc = bound()
    smsc.send(AlertNotification(source_addr="6281"))
    (alert,) = esme.receive(smsc.take())
    assert isinstance(alert, AlertNotification)
    assert esme.unanswered == 0
    with pytest.raises(Misuse):
        esme.send(AlertNotification())


def test_responses_must_be_ours_to_give() -> None:
    _, smsc = bound()
    with pytest.raises(Misuse):
        smsc.respond(DeliverSmResp(1))


def test_error_bodies_are_a_knob() -> None:
    smsc = Session(Role.SMSC, error_body=True)
    esme = Session(Role.ESME)
    esme.request(BindTransceiver())
    (request,) = smsc.receive(esme.take())
    assert isinstance(request, BindTransceiver)
    smsc.refuse(request, 0x0D)
    assert len(smsc.take()) == 17


def test_an_unbind_waits_for_what_the_application_owes() -> None:
    esme, smsc = bound()
    for _ in range(3):
        esme.request(SUBMIT)
    esme.unbind()
    first, second, third, _closed = smsc.receive(esme.take())
    assert isinstance(first, SubmitSm)
    assert isinstance(second, SubmitSm)
    assert isinstance(third, SubmitSm)
    assert smsc.respond(SubmitSmResp(first.sequence_number, 0, "a"))
    assert smsc.refuse(second, CommandStatus.ESME_RTHROTTLED)
    assert smsc.state is State.UNBINDING
    smsc.leave_unanswered()
    assert (smsc.state, smsc.done) == (State.CLOSED, False)
    esme.receive(smsc.take())
    assert smsc.done
    assert esme.done
    assert esme.take_outstanding() == [None]


def test_nothing_is_answered_after_the_end() -> None:
    smsc, request = asked(0x34)
    assert smsc.take_outstanding() == []
    assert not smsc.accept_bind(request, "smsc")
    assert not smsc.refuse(request, 8)
    assert not smsc.respond(SubmitSmResp(1))
    assert not smsc.accept_submit(1, "7")
    smsc.leave_unanswered(5)
    assert smsc.done


def test_a_lost_connection_gives_back_what_had_no_answer() -> None:
    esme = Session(Role.ESME)
    esme.request(BindTransceiver(), "bind")
    assert esme.take_outstanding() == ["bind"]
    _, smsc = bound()
    smsc.enquire_link()
    smsc.deliver(DELIVER, "a")
    smsc.deliver(DELIVER, "b")
    assert smsc.expire(1) == ["a"]
    assert smsc.take_outstanding() == ["b"]


def test_the_last_answer_lets_the_peer_go() -> None:
    esme, smsc = bound()
    esme.request(SUBMIT)
    esme.unbind()
    message = smsc.receive(esme.take())[0]
    assert isinstance(message, SubmitSm)
    assert smsc.bound_as is None
    smsc.respond(SubmitSmResp(message.sequence_number, 0, "a"))
    assert smsc.state is State.CLOSED
    answered, closed = esme.receive(smsc.take())
    assert isinstance(answered, Answered)
    assert closed == Closed(CloseReason.WE_UNBOUND)
