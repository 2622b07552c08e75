"""The command `gateway pics`: what this SMSC does of SMPP 3.4."""

from __future__ import annotations

import typer

from gateway.pics import markdown
from gateway.pics import pics as statement
from gateway.terminal import JsonOption, say, say_json


def add_pics_command(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("pics")(pics)


def pics(json: JsonOption = False) -> None:
    """Print what this SMSC does of SMPP 3.4, line by line, as Markdown: the PICS.

    \b
    Examples:
      gateway pics > pics.md
      gateway pics --json
    """
    if json:
        say_json(statement())
    else:
        say(markdown().rstrip("\n"))
