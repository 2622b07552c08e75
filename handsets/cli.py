"""The command `handsets`: virtual phones from the command line.

Exit codes: 0 done, 1 broker or SMSC cannot be reached, 2 bad arguments, 3 refused by the
network, 4 no answer in time, 5 a threshold of `load` is broken, 130 interrupted.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import msgspec
import typer

from gateway.air.frames import CallEvent
from gateway.core.numbers import Msisdn, is_msisdn
from handsets import arguments, calling, errands, esme, lines
from handsets.broker import BadCertificates
from handsets.fleet import command as fleet_command
from handsets.handset import CallChanged, Happening
from handsets.load import command as load_command
from handsets.options import (
    BROKER,
    Action,
    AsJson,
    HangUpAfter,
    HowFar,
    Mqtt,
    NoReply,
    Number,
    Password,
    Patience,
    Receiver,
    Sender,
    Smpp,
    StayFor,
    SystemId,
    Text,
    Until,
    UssdCode,
)
from handsets.outcome import EXITS, Exit, Failure, Outcome
from handsets.phone import Screen, Typed, run_phone
from handsets.radio import NoBroker
from handsets.smpp_session import PASSWORD_MOST, SYSTEM_ID_MOST, Account, CannotSend, NoSmsc

T = TypeVar("T")

app = typer.Typer(
    help="Virtual phones: send an SMS, call, open data, or be a phone in this terminal.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

app.add_typer(load_command.app, name="load")
app.command()(fleet_command.fleet)

# Where Typer keeps the class depends on its version; BadParameter is one.
_BAD_USAGE: type[Exception] = typer.BadParameter.__mro__[1]


@app.command()
def sms(
    sender: Sender,
    to: Receiver,
    text: Text,
    mqtt: Mqtt = BROKER,
    smpp: Smpp = None,
    system_id: SystemId = "qa",
    password: Password = "qa",
    patience: Patience = 10.0,
    as_json: AsJson = False,
    no_reply: NoReply = False,
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
    mqtt: Mqtt = BROKER,
    until: HowFar = Until.RINGING,
    hold: HangUpAfter = None,
    patience: Patience = 10.0,
    as_json: AsJson = False,
) -> None:
    """Call a number; print what happens to the call, and hang up.

    Example: handsets call --from 081234567890 --to 081234567891 --hold 5
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
    action: Action,
    mqtt: Mqtt = BROKER,
    hold: StayFor = 0.0,
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
def ussd(
    sender: Sender,
    code: UssdCode,
    mqtt: Mqtt = BROKER,
    patience: Patience = 10.0,
    as_json: AsJson = False,
) -> None:
    """Ask a USSD service, as *444# for the status of one's registration.

    Example: handsets ussd --from 081234567890 "*444#"
    """
    outcome = _errand(errands.ask_ussd(mqtt, sender, code, patience), sender, as_json)
    _finish(outcome, lines.ussd_outcome(outcome), as_json)


@app.command()
def phone(
    msisdn: Number,
    mqtt: Mqtt = BROKER,
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
    except (NoBroker, BadCertificates) as trouble:
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
    except (NoBroker, NoSmsc, BadCertificates) as trouble:
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
