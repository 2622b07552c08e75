"""The options of `handsets load`, as Typer reads them."""

from pathlib import Path
from typing import Annotated

import typer

from handsets import arguments
from handsets.broker import Broker
from handsets.load.files import PROFILES
from handsets.place import Place

_MOST = 10_000

ProfileName = Annotated[
    str,
    typer.Option("--profile", metavar="NAME|FILE", help=f"{', '.join(PROFILES)}, or a TOML file."),
]
Smpp = Annotated[
    Place | None,
    typer.Option(parser=arguments.place, metavar="HOST:PORT", help="The SMSC to load (SMPP)."),
]
Mqtt = Annotated[
    Broker | None,
    typer.Option(
        parser=arguments.broker,
        metavar="HOST:PORT",
        help="The broker of the phones: registrations go over MQTT, and calls and data;"
        f" {arguments.BROKER}.",
    ),
]
AccountOption = Annotated[
    str, typer.Option(metavar="NAME:PASSWORD", help="Who speaks for phones at the SMSC (role A).")
]
A2pOption = Annotated[
    str, typer.Option(metavar="NAME:PASSWORD", help="Who sends A2P messages at the SMSC.")
]
Sessions = Annotated[int, typer.Option(min=1, max=_MOST, help="SMPP sessions of an account.")]
Window = Annotated[
    int, typer.Option(min=1, max=1_000_000, help="Unanswered requests of a session, at most.")
]
TlsOption = Annotated[bool, typer.Option("--tls", help="SMPP over TLS.")]
TlsCa = Annotated[str, typer.Option(metavar="PEM", help="Who signed the SMSC's certificate.")]
TlsInsecure = Annotated[
    bool, typer.Option("--tls-insecure", help="Take any certificate of the SMSC.")
]
Connections = Annotated[
    int,
    typer.Option(
        min=0, max=_MOST, help="MQTT connections that carry all phones; 0: one for each phone."
    ),
]
SwitchedOn = Annotated[
    bool,
    typer.Option(
        "--switched-on",
        help="Switch all --phones on before the run, not each with its first message.",
    ),
]
Phones = Annotated[int | None, typer.Option(min=1, max=10**8, help="How many numbers take part.")]
For = Annotated[
    float | None,
    typer.Option("--for", min=0.1, metavar="SECONDS", help="End the profile's curve so early."),
]
Scale = Annotated[
    float, typer.Option(min=0.0001, max=10_000.0, metavar="TIMES", help="Multiply its rates.")
]
Seed = Annotated[int | None, typer.Option(min=0, help="Another seed than the profile's.")]
Expect = Annotated[
    list[str] | None,
    typer.Option(metavar="THRESHOLD", help="p99<200ms, errors<1%, ...; repeatable. Else exit 5."),
]
Report = Annotated[Path | None, typer.Option(metavar="FILE", help="Write an HTML report.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
MetricsUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help='The target\'s Prometheus metrics; "" for none. Default: port 8080 of its host.',
    ),
]
Workers = Annotated[
    int, typer.Option(min=0, max=256, help="Share the load among so many processes here.")
]
Agents = Annotated[
    int, typer.Option(min=0, max=256, help="Share it among so many agents of the --group.")
]
Group = Annotated[
    str, typer.Option(parser=arguments.group, metavar="NAME", help="The agents to conduct.")
]
Coordinator = Annotated[
    Broker,
    typer.Option(
        "--broker",
        parser=arguments.broker,
        metavar="HOST:PORT",
        help=f"The MQTT broker over which conductor and agents meet: {arguments.BROKER}.",
    ),
]
Once = Annotated[bool, typer.Option("--once", help="End after one run.")]
