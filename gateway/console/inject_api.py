"""/api/v1/sms, calls, data, ussd and messages/{id}/resend: what a phone or an ESME would send."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Path
from msgspec import structs
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from gateway.console.inbox_api import ID_MOST, FromInbox, MessageId, known_message
from gateway.console.problems import Problem, problem_responses
from gateway.console.sms_body import SmsBody, mo_of, pdus_of
from gateway.console.view import FromRequest, Gateway
from gateway.core.causes import Cause
from gateway.core.decision import Accepted, AcceptedFor, Decision, Denied
from gateway.core.events import (
    CallAction,
    CallStep,
    DataClose,
    DataOpen,
    Dial,
    Event,
    MoSms,
    MtSms,
    Phone,
    Ussd,
)
from gateway.core.message import Message, MessageKind
from gateway.core.numbers import Address, BadNumber, Msisdn, parse_address, parse_msisdn

router = APIRouter(tags=["inject"])
_FAILS = problem_responses(HTTPStatus.SERVICE_UNAVAILABLE)


class InjectedAnswer(BaseModel):
    """What the network said. A refusal is an answer too: `accepted` is false, `cause` says why.

    `ids` name what came of it: messages, one a segment, or the call; `text` is what a USSD
    service shows.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "accepted": True,
                    "ids": ["1"],
                    "cause": None,
                    "why": "6281190000001 registered on NIK 3201********9001",
                    "text": "",
                }
            ]
        }
    )

    accepted: bool
    ids: list[str]
    cause: Cause | None
    why: str
    text: str


class CallBody(BaseModel):
    """A call: `from` is the phone that dials, `to` a number or a short code."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"from": "081190000001", "to": "085690000002"}]},
    )

    caller: str = Field(alias="from", max_length=40)
    to: str = Field(max_length=40)


class CallStepBody(BaseModel):
    """What the phone `by` does with the call."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"by": "085690000002", "action": "answer"}]},
    )

    by: str = Field(max_length=40)
    action: CallAction


class DataBody(BaseModel):
    """Whether the phone's data session is to be open."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"msisdn": "081190000001", "open": True}]},
    )

    msisdn: str = Field(max_length=40)
    open: StrictBool = True


class UssdBody(BaseModel):
    """A code that the phone dials."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"msisdn": "081190000001", "code": "*444#"}]},
    )

    msisdn: str = Field(max_length=40)
    code: str = Field(min_length=2, max_length=182)


@router.post("/sms", summary="Send an SMS as a phone or an ESME would", responses=_FAILS)
async def send_sms(gateway: FromRequest, body: Annotated[SmsBody, Body()]) -> InjectedAnswer:
    """As a phone: text of any length, or octets in a data_coding, with TLVs for an ESME.

    With `account` it is read as that ESME's submit_sm, a long one in segments of the `long` form;
    its replies and receipts go to that account.
    """
    if body.account is None:
        sender, to = number(body.source, "from"), address(body.to, "to")
        return await asked(gateway, [mo_of(body, sender, to, new_ref())])
    events = gateway.smpp.injected(body.account, pdus_of(body), gateway.clock.now())
    if events is None:
        raise _no(f'account: there is no account "{body.account}"; GET /api/v1/smpp lists them')
    if isinstance(events, str):
        return InjectedAnswer(accepted=False, ids=[], cause=None, why=events, text="")
    return await asked(gateway, events)


@router.post("/calls", summary="Dial as a phone would", responses=_FAILS)
async def dial(gateway: FromRequest, body: Annotated[CallBody, Body()]) -> InjectedAnswer:
    """Accepted when it rings; the phone that is called must be on."""
    caller, to = number(body.caller, "from"), address(body.to, "to")
    return await asked(gateway, [Dial(caller, to, new_ref())])


