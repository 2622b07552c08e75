"""/api/v1/smpp: the ESME accounts, and the sessions that are bound."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from msgspec import Struct, structs
from pydantic import BaseModel, ConfigDict

from gateway.console.problems import Problem, problem_responses
from gateway.console.view import FromRequest
from gateway.core.ageing import iso

router = APIRouter(tags=["smpp"])


class AccountAnswer(BaseModel):
    """One ESME account: how many sessions it has now, and its counters since the start.

    `system_id` is the account's key: behind the name of its SMSC and a slash, if that is one of
    [[smsc]]. `statuses` counts the answers to its requests by their command_status.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "system_id": "qa",
                    "counters": {"sessions": 1, "submits": 10},
                    "statuses": {"ESME_ROK": 9, "ESME_RTHROTTLED": 1},
                }
            ]
        }
    )

    system_id: str
    counters: dict[str, int]
    statuses: dict[str, int]


class SmppAnswer(BaseModel):
    """All ESME accounts."""

    accounts: list[AccountAnswer]


class SessionAnswer(BaseModel):
    """One bound session.

    `account` is the account's key, `smsc` the name of the SMSC ("smpp" for that of [smpp]), `bind`
    transmitter, receiver, transceiver, or unbinding. `since` is on the network's calendar,
    `seconds` how long it is bound in real time. `outstanding` are the SMSC's requests without an
    answer, of `window` at most; `unanswered` those of the ESME, of `submit_window` at most (0: no
    limit). `requests` and `delivers` count what went either way.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 1,
                    "account": "qa",
                    "smsc": "smpp",
                    "peer": "127.0.0.1:41032",
                    "tls": False,
                    "bind": "transceiver",
                    "interface_version": "3.4",
                    "address_range": "^62812",
                    "system_type": "",
                    "since": "2018-02-26T08:00:00+07:00",
                    "seconds": 12.5,
                    "outstanding": 0,
                    "window": 100,
                    "unanswered": 0,
                    "submit_window": 0,
                    "requests": 10,
                    "delivers": 10,
                }
            ]
        }
    )

    id: int
    account: str
    smsc: str
    peer: str
    tls: bool
    bind: str
    interface_version: str
    address_range: str
    system_type: str
    since: str
    seconds: float
    outstanding: int
    window: int
    unanswered: int
    submit_window: int
    requests: int
    delivers: int


class SessionsAnswer(BaseModel):
    """Sessions that are bound now, oldest first."""

    sessions: list[SessionAnswer]


def session_answer(view: Struct) -> SessionAnswer:
    """Show a session, as gateway.links.smpp_view has it."""
    values = structs.asdict(view)
    version = values["interface_version"]
    return SessionAnswer(
        **{
            **values,
            "interface_version": f"{version >> 4}.{version & 15}",
            "since": iso(values["since"]),
            "seconds": round(values["seconds"], 3),
        }
    )


@router.get("/smpp", summary="The ESME accounts and their traffic")
async def smpp(gateway: FromRequest) -> SmppAnswer:
    """How many sessions each account has, and its counters since the start."""
    return SmppAnswer(
        accounts=[
            AccountAnswer(system_id=name, counters=dict(one.counters), statuses=dict(one.statuses))
            for name, one in gateway.smpp.accounts().items()
        ]
    )


@router.get("/smpp/sessions", summary="Who is bound")
async def sessions(
    gateway: FromRequest,
    account: Annotated[str | None, Query(description="Only this account's")] = None,
    smsc: Annotated[str | None, Query(description="Only this SMSC's")] = None,
) -> SessionsAnswer:
    """All sessions of all SMSCs, or those of one account or SMSC."""
    found = [session_answer(view) for view in gateway.smpp.sessions()]
    return SessionsAnswer(
        sessions=[
            one for one in found if account in (None, one.account) and smsc in (None, one.smsc)
        ]
    )


@router.delete(
    "/smpp/sessions/{number}",
    summary="End a session",
    responses=problem_responses(HTTPStatus.NOT_FOUND),
)
async def end_session(
    gateway: FromRequest,
    number: Annotated[int, Path(description="The session's id", examples=[7])],
) -> SessionAnswer:
    """Unbinds it and shows what it was. What it had not confirmed goes to another session."""
    ended = gateway.smpp.end_session(number)
    if ended is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"no session {number} is bound")
    return session_answer(ended)
