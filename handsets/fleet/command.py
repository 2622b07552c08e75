"""`handsets fleet` and its options."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Annotated, Any

import msgspec
import typer
from msgspec.structs import replace
from rich.console import Console
from rich.live import Live
from rich.text import Text

from gateway.descriptors import raise_limit
from handsets.broker import START_OR_NAME, BadCertificates, way_out
from handsets.fleet import lines
from handsets.fleet.files import SCENARIOS, load_scenario
from handsets.fleet.play import Manner, NobodyOn, Progress, play
from handsets.fleet.result import FleetResult
from handsets.fleet.scenario import PHONES_MOST, Scenario
from handsets.options import BROKER, Mqtt
from handsets.outcome import Exit
from handsets.tables import BadTable

_PLAIN_EVERY_S = 5.0
# After all should have come on.
_SLOW_S = 15.0
_DAY = 86_400.0

ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help=f"A TOML file, or {', '.join(SCENARIOS)}.")
]
Phones = Annotated[
    int | None,
    typer.Option(min=1, max=PHONES_MOST, metavar="N", help="In place of the scenario's."),
]
Arrival = Annotated[
    float | None,
    typer.Option(min=0, max=_DAY, metavar="SECONDS", help="In place of the scenario's."),
]
Seed = Annotated[int | None, typer.Option(min=0, metavar="N", help="In place of the scenario's.")]
Shared = Annotated[
    int,
    typer.Option(
        min=0,
        max=10_000,
        metavar="N",
        help="Share N connections (no last will for each phone); 0: a connection each.",
    ),
]
First = Annotated[
    int,
    typer.Option(min=0, max=10**7, metavar="N", help="Skip N numbers: those of an earlier run."),
]
Qos = Annotated[int, typer.Option(min=0, max=1, metavar="0|1", help="Of the phones' frames.")]
Keepalive = Annotated[
    int, typer.Option(min=5, max=65_535, metavar="SECONDS", help="MQTT's keep alive.")
]
Timeout = Annotated[
    float, typer.Option(min=1, max=_DAY, metavar="SECONDS", help="When to give up.")
]
Stay = Annotated[
    float, typer.Option(min=0, max=_DAY, metavar="SECONDS", help="Stay on afterwards.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def fleet(
    scenario: ScenarioName = "registration",
    mqtt: Mqtt = BROKER,
    phones: Phones = None,
    arrival: Arrival = None,
    seed: Seed = None,
    shared: Shared = 0,
    first: First = 0,
    qos: Qos = 0,
    keepalive: Keepalive = 240,
    timeout: Timeout = 600.0,
    stay: Stay = 0.0,
    as_json: AsJson = False,
) -> None:
    """Let a scenario's phones live; exit code 5 if one did not see what it should.

    Example: handsets fleet registration --phones 1000
    """
    told = Console(stderr=True)
    changes: dict[str, Any] = {"phones": phones, "arrival": arrival, "seed": seed}
    played = _read(scenario, {key: value for key, value in changes.items() if value is not None})
    _see_room(shared or played.phones)
    manner = Manner(mqtt, shared, qos, keepalive, timeout, stay, first)
    try:
        result = asyncio.run(_shown(played, manner, told))
    except (NobodyOn, BadCertificates) as trouble:
        why = str(trouble)
        hint = f"; {way_out(why, START_OR_NAME)}" if isinstance(trouble, NobodyOn) else ""
        typer.echo(f"handsets: {why}{hint}", err=True)
        raise typer.Exit(Exit.UNREACHABLE) from None
    _tell(result, as_json)
    raise typer.Exit(Exit.UNMET if result.failed else Exit.DONE)


def _read(name: str, changes: dict[str, Any]) -> Scenario:
    try:
        return replace(load_scenario(name), **changes)
    except BadTable as trouble:
        for line in trouble.lines:
            typer.echo(f"handsets: {line}", err=True)
        raise typer.Exit(Exit.BAD_ARGUMENTS) from None


def _see_room(connections: int) -> None:
    """Refuse more connections than the system lets this process have."""
    room = raise_limit()
    if connections > room:
        raise typer.BadParameter(
            f"{connections:,} connections need more open files than the limit: {room:,} fit; "
            f"raise it (ulimit -Hn {connections + 100} as root, or LimitNOFILE), "
            f"or give --shared or fewer --phones"
        )


async def _shown(scenario: Scenario, manner: Manner, told: Console) -> FleetResult:
    said, hint_at = 0.0, scenario.arrival + _SLOW_S
    with contextlib.ExitStack() as stack:
        live = None
        if told.is_terminal:
            live = stack.enter_context(Live(console=told, transient=True))

        def show(now: Progress) -> None:
            nonlocal said, hint_at
            if now.seconds >= hint_at and (hint := lines.slow(now, shared=bool(manner.shared))):
                hint_at = float("inf")
                told.print(hint, highlight=False, soft_wrap=True)
            if live is not None:
                live.update(Text(lines.progress(now)))
            elif now.seconds >= said + _PLAIN_EVERY_S:
                said = now.seconds
                typer.echo(lines.progress(now), err=True)

        return await play(scenario, manner, show)


def _tell(result: FleetResult, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(result).decode())
        return
    Console(width=100).print(lines.table(result))
    for line in lines.summary(result):
        typer.echo(line)
