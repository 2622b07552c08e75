"""/api/v1/subscribers and /api/v1/messages: how numbers stand, and what they send and get."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query
from pydantic import BaseModel, ConfigDict

from gateway.console import answers
from gateway.console.problems import Problem, problem_responses
from gateway.console.view import FromRequest, Polls
from gateway.core.causes import Cause
from gateway.core.decision import Denied
from gateway.core.events import DatesSet
from gateway.core.ledger import Unknown, first_seen
from gateway.core.moments import NoMoment, parse_moment
from gateway.core.numbers import BadNumber, Msisdn, parse_msisdn

WAIT_MOST = 60.0
_ID_MOST = 2**62
_MSISDN = "A mobile number: 08.., 62.. or +62.."

router = APIRouter(tags=["numbers"])


@router.get(
    "/subscribers/{msisdn}",
    summary="How a number stands",
    responses=problem_responses(HTTPStatus.NOT_FOUND),
)
async def subscriber(
    gateway: FromRequest,
    msisdn: Annotated[str, Path(description=_MSISDN, examples=["081190000001"])],
) -> answers.SubscriberAnswer:
    """Status, stage, what is barred and what falls due next.

    A number that was never seen answers as what it would be, with `known` false; 404 where the
    configuration says `[subscribers] unknown = "refuse"`.
    """
    number = _msisdn(msisdn)
    rules, now = gateway.flow.rules, gateway.clock.now()
    found = gateway.store.subscriber(number)
    if found is None and rules.unknown is Unknown.REFUSE:
        raise Problem(HTTPStatus.NOT_FOUND, f"{number} is no subscriber here")
    return answers.subscriber_answer(
        found or first_seen(number, rules, now), found is not None, rules, now
    )


class DatesBody(BaseModel):
    """Dates of one number: a date (its midnight in Western Indonesian Time) or ISO 8601.

    `notice_at` is when it was told to register (schedules that count from notice), `expires_at`
    when it expires, in place of what [lifetime] says. What is left out stays.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"notice_at": "2018-03-15"}]}
    )

    notice_at: str | None = None
    expires_at: str | None = None


@router.patch(
    "/subscribers/{msisdn}",
    summary="Set when a number was given notice or expires",
    responses=problem_responses(
        HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE
    ),
)
async def set_dates(
    gateway: FromRequest,
    msisdn: Annotated[str, Path(description=_MSISDN, examples=["081190000001"])],
    wish: Annotated[DatesBody, Body()],
) -> answers.SubscriberAnswer:
    """A later notice takes a stage back. 409 for a number that has expired already."""
    number = _msisdn(msisdn)
    event = DatesSet(number, _moment(wish.notice_at), _moment(wish.expires_at))
    decision = await gateway.flow.ask(event)
    found = gateway.store.subscriber(number)
    if isinstance(decision.answer, Denied):
        if decision.answer.cause is Cause.CONGESTION:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, decision.why)
        known = HTTPStatus.NOT_FOUND if found is None else HTTPStatus.CONFLICT
        raise Problem(known, decision.why)
    assert found is not None
    return answers.subscriber_answer(found, True, gateway.flow.rules, gateway.clock.now())


def _moment(text: str | None) -> int | None:
    try:
        return parse_moment(text) if text is not None else None
    except NoMoment as trouble:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(trouble)) from trouble


@router.get("/messages", summary="Messages, as they come")
async def messages(
    gateway: FromRequest,
    polls: Polls,
    msisdn: Annotated[
        str | None,
        Query(description=f"Only from or to this number. {_MSISDN}", examples=["081190000001"]),
    ] = None,
    after: Annotated[
        int, Query(ge=0, le=_ID_MOST, description="Only messages with an id above this one")
    ] = 0,
    wait: Annotated[
        float,
        Query(
            ge=0,
            allow_inf_nan=False,
            description=f"Seconds to wait when there is none yet; {WAIT_MOST:g} at most",
        ),
    ] = 0.0,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many at most")] = 100,
    parts: Annotated[
        bool, Query(description="Also the parts of long messages, beside the whole")
    ] = False,
) -> answers.MessagesAnswer:
    """Messages by rising id; waits until there is at least one.

    Give `last` as `after` to go on. A message that was listed and changes its state later is not
    listed again: ask once more with the earlier `after`.
    """
    number = None if msisdn is None else _msisdn(msisdn)
    found = await polls.messages(
        gateway.store, gateway.feed, number, after, limit, min(wait, WAIT_MOST), parts=parts
    )
    return answers.MessagesAnswer(
        messages=[answers.message_answer(message) for message in found],
        last=str(found[-1].id if found else after),
    )


def _msisdn(text: str) -> Msisdn:
    number = parse_msisdn(text)
    if isinstance(number, BadNumber):
        detail = f'"{number.text}" is no mobile number; {number.remedy}'
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    return number
