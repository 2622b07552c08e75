"""What this SMSC does of SMPP 3.4, line by line: the PICS, from pics.toml and the code itself.

A protocol implementation conformance statement says of every PDU, field, TLV, command_status,
timer and coded value whether it is there, or why it is not.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from gateway.config import SmppConfig
from gateway.smpp.codes import CommandStatus, TlvTag
from gateway.smpp.fields import LAYOUTS, TLV_RULES

_FILE: Final = Path(__file__).with_name("pics.toml")
CLAIM: Final = re.compile(r"-|yes(: \S.*)?|no: \S.*").fullmatch
"""A claim is "yes", "yes: what", "no: why", or "-" where the specification has no such thing."""


class PduLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A PDU: from an ESME, and to one."""

    name: str
    section: str
    received: str
    sent: str


class FieldLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mandatory field."""

    name: str
    done: str


class TlvLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An optional parameter: from an ESME, and to one."""

    name: str
    section: str
    received: str
    sent: str


class StatusLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command_status that the SMSC may answer with."""

    name: str
    sent: str


class TimerLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A timer, and its key in [smpp]."""

    name: str
    section: str
    key: str
    done: str


class ValueLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value of a coded field."""

    value: int
    name: str
    done: str


class Pics(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole statement."""

    pdus: tuple[PduLine, ...]
    fields: tuple[FieldLine, ...]
    tlvs: tuple[TlvLine, ...]
    statuses: tuple[StatusLine, ...]
    timers: tuple[TimerLine, ...]
    registered_delivery: tuple[ValueLine, ...]
    esm_class: tuple[ValueLine, ...]
    data_coding: tuple[ValueLine, ...]
    message_state: tuple[ValueLine, ...]


@cache
def pics() -> Pics:
    """Read the statement."""
    return msgspec.toml.decode(_FILE.read_bytes(), type=Pics)


def markdown() -> str:
    """Write the statement as the README's tables."""
    said = pics()
    coded = (
        ("registered_delivery", said.registered_delivery),
        ("esm_class", said.esm_class),
        ("data_coding", said.data_coding),
        ("message_state", said.message_state),
    )
    parts = [
        _pdus(said.pdus),
        _fields(said.fields),
        _tlvs(said.tlvs),
        _statuses(said.statuses),
        _timers(said.timers),
        *(_values(name, values) for name, values in coded),
    ]
    return "\n\n".join(parts) + "\n"


def _pdus(said: tuple[PduLine, ...]) -> str:
    return _table(
        ("PDU", "command_id", "SMPP 3.4", "from an ESME", "to an ESME"),
        [
            (f"`{one.name}`", _command_id(one.name), one.section, one.received, one.sent)
            for one in said
        ],
    )


def _fields(said: tuple[FieldLine, ...]) -> str:
    return _table(
        ("mandatory field", "octets", "does not fit", "what is done"),
        [(f"`{one.name}`", *_fit(one.name), one.done) for one in said],
    )


def _tlvs(said: tuple[TlvLine, ...]) -> str:
    return _table(
        ("TLV", "tag", "octets", "SMPP 3.4", "from an ESME", "to an ESME"),
        [(f"`{one.name}`", *_rule(one.name), one.section, one.received, one.sent) for one in said],
    )


def _statuses(said: tuple[StatusLine, ...]) -> str:
    return _table(
        ("command_status", "value", "sent by itself"),
        [(f"`{one.name}`", f"0x{CommandStatus[one.name]:02X}", one.sent) for one in said],
    )


def _timers(said: tuple[TimerLine, ...]) -> str:
    return _table(
        ("timer", "SMPP 3.4", "`[smpp]` key", "default", "when it runs out"),
        [(one.name, one.section, f"`{one.key}`", _default(one.key), one.done) for one in said],
    )


def _values(name: str, said: tuple[ValueLine, ...]) -> str:
    return _table(
        (f"`{name}`", "meaning", "done"),
        [(f"0x{one.value:02X}", one.name, one.done) for one in said],
    )


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _command_id(name: str) -> str:
    (found,) = (
        id_ for id_, layout in LAYOUTS.items() if layout.pdu.command_id.name == name.upper()
    )
    return f"0x{found:08X}"


def _fit(name: str) -> tuple[str, str]:
    """Give a field's octets, and the statuses that answer a value that does not fit."""
    found = {
        (field.size, field.status.name)
        for layout in LAYOUTS.values()
        for field in layout.fields
        if field.name == name
    }
    sizes = " or ".join(str(size) for size in sorted({size for size, _ in found}))
    return sizes, ", ".join(sorted({status for _, status in found}))


def _rule(name: str) -> tuple[str, str]:
    tag = TlvTag[name.upper()]
    rule = TLV_RULES[tag]
    size = str(rule.most) if rule.least == rule.most else f"{rule.least} to {rule.most}"
    return f"0x{tag:04X}", size


def _default(key: str) -> str:
    seconds: float = getattr(SmppConfig(), key)
    return f"{seconds:g} s" if seconds else "off"
