"""`handsets load`, its options, and what they mean together."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from msgspec import Struct
from rich.console import Console

from handsets import arguments
from handsets.broker import Broker
from handsets.load import lines, result
from handsets.load.agent import serve
from handsets.load.conduct import Came, alone, result_of, run_fast, write_text
from handsets.load.crew import together
from handsets.load.curve import cut
from handsets.load.expect import FORM, Threshold, parse_threshold
from handsets.load.files import load_profile
from handsets.load.job import Job, kinds_without_a_way
from handsets.load.options import (
    A2pOption,
    AccountOption,
    Agents,
    AsJson,
    Connections,
    Coordinator,
    Expect,
    For,
    Group,
    MetricsUrl,
    Mqtt,
    Once,
    Phones,
    ProfileName,
    Report,
    Scale,
    Seed,
    Sessions,
    Smpp,
    SwitchedOn,
    TlsCa,
    TlsInsecure,
    TlsOption,
    Window,
    Workers,
)
from handsets.load.profile import Profile
from handsets.load.report import report_page
from handsets.load.screen import Screen
from handsets.load.target import Account, MqttTarget, NoTarget, SmppTarget, Tls
from handsets.load.workers import workers as workers_of
from handsets.outcome import Exit
from handsets.place import Place
from handsets.tables import BadTable

app = typer.Typer(
    help="Load a gateway, or any SMSC or broker, and tell what became of every message.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_SMPP: Any = "127.0.0.1:2775"
_BROKER: Any = "127.0.0.1:1883"


@app.callback(invoke_without_command=True)
def load(
    context: typer.Context,
    profile: ProfileName = "realistic",
    smpp: Smpp = None,
    mqtt: Mqtt = None,
    account: AccountOption = "qa:qa",
    a2p_account: A2pOption = "a2p:a2p",
    sessions: Sessions = 4,
    window: Window = 100,
    tls: TlsOption = False,
    tls_ca: TlsCa = "",
    tls_insecure: TlsInsecure = False,
    connections: Connections = 4,
    switched_on: SwitchedOn = False,
    lasting: For = None,
    scale: Scale = 1.0,
    seed: Seed = None,
    phones: Phones = None,
    expect: Expect = None,
    report: Report = None,
    as_json: AsJson = False,
    metrics_url: MetricsUrl = None,
    workers: Workers = 0,
    group: Group = "load",
    agents: Agents = 0,
    broker: Coordinator = _BROKER,
) -> None:
    """Send a profile's messages and account for each.

    Example: handsets load --profile realistic --for 60 --expect 'p99<200ms' --report out.html
    """
    if context.invoked_subcommand is not None:
        return
    chosen = _profile(profile, lasting, scale, seed, phones, expect or [])
    if switched_on and mqtt is None:
        raise typer.BadParameter("--switched-on is for phones on a broker: say --mqtt HOST:PORT")
    if smpp is None and mqtt is None:
        smpp = arguments.place(_SMPP)
    names = _account(account, "--account"), _account(a2p_account, "--a2p-account")
    secured = Tls(tls_ca, tls_insecure) if tls or tls_ca or tls_insecure else None
    smsc = SmppTarget(smpp, *names, sessions, window, secured) if smpp else None
    job = Job(chosen, smsc, MqttTarget(mqtt, connections, switched_on) if mqtt else None)
    _check(job, report)
    url = _metrics_url(job) if metrics_url is None else metrics_url
    crew = Share(workers, agents, group, broker)
    raise typer.Exit(_run(job, crew, url, report, as_json))


@app.command()
def agent(
    group: Group = "load",
    broker: Coordinator = _BROKER,
    once: Once = False,
) -> None:
    """Wait for a conductor (handsets load --group NAME --agents N) and do its bidding.

    Example: handsets load agent --group night --broker 10.0.0.5:1883
    """
    try:
        run_fast(serve(broker, group, once, lambda line: typer.echo(line, err=True)))
    except NoTarget as trouble:
        typer.echo(f"handsets: {trouble}", err=True)
        raise typer.Exit(Exit.UNREACHABLE) from None


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(metavar="A.json", help="A run's --json.")],
    second: Annotated[Path, typer.Argument(metavar="B.json", help="Another one's.")],
) -> None:
    """Set two runs side by side.

    Example: handsets load compare before.json after.json
    """
    a, b = _result(first), _result(second)
    for line in lines.comparison(first.stem, a, second.stem, b):
        typer.echo(line)


def _profile(
    name: str,
    lasting: float | None,
    scale: float,
    seed: int | None,
    phones: int | None,
    expect: list[str],
) -> Profile:
    try:
        profile = load_profile(name)
    except BadTable as trouble:
        raise typer.BadParameter("\n".join(f"--profile {line}" for line in trouble.lines)) from None
    thresholds = tuple(_threshold(text) for text in expect)
    return msgspec.structs.replace(
        profile,
        curve=cut(profile.curve, lasting, scale),
        seed=profile.seed if seed is None else seed,
        people=msgspec.structs.replace(
            profile.people, numbers=profile.people.numbers if phones is None else phones
        ),
        expect=(*profile.expect, *thresholds),
    )


def _threshold(text: str) -> Threshold:
    found = parse_threshold(text)
    if found is None:
        raise typer.BadParameter(f'--expect "{text}" is no threshold; {FORM}')
    return found


def _account(text: str, option: str) -> Account:
    name, colon, password = text.partition(":")
    if not colon or not name:
        raise typer.BadParameter(f'{option} "{name}": write NAME:PASSWORD')
    if not text.isascii():
        raise typer.BadParameter(f"{option}: SMPP takes ASCII only")
    return Account(name, password)


def _metrics_url(job: Job) -> str:
    target = job.smpp or job.mqtt
    return f"http://{Place(target.place.host, 8080)}/metrics" if target else ""


def _check(job: Job, report: Path | None) -> None:
    without = kinds_without_a_way(job)
    if without:
        needs = "--smpp" if without == ["a2p"] else "--mqtt"
        raise typer.BadParameter(
            f"the profile has {' and '.join(without)}: say with {needs} HOST:PORT where these go,"
            " or take them out of its [mix]"
        )
    # Before the run, not after it.
    if report is not None and (trouble := write_text(report, "")):
        raise typer.BadParameter(f"--report {trouble}")


def _result(path: Path) -> result.Result:
    try:
        found = result.decode(path.read_bytes())
    except OSError as trouble:
        raise typer.BadParameter(f"{path}: cannot be read ({trouble.strerror})") from None
    if found is None:
        raise typer.BadParameter(f"{path} is no result; write one with handsets load --json")
    return found


class Share(Struct, frozen=True):
    """Who sends: this process alone, workers of its own, or agents that wait in a group."""

    workers: int
    agents: int
    group: str
    broker: Broker


async def _came(job: Job, share: Share, screen: Screen, url: str) -> Came:
    if share.workers:
        async with workers_of(share.workers) as (place, group):
            return await together(job, screen, url, place, group, share.workers)
    if share.agents:
        return await together(job, screen, url, share.broker, share.group, share.agents)
    return await alone(job, screen, url)


def _run(job: Job, share: Share, url: str, report: Path | None, as_json: bool) -> int:
    """Run, show, and give the exit code."""
    started = datetime.now().astimezone()
    console = Console(stderr=True)
    console.print(f"{job.profile.name}: {lines.announced(job.profile)}", highlight=False)
    try:
        with Screen(console) as screen:
            came = run_fast(_came(job, share, screen, url))
    except NoTarget as trouble:
        typer.echo(f"handsets: {trouble}", err=True)
        return Exit.UNREACHABLE
    found = result.judged(result_of(job, came, started), job.profile.expect)
    if as_json:
        typer.echo(result.encode(found).decode())
    else:
        for line in lines.table(found):
            typer.echo(line)
    if report is not None:
        trouble_writing = write_text(report, report_page(found))
        if trouble_writing:
            typer.echo(f"handsets: --report {trouble_writing}", err=True)
            return Exit.BAD_ARGUMENTS
    if came.interrupted:
        return Exit.INTERRUPTED
    return Exit.DONE if result.is_good(found) else Exit.UNMET
