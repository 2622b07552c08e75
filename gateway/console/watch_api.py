"""/api/v1/smpp/lint, smpp/pdus and the switch of the PDU log: what is watched of ESMEs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query
from pydantic import BaseModel, ConfigDict, StrictBool

from gateway.console.problems import Problem, problem_responses
from gateway.console.view import FromRequest
from gateway.console.watch_answers import LintAnswer, PdusAnswer, lint_answer, pdu_answer
from gateway.smpp.pdu_ring import PDUS_MOST

router = APIRouter(tags=["smpp"])

_UNKNOWN = problem_responses(HTTPStatus.NOT_FOUND)
_KEY = "The account's system_id; of [[smsc]] NAME/system_id"
Account = Annotated[str, Query(max_length=40, description=_KEY)]


class PduLogWish(BaseModel):
    """Whether an account's PDUs are to be logged."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"on": True}]})

    on: StrictBool


class PduLogAnswer(BaseModel):
    """Whether an account's PDUs are logged."""

    account: str
    on: bool


@router.get("/smpp/lint", summary="What the ESMEs' clients do wrong", responses=_UNKNOWN)
async def lint(gateway: FromRequest, account: Account = "") -> LintAnswer:
    """The client lint of one account, or of all that have it switched on."""
    reports = gateway.watching.lint(account)
    if reports is None:
        raise _no_account(account)
    return lint_answer(reports)


@router.delete("/smpp/lint", summary="Begin the client lint anew", responses=_UNKNOWN)
async def forget_lint(gateway: FromRequest, account: Account = "") -> LintAnswer:
    """Gives the findings of one account, or of all, and forgets them: a new run begins."""
    answer = await lint(gateway, account)
    gateway.watching.forget(account)
    return answer


@router.get("/smpp/pdus", summary="The newest PDUs of an account", responses=_UNKNOWN)
async def pdus(
    gateway: FromRequest,
    account: Account,
    limit: Annotated[int, Query(ge=1, le=PDUS_MOST, description="How many at most")] = 100,
) -> PdusAnswer:
    """Decoded, of accounts whose PDU log is on: `pdu_log`, or the switch below."""
    watching = gateway.watching
    seen, on = watching.pdus(account, limit), watching.logs_pdus(account)
    if seen is None or on is None:
        raise _no_account(account)
    shown = [pdu_answer(one, octets=watching.shows_octets) for one in seen]
    return PdusAnswer(account=account, logging=on, pdus=shown)


@router.put(
    "/smpp/accounts/{account:path}/pdu-log",
    summary="Switch the PDU log of an account",
    responses=_UNKNOWN,
)
async def switch_pdu_log(
    gateway: FromRequest,
    account: Annotated[str, Path(description=_KEY)],
    wish: Annotated[PduLogWish, Body()],
) -> PduLogAnswer:
    """Takes effect at once, in the middle of its sessions too, until the next start."""
    if gateway.watching.logs_pdus(account) is None:
        raise _no_account(account)
    gateway.watching.log_pdus(account, wish.on)
    return PduLogAnswer(account=account, on=wish.on)


def _no_account(account: str) -> Problem:
    return Problem(
        HTTPStatus.NOT_FOUND, f'there is no account "{account}"; GET /api/v1/smpp lists them'
    )
