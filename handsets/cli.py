"""The command `handsets`: virtual phones from the command line.

Exit codes: 0 done, 1 broker or SMSC cannot be reached, 2 bad arguments, 3 refused by the
network, 4 no answer in time, 130 interrupted.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Coroutine, Sequence
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import msgspec
import typer

from gateway.air.frames import CallEvent, DataUpAction
from gateway.core.numbers import Msisdn, is_msisdn
from handsets import arguments, calling, errands, esme, lines
from handsets.handset import CallChanged, Happening
from handsets.outcome import EXITS, Exit, Failure, Outcome
from handsets.phone import Screen, Typed, run_phone
from handsets.radio import NoBroker, Place
from handsets.smpp_session import PASSWORD_MOST, SYSTEM_ID_MOST, Account, CannotSend, NoSmsc

T = TypeVar("T")

_LONGEST = 86_400.0

app = typer.Typer(
    help="Virtual phones: send an SMS, call, open data, or be a phone in this terminal.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

# Where Typer keeps the class depends on its version; BadParameter is one.
_BAD_USAGE: type[Exception] = typer.BadParameter.__mro__[1]

Sender = Annotated[
    Msisdn,
    typer.Option(
        "--from",
        parser=arguments.msisdn,
        metavar="MSISDN",
        help="The phone's number: 08.., 62.. or +62..",
    ),
]
# An Address; Typer takes no union types.
Receiver = Annotated[
    Any,
    typer.Option(
        "--to",
        parser=arguments.address,
        metavar="NUMBER",
        help="A mobile number or a short code.",
    ),
]
Mqtt = Annotated[
    Place,
    typer.Option(
        "--mqtt", parser=arguments.place, metavar="HOST:PORT", help="The gateway's MQTT broker."
    ),
]
Patience = Annotated[
    float,
    typer.Option(
        "--timeout",
        min=0.1,
        max=_LONGEST,
        metavar="SECONDS",
        help="How long to wait for the network.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

# Typer parses defaults too.
_BROKER: Any = "127.0.0.1:1883"


class Until(StrEnum):
    """How far `handsets call` follows a call."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


@app.command()
def sms(
    sender: Sender,
    to: Receiver,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The message.")],
    mqtt: Mqtt = _BROKER,
    smpp: Annotated[
        Place | None,
        typer.Option(
            parser=arguments.place,
            metavar="HOST:PORT",
            help="Send as an ESME at this SMSC instead of as a phone over MQTT.",
        ),
    ] = None,
    system_id: Annotated[
        str, typer.Option(metavar="NAME", help="With --smpp: the account.")
    ] = "qa",
    password: Annotated[
        str, typer.Option(metavar="WORD", help="With --smpp: its password.")
    ] = "qa",
    patience: Patience = 10.0,
    as_json: AsJson = False,
    no_reply: Annotated[
        bool, typer.Option("--no-reply", help="Do not wait for the reply SMS.")
    ] = False,
) -> None:
    """Send one SMS; wait for the result and, from a short code, for the reply.

    Example: handsets sms --from 081234567890 --to 4444 "REG 3201...#3201...#"
    """
    arguments.message(text)
    wants_reply = not no_reply and not is_msisdn(to)
    if smpp is not None:
        account = Account(
            arguments.credential(system_id, "--system-id", SYSTEM_ID_MOST),
            arguments.credential(password, "--password", PASSWORD_MOST),
        )
        sending = esme.send_sms(smpp, account, sender, to, text, patience, wants_reply=wants_reply)
    else:
        sending = errands.send_sms(mqtt, sender, to, text, patience, wants_reply=wants_reply)
    outcome = _errand(sending, sender, as_json)
    _finish(outcome, lines.sms_outcome(outcome), as_json)


@app.command()
def call(
    sender: Sender,
    to: Receiver,
    mqtt: Mqtt = _BROKER,
    until: Annotated[Until, typer.Option(help="How far to follow the call.")] = Until.RINGING,
    hold: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=_LONGEST, metavar="SECONDS", help="Hang up so many seconds later."
        ),
    ] = None,
    patience: Patience = 10.0,
    as_json: AsJson = False,
) -> None:
    """Call a number; print what happens to the call, and hang up.

    Example: handsets call --from 081234567890 --to 081234567891 --until answered --hold 5
    """

    def watch(happening: Happening) -> None:
        if isinstance(happening, CallChanged) and not as_json:
            typer.echo(lines.happening(happening))

    calls = calling.call(
        mqtt, sender, to, patience, until=CallEvent(until.value), hold=hold, watch=watch
    )
    outcome = _errand(calls, sender, as_json)
    _finish(outcome, lines.call_outcome(outcome), as_json)


