"""What was decided -> the response; pure (SMPP 3.4 chapter 4, domain.md 6.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.core.causes import CODES, Cause
from gateway.core.decision import Accepted, AcceptedFor, Answer, Denied, Found
from gateway.core.events import Cancel, MoSms, MtSms, MultiSms, Query, Replace
from gateway.core.message import MessageState
from gateway.smpp import codes
from gateway.smpp.codes import CommandStatus, NetworkType, TlvTag
from gateway.smpp.fields import tlv
from gateway.smpp.pdu import (
    CancelSm,
    CancelSmResp,
    DataSm,
    DataSmResp,
    QuerySm,
    QuerySmResp,
    ReplaceSm,
    ReplaceSmResp,
    Response,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSm,
    SubmitSmResp,
    Tlv,
    UnsuccessSme,
)
from gateway.smpp.smpp_time import format_absolute

_S: Final = CommandStatus
STATUS_BY_CAUSE: Final[dict[Cause, CommandStatus]] = {
    Cause.OPERATOR_DETERMINED_BARRING: _S.ESME_RSUBMITFAIL,
    Cause.UNKNOWN_SUBSCRIBER: _S.ESME_RINVDSTADR,
    Cause.UNASSIGNED_NUMBER: _S.ESME_RINVDSTADR,
    Cause.ABSENT_SUBSCRIBER: _S.ESME_RSUBMITFAIL,
    Cause.SOURCE_NOT_ALLOWED: _S.ESME_RINVSRCADR,
    Cause.INVALID_FRAME: _S.ESME_RSYSERR,
    Cause.CONGESTION: _S.ESME_RMSGQFUL,
    Cause.QUEUE_FULL: _S.ESME_RMSGQFUL,
    Cause.NO_SUCH_MESSAGE: _S.ESME_RINVMSGID,
    # Causes of calls: no submit_sm meets them.
    Cause.USER_BUSY: _S.ESME_RSUBMITFAIL,
    Cause.NO_ANSWER: _S.ESME_RSUBMITFAIL,
    Cause.CALL_REJECTED: _S.ESME_RSUBMITFAIL,
    Cause.NORMAL_CLEARING: _S.ESME_RSUBMITFAIL,
    Cause.NO_SUCH_CALL: _S.ESME_RSUBMITFAIL,
}
"""The command_status that tells an ESME why its submit_sm was refused (domain.md 6.3)."""

# What the orders fail with, whatever is the reason (§5.1.3).
_ORDER_FAILS: Final[dict[type, CommandStatus]] = {
    Query: _S.ESME_RQUERYFAIL,
    Cancel: _S.ESME_RCANCELFAIL,
    Replace: _S.ESME_RREPLACEFAIL,
}
_STATES: Final = {state: codes.MessageState[state.name] for state in MessageState}
# Western Indonesian Time, in quarters of an hour ahead of UTC (§7.1.1).
_WIB_QUARTERS: Final = 28
# delivery_failure_reason (§5.3.2.33): destination unavailable.
_UNAVAILABLE: Final = 0

Asked = SubmitSm | DataSm | SubmitMulti | QuerySm | CancelSm | ReplaceSm
SmppEvent = MoSms | MtSms | MultiSms | Query | Cancel | Replace


def response_to(
    pdu: Asked,
    event: SmppEvent,
    answer: Answer,
    bad: tuple[UnsuccessSme, ...] = (),
    written_id: Callable[[int], str] = str,
) -> Response:
    """Tell the ESME what was decided; `bad` are destinations that could not even be read.

    `written_id` writes message ids as the account's SMSC is known to.
    """
    sequence = pdu.sequence_number
    if type(pdu) is SubmitSm:
        if type(answer) is Accepted:
            return SubmitSmResp(sequence, 0, written_id(answer.id))
        return SubmitSmResp(sequence, status_of(event, answer))
    if isinstance(pdu, DataSm):
        return _data_sm_resp(pdu, event, answer, written_id)
    if isinstance(pdu, SubmitMulti) and isinstance(event, MultiSms):
        return _submit_multi_resp(sequence, event, answer, bad, written_id)
    if isinstance(pdu, QuerySm):
        if isinstance(answer, Found):
            return _query_sm_resp(pdu, answer)
        return QuerySmResp(sequence, status_of(event, answer))
    status = 0 if isinstance(answer, Accepted) else status_of(event, answer)
    make = CancelSmResp if isinstance(pdu, CancelSm) else ReplaceSmResp
    return make(sequence, status)


def status_of(event: SmppEvent, answer: Answer) -> CommandStatus:
    """Give the command_status for an answer that is not a yes."""
    if type(answer) is not Denied:
        return _S.ESME_RSYSERR
    fails = _ORDER_FAILS.get(type(event))
    if fails is not None:
        return fails
    if answer.cause is Cause.UNKNOWN_SUBSCRIBER and type(event) is MoSms:
        # The number that the network does not know is the handset's own.
        return _S.ESME_RINVSRCADR
    return STATUS_BY_CAUSE[answer.cause]


def _data_sm_resp(
    pdu: DataSm, event: SmppEvent, answer: Answer, written_id: Callable[[int], str]
) -> DataSmResp:
    sequence = pdu.sequence_number
    asked_dpf = any(one.tag == TlvTag.SET_DPF for one in pdu.tlvs)
    if isinstance(answer, Accepted):
        result = (tlv(TlvTag.DPF_RESULT, int(answer.dpf)),) if asked_dpf else ()
        return DataSmResp(sequence, 0, written_id(answer.id), result)
    if isinstance(answer, Denied) and answer.cause is Cause.ABSENT_SUBSCRIBER:
        dpf = isinstance(event, MoSms | MtSms) and getattr(event.via, "set_dpf", False)
        return _data_sm_failed(sequence, CODES[answer.cause].map_error, dpf=dpf)
    return DataSmResp(sequence, status_of(event, answer))


def not_delivered(pdu: Asked, error: int) -> Response:
    """Tell the ESME of a message in transaction mode that it failed; `error` is a MAP number."""
    if isinstance(pdu, DataSm):
        return _data_sm_failed(pdu.sequence_number, error)
    return SubmitSmResp(pdu.sequence_number, _S.ESME_RSUBMITFAIL)


def _data_sm_failed(sequence: int, error: int, *, dpf: bool = False) -> DataSmResp:
    code = bytes((NetworkType.GSM,)) + error.to_bytes(2, "big")
    tlvs = (
        tlv(TlvTag.DELIVERY_FAILURE_REASON, _UNAVAILABLE),
        Tlv(TlvTag.NETWORK_ERROR_CODE, code),
        # A phone that is off is told of later although its message is not kept (§5.3.2.28).
        *((tlv(TlvTag.DPF_RESULT, 1),) if dpf else ()),
    )
    return DataSmResp(sequence, _S.ESME_RDELIVERYFAILURE, "", tlvs)


def _submit_multi_resp(
    sequence: int,
    event: MultiSms,
    answer: Answer,
    bad: tuple[UnsuccessSme, ...],
    written_id: Callable[[int], str],
) -> SubmitMultiResp:
    if not isinstance(answer, AcceptedFor):
        return SubmitMultiResp(sequence, status_of(event, answer))
    failed = list(bad)
    for place, cause in answer.denied:
        written = event.to[place][1]
        failed.append(
            UnsuccessSme(written.digits, STATUS_BY_CAUSE[cause], written.ton, written.npi)
        )
    return SubmitMultiResp(sequence, 0, written_id(answer.id), tuple(failed))


def _query_sm_resp(pdu: QuerySm, found: Found) -> QuerySmResp:
    final = format_absolute(found.ended_at, _WIB_QUARTERS) if found.ended_at else ""
    return QuerySmResp(
        pdu.sequence_number,
        0,
        pdu.message_id,
        final,
        int(_STATES[found.state]),
        min(found.error, 0xFF),
    )
