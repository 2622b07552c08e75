"""The command `gateway`.

Exit codes: 0 done, 1 cannot start or no gateway answers, 2 bad options or configuration,
4 nothing came in time, 5 the lint found something, 6 rows were refused, 130 interrupted.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from msgspec import Struct, structs

from gateway import cli_lint
from gateway.cli_data import add_data_commands
from gateway.cli_faults import add_fault_commands
from gateway.cli_pics import add_pics_command
from gateway.cli_remote import add_remote_commands
from gateway.cli_running import add_running_commands
from gateway.cli_smpp import add_smpp_commands
from gateway.config import Config, LogConfig, LogLevel
from gateway.core.numbers import mask_identities
from gateway.logs import set_up_logs
from gateway.terminal import (
    EXIT_TROUBLE,
    EXIT_USAGE,
    ConfigOption,
    JsonOption,
    SetOption,
    complain,
    config_or_exit,
    fail,
    read_config,
    say,
    say_json,
)

if TYPE_CHECKING:
    from gateway.node import Announcement

T = TypeVar("T")
_EXIT_INTERRUPTED = 130
# Signals that come within this many seconds are one person's one wish to stop.
_SAME_WISH_S = 0.5

app = typer.Typer(
    help="Simulator of Indonesia's prepaid-SIM registration by SMS to 4444.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Edge(Struct):
    """What `main` must know of the options when something unexpected happens."""

    debug: bool = False


@app.callback()
def _everything(
    context: typer.Context,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")
    ] = False,
) -> None:
    if isinstance(context.obj, Edge):
        context.obj.debug = debug


# ---- commands that need no running gateway


@app.command()
def serve(
    config: ConfigOption = None,
    sets: SetOption = None,
    json: JsonOption = False,
    pcap: cli_lint.PcapOption = None,
    lint_report: cli_lint.LintReportOption = None,
) -> None:
    """Run the gateway: SMPP server, MQTT broker, HTTP API, until Ctrl-C or SIGTERM.

    \b
    Examples:
      gateway serve
      gateway serve --config my.toml --set smpp.port=0 --set log.format=json
      gateway serve --pcap smpp.pcap --lint-report lint.txt
    """
    values = config_or_exit(config, sets)
    cli_lint.check_place(lint_report)
    if pcap is not None:
        values = structs.replace(values, smpp=structs.replace(values.smpp, pcap=str(pcap)))
    set_up_logs(values.log)
    # Not at the top: the other commands answer faster without all parts of a gateway.
    from gateway import node

    announce = _announce_json if json else _announce
    try:
        reports = _run(lambda stop: node.serve(values, announce, stop))
    except node.CannotStart as trouble:
        fail(str(trouble))
    cli_lint.write_report(lint_report, reports)


def _announce(news: Announcement) -> None:
    if news.event == "listening":
        say(f"{news.name} listening on {news.host}:{news.port}")
    else:
        say(news.event)


def _announce_json(news: Announcement) -> None:
    if news.event == "listening":
        say_json({"event": news.event, "name": news.name, "host": news.host, "port": news.port})
        return
    places = {name: {"host": host, "port": port} for name, (host, port) in news.listeners.items()}
    say_json({"event": news.event, **places})


@app.command("check-config")
def check_config(
    config: ConfigOption = None, sets: SetOption = None, json: JsonOption = False
) -> None:
    """Report every mistake of a configuration with its place and remedy; exit 2 if any.

    \b
    Example:
      gateway check-config --config my.toml
    """
    loaded = read_config(config, sets)
    mistakes = () if isinstance(loaded, Config) else loaded.mistakes
    if json:
        say_json({"ok": not mistakes, "mistakes": mistakes})
    else:
        for line in map(str, mistakes or ("ok",)):
            say(line)
    if mistakes:
        raise typer.Exit(EXIT_USAGE)


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End after the story; else stay up to play on.")
    ] = False,
    hurry: Annotated[
        bool, typer.Option("--hurry", help="Leave out the pauses for reading.")
    ] = False,
) -> None:
    """Show the whole flow: six phones, a calendar from 26 February 2018, what is barred and why.

    \b
    Example:
      gateway demo --once
    """
    set_up_logs(LogConfig(level=LogLevel.ERROR))
    from gateway import demo as story
    from gateway import node

    async def until_stopped(stop: asyncio.Event) -> int | None:
        playing = asyncio.create_task(story.run(once, say, hurry=hurry), name="demo")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            await asyncio.wait((playing, stopping), return_when=asyncio.FIRST_COMPLETED)
            if playing.done():
                return await playing
            return None
        finally:
            for task in (playing, stopping):
                task.cancel()
            await asyncio.gather(playing, stopping, return_exceptions=True)

    try:
        code = _run(until_stopped)
    except node.CannotStart as trouble:
        fail(str(trouble))
    if code is None:
        # Who lets the gateway stay up ends it so; a story cut short is another thing.
        code = _EXIT_INTERRUPTED if once else 0
    raise typer.Exit(code)


@app.command()
def citizens(
    count: Annotated[int, typer.Option(min=1, help="How many.")] = 5,
    start: Annotated[int, typer.Option(min=0, help="The index of the first.")] = 0,
    seed: Annotated[
        int | None, typer.Option(help="Another registry than the configuration's.")
    ] = None,
    config: ConfigOption = None,
    sets: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Print synthetic people of the simulated civil registry: valid pairs of NIK and KK.

    \b
    Examples:
      gateway citizens --count 5
      gateway citizens --start 1000 --json
    """
    values = config_or_exit(config, sets)
    if seed is not None:
        values = structs.replace(values, registry=structs.replace(values.registry, seed=seed))
    from gateway.console.answers import citizen_answer

    rules = values.rules()
    registry = rules.registry
    if start >= registry.population:
        fail(f"--start: {start} is not below the population of {registry.population}", EXIT_USAGE)
    found = registry.citizens(min(count, registry.population - start), start)
    people = [citizen_answer(citizen, rules.records) for citizen in found]
    if json:
        say_json([person.model_dump(mode="json") for person in people])
        return
    say(f"{'NIK':16}  {'KK':16}  born        name, sex, regency")
    for one in people:
        person = f"{one.birth_date}  {one.name}, {one.sex.value}, {one.regency}"
        say(f"{one.nik}  {one.valid_kk}  {person}{one.trouble}")


