"""/api/v1/clock, citizens, health and smpp: the network as a whole."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict, StrictFloat

from gateway.clock import Clock, Fixed
from gateway.console import answers
from gateway.console.problems import Problem, problem_responses
from gateway.console.view import LINK_OFF, LINK_UP, FromRequest
from gateway.core.moments import LATEST, NoMoment, parse_length, parse_moment

CITIZENS_MOST = 1000
SPEED_MOST = 1_000_000.0

router = APIRouter(tags=["network"])


class ClockWish(BaseModel):
    """How the calendar is to move; one of `now` and `advance`, or `speed` alone.

    `now` is a date (its midnight in Western Indonesian Time) or an ISO 8601 date and time,
    `advance` a length of time (5d, 12h, 30m, 1d12h), `speed` calendar seconds a real second.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"now": "2018-03-05"}, {"advance": "5d"}, {"speed": 86400.0}]
        },
    )

    now: str | None = None
    advance: str | None = None
    speed: StrictFloat | None = None


@router.get("/clock", summary="The network's calendar")
async def show_clock(gateway: FromRequest) -> answers.ClockAnswer:
    """What time it is on the network, and how fast its time runs."""
    return answers.clock_answer(gateway.clock)


@router.put(
    "/clock",
    summary="Move the calendar forwards, or change its speed",
    responses=problem_responses(HTTPStatus.CONFLICT),
)
async def set_clock(
    gateway: FromRequest, wish: Annotated[ClockWish, Body()]
) -> answers.ClockAnswer:
    """Answers when everything that fell due on the way has been decided, stage by stage.

    409 for a step back, and for a gateway that runs on the system clock.
    """
    now, speed = _moved(wish, gateway.clock)
    try:
        await gateway.set_clock(now, speed)
    except Fixed as fixed:
        raise Problem(HTTPStatus.CONFLICT, str(fixed)) from fixed
    return answers.clock_answer(gateway.clock)


def _moved(wish: ClockWish, present: Clock) -> tuple[int | None, float | None]:
    """Work out where a wish puts the calendar and at what speed; None leaves it as it is."""
    if wish.now is not None and wish.advance is not None:
        raise _no("give now or advance, not both")
    if wish.now is None and wish.advance is None and wish.speed is None:
        raise _no('give now, advance or speed: {"now": "2018-03-05"}, {"speed": 60}')
    speed = wish.speed
    if speed is not None and not (math.isfinite(speed) and 0 <= speed <= SPEED_MOST):
        raise _no(f"speed: {speed:g} is not between 0 and {SPEED_MOST:.0f}")
    try:
        if wish.now is not None:
            return parse_moment(wish.now), speed
        length = 0 if wish.advance is None else parse_length(wish.advance)
    except NoMoment as trouble:
        raise _no(str(trouble)) from trouble
    if not length:
        return None, speed
    now = present.now() + length
    if now > LATEST:
        raise _no("the calendar ends with the year 2099")
    return now, speed


def _no(detail: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)


@router.get("/citizens", summary="People of the simulated civil registry")
async def citizens(
    gateway: FromRequest,
    count: Annotated[int, Query(ge=1, le=CITIZENS_MOST, description="How many")] = 5,
    start: Annotated[int, Query(ge=0, description="The index of the first")] = 0,
) -> list[answers.CitizenAnswer]:
    """NIK and KK of people, synthetic, the same for the same seed; and how they stand."""
    rules = gateway.flow.rules
    registry = rules.registry
    if start >= registry.population:
        raise _no(f"start: {start} is not below the population of {registry.population}")
    count = min(count, registry.population - start)
    found = registry.citizens(count, start)
    return [answers.citizen_answer(citizen, rules.records) for citizen in found]


@router.get(
    "/health",
    summary="Whether the gateway works",
    responses={503: {"model": answers.HealthAnswer, "description": "A link is down"}},
)
async def health(gateway: FromRequest, response: Response) -> answers.HealthAnswer:
    """200 while every link is up, 503 otherwise."""
    links = dict(gateway.links())
    well = all(state in (LINK_UP, LINK_OFF) for state in links.values())
    if not well:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE.value
    return answers.HealthAnswer(
        status="ok" if well else "degraded",
        links=links,
        store=gateway.store.numbers(),
        waiting=gateway.flow.waiting,
    )


class LifeAnswer(BaseModel):
    """Whether the gateway lives, or is ready: "alive"; "ready", "starting" or "degraded"."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ready"}]})

    status: str


@router.get("/health/live", summary="Whether the process lives")
async def live() -> LifeAnswer:
    """200 as long as anything is answered: for who restarts a process that hangs."""
    return LifeAnswer(status="alive")


@router.get(
    "/health/ready",
    summary="Whether traffic may come",
    responses={503: {"model": LifeAnswer, "description": "Not yet, or a link is down"}},
)
async def ready(gateway: FromRequest, response: Response) -> LifeAnswer:
    """200 from when everything has started until the stop, while every link is up."""
    if not gateway.ready:
        status = "starting"
    elif all(state in (LINK_UP, LINK_OFF) for state in gateway.links().values()):
        return LifeAnswer(status="ready")
    else:
        status = "degraded"
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE.value
    return LifeAnswer(status=status)
