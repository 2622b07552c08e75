"""/api/v1/import: subscribers from a CSV file, through the flow in small events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus
from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.requests import ClientDisconnect

from gateway.console.problems import Problem, problem_responses
from gateway.console.subscriber_csv import BadHeader, BadRow, SubscriberReader
from gateway.console.view import FromRequest, Gateway
from gateway.core.decision import Denied, Imported
from gateway.core.events import SubscribersImported
from gateway.core.imports import REASONS, ImportRow

# Rows of one event: so few that others who wait are answered in between.
_ROWS_AT_ONCE = 50
_LINE_MOST = 4096
LISTED_MOST = 10_000

router = APIRouter(tags=["data"])


class RefusedRow(BaseModel):
    """A line that was not imported. It counts from 1, the header being the first."""

    line: int
    reason: str


class ImportAnswer(BaseModel):
    """What became of a file: rows that made a subscriber, updated one, were refused.

    `refused` lists those of the lowest lines, 10000 at most; `refused_rows` counts all.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "made": 998,
                    "updated": 0,
                    "refused_rows": 1,
                    "refused": [{"line": 17, "reason": "nik: NIK_LEN=15"}],
                }
            ]
        }
    )

    made: int = 0
    updated: int = 0
    refused_rows: int = 0
    refused: list[RefusedRow] = []


_CSV_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "msisdn,status,notice_at\n081290000001,unregistered,2018-03-01\n",
            }
        },
    }
}


@router.post(
    "/import/subscribers",
    summary="Bring subscribers in",
    responses=problem_responses(HTTPStatus.SERVICE_UNAVAILABLE),
    openapi_extra=_CSV_BODY,
)
async def import_subscribers(
    request: Request,
    gateway: FromRequest,
    update: Annotated[
        bool, Query(description="Change numbers that are known; without it they are refused")
    ] = False,
    first_line: Annotated[
        int, Query(ge=2, le=2**53, description="Which line of its file the first row is")
    ] = 2,
) -> ImportAnswer:
    """Reads a CSV file of any length; columns msisdn, status, notice_at, registered_at,
    first_seen_at, nik, kk, operator, expires_at, outlet, and of foreigners document,
    document_number, nationality, foreigner_name, birth_place, birth_date, in any order, of which
    only msisdn must be there.

    Lines that are no subscriber are reported and left out, the others are taken. Each 50 rows
    are one event of the journal, so that everybody else's messages go on in between.
    """
    lines = _lines(request)
    header = await anext(lines, "")
    try:
        reader = SubscriberReader(header, gateway.flow.rules)
    except BadHeader as bad:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(bad)) from bad
    importing = _Importing(gateway, update)
    number = first_line - 1
    async for line in lines:
        number += 1
        if line.strip():
            await importing.take(number, reader.row(line))
    await importing.send()
    importing.answer.refused.sort(key=attrgetter("line"))
    return importing.answer


async def _lines(request: Request) -> AsyncIterator[str]:
    """Part a body into its lines as it comes; raises Problem for what can be no line."""
    rest = b""
    try:
        async for chunk in request.stream():
            *whole, rest = (rest + chunk).split(b"\n")
            if len(rest) > _LINE_MOST:
                raise Problem(
                    HTTPStatus.UNPROCESSABLE_ENTITY,
                    f"a line is longer than {_LINE_MOST} characters: this is no list of numbers",
                )
            for line in whole:
                yield line.decode(errors="replace").rstrip("\r")
    except ClientDisconnect as gone:
        raise Problem(HTTPStatus.BAD_REQUEST, "the sender of the file went away") from gone
    if rest:
        yield rest.decode(errors="replace").rstrip("\r")


class _Importing:
    """Collects rows, offers them to the flow, and adds up what became of them."""

    def __init__(self, gateway: Gateway, update: bool) -> None:
        self.answer = ImportAnswer()
        self._gateway = gateway
        self._update = update
        self._rows: list[ImportRow] = []
        self._lines: list[int] = []

    async def take(self, line: int, row: ImportRow | BadRow) -> None:
        if isinstance(row, BadRow):
            self._refuse(line, row.reason)
            return
        self._rows.append(row)
        self._lines.append(line)
        if len(self._rows) == _ROWS_AT_ONCE:
            await self.send()

    async def send(self) -> None:
        if not self._rows:
            return
        rows, lines = tuple(self._rows), list(self._lines)
        self._rows.clear()
        self._lines.clear()
        decision = await self._gateway.flow.ask(SubscribersImported(rows, self._update))
        match decision.answer:
            case Imported(made, updated, refused):
                self.answer.made += made
                self.answer.updated += updated
                for place, why in refused:
                    self._refuse(lines[place], REASONS[why])
            case Denied():
                raise Problem(
                    HTTPStatus.SERVICE_UNAVAILABLE,
                    f"{decision.why}; the rows from line {lines[0]} on are not imported",
                )
            case _:
                raise TypeError(f"an import was answered {decision.answer}")

    def _refuse(self, line: int, reason: str) -> None:
        self.answer.refused_rows += 1
        if len(self.answer.refused) < LISTED_MOST:
            self.answer.refused.append(RefusedRow(line=line, reason=reason))
