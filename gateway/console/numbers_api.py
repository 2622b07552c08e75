"""/api/v1/subscribers and /api/v1/messages: how numbers stand, and what they send and get."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query

from gateway.console import answers
from gateway.console.problems import Problem, problem_responses
from gateway.console.view import FromRequest, Polls
from gateway.core.ledger import Unknown, first_seen
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
