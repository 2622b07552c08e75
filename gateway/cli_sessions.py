"""The command `gateway sessions`: who is bound to a running gateway, by its API."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.cli_remote import API, ApiOption, ask
from gateway.terminal import JsonOption, say, say_json

AccountOption = Annotated[
    str | None, typer.Option("--account", metavar="NAME", help="Only those of this account.")
]
SmscOption = Annotated[
    str | None, typer.Option("--smsc", metavar="NAME", help="Only those of this SMSC.")
]
EndOption = Annotated[
    int | None, typer.Option("--end", metavar="ID", help="Unbind the session of this number.")
]


def add_session_commands(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(sessions)


def sessions(
    account: AccountOption = None,
    smsc: SmscOption = None,
    end: EndOption = None,
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """List the ESMEs that are bound, or end a session.

    \b
    Examples:
      gateway sessions
      gateway sessions --account qa --json
      gateway sessions --end 7
    """
    if end is not None:
        ended = ask(api, "DELETE", f"smpp/sessions/{end}")
        if json:
            say_json(ended)
        else:
            say(f"unbound: {_line(ended)}")
        return
    query: dict[str, str | int | float] = {}
    if account is not None:
        query["account"] = account
    if smsc is not None:
        query["smsc"] = smsc
    answer = ask(api, "GET", "smpp/sessions", query=query)
    if json:
        say_json(answer)
        return
    for one in answer["sessions"]:
        say(_line(one))
    if not answer["sessions"]:
        say("nobody is bound")


def _line(one: dict[str, Any]) -> str:
    parts = [
        f"{one['id']}",
        f"{one['account']} at {one['smsc']}",
        f"{one['bind']} {one['interface_version']}",
        f"from {one['peer']}{' over TLS' if one['tls'] else ''}",
        f"for {one['seconds']:.0f} s",
        f"asked {one['requests']} ({one['unanswered']} waiting)",
        f"got {one['delivers']} ({one['outstanding']} of {one['window']} waiting)",
    ]
    if one["address_range"]:
        parts.append(f"address_range {one['address_range']}")
    return "  ".join(parts)
