"""The command `gateway differences`: what shadow found beside an application of one's own."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.cli_remote import API, ApiOption, ask
from gateway.terminal import JsonOption, say, say_json

EXIT_DIFFERENT = 5

HoursOption = Annotated[
    float,
    typer.Option("--hours", min=0, help="List as untold what is so old on the calendar."),
]


def add_difference_commands(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(differences)


def differences(hours: HoursOption = 24.0, api: ApiOption = API, json: JsonOption = False) -> None:
    """List where your registration application and the built-in desk differ.

    Needs `shadow = true` in [[short_codes]]. It compares what is told by the API, and what the
    replies to the phones say. Exit code 5 when there is any difference.

    \b
    Examples:
      gateway differences
      gateway differences --hours 0 --json
    """
    answer = ask(api, "GET", "registrations/differences", query={"hours": hours})
    if json:
        say_json(answer)
    else:
        _show(answer)
    if answer["differences"] or answer["untold"]:
        raise typer.Exit(EXIT_DIFFERENT)


def _show(answer: dict[str, Any]) -> None:
    for one in answer["differences"]:
        sms = f"SMS {one['asked']}" if one["asked"] else "no SMS"
        says = f"replies in SMS {one['reply']}" if one["reply"] else "says"
        say(
            f"{one['at']}  {one['msisdn']}  {sms}: "
            f"{one['by']} {says} {_opinion(one['told'])}, the desk says {_opinion(one['desk'])}"
        )
    for one in answer["untold"]:
        say(
            f"{one['at']}  {one['msisdn']}  SMS {one['asked']}: "
            f"nothing told, the desk says {_opinion(one['desk'])}"
        )
    for one in answer["unreadable"]:
        say(
            f"{one['msisdn']}  {one['count']} replies that shadow cannot read, the newest SMS "
            f"{one['newest']}: add its words to [[short_codes.replies]]"
        )
    if not answer["shadow"]:
        say("nobody compares: write shadow = true in the [[short_codes]] row of the code")
    elif not answer["differences"] and not answer["untold"]:
        say("no difference")


def _opinion(one: dict[str, Any]) -> str:
    about = f" (NIK {one['nik']}, KK {one['kk']})" if one["nik"] and one["kk"] else ""
    return f"{one['outcome']}{about}"
