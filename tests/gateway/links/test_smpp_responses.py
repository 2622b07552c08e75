"""What was decided, to the response that tells it."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.decision import NOTED, Accepted, AcceptedFor, Answer, Denied, Found
from gateway.core.events import Cancel, MoSms, MtSms, MultiSms, Query, Replace
from gateway.core.message import MessageState
from gateway.links.smpp_mapping import event_of
from gateway.links.smpp_multi import multi_of
from gateway.links.smpp_responses import (
    STATUS_BY_CAUSE,
    Asked,
    SmppEvent,
    not_delivered,
    response_to,
    status_of,
)
from gateway.smpp import codes
from gateway.smpp.codes import CommandStatus, TlvTag
from gateway.smpp.pdu import (
    CancelSm,
    CancelSmResp,
    DataSm,
    DataSmResp,
    QuerySm,
    QuerySmResp,
    ReplaceSm,
    ReplaceSmResp,
    SmeAddress,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSmResp,
    Tlv,
    UnsuccessSme,
)
from tests.gateway.links.test_smpp_mapping import A2P, HANDSET, NOW, QA, event, submit

MO = event(submit(HANDSET, "4444"), QA)
MT = event(submit("BANK", HANDSET), A2P)
DATA = DataSm(7, source_addr="BANK", destination_addr=HANDSET)


def several_of(pdu: SubmitMulti) -> MultiSms:
    read, bad = multi_of(pdu, A2P, 3, NOW)
    assert isinstance(read, MultiSms)
    assert bad == ()
    return read


MULTI = SubmitMulti(
    7,
    source_addr="BANK",
    dest_address=(SmeAddress("081234567890", 2, 1), SmeAddress("2000", 3, 0)),
)
SEVERAL = several_of(MULTI)
QUERY, CANCEL, REPLACE = (
    Query("a2p", 9, ""),
    Cancel("a2p", 9, "", "", ""),
    Replace("a2p", 9, "", "", 0),
)
QUERY_SM, CANCEL_SM, REPLACE_SM = QuerySm(7, "0009"), CancelSm(7), ReplaceSm(7)

EVERY: list[tuple[Asked, SmppEvent]] = [
    (submit("BANK", HANDSET), MT),
    (submit(HANDSET, "4444"), MO),
    (DATA, MT),
    (MULTI, SEVERAL),
    (QUERY_SM, QUERY),
    (CANCEL_SM, CANCEL),
    (REPLACE_SM, REPLACE),
]


def hexadecimal(id_: int) -> str:
    return f"{id_:X}"


def test_accepted() -> None:
    assert response_to(submit(HANDSET, "4444"), MO, Accepted(4711)) == SubmitSmResp(7, 0, "4711")
    assert response_to(DATA, MT, Accepted(4711)) == DataSmResp(7, 0, "4711")
    assert response_to(CANCEL_SM, CANCEL, Accepted(9)) == CancelSmResp(7)
    assert response_to(REPLACE_SM, REPLACE, Accepted(9)) == ReplaceSmResp(7)


def test_ids_are_written_as_the_account_has_them() -> None:
    for pdu, made in ((submit(HANDSET, "4444"), MO), (DATA, MT)):
        response = response_to(pdu, made, Accepted(4711), (), hexadecimal)
        assert getattr(response, "message_id", "") == "1267"
    response = response_to(MULTI, SEVERAL, AcceptedFor(4711, ()), (), hexadecimal)
    assert response == SubmitMultiResp(7, 0, "1267")


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_a_status(cause: Cause) -> None:
    assert STATUS_BY_CAUSE[cause] is not CommandStatus.ESME_ROK
    for pdu, made in EVERY:
        response = response_to(pdu, made, Denied(cause))
        assert response.sequence_number == 7
        assert response.command_status
        assert not getattr(response, "message_id", "")


@pytest.mark.parametrize(("pdu", "made"), EVERY)
def test_no_answer_is_a_fault_of_ours(pdu: Asked, made: SmppEvent) -> None:
    response = response_to(pdu, made, NOTED)
    assert response.command_status == CommandStatus.ESME_RSYSERR
    assert status_of(made, NOTED) is CommandStatus.ESME_RSYSERR


def test_statuses_that_clients_go_by() -> None:
    barred = Denied(Cause.OPERATOR_DETERMINED_BARRING)
    assert status_of(MO, barred) is CommandStatus.ESME_RSUBMITFAIL
    unknown = Denied(Cause.UNKNOWN_SUBSCRIBER)
    assert status_of(MT, unknown) is CommandStatus.ESME_RINVDSTADR
    assert status_of(MO, unknown) is CommandStatus.ESME_RINVSRCADR
    assert status_of(MO, Denied(Cause.UNASSIGNED_NUMBER)) is CommandStatus.ESME_RINVDSTADR
    assert status_of(MO, Denied(Cause.CONGESTION)) is CommandStatus.ESME_RMSGQFUL
    assert status_of(MT, Denied(Cause.QUEUE_FULL)) is CommandStatus.ESME_RMSGQFUL
    assert status_of(MO, NOTED) is CommandStatus.ESME_RSYSERR


@pytest.mark.parametrize(
    ("pdu", "made", "response"),
    [
        (QUERY_SM, QUERY, QuerySmResp(7, CommandStatus.ESME_RQUERYFAIL)),
        (CANCEL_SM, CANCEL, CancelSmResp(7, CommandStatus.ESME_RCANCELFAIL)),
        (REPLACE_SM, REPLACE, ReplaceSmResp(7, CommandStatus.ESME_RREPLACEFAIL)),
    ],
)
@pytest.mark.parametrize("cause", [Cause.NO_SUCH_MESSAGE, Cause.CONGESTION])
def test_an_order_fails_in_its_own_words(
    pdu: Asked, made: SmppEvent, response: object, cause: Cause
) -> None:
    assert response_to(pdu, made, Denied(cause)) == response


# ---- data_sm


def set_dpf(value: int) -> DataSm:
    return structs.replace(DATA, tlvs=(Tlv(TlvTag.SET_DPF, bytes((value,))),))


def mt_of(pdu: DataSm) -> MoSms | MtSms:
    read = event_of(pdu, A2P, 3, NOW)
    assert isinstance(read, MtSms)
    return read


@pytest.mark.parametrize("dpf", [False, True])
def test_data_sm_that_asked_for_it_is_told_of_the_delivery_pending_flag(dpf: bool) -> None:
    for value in (0, 1):
        pdu = set_dpf(value)
        assert response_to(pdu, mt_of(pdu), Accepted(9, dpf)) == DataSmResp(
            7, 0, "9", (Tlv(TlvTag.DPF_RESULT, bytes((dpf,))),)
        )
    assert response_to(DATA, MT, Accepted(9, dpf)) == DataSmResp(7, 0, "9")


ABSENT = (
    Tlv(TlvTag.DELIVERY_FAILURE_REASON, b"\x00"),
    Tlv(TlvTag.NETWORK_ERROR_CODE, b"\x03\x00\x1b"),
)


def test_data_sm_to_a_phone_that_is_off_says_why() -> None:
    failed = CommandStatus.ESME_RDELIVERYFAILURE
    denied = Denied(Cause.ABSENT_SUBSCRIBER)
    for pdu in (DATA, set_dpf(0)):
        assert response_to(pdu, mt_of(pdu), denied) == DataSmResp(7, failed, "", ABSENT)
    # The flag is set although the message is not kept.
    told = (*ABSENT, Tlv(TlvTag.DPF_RESULT, b"\x01"))
    pdu = set_dpf(1)
    assert response_to(pdu, mt_of(pdu), denied) == DataSmResp(7, failed, "", told)


def test_data_sm_that_is_refused_otherwise_has_just_its_status() -> None:
    denied = Denied(Cause.QUEUE_FULL)
    assert response_to(DATA, MT, denied) == DataSmResp(7, CommandStatus.ESME_RMSGQFUL)


def test_a_transaction_that_failed() -> None:
    assert not_delivered(DATA, 27) == DataSmResp(7, CommandStatus.ESME_RDELIVERYFAILURE, "", ABSENT)
    pdu = submit("BANK", HANDSET)
    assert not_delivered(pdu, 27) == SubmitSmResp(7, CommandStatus.ESME_RSUBMITFAIL)


# ---- submit_multi


def test_submit_multi_names_the_destinations_that_failed_as_they_were_written() -> None:
    bad = (UnsuccessSme("x", CommandStatus.ESME_RINVDSTADR),)
    answer = AcceptedFor(4, ((0, Cause.QUEUE_FULL), (1, Cause.UNASSIGNED_NUMBER)))
    assert response_to(MULTI, SEVERAL, answer, bad) == SubmitMultiResp(
        7,
        0,
        "4",
        (
            *bad,
            UnsuccessSme("081234567890", CommandStatus.ESME_RMSGQFUL, 2, 1),
            UnsuccessSme("2000", CommandStatus.ESME_RINVDSTADR, 3, 0),
        ),
    )


def test_submit_multi_that_all_destinations_refuse() -> None:
    answer: Answer = Denied(Cause.UNASSIGNED_NUMBER)
    assert response_to(MULTI, SEVERAL, answer) == SubmitMultiResp(7, CommandStatus.ESME_RINVDSTADR)


# ---- query_sm


def test_query_sm_of_what_is_on_its_way() -> None:
    found = Found(9, MessageState.ENROUTE, 0, 0)
    assert response_to(QUERY_SM, QUERY, found) == QuerySmResp(
        7, 0, "0009", "", codes.MessageState.ENROUTE, 0
    )


@pytest.mark.parametrize("state", list(MessageState))
def test_query_sm_of_every_state(state: MessageState) -> None:
    response = response_to(QUERY_SM, QUERY, Found(9, state, NOW, 27))
    assert response == QuerySmResp(
        7, 0, "0009", "180226080000028+", codes.MessageState[state.name], 27
    )


def test_query_sm_of_an_error_that_is_no_octet() -> None:
    response = response_to(QUERY_SM, QUERY, Found(9, MessageState.REJECTED, NOW, 0x1234))
    assert isinstance(response, QuerySmResp)
    assert response.error_code == 0xFF
