"""All requests of one read: which become events, which are refused, which only counted."""

from __future__ import annotations

from gateway.core.events import Cancel, MoSms, MtSms, MultiSms, Query, Replace
from gateway.links.smpp_asks import ASKED, Asker, asks_of, respond_counted
from gateway.links.smpp_responses import Asked
from gateway.smpp.codec import encode
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import (
    BindTransceiver,
    CancelSm,
    CancelSmResp,
    DataSm,
    DataSmResp,
    QuerySm,
    QuerySmResp,
    ReplaceSm,
    ReplaceSmResp,
    Response,
    SmeAddress,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSmResp,
    UnsuccessSme,
)
from gateway.smpp.session import Role, Session
from tests.gateway.links.test_smpp_mapping import A2P, HANDSET, NOW, QA, submit

MULTI = SubmitMulti(3, dest_address=(SmeAddress(HANDSET), SmeAddress("x")), source_addr="BANK")
ALL: tuple[Asked, ...] = (
    submit("BANK", HANDSET),
    DataSm(2, source_addr="BANK", destination_addr=HANDSET),
    MULTI,
    QuerySm(4, "9", source_addr="BANK"),
    CancelSm(5, message_id="9", source_addr="BANK"),
    ReplaceSm(6, "9", source_addr="BANK"),
)


def asker(speaks_for_handsets: bool = False) -> Asker:
    return Asker(QA if speaks_for_handsets else A2P, 3, int)


def test_every_request_becomes_its_event_in_order() -> None:
    asks, refused = asks_of(ALL, asker(), NOW)
    assert refused == []
    assert [ask.pdu for ask in asks] == list(ALL)
    assert [type(ask.event) for ask in asks] == [MtSms, MtSms, MultiSms, Query, Cancel, Replace]
    assert {type(pdu) for pdu in ALL} == set(ASKED)


def test_what_could_not_be_read_of_a_submit_multi_goes_with_it() -> None:
    asks, _ = asks_of((*ALL[:1], MULTI), asker(), NOW)
    bad = UnsuccessSme("x", CommandStatus.ESME_RINVDSTADR)
    assert [ask.bad for ask in asks] == [(), (bad,)]


def test_refusals_come_with_their_requests_and_leave_the_others() -> None:
    bad: list[Asked] = [
        submit("BANK", "x"),
        SubmitMulti(3, dest_address=(SmeAddress("x"),)),
        QuerySm(4, "0"),
    ]
    mixed = (bad[0], *ALL[:2], *bad[1:], *ALL[2:])
    asks, refused = asks_of(mixed, asker(), NOW)
    assert [ask.pdu for ask in asks] == list(ALL)
    assert [pdu for pdu, _ in refused] == bad
    assert [refusal.status for _, refusal in refused] == [
        CommandStatus.ESME_RINVDSTADR,
        CommandStatus.ESME_RINVDSTADR,
        CommandStatus.ESME_RQUERYFAIL,
    ]


def test_a_handset_s_request_is_its_sms() -> None:
    asks, _ = asks_of((submit(HANDSET, "4444"),), asker(speaks_for_handsets=True), NOW)
    assert [type(ask.event) for ask in asks] == [MoSms]


def test_which_are_in_transaction_mode() -> None:
    pdus = [submit("BANK", HANDSET, esm_class=esm_class) for esm_class in (0, 1, 2, 3)]
    asks, _ = asks_of((*pdus, ALL[3]), asker(), NOW)
    assert [ask.transaction for ask in asks] == [False, False, True, False, False]


def test_what_is_only_counted_is_answered_without_a_store() -> None:
    session = bound()
    items = session.receive(b"".join(encode(pdu) for pdu in ALL))
    asked = [item for item in items if isinstance(item, ASKED)]
    assert asked == list(ALL)
    responses: list[Response] = []
    respond_counted(asked, session, iter(["a", "b", "c"]), responses.append)
    assert responses == [
        SubmitSmResp(7, 0, "a"),
        DataSmResp(2, 0, "b"),
        SubmitMultiResp(3, 0, "c"),
    ]
    failed = (
        QuerySmResp(4, CommandStatus.ESME_RQUERYFAIL),
        CancelSmResp(5, CommandStatus.ESME_RCANCELFAIL),
        ReplaceSmResp(6, CommandStatus.ESME_RREPLACEFAIL),
    )
    assert session.take() == b"".join(encode(one) for one in failed)


def bound() -> Session:
    session = Session(Role.SMSC)
    (request,) = session.receive(encode(BindTransceiver(1, "a2p", interface_version=0x34)))
    assert isinstance(request, BindTransceiver)
    session.accept_bind(request, "SMSC")
    session.take()
    return session
