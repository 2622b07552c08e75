"""The commands `gateway faults`: what goes wrong on purpose in a running gateway, by its API."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import msgspec
import typer

from gateway.cli_remote import API, ApiOption, ask
from gateway.config import FaultKind
from gateway.core.faults import FinalState, Form
from gateway.terminal import EXIT_USAGE, JsonOption, fail, say, say_json

faults_app = typer.Typer(
    help="Let things go wrong on purpose in a running gateway: refused, late, lost, malformed.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

# What a line of the list shows by itself, or in words of its own.
_APART = ("name", "kind", "met", "struck")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What the fault is called.")]
KindArgument = Annotated[FaultKind, typer.Argument(help="What goes wrong.")]
StatusOption = Annotated[
    str | None,
    typer.Option("--status", help="refuse, refuse_bind: ESME_RSYSERR or a number."),
]
RateOption = Annotated[
    float | None, typer.Option("--per-second", help="throttle: messages a second.")
]
DelayOption = Annotated[
    str | None,
    typer.Option(
        "--delay",
        help='delay_response, delay_receipt: seconds, or a table as in config.toml: \'{"kind": '
        '"uniform", "least": 1, "most": 3}\'.',
    ),
]
FormOption = Annotated[
    Form | None, typer.Option("--form", help="malformed_response, malformed_deliver: how.")
]
AfterOption = Annotated[
    int | None, typer.Option("--after", help="disconnect: at a session's submit no. N.")
]
AnsweredOption = Annotated[
    bool | None,
    typer.Option("--answered/--unanswered", help="disconnect: after or before the response."),
]
StateOption = Annotated[
    FinalState | None, typer.Option("--state", help="change_receipt: what it says.")
]
ErrorOption = Annotated[
    int | None, typer.Option("--error", help="change_receipt: a GSM MAP error number.")
]
AccountOption = Annotated[
    str | None,
    typer.Option("--account", help="Only this system_id, or with * at its end those like it."),
]
SourceOption = Annotated[
    str | None,
    typer.Option("--source", help="Only from this address: whole, 0812*, or a range with -."),
]
DestinationOption = Annotated[
    str | None, typer.Option("--destination", help="Only to this address, written likewise.")
]
TextOption = Annotated[
    str | None, typer.Option("--text", help="Only texts with this pattern: (?i)promo.")
]
ProbabilityOption = Annotated[
    float | None, typer.Option("--probability", help="0 never to 1 always.")
]
EveryOption = Annotated[int | None, typer.Option("--every-n", help="Only each Nth.")]
SkipOption = Annotated[int | None, typer.Option("--skip", help="Not the first N.")]
LimitOption = Annotated[int | None, typer.Option("--limit", help="N times at most.")]
FromOption = Annotated[
    str | None, typer.Option("--active-from", help="From this date or moment of the calendar.")
]
UntilOption = Annotated[str | None, typer.Option("--active-until", help="Until this one.")]


def add_fault_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(faults_app, name="faults")


@faults_app.command("list")
def list_(api: ApiOption = API, json: JsonOption = False) -> None:
    """List the faults that are on, and how often each was met and struck.

    \b
    Example:
      gateway faults list
    """
    _show(ask(api, "GET", "faults"), json)


@faults_app.command("add")
def add(
    name: NameArgument,
    kind: KindArgument,
    status: StatusOption = None,
    per_second: RateOption = None,
    delay: DelayOption = None,
    form: FormOption = None,
    after: AfterOption = None,
    answered: AnsweredOption = None,
    state: StateOption = None,
    error: ErrorOption = None,
    account: AccountOption = None,
    source: SourceOption = None,
    destination: DestinationOption = None,
    text: TextOption = None,
    probability: ProbabilityOption = None,
    every_n: EveryOption = None,
    skip: SkipOption = None,
    limit: LimitOption = None,
    active_from: FromOption = None,
    active_until: UntilOption = None,
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """Add a fault.

    \b
    Examples:
      gateway faults add busy refuse --status ESME_RMSGQFUL --account a2p --probability 0.1
      gateway faults add slow delay_response --delay 3 --destination '0812*'
      gateway faults add half malformed_response --form stall --skip 100 --limit 1
    """
    row = {key: value for key, value in locals().items() if key not in ("api", "json", "delay")}
    if delay is not None:
        row["delay"] = _delay(delay)
    body = {key: value for key, value in row.items() if value is not None}
    _show(ask(api, "POST", "faults", body=msgspec.to_builtins(body)), json)


def _delay(written: str) -> Any:
    try:
        return {"seconds": float(written)}
    except ValueError:
        pass
    try:
        return msgspec.json.decode(written)
    except msgspec.DecodeError:
        fail(
            f'--delay: "{written}" is neither seconds nor a table; write --delay 2.5, or '
            '--delay \'{"kind": "uniform", "least": 1, "most": 3}\'',
            EXIT_USAGE,
        )


@faults_app.command("remove")
def remove(name: NameArgument, api: ApiOption = API, json: JsonOption = False) -> None:
    """Remove one fault.

    \b
    Example:
      gateway faults remove busy
    """
    _show(ask(api, "DELETE", f"faults/{quote(name, safe='')}"), json)


@faults_app.command("clear")
def clear(api: ApiOption = API, json: JsonOption = False) -> None:
    """Remove all faults.

    \b
    Example:
      gateway faults clear
    """
    _show(ask(api, "DELETE", "faults"), json)


@faults_app.command("profile")
def profile(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="The profile; without it, all are listed."),
    ] = None,
    account: AccountOption = None,
    off: Annotated[bool, typer.Option("--off", help="Switch it off.")] = False,
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """List the profiles, which are sets of faults under one name; switch one on or off.

    \b
    Examples:
      gateway faults profile
      gateway faults profile flaky-operator --account a2p
      gateway faults profile flaky-operator --off
    """
    if name is None:
        _list_profiles(ask(api, "GET", "fault-profiles"), json)
        return
    path = f"fault-profiles/{quote(name, safe='')}"
    if off:
        _show(ask(api, "DELETE", path), json)
    else:
        _show(ask(api, "PUT", path, query={"account": account or ""}), json)


def _list_profiles(profiles: list[dict[str, Any]], json: bool) -> None:
    if json:
        say_json(profiles)
        return
    for one in profiles:
        say(f"{one['name']}{' (on)' if one['on'] else ''}: {one['what']} ({one['provenance']})")
        for fault in one["faults"]:
            say(f"  {_line(fault)}")


def _show(answer: dict[str, Any], json: bool) -> None:
    if json:
        say_json(answer)
        return
    for fault in answer["faults"]:
        say(f"{_line(fault)}  met {fault['met']}, struck {fault['struck']}")
    if not answer["faults"]:
        say("nothing goes wrong on purpose")


def _line(fault: dict[str, Any]) -> str:
    keys = "".join(f"  {key} {_word(fault[key])}" for key in fault if key not in _APART)
    return f"{fault['name']}  {fault['kind']}{keys}"


def _word(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