@app.command()
def data(
    sender: Sender,
    action: Annotated[DataUpAction, typer.Argument(help="open or close.")],
    mqtt: Mqtt = _BROKER,
    hold: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=_LONGEST,
            metavar="SECONDS",
            help="Keep the session open so long, unless the network closes it.",
        ),
    ] = 0.0,
    patience: Patience = 10.0,
    as_json: AsJson = False,
) -> None:
    """Open or close the phone's data session; it ends when the phone leaves.

    Example: handsets data --from 081234567890 open
    """
    switching = errands.switch_data(mqtt, sender, action, patience, hold=hold)
    outcome = _errand(switching, sender, as_json)
    _finish(outcome, lines.data_outcome(outcome), as_json)


@app.command()
def phone(
    msisdn: Annotated[
        Msisdn,
        typer.Argument(
            parser=arguments.msisdn,
            metavar="MSISDN",
            help="The phone's number: 08.., 62.. or +62..",
        ),
    ],
    mqtt: Mqtt = _BROKER,
) -> None:
    """Be a phone in this terminal: type sms, call, answer, data, status, help, quit.

    Example: handsets phone 081234567890
    """
    person = sys.stdin.isatty() and sys.stdout.isatty()
    screen = Screen(_write, f"{lines.number(msisdn)}> " if person else "")

    async def be_phone() -> None:
        await run_phone(msisdn, mqtt, Typed(sys.stdin.fileno()), screen)

    try:
        with contextlib.suppress(KeyboardInterrupt):
            _run(be_phone())
    except NoBroker as trouble:
        _complain(str(trouble))
        raise typer.Exit(Exit.UNREACHABLE) from None
    if person:
        _write("\n")


def main() -> None:
    """Run the command line and exit."""
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command line; gives its exit code. What is wrong goes to stderr, in one line."""
    try:
        code = app(args=list(words) or ["--help"], prog_name="handsets", standalone_mode=False)
    except _BAD_USAGE as trouble:
        context = getattr(trouble, "ctx", None)
        place = context.command_path if context is not None else "handsets"
        said = getattr(trouble, "format_message", trouble.__str__)()
        _complain(f"{said.rstrip('.')}; see {place} --help")
        return Exit.BAD_ARGUMENTS
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    return code if isinstance(code, int) else Exit.DONE


def _errand(errand: Coroutine[Any, Any, T], sender: Msisdn, as_json: bool) -> T:
    """Run an errand; where it cannot be run, says why and exits."""
    try:
        return _run(errand)
    except (NoBroker, NoSmsc) as trouble:
        if as_json:
            _print_json(Failure(source=sender, why=str(trouble)))
        _complain(str(trouble))
        raise typer.Exit(Exit.UNREACHABLE) from None
    except CannotSend as trouble:
        raise typer.BadParameter(str(trouble)) from None


def _run(errand: Coroutine[Any, Any, T]) -> T:
    """Run to the end; SIGTERM ends it as Ctrl-C does, so that the phone says goodbye."""

    async def guarded() -> T:
        task = asyncio.current_task()
        # Signals come to the main thread only; Windows' event loop takes none.
        if task is not None and threading.current_thread() is threading.main_thread():
            with contextlib.suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await errand

    try:
        return asyncio.run(guarded())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _finish(outcome: Outcome, told: list[str], as_json: bool) -> None:
    if as_json:
        _print_json(outcome)
    else:
        for line in told:
            typer.echo(line)
    if not isinstance(outcome, Failure):
        raise typer.Exit(EXITS[outcome.status])


def _print_json(outcome: Outcome) -> None:
    typer.echo(msgspec.json.encode(outcome).decode())


def _write(text: str) -> None:
    typer.echo(text, nl=False)


def _complain(line: str) -> None:
    typer.echo(f"handsets: {line}", err=True)