# ---- running


def _run(work: Callable[[asyncio.Event], Awaitable[T]]) -> T:
    """Run a coroutine on the fastest loop there is; SIGTERM and Ctrl-C set its event.

    A second signal cancels it and ends the command, unless it comes together with the first:
    `timeout`, `uv run` and a terminal's Ctrl-C on a whole process group deliver one wish twice.
    """

    async def signalled() -> T:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        stop = asyncio.Event()
        asked_at = 0.0

        def on_signal() -> None:
            nonlocal asked_at
            if not stop.is_set():
                asked_at = loop.time()
                stop.set()
            elif loop.time() - asked_at >= _SAME_WISH_S and task is not None:
                task.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            # Windows' loops know no signals; there Ctrl-C raises KeyboardInterrupt.
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(number, on_signal)
        return await work(stop)

    try:
        import uvloop
    except ImportError:
        factory = None
    else:
        factory = uvloop.new_event_loop
    try:
        with asyncio.Runner(loop_factory=factory) as runner:
            return runner.run(signalled())
    except asyncio.CancelledError:
        raise typer.Exit(_EXIT_INTERRUPTED) from None


add_remote_commands(app)
add_fault_commands(app)
add_smpp_commands(app)
add_running_commands(app)
add_pics_command(app)
add_data_commands(app)
cli_lint.add_lint_command(app)


def main() -> None:
    """Run the command; an unexpected error is one line, with --debug a traceback."""
    edge = Edge()
    try:
        app(obj=edge)
    except Exception as trouble:
        if edge.debug:
            raise
        complain(
            f"gateway failed: {_innermost(trouble)}\n"
            "This is a mistake of the program: please report it, with what "
            "`gateway --debug ...` prints."
        )
        sys.exit(EXIT_TROUBLE)


def _innermost(trouble: BaseException) -> str:
    """Word an error; of several that tasks ended with, the first."""
    while isinstance(trouble, BaseExceptionGroup):
        trouble = trouble.exceptions[0]
    return mask_identities(f"{type(trouble).__name__}: {trouble}")
