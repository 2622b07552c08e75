"""/api/v1/console/lessons: scripted scenarios on the page's phones."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Request
from pydantic import BaseModel, ConfigDict, Field, StrictInt

from gateway.console.lesson_player import LessonPlayer
from gateway.console.problems import Problem, problem_responses

router = APIRouter(tags=["console"], prefix="/console")


async def _player_of(request: Request) -> LessonPlayer:
    player: LessonPlayer = request.app.state.lessons
    return player


FromPlayer = Annotated[LessonPlayer, Depends(_player_of)]


class StepBody(BaseModel):
    """Which step is to be played: one that was played already is not played again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"position": 0}]})

    position: StrictInt = Field(ge=0)


@router.get("/lessons", summary="The lessons")
async def offers(player: FromPlayer) -> list[dict[str, Any]]:
    """Title and what it is about, in Indonesian and English; whether the calendar is past it."""
    return player.offers()


@router.post(
    "/lessons/{name}", summary="Begin a lesson", responses=problem_responses(HTTPStatus.NOT_FOUND)
)
async def begin(
    player: FromPlayer,
    name: Annotated[str, Path(max_length=60, description="The lesson", examples=["formats"])],
) -> dict[str, Any]:
    """Its phones take the place of those in the row, with new numbers and owners."""
    lesson = await player.begin(name)
    if lesson is None:
        raise Problem(HTTPStatus.NOT_FOUND, f'no lesson is called "{name}"; GET lists them')
    return lesson


@router.post(
    "/lesson/step",
    summary="Play the lesson's next step",
    responses=problem_responses(HTTPStatus.CONFLICT),
)
async def step(player: FromPlayer, body: Annotated[StepBody, Body()]) -> dict[str, Any]:
    """Answers when it has happened; `well` says whether it went as the lesson tells."""
    lesson = await player.step(body.position)
    if lesson is None:
        raise Problem(HTTPStatus.CONFLICT, "no lesson runs: begin one first")
    return lesson


@router.delete("/lesson", summary="Leave the lesson")
async def leave(player: FromPlayer) -> dict[str, Any]:
    """Its phones stay on the page."""
    return player.leave()
