"""The commands that act on a running gateway, through its HTTP API."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterator
from typing import Annotated, Any, NoReturn

import httpx
import typer

from gateway.core.numbers import BadNumber, Msisdn, parse_msisdn
from gateway.terminal import EXIT_USAGE, JsonOption, fail, say, say_json

ANSWER_S = 10.0
"""Seconds that the API may take."""

# A calendar that jumps may have many phones' stages to decide.
_JUMP_S = 300.0

ApiOption = Annotated[
    str,
    typer.Option("--api", metavar="URL", envvar="GATEWAY_API", help="The running gateway's API."),
]
API = "http://127.0.0.1:8080"

TOKEN_VARIABLE = "GATEWAY_TOKEN"
"""The environment's variable with the bearer token for a gateway that asks for one."""

clock_app = typer.Typer(
    help="Show or move the calendar of a running gateway.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add_remote_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(clock_app, name="clock")
    app.command()(subscriber)


def ask(
    api: str,
    method: str,
    path: str,
    *,
    query: dict[str, str | int | float] | None = None,
    body: dict[str, Any] | None = None,
    content: bytes | None = None,
    seconds: float = ANSWER_S,
) -> Any:
    """Ask the API; give its JSON, or say in one line what is wrong and end the command."""
    with _reaching(api, seconds), _client(seconds) as client:
        answer = client.request(method, _url(api, path), params=query, json=body, content=content)
        value = answer.json()
    if answer.is_error:
        _refused(api, answer.status_code, value)
    return value


def download(
    api: str, path: str, query: dict[str, str | int | float], *, seconds: float = ANSWER_S
) -> Iterator[bytes]:
    """Give what the API streams as it comes; where it cannot, as `ask` does."""
    with (
        _reaching(api, seconds),
        _client(seconds) as client,
        client.stream("GET", _url(api, path), params=query) as answer,
    ):
        if answer.is_error:
            answer.read()
            _refused(api, answer.status_code, answer.json())
        yield from answer.iter_bytes()


def _client(seconds: float) -> httpx.Client:
    # No proxy of the environment: the gateway is near.
    token = os.environ.get(TOKEN_VARIABLE)
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(trust_env=False, timeout=seconds, headers=headers)


def _url(api: str, path: str) -> str:
    return f"{api.rstrip('/')}/api/v1/{path}"


def _refused(api: str, status: int, value: Any) -> NoReturn:
    detail = value.get("detail") if isinstance(value, dict) else None
    fail(str(detail or f"the gateway at {api} answered {status}"))


@contextlib.contextmanager
def _reaching(api: str, seconds: float) -> Iterator[None]:
    """Say in one line why the API cannot be spoken to, and end the command."""
    try:
        yield
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        fail(f'--api: "{api}" is no address of an API; write http://HOST:PORT', EXIT_USAGE)
    except httpx.TimeoutException:
        fail(f"the gateway at {api} did not answer within {seconds:g} seconds")
    except httpx.TransportError:
        fail(
            f"no gateway answers at {api}; start one with `gateway serve`, "
            "or name its API with --api http://HOST:PORT"
        )
    except ValueError:
        fail(f"what answers at {api} is no gateway; name its API with --api http://HOST:PORT")


# ---- gateway clock


def _show(answer: dict[str, Any], json: bool) -> None:
    if json:
        say_json(answer)
    else:
        say(f"{answer['now']}  speed {answer['speed']:g}")


@clock_app.command("show")
def clock_show(api: ApiOption = API, json: JsonOption = False) -> None:
    """Show the calendar.

    \b
    Example:
      gateway clock show
    """
    _show(ask(api, "GET", "clock"), json)


@clock_app.command("set")
def clock_set(
    when: Annotated[
        str, typer.Argument(metavar="WHEN", help="2018-03-05 (its midnight) or ISO 8601.")
    ],
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """Move the calendar forwards to a moment; without an offset it is Western Indonesian Time.

    Ends when everything that fell due on the way is decided.

    \b
    Examples:
      gateway clock set 2018-03-05
      gateway clock set 2018-03-05T08:00:00+07:00
    """
    _show(ask(api, "PUT", "clock", body={"now": when}, seconds=_JUMP_S), json)


@clock_app.command("advance")
def clock_advance(
    length: Annotated[
        str, typer.Argument(metavar="DURATION", help="5d, 12h, 30m, 90s, or several: 1d12h.")
    ],
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """Move the calendar forwards by a length of time.

    \b
    Example:
      gateway clock advance 5d
    """
    _show(ask(api, "PUT", "clock", body={"advance": length}, seconds=_JUMP_S), json)


@clock_app.command("speed")
def clock_speed(
    factor: Annotated[
        float, typer.Argument(metavar="FACTOR", help="1 is real time, 86400 a day a second.")
    ],
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """Let the calendar run faster, slower, or stand still (0).

    \b
    Example:
      gateway clock speed 3600
    """
    if not math.isfinite(factor):
        fail(
            f"FACTOR: {factor:g} is no speed; write 1 for real time, 86400 for a day a second",
            EXIT_USAGE,
        )
    _show(ask(api, "PUT", "clock", body={"speed": factor}, seconds=_JUMP_S), json)


# ---- numbers and messages

MsisdnArgument = Annotated[
    str, typer.Argument(metavar="MSISDN", help="A mobile number: 08.., 62.. or +62..")
]


def subscriber(msisdn: MsisdnArgument, api: ApiOption = API, json: JsonOption = False) -> None:
    """Show how a number stands: status, stage, what is barred, what falls due next.

    \b
    Example:
      gateway subscriber 081190000001
    """
    answer = ask(api, "GET", f"subscribers/{msisdn_or_exit(msisdn)}")
    if json:
        say_json(answer)
        return
    known = "" if answer["known"] else ", never seen"
    say(f"{answer['msisdn']}  {answer['brand']} ({answer['operator']}){known}")
    registered = answer["registered_at"]
    whose = answer["foreigner"] or f"NIK {answer['nik']}"
    since = f" since {registered}, {whose}" if registered else ""
    outlet = f", at outlet {answer['outlet']}" if answer["outlet"] else ""
    say(f"  status  {answer['status']}{since}{outlet}")
    if answer["verdict_due_at"]:
        say(f"  verdict pending, at {answer['verdict_due_at']}")
    if answer["failures"]:
        say(f"  failed  {answer['failures']} of the same data")
    if answer["locked_until"]:
        say(f"  locked  no registration by SMS until {answer['locked_until']}")
    say(f"  stage   {answer['stage']}")
    say(f"  barred  {', '.join(answer['barred']) or 'nothing'}")
    if answer["expires_at"]:
        say(f"  expires {answer['expires_at']}")
    due = answer["next"]
    say(f"  next    {due['stage']} at {due['at']}" if due else "  next    nothing falls due")
    phone = "none ever connected"
    if answer["has_phone"]:
        phone = "on" if answer["online"] else "off"
    say(f"  phone   {phone}")


def msisdn_or_exit(text: str) -> Msisdn:
    """Read a number, or say what is wrong with it and end the command."""
    number = parse_msisdn(text)
    if isinstance(number, BadNumber):
        fail(f'MSISDN: "{number.text}" is no mobile number; {number.remedy}', EXIT_USAGE)
    return number
