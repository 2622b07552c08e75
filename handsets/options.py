"""The options and arguments that the commands share, as Typer reads them."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from gateway.air.frames import DataUpAction
from gateway.core.numbers import Msisdn
from handsets import arguments
from handsets.broker import Broker
from handsets.place import Place

_LONGEST = 86_400.0

Sender = Annotated[
    Msisdn,
    typer.Option(
        "--from",
        parser=arguments.msisdn,
        metavar="MSISDN",
        help="The phone's number: 08.., 62.. or +62..",
    ),
]
# An Address; Typer takes no union types, and shows the names of others in the help.
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
    Broker,
    typer.Option(
        "--mqtt",
        parser=arguments.broker,
        metavar="HOST:PORT",
        envvar="HANDSETS_MQTT",
        help=f"The gateway's MQTT broker: {arguments.BROKER}.",
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
BROKER: Any = "127.0.0.1:1883"


class Until(StrEnum):
    """How far `handsets call` follows a call."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


Number = Annotated[
    Any,
    typer.Argument(
        parser=arguments.msisdn,
        metavar="MSISDN",
        help="The phone's number: 08.., 62.. or +62..",
    ),
]
Text = Annotated[str, typer.Argument(metavar="TEXT", help="The message.")]
NoReply = Annotated[bool, typer.Option("--no-reply", help="Do not wait for the reply SMS.")]
Smpp = Annotated[
    Place | None,
    typer.Option(
        parser=arguments.place,
        metavar="HOST:PORT",
        help="Send as an ESME at this SMSC instead of as a phone over MQTT.",
    ),
]
SystemId = Annotated[str, typer.Option(metavar="NAME", help="With --smpp: the account.")]
Password = Annotated[str, typer.Option(metavar="WORD", help="With --smpp: its password.")]
HowFar = Annotated[Until, typer.Option(help="How far to follow the call.")]
HangUpAfter = Annotated[
    float | None,
    typer.Option(min=0.0, max=_LONGEST, metavar="SECONDS", help="Hang up so many seconds later."),
]
UssdCode = Annotated[
    str,
    typer.Argument(parser=arguments.ussd_code, metavar="CODE", help='As it is typed: "*444#".'),
]
Action = Annotated[DataUpAction, typer.Argument(help="open or close.")]
StayFor = Annotated[
    float,
    typer.Option(
        min=0.0,
        max=_LONGEST,
        metavar="SECONDS",
        help="Keep the session open so long, unless the network closes it.",
    ),
]
