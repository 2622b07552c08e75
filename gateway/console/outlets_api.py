"""Outlets (gerai) and dealers register numbers: /api/v1/registrations/outlet, /report/outlets."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from gateway.console.problems import Problem, problem_responses
from gateway.console.registrations_api import read_kk, read_msisdn, read_nik
from gateway.console.reports import ReportsOfApp
from gateway.console.view import FromRequest
from gateway.core.ageing import iso, stage_at
from gateway.core.causes import Cause
from gateway.core.decision import Denied, Judged
from gateway.core.outlets import (
    OUTLET_PATTERN,
    WORDS_MOST,
    Document,
    Foreigner,
    OutletRegisters,
    Papers,
)
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.report.outlets import Flag
from gateway.core.subscriber import BlockStage, Status

log = structlog.get_logger()

router = APIRouter(tags=["registrations"])

_Words = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=WORDS_MOST,
        pattern=r"^[^\x00-\x1f\x7f]*$",
    ),
]


class ForeignerBody(BaseModel):
    """Who has no NIK: what an outlet records of a passport, KITAS or KITAP."""

    model_config = ConfigDict(extra="forbid")

    document: Document
    number: _Words
    nationality: _Words
    name: _Words
    birth_place: _Words
    birth_date: date


class OutletBody(BaseModel):
    """A number and whose it is: a citizen's `nik` and `kk`, or a `foreigner`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "outlet": "GERAI-017",
                    "msisdn": "081290000001",
                    "nik": "3201014107859001",
                    "kk": "3201010203179000",
                }
            ]
        },
    )

    outlet: str = Field(pattern=OUTLET_PATTERN)
    msisdn: str
    nik: str | None = None
    kk: str | None = None
    foreigner: ForeignerBody | None = None


class OutletAnswer(BaseModel):
    """How it ended. `numbers_on_nik` counts those of the number's operator, null unless it was
    registered on a NIK; `to_report` whether they are so many that the operator reports them.
    """

    msisdn: str
    outlet: str
    at: str
    outcome: OutcomeKind
    status: Status
    stage: BlockStage
    numbers_on_nik: int | None
    to_report: bool
    why: str


@router.post(
    "/registrations/outlet",
    summary="Register a number at an outlet",
    responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE),
)
async def register(gateway: FromRequest, wish: Annotated[OutletBody, Body()]) -> OutletAnswer:
    """The civil registry judges at once, as for an SMS to 4444, but for the limit of numbers.

    A refusal is an answer too: see `outcome`. 503 where it could not be stored: try again.
    """
    msisdn = read_msisdn(wish.msisdn)
    event = OutletRegisters(msisdn, wish.outlet, _identity(wish))
    decision = await gateway.flow.ask(event)
    if isinstance(decision.answer, Denied):
        busy = decision.answer.cause is Cause.CONGESTION
        status = HTTPStatus.SERVICE_UNAVAILABLE if busy else HTTPStatus.NOT_FOUND
        raise Problem(status, decision.why)
    found = gateway.store.subscriber(msisdn)
    assert found is not None
    (judged,) = (change for change in decision.changes if isinstance(change, Judged))
    rules, now = gateway.flow.rules, gateway.clock.now()
    to_report = judged.held > rules.report_above
    if to_report:
        log.warning("outlet: many numbers on one NIK", outlet=wish.outlet, why=decision.why)
    return OutletAnswer(
        msisdn=msisdn,
        outlet=wish.outlet,
        at=iso(now),
        outcome=judged.kind,
        status=found.status,
        stage=stage_at(rules.schedule, found, now),
        numbers_on_nik=judged.held or None,
        to_report=to_report,
        why=decision.why,
    )


class AuditAnswer(BaseModel):
    """One outlet; a small count, or one that tells of such, is null. `busiest_at` is the begin of
    the hour with most requests.
    """

    outlet: str
    requests: int | None
    registered: int | None
    failed: int | None
    failed_percent: int | None
    niks: int | None
    most_on_nik: int | None
    busiest_at: str | None
    in_busiest: int | None
    flags: list[Flag]


class AuditsAnswer(BaseModel):
    """All outlets, by id; counts from 1 below `smallest_cell` are null."""

    at: str
    smallest_cell: int
    outlets: list[AuditAnswer]


@router.get("/report/outlets", summary="What outlets registered, and what looks wrong")
async def audits(gateway: FromRequest, reports: ReportsOfApp) -> AuditsAnswer:
    """Flags what `[outlets]` calls suspicious: one NIK for many numbers, bursts, many failures."""
    smallest, found = await reports.outlets()
    return AuditsAnswer(
        at=iso(gateway.clock.now()),
        smallest_cell=smallest,
        outlets=[
            AuditAnswer(
                outlet=one.outlet,
                requests=one.requests,
                registered=one.registered,
                failed=one.failed,
                failed_percent=one.failed_percent,
                niks=one.niks,
                most_on_nik=one.most_on_nik,
                busiest_at=iso(one.busiest_at) if one.busiest_at is not None else None,
                in_busiest=one.in_busiest,
                flags=list(one.flags),
            )
            for one in found
        ],
    )


def _identity(wish: OutletBody) -> Papers | Foreigner:
    one = wish.foreigner
    if one is None:
        nik, kk = read_nik(wish.nik), read_kk(wish.kk)
        if nik is None or kk is None:
            raise _no("nik, kk: missing; give both, or a foreigner")
        return Papers(nik, kk)
    if wish.nik is not None or wish.kk is not None:
        raise _no("foreigner: given beside a nik or kk; give the one or the other")
    return Foreigner(
        one.document,
        one.number,
        one.nationality,
        one.name,
        one.birth_place,
        one.birth_date.isoformat(),
    )


def _no(detail: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
