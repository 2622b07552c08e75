"""/api/v1/report: what the data is for, as JSON, CSV and a page with charts."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict

from gateway.console.csv_lines import written
from gateway.console.report_page import report_page
from gateway.console.reports import ReportsOfApp
from gateway.core.ageing import iso
from gateway.core.report.report import Report
from gateway.core.subscriber import BlockStage

router = APIRouter(tags=["data"])


class DueAnswer(BaseModel):
    """When a stage begins for numbers without a notice of their own; `days` is below 0 after."""

    stage: BlockStage
    at: str
    days: int


class RowAnswer(BaseModel):
    """One line of a table; a count that is hidden is null."""

    label: str
    cells: list[int | None]


class TableAnswer(BaseModel):
    """Counts by row and column; `totals` is empty where adding up means nothing."""

    name: str
    title: str
    of: str
    columns: list[str]
    rows: list[RowAnswer]
    totals: list[int | None]


class ReportAnswer(BaseModel):
    """Counts only: no report knows a NIK, KK or number.

    Counts from 1 below `smallest_cell` are null, and so is what they could be computed from.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "at": "2018-03-05T00:00:00+07:00",
                    "smallest_cell": 5,
                    "schedule": "brief",
                    "countdown": [
                        {"stage": "INCOMING_BARRED", "at": "2018-04-15T00:00:00+07:00", "days": 41}
                    ],
                    "tables": [
                        {
                            "name": "sex",
                            "title": "Registered, by sex",
                            "of": "sex",
                            "columns": ["registered"],
                            "rows": [{"label": "female", "cells": [17]}],
                            "totals": [None],
                        }
                    ],
                }
            ]
        }
    )

    at: str
    smallest_cell: int
    schedule: str
    countdown: list[DueAnswer]
    tables: list[TableAnswer]


@router.get("/report", summary="Counts of registrations")
async def report(reports: ReportsOfApp) -> ReportAnswer:
    """By operator, province, age, sex and hour; who is barred; the funnel, failures, countdown."""
    made = await reports.make()
    return ReportAnswer(
        at=iso(made.at),
        smallest_cell=made.smallest_cell,
        schedule=made.schedule,
        countdown=[
            DueAnswer(stage=due.stage, at=iso(due.at), days=due.days) for due in made.countdown
        ],
        tables=[
            TableAnswer(
                name=table.name,
                title=table.title,
                of=table.of,
                columns=list(table.columns),
                rows=[RowAnswer(label=row.label, cells=list(row.cells)) for row in table.rows],
                totals=list(table.totals),
            )
            for table in made.tables
        ],
    )


@router.get(
    "/report.csv",
    summary="The same as CSV",
    response_class=Response,
    responses={200: {"description": "One count a line", "content": {"text/csv": {"schema": {}}}}},
)
async def report_csv(reports: ReportsOfApp) -> Response:
    """Columns table, row, column, count; a count that is hidden is empty."""
    made = await reports.make()
    return Response("".join(_lines(made)), media_type="text/csv; charset=utf-8")


def _lines(made: Report) -> Iterator[str]:
    yield written(("table", "row", "column", "count"))
    for table in made.tables:
        rows = [(row.label, row.cells) for row in table.rows]
        if table.totals:
            rows.append(("all", table.totals))
        for label, cells in rows:
            for name, cell in zip(table.columns, cells, strict=True):
                yield written((table.name, label, name, "" if cell is None else cell))


@router.get("/report.html", summary="The same as a page with charts", response_class=HTMLResponse)
async def report_html(reports: ReportsOfApp) -> HTMLResponse:
    """One file that needs nothing else: to look at, to print, to send on."""
    return HTMLResponse(report_page(await reports.make()))
