"""The command `gateway export`: what a running gateway knows, as lines for other programs."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli_remote import API, ApiOption, download
from gateway.terminal import EXIT_USAGE, complain, fail, save

export_app = typer.Typer(
    help="Write what a running gateway knows, to stdout or a file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="PATH", help="A file instead of stdout.")
]
IdentitiesOption = Annotated[
    bool, typer.Option("--identities", help="NIK and KK in clear; else they are masked.")
]


class Lines(Enum):
    """How the lines are written."""

    CSV = "csv"
    JSONL = "jsonl"


FormatOption = Annotated[Lines, typer.Option("--format", help="CSV, or JSON lines.")]


def add_export_commands(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(export_app, name="export")


@export_app.command("subscribers")
def export_subscribers(
    output: OutputOption = None,
    format_: FormatOption = Lines.CSV,
    identities: IdentitiesOption = False,
    api: ApiOption = API,
) -> None:
    """Export all subscribers, by rising number; `gateway import` takes the CSV again.

    \b
    Examples:
      gateway export subscribers -o numbers.csv --identities
      gateway export subscribers --format jsonl
    """
    query: dict[str, str | int | float] = {"format": format_.value, "identities": identities}
    _save(api, "export/subscribers", query, output)


@export_app.command("cdr")
def export_cdr(
    output: OutputOption = None, format_: FormatOption = Lines.CSV, api: ApiOption = API
) -> None:
    """Export call records: calls and data sessions that ended, with Q.850 and SM causes.

    \b
    Examples:
      gateway export cdr -o cdr.csv
      gateway export cdr --format jsonl
    """
    _save(api, "export/cdr", {"format": format_.value}, output)


@export_app.command("journal")
def export_journal(
    output: OutputOption = None,
    after: Annotated[int, typer.Option(min=0, help="Only records with a seq above this.")] = 0,
    identities: IdentitiesOption = False,
    api: ApiOption = API,
) -> None:
    """Export the journal: every event and what was decided on it, one JSON object a line.

    \b
    Examples:
      gateway export journal -o journal.jsonl
      gateway export journal --after 1000
    """
    query: dict[str, str | int | float] = {"after": after, "identities": identities}
    _save(api, "export/journal", query, output)


@export_app.command("messages")
def export_messages(
    output: OutputOption = None,
    format_: FormatOption = Lines.CSV,
    search: Annotated[
        str, typer.Option("--search", metavar="QUERY", help="Only what fits; see gateway messages.")
    ] = "",
    api: ApiOption = API,
) -> None:
    """Export short messages, by rising id; texts are masked.

    \b
    Examples:
      gateway export messages -o messages.csv
      gateway export messages --search 'to:4444 since:1d' --format jsonl
    """
    _save(api, "export/messages", {"q": search, "format": format_.value}, output)


def _save(api: str, path: str, query: dict[str, str | int | float], output: Path | None) -> None:
    try:
        save(download(api, path, query), output)
    except OSError as trouble:
        fail(f"{output}: {trouble.strerror}; name a file that may be written", EXIT_USAGE)
    if output is not None:
        complain(f"written to {output}")
