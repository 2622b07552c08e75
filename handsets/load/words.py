"""What a conductor and its agents say to each other over the broker: values and their octets. Pure.

Agents speak on `load/GROUP/agents/NAME`, the conductor on `load/GROUP/orders`. Octets are JSON,
compressed: a second's latencies must fit what small brokers take (20 KiB).
"""

from __future__ import annotations

import zlib
from typing import Final

import msgspec
from msgspec import Struct

from handsets.load.job import Job
from handsets.load.tally import Tally

PAYLOAD_MOST: Final = 20_000
"""Octets that the gateway's own broker takes."""


class Call(Struct, frozen=True, tag=True):
    """To all: who is there and free?"""


class Prepare(Struct, frozen=True, tag=True):
    """To one agent: connect, and be ready for this job."""

    name: str
    job: Job


class Begin(Struct, frozen=True, tag=True):
    """To all who are ready: send."""


class Stop(Struct, frozen=True, tag=True):
    """To all: send no more, and finish."""


Order = Call | Prepare | Begin | Stop


class Hello(Struct, frozen=True, tag=True):
    """An agent is there and free."""

    name: str


class Ready(Struct, frozen=True, tag=True):
    """It is connected to its target."""

    name: str


class Told(Struct, frozen=True, tag=True):
    """What it counted in a second."""

    name: str
    tally: Tally


class Finished(Struct, frozen=True, tag=True):
    """It has told everything."""

    name: str


class Failed(Struct, frozen=True, tag=True):
    """It could not connect, or its connection to the broker broke (its last will)."""

    name: str
    why: str


Report = Hello | Ready | Told | Finished | Failed

_ORDER: Final[msgspec.json.Decoder[Order]] = msgspec.json.Decoder(Order)
_REPORT: Final[msgspec.json.Decoder[Report]] = msgspec.json.Decoder(Report)


def orders_topic(group: str) -> str:
    """Name where the conductor of a group speaks."""
    return f"load/{group}/orders"


def agent_topic(group: str, name: str) -> str:
    """Name where an agent speaks; "+" for all of them."""
    return f"load/{group}/agents/{name}"


def encode(word: Order | Report) -> bytes:
    """Write an order or a report."""
    return zlib.compress(msgspec.json.encode(word))


def decode_order(payload: bytes) -> Order | None:
    """Read an order; None for anything else, which is not for us."""
    try:
        return _ORDER.decode(zlib.decompress(payload))
    except (zlib.error, msgspec.DecodeError):
        return None


def decode_report(payload: bytes) -> Report | None:
    """Read a report; None for anything else."""
    try:
        return _REPORT.decode(zlib.decompress(payload))
    except (zlib.error, msgspec.DecodeError):
        return None
