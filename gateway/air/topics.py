"""MSISDN <-> MQTT topic: `handsets/{msisdn}/up/{kind}` and `handsets/{msisdn}/down/{kind}`.

The number in a topic is the E.164 form in digits only (a `+` would be a wildcard).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from msgspec import Struct

from gateway.core.numbers import BadNumber, Msisdn, mask_identities, parse_msisdn


class UpKind(Enum):
    """What a phone sends."""

    STATE = "state"
    SMS = "sms"
    ACK = "ack"
    CALL = "call"
    DATA = "data"
    USSD = "ussd"


class DownKind(Enum):
    """What a phone is sent."""

    RESULT = "result"
    SMS = "sms"
    CALL = "call"
    DATA = "data"
    USSD = "ussd"
    BARRING = "barring"


class BadTopic(Struct, frozen=True, gc=False):
    """Why a topic is none of the contract: the topic (identities masked) and the way out.

    `msisdn` is the phone, where the topic names one, so that it can be told.
    """

    topic: str
    why: str
    msisdn: Msisdn | None = None


UP_FILTER = "handsets/+/up/#"
"""The subscription that brings everything that phones send."""

DOWN_FILTER = "handsets/+/down/#"
"""The subscription that brings everything that is for any phone."""

# Longer than any topic of the contract: what is beyond it is not repeated in a log line.
_SHOWN = 80
_UP_KINDS = {kind.value: kind for kind in UpKind}
_DOWN_KINDS = {kind.value: kind for kind in DownKind}
_DOWN_ENDS = {kind: f"/down/{kind.value}" for kind in DownKind}


def up_topic(msisdn: Msisdn, kind: UpKind) -> str:
    """Name the topic that a phone publishes frames of this kind on."""
    return f"handsets/{msisdn}/up/{kind.value}"


def down_topic(msisdn: Msisdn, kind: DownKind) -> str:
    """Name the topic that a phone gets frames of this kind on."""
    return "handsets/" + msisdn + _DOWN_ENDS[kind]


def down_filter(msisdn: Msisdn) -> str:
    """Name the subscription that brings a phone everything that is sent to it."""
    return f"handsets/{msisdn}/down/#"


def parse_up(topic: str) -> tuple[Msisdn, UpKind] | BadTopic:
    """Read a topic that phones publish on."""
    parsed = _parse(topic, "up")
    if isinstance(parsed, BadTopic):
        return parsed
    msisdn, name = parsed
    kind = _UP_KINDS.get(name)
    if kind is None:
        return _unknown_kind(topic, msisdn, "up", _UP_KINDS)
    return msisdn, kind


def parse_down(topic: str) -> tuple[Msisdn, DownKind] | BadTopic:
    """Read a topic that phones are subscribed to."""
    parsed = _parse(topic, "down")
    if isinstance(parsed, BadTopic):
        return parsed
    msisdn, name = parsed
    kind = _DOWN_KINDS.get(name)
    if kind is None:
        return _unknown_kind(topic, msisdn, "down", _DOWN_KINDS)
    return msisdn, kind


def _parse(topic: str, way: str) -> tuple[Msisdn, str] | BadTopic:
    parts = topic.split("/", 3)
    if len(parts) != 4 or parts[0] != "handsets" or parts[2] != way:
        return BadTopic(_shown(topic), f"use handsets/MSISDN/{way}/KIND")
    number = parts[1]
    msisdn = parse_msisdn(number)
    if isinstance(msisdn, BadNumber):
        return BadTopic(_shown(topic), f"its number is none: {msisdn.remedy}")
    if msisdn != number:
        return BadTopic(
            _shown(topic), f"write the number in digits with its country code: handsets/{msisdn}/"
        )
    return msisdn, parts[3]


def _unknown_kind(topic: str, msisdn: Msisdn, way: str, kinds: Iterable[str]) -> BadTopic:
    return BadTopic(
        _shown(topic),
        f"there is no such kind; use handsets/{msisdn}/{way}/ with one of {', '.join(kinds)}",
        msisdn,
    )


def _shown(topic: str) -> str:
    return mask_identities(topic[:_SHOWN])
