"""The command `gateway import`: subscribers from a CSV file into a running gateway."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from msgspec import Struct, field
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from gateway.cli_remote import API, ApiOption, ask
from gateway.terminal import EXIT_USAGE, JsonOption, complain, fail, say, say_json

EXIT_ROWS_REFUSED = 6
# Lines of one request: small enough to show how far it is, large enough to be quick.
_LINES_AT_ONCE = 2_500
_ANSWER_S = 60.0
# Refused lines that are shown; --refused writes all of them.
_SHOWN_MOST = 20

import_app = typer.Typer(
    help="Bring data into a running gateway.", no_args_is_help=True, rich_markup_mode=None
)


def add_import_commands(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(import_app, name="import")


class _Outcome(Struct):
    """What became of the lines so far."""

    made: int = 0
    updated: int = 0
    refused_rows: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)


@import_app.command("subscribers")
def import_subscribers(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="With a header line.")],
    update: Annotated[
        bool, typer.Option("--update", help="Change known numbers; else they are refused.")
    ] = False,
    refused: Annotated[
        Path | None,
        typer.Option("--refused", metavar="PATH", help="Write what was refused here, as CSV."),
    ] = None,
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """Import subscribers: columns msisdn, status, notice_at, registered_at, first_seen_at, nik, kk,
    expires_at, outlet; of foreigners document, document_number, nationality, foreigner_name,
    birth_place, birth_date.

    Only msisdn must be there. What is no subscriber is reported by line and left out (exit 6).

    \b
    Examples:
      gateway import subscribers numbers.csv
      gateway import subscribers numbers.csv --update --refused bad.csv
    """
    outcome = _Outcome()
    try:
        with file.open("rb") as lines:
            _send(lines, file.stat().st_size, api, update, outcome)
        if refused is not None:
            _write_refused(refused, outcome)
    except OSError as trouble:
        fail(f"{trouble.filename}: {trouble.strerror}; name a file that you may use", EXIT_USAGE)
    _tell(outcome, json, refused)
    if outcome.refused_rows:
        raise typer.Exit(EXIT_ROWS_REFUSED)


def _send(lines: IO[bytes], size: int, api: str, update: bool, outcome: _Outcome) -> None:
    header = lines.readline()
    sent, first_line = len(header), 2
    with _progress() as progress:
        task = progress.add_task("importing", total=max(size, 1), rows=0)
        # A file without rows is sent too: its header may be wrong.
        for count, page in _pages(lines):
            query: dict[str, str | int | float] = {"update": update, "first_line": first_line}
            body = header.rstrip(b"\r\n") + b"\n" + page
            answer = ask(
                api, "POST", "import/subscribers", query=query, content=body, seconds=_ANSWER_S
            )
            outcome.made += answer["made"]
            outcome.updated += answer["updated"]
            outcome.refused_rows += answer["refused_rows"]
            outcome.refused += answer["refused"]
            first_line += count
            sent += len(page)
            progress.update(task, completed=sent, rows=first_line - 2)


def _pages(lines: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Give what one request takes: how many lines, and the lines; at least one page."""
    page: list[bytes] = []
    first = True
    for line in lines:
        page.append(line)
        if len(page) == _LINES_AT_ONCE:
            yield len(page), b"".join(page)
            page, first = [], False
    if page or first:
        yield len(page), b"".join(page)


def _progress() -> Progress:
    """Show how far it is, on stderr and only where a person looks."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def _write_refused(path: Path, outcome: _Outcome) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write("line,reason\n")
        for row in outcome.refused:
            quoted = str(row["reason"]).replace('"', '""')
            out.write(f'{row["line"]},"{quoted}"\n')


def _tell(outcome: _Outcome, json: bool, refused: Path | None) -> None:
    if json:
        say_json(outcome)
        return
    for row in outcome.refused[:_SHOWN_MOST]:
        complain(f"line {row['line']}: {row['reason']}")
    if outcome.refused_rows > _SHOWN_MOST:
        where = refused or "--refused PATH writes them all"
        complain(f"and {outcome.refused_rows - _SHOWN_MOST} more lines: {where}")
    say(
        f"{outcome.made} new, {outcome.updated} updated, "
        f"{outcome.refused_rows} refused and not imported"
    )
