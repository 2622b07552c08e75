"""/api/v1/export: subscribers and journal as a stream, without NIK and KK unless asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from enum import Enum
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from gateway.console.call_records import COLUMNS, record_fields
from gateway.console.csv_lines import written
from gateway.console.journal_lines import record_line
from gateway.console.problems import Problem, problem_responses
from gateway.console.subscriber_csv import fields, header_line, subscriber_line
from gateway.console.tokens import Tokens
from gateway.console.view import FromRequest, Gateway
from gateway.pacing import Pace

log = structlog.get_logger()

# A message that comes in between waits for some such pages on its way.
_LINES_AT_ONCE = 100
_RECORDS_AT_ONCE = 5
_CSV, _JSON_LINES = "text/csv; charset=utf-8", "application/x-ndjson"

router = APIRouter(tags=["data"])


class Format(Enum):
    """How the lines of an export are written."""

    CSV = "csv"
    JSONL = "jsonl"


Identities = Annotated[bool, Query(description="Write NIK and KK in clear, not masked")]
FormatQuery = Annotated[Format, Query(description="CSV, or JSON lines", alias="format")]


def _stream_of(media: str, *others: str) -> dict[int | str, dict[str, Any]]:
    content: dict[str, Any] = {one: {"schema": {"type": "string"}} for one in (media, *others)}
    return {200: {"description": "One line each", "content": content}}


@router.get(
    "/export/subscribers",
    summary="All subscribers",
    response_class=StreamingResponse,
    responses=_stream_of("text/csv", _JSON_LINES) | problem_responses(HTTPStatus.FORBIDDEN),
)
async def export_subscribers(
    request: Request,
    gateway: FromRequest,
    wanted: FormatQuery = Format.CSV,
    identities: Identities = False,
) -> StreamingResponse:
    """What an import takes, and the stage, by rising number; each as it is when it is written."""
    may_see(request, identities, "subscribers")
    if wanted is Format.CSV:
        return StreamingResponse(_subscribers_csv(gateway, identities), media_type=_CSV)
    return StreamingResponse(_subscribers_json(gateway, identities), media_type=_JSON_LINES)


@router.get(
    "/export/cdr",
    summary="Call records",
    response_class=StreamingResponse,
    responses=_stream_of("text/csv", _JSON_LINES),
)
async def export_cdr(gateway: FromRequest, wanted: FormatQuery = Format.CSV) -> StreamingResponse:
    """Every call and data session that ended: who, when, how long, with its Q.850 or SM cause.

    Calls come first, by id, then data sessions as they ended.
    """
    csv = wanted is Format.CSV
    return StreamingResponse(_cdr(gateway, csv), media_type=_CSV if csv else _JSON_LINES)


async def _cdr(gateway: Gateway, csv: bool) -> AsyncIterator[str]:
    if csv:
        yield written(COLUMNS)
    async for records in gateway.store.call_records():
        rows = map(record_fields, records)
        if csv:
            yield "".join(written(row.values()) for row in rows)
        else:
            yield "".join(msgspec.json.encode(row).decode() + "\n" for row in rows)


async def _subscribers_csv(gateway: Gateway, clear: bool) -> AsyncIterator[str]:
    yield header_line()
    rules, now = gateway.flow.rules, gateway.clock.now()
    async for page in gateway.store.in_order(_LINES_AT_ONCE):
        yield "".join(subscriber_line(one, rules, now, clear=clear) for one in page)


async def _subscribers_json(gateway: Gateway, clear: bool) -> AsyncIterator[bytes]:
    rules, now = gateway.flow.rules, gateway.clock.now()
    async for page in gateway.store.in_order(_LINES_AT_ONCE):
        values = [fields(one, rules, now, clear=clear) for one in page]
        yield b"".join(msgspec.json.encode(one) + b"\n" for one in values)


@router.get(
    "/export/journal",
    summary="The journal",
    response_class=StreamingResponse,
    responses=_stream_of(_JSON_LINES)
    | problem_responses(HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT),
)
async def export_journal(
    request: Request,
    gateway: FromRequest,
    after: Annotated[
        int, Query(ge=0, le=2**62, description="Only records with a seq above this one")
    ] = 0,
    identities: Identities = False,
) -> StreamingResponse:
    """Every event and what was decided on it, one JSON object a line, up to now.

    Masked, a record has no octets of messages, and no text of the parts of a long one: an
    identity may lie in them in pieces. 409 where `[store] path` is ":memory:".
    """
    if not gateway.store.keeps_journal:
        raise Problem(
            HTTPStatus.CONFLICT,
            'there is no journal: [store] path is ":memory:"; name a file to keep one',
        )
    may_see(request, identities, "the journal")
    return StreamingResponse(_journal(gateway, after, identities), media_type=_JSON_LINES)


async def _journal(gateway: Gateway, after: int, clear: bool) -> AsyncIterator[bytes]:
    until, pace = gateway.store.next_seq(), Pace()
    async for records in gateway.store.records(after):
        for start in range(0, len(records), _RECORDS_AT_ONCE):
            page = records[start : start + _RECORDS_AT_ONCE]
            yield b"".join(record_line(one, clear=clear) + b"\n" for one in page if one.seq < until)
            await pace.rest()
        if records and records[-1].seq >= until - 1:
            return


def may_see(request: Request, identities: bool, what: str) -> None:
    """Let only those see NIK and KK in clear who may act; raises Problem."""
    if not identities:
        return
    tokens: Tokens = request.app.state.tokens
    if not tokens.may_act(request.headers):
        raise Problem(
            HTTPStatus.FORBIDDEN, "identities: this token may only read; use [http] act_token"
        )
    log.warning("identities are shown in clear", of=what)
