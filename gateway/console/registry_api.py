"""/api/v1/registry: the civil registry, for an operator's own registration pipeline under test."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict

from gateway.console.problems import Problem, problem_responses
from gateway.console.view import FromRequest
from gateway.core.ageing import wib_day
from gateway.core.decision import Denied
from gateway.core.events import PipelineAsked
from gateway.core.numbers import BadIdentity, parse_kk, parse_nik
from gateway.core.registration.citizens import Citizen, Sex, Verdict
from gateway.core.registration.profiles import OperatorProfile, ProfileIndex
from gateway.core.registry_stub import Checked, NoAnswer, RegistryStub, Trouble

_STATUS: Final[dict[Trouble, HTTPStatus]] = {
    Trouble.QUOTA: HTTPStatus.TOO_MANY_REQUESTS,
    Trouble.OUTAGE: HTTPStatus.SERVICE_UNAVAILABLE,
    Trouble.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    Trouble.LOST: HTTPStatus.GATEWAY_TIMEOUT,
}
# No answer is later than this, so that a fault does not hold connections for ever.
_LATE_MOST_S: Final = 120.0

router = APIRouter(prefix="/registry", tags=["registry"])


class VerifyBody(BaseModel):
    """Whom to check, for which operator (a name of [operators] in the configuration)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"nik": "3201014107859001", "kk": "3201010203179000", "operator": "telkomsel"}
            ]
        },
    )

    nik: str
    kk: str
    operator: str


class PersonAnswer(BaseModel):
    """What operators could read of a person (domain.md 2.1 [S71])."""

    name: str
    sex: Sex
    birth_date: str
    province: str
    regency: str


class VerifyAnswer(BaseModel):
    """The registry's word. `person` is there on a match, where the registry has more than numbers.

    `left` is what remains of the operator's quota today, null where it has none.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "verdict": "match",
                    "person": {
                        "name": "Siti Lestari",
                        "sex": "PEREMPUAN",
                        "birth_date": "1985-07-01",
                        "province": "Jawa Barat",
                        "regency": "Kab. Bogor",
                    },
                    "left": 999_999,
                }
            ]
        }
    )

    verdict: Verdict
    person: PersonAnswer | None
    left: int | None


class UseAnswer(BaseModel):
    """What one operator's pipeline asked: today, for its quota, and ever, over restarts.

    `lost` answers were never given; those among them that matched are the registry's ghosts.
    """

    operator: str
    quota: int
    today: int
    asked: int
    matched: int
    lost: int


@router.post(
    "/verify",
    summary="Check a NIK against a KK",
    responses=problem_responses(
        HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT
    ),
)
async def verify(
    gateway: FromRequest, request: Request, body: Annotated[VerifyBody, Body()]
) -> VerifyAnswer:
    """Answers as the simulated registry does: its people, with their troubles; and its own.

    429 when the operator's quota of the day is used up, 503 in an outage, 504 for an answer that
    was lost: the registry counts it all the same. Retry-After is in seconds of the calendar.
    """
    nik, kk = parse_nik(body.nik), parse_kk(body.kk)
    for parsed in (nik, kk):
        if isinstance(parsed, BadIdentity):
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, parsed.detail)
    assert not isinstance(nik, BadIdentity)
    assert not isinstance(kk, BadIdentity)
    rules = gateway.flow.rules
    profile = _profile(body.operator, rules.profiles)
    stub: RegistryStub = request.app.state.registry_stub
    now = gateway.clock.now()
    stub.recall(gateway.store.registry_use)
    answer = stub.verify(nik, kk, profile, now, rules, gateway.flow.tally)
    if _counts(answer):
        decision = await gateway.flow.ask(_asked(profile.name, now, answer))
        if isinstance(decision.answer, Denied):
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, decision.why)
    if answer.late_ms:
        await asyncio.sleep(min(answer.late_ms / 1000, _LATE_MOST_S))
    if isinstance(answer, NoAnswer):
        headers = {"Retry-After": str(answer.again_in_s)} if answer.again_in_s else None
        raise Problem(_STATUS[answer.trouble], answer.why, headers)
    return VerifyAnswer(
        verdict=answer.verdict,
        person=_person(answer.citizen) if answer.citizen is not None else None,
        left=answer.left,
    )


@router.get("", summary="What was asked of the civil registry")
async def use(gateway: FromRequest, request: Request) -> list[UseAnswer]:
    """One row an operator whose pipeline asked; the built-in desk's questions are not in it."""
    stub: RegistryStub = request.app.state.registry_stub
    stub.recall(gateway.store.registry_use)
    profiles = {profile.name: profile for profile in _all(gateway.flow.rules.profiles)}
    return [
        UseAnswer(
            operator=name,
            quota=profiles[name].daily_quota,
            today=row.today,
            asked=row.asked,
            matched=row.matched,
            lost=row.lost,
        )
        for name, row in sorted(stub.uses.items())
    ]


def _counts(answer: Checked | NoAnswer) -> bool:
    return not isinstance(answer, NoAnswer) or answer.trouble is Trouble.LOST


def _asked(operator: str, now: int, answer: Checked | NoAnswer) -> PipelineAsked:
    lost = isinstance(answer, NoAnswer)
    matched = answer.matched if isinstance(answer, NoAnswer) else answer.verdict is Verdict.MATCH
    return PipelineAsked(operator, wib_day(now), matched, lost)


def _all(profiles: ProfileIndex) -> tuple[OperatorProfile, ...]:
    return (*profiles.profiles, profiles.fallback)


def _profile(name: str, profiles: ProfileIndex) -> OperatorProfile:
    for profile in _all(profiles):
        if profile.name == name:
            return profile
    names = ", ".join(profile.name for profile in _all(profiles))
    detail = f'operator: "{name}" is none of {names}'
    raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)


def _person(citizen: Citizen) -> PersonAnswer:
    return PersonAnswer(
        name=citizen.name,
        sex=citizen.sex,
        birth_date=citizen.birth_date,
        province=citizen.province,
        regency=citizen.regency,
    )
