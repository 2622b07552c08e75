"""/api/v1/campaigns: reminders from 4444 to the unregistered, or to the unvalidated."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Path
from pydantic import BaseModel, ConfigDict, StrictFloat

from gateway.config import CampaignConfig, check_campaign
from gateway.console.problems import Problem, problem_responses
from gateway.console.view import Campaign, FromRequest, Gateway
from gateway.core.ageing import iso
from gateway.core.moments import NoMoment, parse_moment
from gateway.core.programme import Target
from gateway.store.protocol import NotCommitted

router = APIRouter(tags=["campaigns"])

Name = Annotated[str, Path(description="The campaign's name", examples=["weekly"])]


class CampaignBody(BaseModel):
    """A round of reminders: `per_second` real seconds, to one operator's numbers or to all ("").

    `target` "unvalidated" reminds who registered by a statement of truth and must register again.
    Numbers that were reminded at `not_since` or later are passed over.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "weekly", "per_second": 50.0}]},
    )

    name: str
    per_second: StrictFloat = 10.0
    operator: str = ""
    target: Target = Target.UNREGISTERED
    not_since: str | None = None


class CampaignAnswer(BaseModel):
    """How a round stands: `sent` were reminded, `passed_over` needed it no more."""

    name: str
    operator: str
    target: Target
    per_second: float
    began_at: str
    running: bool
    sent: int
    passed_over: int
    left: int


class CampaignsAnswer(BaseModel):
    """The newest round of each campaign."""

    campaigns: list[CampaignAnswer]


@router.get("/campaigns", summary="Campaigns of reminders")
async def show_campaigns(gateway: FromRequest) -> CampaignsAnswer:
    """Those that run, and the last round of those that have ended."""
    return CampaignsAnswer(campaigns=[_answer(one) for one in gateway.campaigns.views()])


@router.post(
    "/campaigns",
    summary="Remind the unregistered, or the unvalidated",
    responses=problem_responses(HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE),
)
async def start_campaign(
    gateway: FromRequest, wish: Annotated[CampaignBody, Body()]
) -> CampaignAnswer:
    """Sends to each unregistered number how many days are left, at every stage of barring; or to
    each unvalidated one that it is to register again.

    A number that registers meanwhile is passed over. 409 while one of this name runs. A round
    outlives the gateway: one that is started again goes on where it was. 503 where the begin
    cannot be stored.
    """
    row = CampaignConfig(
        name=wish.name, per_second=wish.per_second, operator=wish.operator, target=wish.target
    )
    wrong: list[str] = []
    check_campaign(row, _operators(gateway), lambda *words: wrong.append(_line(*words)))
    if wrong:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, " | ".join(wrong))
    try:
        since = parse_moment(wish.not_since) if wish.not_since is not None else None
    except NoMoment as trouble:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(trouble)) from trouble
    try:
        begun = await gateway.campaigns.start(row, since)
    except NotCommitted as trouble:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(trouble)) from trouble
    if begun is None:
        raise Problem(HTTPStatus.CONFLICT, f'a campaign "{wish.name}" runs: stop it first')
    return _answer(begun)


@router.delete(
    "/campaigns/{name}",
    summary="Stop a campaign",
    responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE),
)
async def stop_campaign(gateway: FromRequest, name: Name) -> CampaignAnswer:
    """Ends its present round; one of [[campaigns]] begins its next one all the same."""
    try:
        ended = await gateway.campaigns.stop(name)
    except NotCommitted as trouble:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(trouble)) from trouble
    if ended is None:
        raise Problem(HTTPStatus.NOT_FOUND, f'no campaign is called "{name[:60]}"')
    return _answer(ended)


def _operators(gateway: Gateway) -> list[str]:
    profiles = gateway.flow.rules.profiles
    return sorted({one.name for one in (*profiles.profiles, profiles.fallback)})


def _line(key: str, what: str, remedy: str) -> str:
    return f"{key}: {what}; {remedy}"


def _answer(view: Campaign) -> CampaignAnswer:
    return CampaignAnswer(
        name=view.name,
        operator=view.operator,
        target=view.target,
        per_second=view.per_second,
        began_at=iso(view.began_at),
        running=view.running,
        sent=view.sent,
        passed_over=view.passed_over,
        left=view.left,
    )
