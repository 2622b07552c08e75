"""/api/v1/registrations: an operator's own registration application tells its verdicts (role B)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, ConfigDict, Field

from gateway.console.problems import Problem, problem_responses
from gateway.console.view import FromRequest
from gateway.core.ageing import iso, stage_at
from gateway.core.application import Asked, Dealings, Difference, Opinion
from gateway.core.causes import Cause
from gateway.core.decision import Denied
from gateway.core.events import RegistrationTold
from gateway.core.numbers import (
    BadIdentity,
    BadNumber,
    Kk,
    Msisdn,
    Nik,
    parse_kk,
    parse_msisdn,
    parse_nik,
)
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.subscriber import BlockStage, Status

_HOUR_MS = 3_600_000
_NEED_IDENTITY = (OutcomeKind.REGISTERED, OutcomeKind.REGISTERED_UNVALIDATED)

log = structlog.get_logger()

router = APIRouter(tags=["registrations"])


class RegistrationBody(BaseModel):
    """How a registration ended. `nik` and `kk` are needed with "registered" and
    "registered_unvalidated"; "unregistered" gives the number up. `by` names the application
    that tells.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "msisdn": "081290000001",
                    "outcome": "registered",
                    "nik": "3201014107859001",
                    "kk": "3201010203179000",
                    "by": "regapp",
                }
            ]
        },
    )

    msisdn: str
    outcome: OutcomeKind
    nik: str | None = None
    kk: str | None = None
    by: str = Field(min_length=1, max_length=60)


class OpinionAnswer(BaseModel):
    """How a registration ended, as one of the two sees it; identities masked."""

    outcome: OutcomeKind
    nik: str | None
    kk: str | None


class DifferenceAnswer(BaseModel):
    """Where application and desk differ. `asked` is the id of the SMS, null where none was sent;
    `reply` that of the application's reply that says so, null where it told by the API.
    """

    msisdn: str
    at: str
    asked: str | None
    desk: OpinionAnswer
    told: OpinionAnswer
    by: str
    reply: str | None


class UntoldAnswer(BaseModel):
    """An SMS that the application has told nothing about, and what the desk says to it."""

    msisdn: str
    asked: str
    at: str
    desk: OpinionAnswer


class RegistrationAnswer(BaseModel):
    """How the number stands now; in shadow, where the desk differs."""

    msisdn: str
    status: Status
    stage: BlockStage
    difference: DifferenceAnswer | None
    why: str


class UnreadableAnswer(BaseModel):
    """How many replies to a number shadow could not read; `newest` is the id of one."""

    msisdn: str
    count: int
    newest: str


class DifferencesAnswer(BaseModel):
    """What shadow found: the newest difference of each number, what nobody told about, and whose
    replies it could not read (they are no differences).
    """

    shadow: bool
    differences: list[DifferenceAnswer]
    untold: list[UntoldAnswer]
    unreadable: list[UnreadableAnswer]


@router.post(
    "/registrations",
    summary="Tell how a registration ended",
    responses=problem_responses(
        HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE
    ),
)
async def tell(
    gateway: FromRequest, wish: Annotated[RegistrationBody, Body()]
) -> RegistrationAnswer:
    """Registers the number where that is the outcome: lifts its bars and tells its phone.

    To tell the same again changes nothing. 409 for a number that has expired, 503 where it could
    not be stored: tell it again.
    """
    msisdn = read_msisdn(wish.msisdn)
    nik, kk = _identity(wish)
    decision = await gateway.flow.ask(RegistrationTold(msisdn, wish.outcome, wish.by, nik, kk))
    found = gateway.store.subscriber(msisdn)
    if isinstance(decision.answer, Denied):
        if decision.answer.cause is Cause.CONGESTION:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, decision.why)
        known = HTTPStatus.NOT_FOUND if found is None else HTTPStatus.CONFLICT
        raise Problem(known, decision.why)
    assert found is not None
    rules, now = gateway.flow.rules, gateway.clock.now()
    difference = found.dealings.difference if found.dealings is not None else None
    new = difference is not None and decision.why.endswith(str(difference))
    if new:
        log.warning("shadow: the application and the desk differ", why=decision.why)
    return RegistrationAnswer(
        msisdn=msisdn,
        status=found.status,
        stage=stage_at(rules.schedule, found, now),
        difference=difference_answer(msisdn, difference) if difference and new else None,
        why=decision.why,
    )


