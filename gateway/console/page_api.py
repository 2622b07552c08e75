"""/api/v1/console: what the console's page shows, and the phones on it."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from gateway.air.frames import CallUpAction
from gateway.console.page import PHONES_MOST, FromPage, Page
from gateway.console.page_feed import VIEWERS_MOST
from gateway.console.page_phones import PagePhone, Told
from gateway.console.problems import Problem, problem_responses
from gateway.console.tokens import Tokens
from gateway.console.view import Polls
from gateway.core.numbers import BadNumber, Msisdn, parse_msisdn

ANSWER_S = 5.0
"""Seconds that the network may take to answer a phone."""

router = APIRouter(tags=["console"], prefix="/console")
Number = Annotated[
    str, Path(max_length=40, description="A phone in the row", examples=["081290000001"])
]
_UNKNOWN = problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


def _body(**example: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class PhoneBody(BaseModel):
    """Whether the phone is on; `name` and `citizen`, its owner, are for a new one."""

    model_config = _body(on=True, name="Sari", citizen=101)

    on: StrictBool
    name: str = Field(default="", max_length=24)
    citizen: StrictInt = Field(default=0, ge=0)


class SmsOfPhone(BaseModel):
    """An SMS."""

    model_config = _body(to="4444", text="INFO")

    to: str = Field(max_length=40)
    text: str = Field(max_length=2000)


class CallOfPhone(BaseModel):
    """Dial `to`, or what to do with the call that the phone shows."""

    model_config = _body(to="085690000002")

    to: str = Field(default="", max_length=40)
    action: CallUpAction = CallUpAction.DIAL


class DataOfPhone(BaseModel):
    """Whether mobile data is to be on."""

    model_config = _body(on=True)

    on: StrictBool


class UssdOfPhone(BaseModel):
    """A USSD code."""

    model_config = _body(code="*444#")

    code: str = Field(min_length=2, max_length=182)


class ToldAnswer(BaseModel):
    """What the network told the phone: a refusal is an answer too, `cause` says why."""

    accepted: bool
    id: str
    cause: str
    why: str
    text: str


@router.get("", summary="Everything that the console's page shows")
async def show(request: Request, page: FromPage) -> dict[str, Any]:
    """Clock, schedule, phones and the running lesson; `may_act`: not only look."""
    tokens: Tokens = request.app.state.tokens
    return {**page.all(), "may_act": tokens.may_act(request.headers)}


@router.get("/totals", summary="Counters and charts")
async def totals(page: FromPage) -> dict[str, Any]:
    """Counted once for all who look, as often as a twentieth of the gateway's time allows."""
    return await page.totals.totals()


@router.get(
    "/stream",
    summary="What changes on the console's page, as server-sent events",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        **problem_responses(HTTPStatus.SERVICE_UNAVAILABLE),
    },
)
async def stream(page: FromPage, polls: Polls) -> StreamingResponse:
    """`tick` five times a second at most: a sample of the events, and how many passed.

    `lost` tells a viewer that was too slow to get everything anew.
    """
    if page.feed.viewers >= VIEWERS_MOST:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, f"{VIEWERS_MOST} viewers look already")
    return StreamingResponse(
        page.feed.ticks(polls),
        media_type="text/event-stream",
        headers={"cache-control": "no-store"},
    )


# ---- phones


@router.put("/phones/{msisdn}", summary="Switch a phone of the page", responses=_UNKNOWN)
async def power(
    page: FromPage, msisdn: Number, wish: Annotated[PhoneBody, Body()]
) -> dict[str, Any]:
    """On or off; one that is not in the row yet is put there."""
    number = _msisdn(msisdn)
    phone = page.phones.find(number)
    if phone is None:
        if len(page.phones.all()) >= PHONES_MOST:
            raise Problem(HTTPStatus.CONFLICT, f"{PHONES_MOST} phones in the row: remove one first")
        population = page.gateway.flow.rules.registry.population
        phone = page.phones.put(number, wish.name or msisdn, wish.citizen % population)
    if wish.on and not phone.on:
        _free(page, number)
    phone.power(wish.on)
    return page.phone(number) or {}


@router.delete("/phones/{msisdn}", summary="Take a phone from the page", responses=_UNKNOWN)
async def remove(page: FromPage, msisdn: Number) -> dict[str, Any]:
    """Switches it off first. What it sent and got stays in the inbox."""
    phone = _known(page, msisdn)
    shown = page.phone(phone.msisdn) or {}
    page.phones.remove(phone.msisdn)
    return shown


@router.post("/phones/{msisdn}/sms", summary="Send an SMS from a phone", responses=_UNKNOWN)
async def sms(page: FromPage, msisdn: Number, body: Annotated[SmsOfPhone, Body()]) -> ToldAnswer:
    """From a phone of the page that is on."""
    return await _told(_on(page, msisdn).sms(body.to, body.text))


@router.post("/phones/{msisdn}/call", summary="Dial, answer or hang up", responses=_UNKNOWN)
async def call(page: FromPage, msisdn: Number, body: Annotated[CallOfPhone, Body()]) -> ToldAnswer:
    """A phone dials `to`, or does something with the call that it shows."""
    phone = _on(page, msisdn)
    if body.action is CallUpAction.DIAL:
        return await _told(phone.dial(body.to))
    step = phone.step(body.action)
    if step is None:
        raise Problem(HTTPStatus.CONFLICT, f"{phone.msisdn} shows no call")
    return await _told(step)


@router.post("/phones/{msisdn}/data", summary="Switch a phone's data", responses=_UNKNOWN)
async def data(page: FromPage, msisdn: Number, body: Annotated[DataOfPhone, Body()]) -> ToldAnswer:
    """Refused where data is barred."""
    return await _told(_on(page, msisdn).switch_data(body.on))


@router.post("/phones/{msisdn}/ussd", summary="Dial a USSD code", responses=_UNKNOWN)
async def ussd(page: FromPage, msisdn: Number, body: Annotated[UssdOfPhone, Body()]) -> ToldAnswer:
    """What the service shows is in `text`."""
    return await _told(_on(page, msisdn).ask_ussd(body.code))


async def _told(waiting: asyncio.Future[Told]) -> ToldAnswer:
    try:
        async with asyncio.timeout(ANSWER_S):
            told = await waiting
    except TimeoutError:
        told = Told(False, why="the network has not answered yet")
    return ToldAnswer(
        accepted=told.accepted, id=told.id, cause=told.cause, why=told.why, text=told.text
    )


def _free(page: Page, number: Msisdn) -> None:
    found = page.gateway.store.subscriber(number)
    if page.gateway.phones.nearby.holds(number) or (found is not None and found.online):
        raise Problem(HTTPStatus.CONFLICT, f"another phone with the number {number} is on already")


def _on(page: Page, msisdn: str) -> PagePhone:
    phone = _known(page, msisdn)
    if not phone.on:
        raise Problem(HTTPStatus.CONFLICT, f"{phone.msisdn} is off: switch it on first")
    return phone


def _known(page: Page, msisdn: str) -> PagePhone:
    number = _msisdn(msisdn)
    phone = page.phones.find(number)
    if phone is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"{number} is no phone of the page; PUT it there first")
    return phone


def _msisdn(text: str) -> Msisdn:
    number = parse_msisdn(text)
    if isinstance(number, BadNumber):
        detail = f'"{number.text}" is no mobile number; {number.remedy}'
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    return number