@router.post("/calls/{id}", summary="Answer, reject or end a call", responses=_FAILS)
async def step(
    gateway: FromRequest,
    id_: Annotated[int, Path(alias="id", ge=1, le=ID_MOST, description="The call's id")],
    body: Annotated[CallStepBody, Body()],
) -> InjectedAnswer:
    """As the phone `by` would."""
    by = number(body.by, "by")
    return await asked(gateway, [CallStep(by, body.action, id_, new_ref())])


@router.post("/data", summary="Open or close a phone's data session", responses=_FAILS)
async def data(gateway: FromRequest, body: Annotated[DataBody, Body()]) -> InjectedAnswer:
    """Opening is refused where data is barred; closing what is closed is no error."""
    msisdn = number(body.msisdn, "msisdn")
    kind = DataOpen if body.open else DataClose
    return await asked(gateway, [kind(msisdn, new_ref())])


@router.post("/ussd", summary="Dial a USSD code as a phone would", responses=_FAILS)
async def ussd(gateway: FromRequest, body: Annotated[UssdBody, Body()]) -> InjectedAnswer:
    """What the service shows is in `text`."""
    msisdn = number(body.msisdn, "msisdn")
    return await asked(gateway, [Ussd(msisdn, body.code, new_ref())])


@router.post(
    "/messages/{id}/resend",
    summary="Send a message again",
    responses=problem_responses(
        HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE
    ),
)
async def resend(gateway: FromRequest, inbox: FromInbox, id_: MessageId) -> InjectedAnswer:
    """A new message, from whom it was, as it was written; decided as things stand now.

    409 for what the network itself sent: replies, receipts, alerts.
    """
    message = await known_message(inbox, id_)
    event = _again(message)
    if event is None:
        detail = f"message {id_} is a {message.kind.value}, the network's own; resend what it is to"
        raise Problem(HTTPStatus.CONFLICT, detail)
    return await asked(gateway, [event])


def _again(message: Message) -> Event | None:
    source, to, text, body = message.source, message.destination, message.text, message.body
    esme = message.esme
    if esme is not None:
        via = structs.replace(esme, session=0, not_before=0, replaces=False)
        if message.kind is MessageKind.MO:
            return MoSms(Msisdn(source), to, text, via, body)
        return MtSms(source, to, text, via, body)
    if message.kind is MessageKind.MO:
        return MoSms(Msisdn(source), to, text, Phone(new_ref()), body)
    return None


# ---- asking


async def asked(gateway: Gateway, events: Sequence[Event]) -> InjectedAnswer:
    """Offer events one after the other; the first refusal ends it. Raises Problem."""
    ids: list[str] = []
    decision = Decision(Denied(Cause.INVALID_FRAME), "nothing to send")
    for event in events:
        decision = await gateway.flow.ask(event)
        answer = decision.answer
        if isinstance(answer, Denied):
            if answer.cause is Cause.CONGESTION:
                raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, decision.why)
            return InjectedAnswer(
                accepted=False, ids=ids, cause=answer.cause, why=decision.why, text=""
            )
        if isinstance(answer, Accepted | AcceptedFor) and answer.id:
            ids.append(str(answer.id))
    text = decision.answer.text if isinstance(decision.answer, Accepted) else ""
    return InjectedAnswer(accepted=True, ids=ids, cause=None, why=decision.why, text=text)


def new_ref() -> str:
    """Name a request of the API: no phone has had this reference before."""
    return f"api-{secrets.token_hex(8)}"


def number(text: str, where: str) -> Msisdn:
    """Read a mobile number; raises Problem."""
    read = parse_msisdn(text)
    if isinstance(read, BadNumber):
        raise _no(f'{where}: "{read.text}" is no mobile number; {read.remedy}')
    return read


def address(text: str, where: str) -> Address:
    """Read a number or a short code; raises Problem."""
    read = parse_address(text)
    if isinstance(read, BadNumber):
        raise _no(f'{where}: "{read.text}" is no number; {read.remedy}, or a short code: 4444')
    return read


def _no(detail: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
