"""/api/v1/messages: search, wait for, follow, tag and clear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from gateway.console import answers
from gateway.console.inbox import Inbox, Missed
from gateway.console.numbers_api import WAIT_MOST
from gateway.console.polling import MessagePolls
from gateway.console.problems import Problem, problem_responses
from gateway.console.view import FromRequest, Gateway, Polls
from gateway.core.message import Message
from gateway.core.search import HELP, QUERY_MOST, BadQuery, parse_query
from gateway.core.search import Query as Wanted
from gateway.store.protocol import NotCommitted

ID_MOST = 2**62

# Seconds without a message after which a stream says that it is alive.
_SILENCE_S = 15.0
_REPLAYED_MOST = 1_000
_TAG = r"^[^\s\"]{1,64}$"

router = APIRouter(tags=["inbox"])

_FIELDS = "; ".join(f"`{field.value}:` {words}" for field, words in HELP.items())
Q = Annotated[
    str,
    Query(
        alias="q",
        max_length=QUERY_MOST,
        examples=["to:081190000001 text:kode since:1h"],
        description=f"All must hold; a minus turns round, quotes keep words together. {_FIELDS}",
    ),
]
After = Annotated[int, Query(ge=0, le=ID_MOST, description="Only messages with an id above it")]
MessageId = Annotated[
    int, Path(alias="id", ge=1, le=ID_MOST, description="The message's id", examples=[2])
]


async def _inbox_of(request: Request) -> Inbox:
    inbox: Inbox = request.app.state.inbox
    return inbox


FromInbox = Annotated[Inbox, Depends(_inbox_of)]


class TaggedMessage(answers.MessageAnswer):
    """A message and its tags; `account` is the ESME that sent it or takes it, `session` its bind.

    Texts are masked as everywhere.
    """

    tags: list[str]
    account: str
    session: int


class FoundAnswer(BaseModel):
    """Messages, the newest first; give `before` to go on, null when all was looked through.

    `deleted`: how many messages were deleted for their age ([retention]) and are not looked
    through, `deleted_up_to` the newest of them; null where none was.
    """

    messages: list[TaggedMessage]
    before: str | None
    deleted: int = 0
    deleted_up_to: str | None = None


class TagsBody(BaseModel):
    """The tags of a message, in place of those that it had; words without spaces."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"tags": ["smoke", "run-7"]}]}
    )

    tags: list[Annotated[str, Field(pattern=_TAG)]] = Field(max_length=20)


