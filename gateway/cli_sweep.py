"""The command `gateway sweep`: how far the barring in bulk has come."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.cli_remote import API, ApiOption, ask
from gateway.terminal import EXIT_NOTHING_CAME, JsonOption, say, say_json

# Seconds between two lines of progress, and for an answer.
_LOOK_S = 1.0
_ANSWER_S = 10.0

WaitOption = Annotated[
    float,
    typer.Option("--wait", min=0, metavar="SECONDS", help="Wait so long for its end."),
]


def add_sweep_commands(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(sweep)


def sweep(wait: WaitOption = 0.0, api: ApiOption = API, json: JsonOption = False) -> None:
    """Show how many numbers the sweep has barred and how many are left.

    With --wait, exit 4 when it has not ended by then.

    \b
    Examples:
      gateway sweep
      gateway sweep --wait 600
    """
    answer = ask(api, "GET", "sweep")
    left = wait
    while answer["running"] and left > 0:
        if not json:
            say(_line(answer))
        share = min(left, _LOOK_S)
        answer = ask(api, "GET", "sweep", query={"wait": share}, seconds=share + _ANSWER_S)
        left -= share
    if json:
        say_json(answer)
    else:
        say(_line(answer))
    if wait and answer["running"]:
        raise typer.Exit(EXIT_NOTHING_CAME)


def _line(answer: dict[str, Any]) -> str:
    if not answer["per_second"]:
        return "nothing is swept: numbers are barred at once ([schedule] sweep_per_second)"
    done, left, seconds = answer["done"], answer["left"], answer["seconds"]
    pace = f", {done / seconds:,.0f} a second" if seconds else ""
    if not answer["running"]:
        return f"nothing to sweep; the last time {done:,} barred in {seconds:.1f} s{pace}"
    share = 100 * done / (done + left) if done + left else 0
    return f"{share:3.0f} %  {done:,} barred, {left:,} left{pace}"