@router.get("/registrations/differences", summary="Where the application and the desk differ")
async def differences(
    gateway: FromRequest,
    hours: Annotated[
        float,
        Query(ge=0, allow_inf_nan=False, description="List as untold what is so old (calendar)"),
    ] = 24.0,
    limit: Annotated[int, Query(ge=1, le=10_000, description="How many of each at most")] = 1000,
) -> DifferencesAnswer:
    """What the silent judgement beside the application found (`[[short_codes]] shadow = true`).

    It compares what POST /registrations tells, and what the replies to the phones say. The newest
    first. 24 hours are what a subscriber is promised.
    """
    rules, now = gateway.flow.rules, gateway.clock.now()
    served = rules.short_codes.get(rules.registration_code)
    found: list[tuple[Msisdn, Difference]] = []
    untold: list[tuple[Msisdn, Asked]] = []
    unreadable: list[UnreadableAnswer] = []
    for subscriber in gateway.store.compared():
        dealings = subscriber.dealings
        assert dealings is not None
        if dealings.difference is not None:
            found.append((subscriber.msisdn, dealings.difference))
        if dealings.unreadable:
            unreadable.append(_unreadable(subscriber.msisdn, dealings))
        untold += [
            (subscriber.msisdn, one)
            for one in dealings.asked
            if not (one.told or one.replied) and now - one.at >= hours * _HOUR_MS
        ]
    found.sort(key=lambda one: (-one[1].at, one[0]))
    untold.sort(key=lambda one: -one[1].id)
    unreadable.sort(key=lambda one: -int(one.newest))
    return DifferencesAnswer(
        shadow=served is not None and served.shadow,
        differences=[difference_answer(*one) for one in found[:limit]],
        untold=[_untold(*one) for one in untold[:limit]],
        unreadable=unreadable[:limit],
    )


def difference_answer(msisdn: Msisdn, difference: Difference) -> DifferenceAnswer:
    """Show a difference."""
    return DifferenceAnswer(
        msisdn=msisdn,
        at=iso(difference.at),
        asked=str(difference.asked) if difference.asked else None,
        desk=_opinion(difference.expected),
        told=_opinion(difference.told),
        by=difference.by,
        reply=str(difference.reply) if difference.reply else None,
    )


def _untold(msisdn: Msisdn, asked: Asked) -> UntoldAnswer:
    return UntoldAnswer(
        msisdn=msisdn, asked=str(asked.id), at=iso(asked.at), desk=_opinion(asked.expected)
    )


def _unreadable(msisdn: Msisdn, one: Dealings) -> UnreadableAnswer:
    return UnreadableAnswer(msisdn=msisdn, count=one.unreadable, newest=str(one.unread))


def _opinion(opinion: Opinion) -> OpinionAnswer:
    return OpinionAnswer(
        outcome=opinion.outcome,
        nik=str(opinion.nik) if opinion.nik else None,
        kk=str(opinion.kk) if opinion.kk else None,
    )


def read_msisdn(text: str) -> Msisdn:
    """Read a number of a request. Raises Problem."""
    number = parse_msisdn(text)
    if isinstance(number, BadNumber):
        raise _no(f'msisdn: "{number.text}" is no mobile number; {number.remedy}')
    return number


def _identity(wish: RegistrationBody) -> tuple[Nik | None, Kk | None]:
    nik, kk = read_nik(wish.nik), read_kk(wish.kk)
    if wish.outcome in _NEED_IDENTITY and (nik is None or kk is None):
        raise _no("nik, kk: missing; say on whose identity the number is registered")
    return nik, kk


def read_nik(text: str | None) -> Nik | None:
    """Read a NIK of a request, if it has one. Raises Problem."""
    nik = parse_nik(text) if text is not None else None
    if isinstance(nik, BadIdentity):
        raise _no(f"nik: {nik.detail}; write 16 digits")
    return nik


def read_kk(text: str | None) -> Kk | None:
    """Read a KK of a request, if it has one. Raises Problem."""
    kk = parse_kk(text) if text is not None else None
    if isinstance(kk, BadIdentity):
        raise _no(f"kk: {kk.detail}; write 16 digits")
    return kk


def _no(detail: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