class ClearedAnswer(BaseModel):
    """The id up to which messages are not shown any more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"cleared": "12"}]})

    cleared: str


def shown(message: Message, inbox: Inbox) -> TaggedMessage:
    """Show a message with its tags."""
    esme = message.esme
    return TaggedMessage(
        **dict(answers.message_answer(message)),
        tags=list(inbox.tags(message.id)),
        account=message.account or (esme.account if esme is not None else ""),
        session=message.session or (esme.session if esme is not None else 0),
    )


def wanted(text: str, gateway: Gateway) -> Wanted:
    """Read a query; raises Problem."""
    query = parse_query(text, gateway.clock.now())
    if isinstance(query, BadQuery):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"q: {query}")
    return query


@router.get("/messages/search", summary="Search the messages")
async def search(
    gateway: FromRequest,
    inbox: FromInbox,
    q: Q = "",
    after: After = 0,
    before: Annotated[
        int, Query(ge=0, le=ID_MOST, description="Only messages with an id below it; 0: all")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many at most")] = 100,
) -> FoundAnswer:
    """The newest first; with fewer than `limit` and a `before` there may be more: ask on."""
    found = await inbox.find(wanted(q, gateway), after=after, before=before, limit=limit)
    gone = gateway.store.deleted
    return FoundAnswer(
        messages=[shown(message, inbox) for message in found.messages],
        before=str(found.before) if found.before else None,
        deleted=gone.messages,
        deleted_up_to=str(gone.up_to) if gone.up_to else None,
    )


@router.get("/messages/wait", summary="Wait for a message that fits")
async def wait_for(
    gateway: FromRequest,
    inbox: FromInbox,
    polls: Polls,
    q: Q = "",
    after: After = 0,
    wait: Annotated[
        float,
        Query(ge=0, allow_inf_nan=False, description=f"Seconds; {WAIT_MOST:g} at most"),
    ] = 10.0,
) -> FoundAnswer:
    """At once if it is there, else when it comes or changes so that it fits; empty: in vain."""
    query = wanted(q, gateway)
    messages: list[Message] = []
    async with aclosing(inbox.changes(polls, WAIT_MOST)) as changes:
        # Watching begins with the first look at changes, so that nothing falls between the two.
        first = asyncio.ensure_future(anext(changes, None))
        await asyncio.sleep(0)
        try:
            messages = (await inbox.find(query, after=after, limit=1)).messages
            async with asyncio.timeout(0 if messages else min(wait, WAIT_MOST)):
                change = await first
                while not messages and change is not None:
                    if isinstance(change, Message) and change.id > after:
                        messages = [change] if inbox.shows(query, change) else []
                    if not messages:
                        change = await anext(changes, None)
        except TimeoutError:
            pass
        finally:
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
    return FoundAnswer(messages=[shown(one, inbox) for one in messages], before=None)


@router.get(
    "/messages/stream",
    summary="Messages as they come, as server-sent events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def stream(
    request: Request,
    gateway: FromRequest,
    inbox: FromInbox,
    polls: Polls,
    q: Q = "",
    after: Annotated[
        int | None,
        Query(ge=0, le=ID_MOST, description="Those above this id first; without it only new ones"),
    ] = None,
) -> StreamingResponse:
    """`message` events with a message as JSON: when it is taken, and again when it ends.

    The event's id is the message's: a browser that connects again goes on there (Last-Event-ID).
    `missed` says how many records a reader passed over that was too slow.
    """
    query = wanted(q, gateway)
    last = request.headers.get("last-event-id", "")
    if last.isascii() and last.isdigit() and len(last) < len(str(ID_MOST)):
        after = int(last)
    events = _events(inbox, polls, query, after)
    headers = {"cache-control": "no-store"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _events(
    inbox: Inbox, polls: MessagePolls, query: Wanted, after: int | None
) -> AsyncIterator[str]:
    yield ": connected\n\n"
    if after is not None:
        earlier = await inbox.find(query, after=after, limit=_REPLAYED_MOST)
        for message in reversed(earlier.messages):
            yield _event(message, inbox)
    async with aclosing(inbox.changes(polls, _SILENCE_S)) as changes:
        async for change in changes:
            if change is None:
                yield ": nothing new\n\n"
            elif isinstance(change, Missed):
                yield f'event: missed\ndata: {{"records": {change.records}}}\n\n'
            elif inbox.shows(query, change):
                yield _event(change, inbox)


def _event(message: Message, inbox: Inbox) -> str:
    data = shown(message, inbox).model_dump_json(by_alias=True)
    return f"event: message\nid: {message.id}\ndata: {data}\n\n"


_NOT_NOTED = problem_responses(HTTPStatus.SERVICE_UNAVAILABLE)


@router.delete("/messages", summary="Clear the inbox", responses=_NOT_NOTED)
async def clear(inbox: FromInbox) -> ClearedAnswer:
    """What is there now is not found, waited for or streamed any more; tags are gone.

    The store and the journal keep it, and `GET /api/v1/messages` still lists it. A restart does not
    bring it back, where there is a file (`[store] path`).
    """
    try:
        return ClearedAnswer(cleared=str(await inbox.clear()))
    except NotCommitted as trouble:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(trouble)) from trouble


_UNKNOWN = problem_responses(HTTPStatus.NOT_FOUND)


@router.get("/messages/{id}", summary="One message", responses=_UNKNOWN)
async def one_message(inbox: FromInbox, id_: MessageId) -> TaggedMessage:
    """As it stands now."""
    return shown(await known_message(inbox, id_), inbox)


@router.put("/messages/{id}/tags", summary="Tag a message", responses=_UNKNOWN | _NOT_NOTED)
async def set_tags(
    inbox: FromInbox,
    id_: MessageId,
    body: Annotated[TagsBody, Body()],
) -> TaggedMessage:
    """`tag:` finds it by them, after a restart too where there is a file (`[store] path`)."""
    message = await known_message(inbox, id_)
    try:
        await inbox.tag(id_, body.tags)
    except NotCommitted as trouble:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(trouble)) from trouble
    return shown(message, inbox)


async def known_message(inbox: Inbox, id_: int) -> Message:
    """Find a message; raises Problem."""
    message = await inbox.message(id_)
    if message is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no message {id_}")
    return message
