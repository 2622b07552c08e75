"""/api/v1/export/messages: what a search finds, as a stream of CSV or JSON lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from gateway.console.csv_lines import written
from gateway.console.export_api import Format
from gateway.console.inbox import Inbox
from gateway.console.inbox_api import FromInbox, Q, shown, wanted
from gateway.console.view import FromRequest, Gateway
from gateway.core.message import Message
from gateway.core.search import Query as Wanted

COLUMNS: Final = (
    "id",
    "kind",
    "from",
    "to",
    "text",
    "state",
    "at",
    "ended_at",
    "error",
    "receiver",
    "account",
    "session",
    "receipt_of",
    "tags",
)
"""The columns of the CSV, and the keys of the JSON."""

_IDS = 1_000

router = APIRouter(tags=["data"])


@router.get(
    "/export/messages",
    summary="Messages that a search finds",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "One line each",
            "content": {
                media: {"schema": {"type": "string"}}
                for media in ("text/csv", "application/x-ndjson")
            },
        }
    },
)
async def export_messages(
    gateway: FromRequest,
    inbox: FromInbox,
    q: Q = "",
    form: Annotated[Format, Query(alias="format", description="CSV, or JSON lines")] = Format.CSV,
) -> StreamingResponse:
    """The oldest first, up to now; texts are masked. Tags stand with spaces between them."""
    lines = _lines(gateway, inbox, wanted(q, gateway), form is Format.CSV)
    media = "text/csv; charset=utf-8" if form is Format.CSV else "application/x-ndjson"
    return StreamingResponse(lines, media_type=media)


async def _lines(gateway: Gateway, inbox: Inbox, query: Wanted, csv: bool) -> AsyncIterator[str]:
    if csv:
        yield written(COLUMNS)
    after, newest = inbox.cleared, await inbox.newest()
    while page := await gateway.store.messages(query.msisdn, after, _IDS):
        after = page[-1].id
        rows = [
            _row(message, inbox)
            for message in page
            if message.id <= newest and inbox.shows(query, message)
        ]
        if csv:
            yield "".join(written(row.values()) for row in rows)
        else:
            yield "".join(f"{msgspec.json.encode(row).decode()}\n" for row in rows)
        if after >= newest:
            return
        await asyncio.sleep(0)


def _row(message: Message, inbox: Inbox) -> dict[str, str]:
    values = shown(message, inbox).model_dump(mode="json", by_alias=True)
    values["tags"] = " ".join(values["tags"])
    return {name: "" if values[name] is None else str(values[name]) for name in COLUMNS}
