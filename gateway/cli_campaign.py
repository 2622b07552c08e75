"""The commands `gateway campaign`: reminders from 4444 to who is to register, or to again."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.cli_remote import API, ApiOption, ask
from gateway.core.programme import Target
from gateway.terminal import JsonOption, say, say_json

campaign_app = typer.Typer(
    help="Remind the unregistered numbers of a running gateway, from 4444.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What you call it.")]


def add_campaign_commands(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(campaign_app, name="campaign")


@campaign_app.command("start")
def start(
    name: NameArgument,
    per_second: Annotated[
        float, typer.Option("--per-second", metavar="RATE", help="SMS in a real second.")
    ] = 10.0,
    operator: Annotated[
        str, typer.Option("--operator", metavar="NAME", help="Only numbers of this one.")
    ] = "",
    target: Annotated[
        Target,
        typer.Option("--target", help="The unregistered; or who registered by a statement."),
    ] = Target.UNREGISTERED,
    not_since: Annotated[
        str | None,
        typer.Option("--not-since", metavar="WHEN", help="Pass over who was reminded since then."),
    ] = None,
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """Send each unregistered number how many days are left; who registers is passed over.

    With --target unvalidated: remind who registered by a statement of truth to register again.

    \b
    Examples:
      gateway campaign start weekly --per-second 50
      gateway campaign start weekly --operator xl --not-since 2018-02-20
      gateway campaign start validate --target unvalidated
    """
    body: dict[str, Any] = {
        "name": name,
        "per_second": per_second,
        "operator": operator,
        "target": target.value,
    }
    if not_since is not None:
        body["not_since"] = not_since
    _show(ask(api, "POST", "campaigns", body=body), json)


@campaign_app.command("list")
def show(api: ApiOption = API, json: JsonOption = False) -> None:
    """List the campaigns that run, and the last round of those that have ended.

    \b
    Example:
      gateway campaign list
    """
    answer = ask(api, "GET", "campaigns")
    if json:
        say_json(answer)
        return
    for one in answer["campaigns"]:
        say(_line(one))
    if not answer["campaigns"]:
        say("no campaign has begun")


@campaign_app.command("stop")
def stop(name: NameArgument, api: ApiOption = API, json: JsonOption = False) -> None:
    """End the present round of a campaign.

    \b
    Example:
      gateway campaign stop reminder
    """
    _show(ask(api, "DELETE", f"campaigns/{name}"), json)


def _show(one: dict[str, Any], json: bool) -> None:
    if json:
        say_json(one)
    else:
        say(_line(one))


def _line(one: dict[str, Any]) -> str:
    state = "runs" if one["running"] else "has ended" if not one["left"] else "was stopped"
    to = one["operator"] or "all operators"
    if one["target"] != Target.UNREGISTERED.value:
        to = f"the {one['target']} of {to}"
    return (
        f"{one['name']}  {state}, to {to} at {one['per_second']:g} a second since "
        f"{one['began_at']}: {one['sent']} sent, {one['passed_over']} passed over, "
        f"{one['left']} left"
    )
