"""The command `gateway report`: what the data of a running gateway says, as tables or a page."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from gateway.cli_remote import API, ApiOption, ask, download
from gateway.terminal import EXIT_USAGE, JsonOption, complain, fail, save, say_json

# A million numbers are counted in some seconds, and a long journal once.
_ANSWER_S = 120.0


class Page(Enum):
    """How a report is written for other programs."""

    CSV = "csv"
    HTML = "html"


def add_report_commands(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(report)


def report(
    format_: Annotated[
        Page | None, typer.Option("--format", help="CSV, or a page with charts.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="A file: .csv or .html."),
    ] = None,
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """Count registrations: by operator, province, age, sex, hour; funnel, failures, countdown.

    Counts only; small ones are hidden ([report] smallest_cell).

    \b
    Examples:
      gateway report
      gateway report -o report.html
      gateway report --format csv
    """
    page = format_ or (_page_of(output) if output is not None else None)
    if page is None:
        answer = ask(api, "GET", "report", seconds=_ANSWER_S)
        if json:
            say_json(answer)
        else:
            _show(answer)
        return
    try:
        save(download(api, f"report.{page.value}", {}, seconds=_ANSWER_S), output)
    except OSError as trouble:
        fail(f"{output}: {trouble.strerror}; name a file that may be written", EXIT_USAGE)
    if output is not None:
        complain(f"written to {output}")


def _page_of(output: Path) -> Page:
    for page in Page:
        if output.suffix.lower() == f".{page.value}":
            return page
    return fail(f"{output}: name it .csv or .html, or say --format", EXIT_USAGE)


def _show(answer: dict[str, Any]) -> None:
    # Wide enough for the widest table also where nobody looks.
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(f"[bold]Registrations at {answer['at']}[/bold]  schedule {answer['schedule']}")
    for due in answer["countdown"]:
        left = f"in {due['days']} days" if due["days"] > 0 else "in force"
        console.print(f"  {due['stage']:<16} {due['at'][:10]}  {left}", highlight=False)
    for table in answer["tables"]:
        console.print(f"\n[bold]{table['title']}[/bold]", highlight=False)
        console.print(_table(table))
    if answer["smallest_cell"] > 1:
        console.print(
            f"·: 1 to {answer['smallest_cell'] - 1}, or hidden because such a count could be "
            "computed from it",
            style="dim",
        )


def _table(table: dict[str, Any]) -> Table:
    totals = table["totals"]
    shown = Table()
    shown.add_column(table["of"], footer="all" if totals else "")
    for at, name in enumerate(table["columns"]):
        shown.add_column(name, justify="right", footer=_cell(totals[at]) if totals else "")
    shown.show_footer = bool(totals)
    for row in table["rows"]:
        if any(cell != 0 for cell in row["cells"]):
            shown.add_row(row["label"], *map(_cell, row["cells"]))
    return shown


def _cell(value: int | None) -> str:
    return "·" if value is None else f"{value:,}"
