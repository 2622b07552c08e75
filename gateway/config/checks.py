"""What a configuration's values must keep to beyond their types, one by one and together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from typing import NamedTuple

from gateway.config.campaigns import check_campaigns
from gateway.config.fault_checks import check_faulting, check_faults
from gateway.config.fault_profiles import profile_rows
from gateway.config.network_checks import check_network
from gateway.config.notes import YEARS, Notes
from gateway.config.outlets import check_outlets
from gateway.config.places import Path
from gateway.config.retention import check_retention
from gateway.config.short_codes import check_short_codes
from gateway.config.smpp_checks import PORT_MOST, check_smpp
from gateway.config.smpp_values import TlsConfig
from gateway.config.telemetry import check_telemetry
from gateway.config.tls import WrongFile, client_context
from gateway.config.values import BrokerKind, Config, MqttConfig
from gateway.config.webhooks import check_webhooks

SPEED_MOST = 1_000_000.0

# Characters of a token that nobody guesses.
_TOKEN_LEAST = 16


def check(config: Config, notes: Notes, rank: Callable[[Path], int]) -> None:
    """Report everything that the types let pass; `rank` says how much a user meant a value."""
    _check_clock(config, notes)
    _check_places(config, notes)
    _check_tokens(config, notes)
    _check_listeners(config, notes, rank)
    _check_report(config, notes)
    check_outlets(config.outlets, notes)
    check_retention(config.retention, notes)
    check_telemetry(config.telemetry, notes)
    check_smpp(config, notes)
    check_network(config, notes, rank)
    check_faulting(config.faulting, notes)
    accounts = config.account_names()
    check_campaigns(config.campaigns, tuple(config.operators), notes)
    check_webhooks(config.webhooks, notes)
    check_short_codes(config.short_codes, config.registration.code, accounts, notes)
    taken = {row.name for row in profile_rows(config.faulting.profiles)}
    check_faults(config.faults, ("faults",), notes, accounts, taken)


def _check_clock(config: Config, notes: Notes) -> None:
    path = ("clock", "now")
    example = 'write now = "2018-02-26T08:00:00+07:00"'
    if notes.sound(path):
        written = config.clock.now
        try:
            now = datetime.fromisoformat(written)
        except ValueError:
            notes.note(path, f'is "{written}", no ISO 8601 date and time', example)
        else:
            if now.tzinfo is None:
                notes.note(path, f'is "{written}", without an offset from UTC', example)
            elif now.year not in YEARS:
                notes.note(path, f"is in the year {now.year}", "write a year from 2000 to 2099")
    speed = config.clock.speed
    if not 0 <= speed <= SPEED_MOST:
        notes.note(
            ("clock", "speed"),
            f"is {speed:g}, no speed",
            "write 1.0 for real time, 86400.0 for a day a second, 0.0 to stand still",
        )


def _check_report(config: Config, notes: Notes) -> None:
    smallest = config.report.smallest_cell
    if smallest < 1:
        notes.note(("report", "smallest_cell"), f"is {smallest}", "write 1 to hide nothing, or 5")


class Place(NamedTuple):
    """A host and port of the configuration."""

    path: Path
    label: str
    host: str
    port: int


def _places(config: Config) -> list[Place]:
    """List all that a user names, in the order in which they stand in config.toml."""
    smpp, mqtt, http = config.smpp, config.mqtt, config.http
    return [
        Place(("smpp",), "[smpp]", smpp.host, smpp.port),
        *_tls_place(("smpp", "tls"), "[smpp.tls]", smpp.tls),
        *(
            place
            for index, row in enumerate(config.smsc)
            for place in (
                Place(("smsc", index), f'[[smsc]] "{row.name}"', row.host, row.port),
                *_tls_place(("smsc", index, "tls"), f'[[smsc]] "{row.name}" tls', row.tls),
            )
        ),
        Place(("mqtt",), "[mqtt]", mqtt.host, mqtt.port),
        Place(("http",), "[http]", http.host, http.port),
    ]


def _tls_place(path: Path, label: str, tls: TlsConfig) -> list[Place]:
    """Give the place of a TLS listener, if there is one."""
    return [Place(path, label, tls.host, tls.port)] if tls.certificate else []


def _check_places(config: Config, notes: Notes) -> None:
    """Check hosts, ports and the rest of where things are."""
    if not config.store.path:
        notes.note(
            ("store", "path"), "is empty", 'write a file name, or ":memory:" to keep nothing'
        )
    for place in _places(config):
        if not place.host.strip():
            notes.note(
                (*place.path, "host"),
                "is empty",
                'write host = "127.0.0.1", or "0.0.0.0" for all',
            )
        if not 0 <= place.port <= PORT_MOST:
            notes.note(
                (*place.path, "port"),
                f"is {place.port}, no port number",
                "write 1 to 65535, or 0 for any free one",
            )
    mqtt = config.mqtt
    if mqtt.broker is BrokerKind.EXTERNAL and mqtt.port == 0:
        notes.note(
            ("mqtt", "port"),
            "is 0, but an external broker has a port of its own",
            "write the broker's port, usually 1883",
        )
    if mqtt.qos not in (0, 1):
        notes.note(("mqtt", "qos"), f"is {mqtt.qos}", "write 0 or 1")
    _check_broker_tls(mqtt, notes)


def _check_broker_tls(mqtt: MqttConfig, notes: Notes) -> None:
    tls, path = mqtt.tls, ("mqtt", "tls")
    if not tls.enabled:
        if tls.ca or tls.certificate or tls.key or tls.insecure:
            notes.note((*path, "enabled"), "is false, so there is no TLS", "write enabled = true")
        return
    if mqtt.broker is not BrokerKind.EXTERNAL:
        notes.note(
            (*path, "enabled"),
            "is true, but only an external broker can speak TLS",
            'write broker = "external" into [mqtt], or enabled = false',
        )
        return
    if tls.key and not tls.certificate:
        notes.note(
            (*path, "certificate"), "is empty, but there is a key", "write its certificate's file"
        )
    try:
        client_context(tls)
    except WrongFile as wrong:
        notes.note((*path, wrong.key), wrong.what, wrong.remedy)


def _check_tokens(config: Config, notes: Notes) -> None:
    http = config.http
    for name in ("read_token", "act_token"):
        token = getattr(http, name)
        if token and (len(token) < _TOKEN_LEAST or not token.isascii() or not token.isprintable()):
            notes.note(
                ("http", name),
                f"is no token of {_TOKEN_LEAST} plain characters or more",
                "make one: python3 -c 'import secrets; print(secrets.token_urlsafe())'",
            )
    if http.read_token and http.read_token == http.act_token:
        notes.note(("http", "read_token"), "is act_token too", "give each its own")
    if not (http.read_token or http.act_token or _is_loopback(http.host)):
        notes.note(
            ("http", "host"),
            f"is {http.host}, where others may act too",
            'write act_token (and read_token), or host = "127.0.0.1"',
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        # Empty is noted elsewhere.
        return host.strip() in ("localhost", "")


def _check_listeners(config: Config, notes: Notes, rank: Callable[[Path], int]) -> None:
    own = [place for place in _places(config) if place.path != ("mqtt",) or _embedded(config)]
    ports: dict[int, Place] = {}
    # Those that a user meant least come first, so that the blame falls on what was written.
    for place in sorted(own, key=lambda place: rank((*place.path, "port"))):
        path = (*place.path, "port")
        if not 0 < place.port <= PORT_MOST or not notes.sound(path):
            continue
        other = ports.setdefault(place.port, place)
        if other is not place and _same_host(place.host, other.host):
            notes.note(
                path,
                f"is {place.port}, which is {other.label}'s port too",
                "give each its own, or 0 for any free one",
            )


def _embedded(config: Config) -> bool:
    return config.mqtt.broker is BrokerKind.EMBEDDED


def _same_host(*names: str) -> bool:
    hosts = {name.replace("localhost", "127.0.0.1") for name in names}
    return len(hosts) == 1 or not hosts.isdisjoint({"0.0.0.0", "::"})
