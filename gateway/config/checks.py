"""What a configuration's values must keep to beyond their types, one by one and together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gateway.config.network_checks import check_network
from gateway.config.notes import YEARS, Notes, is_short_code
from gateway.config.places import Path
from gateway.config.values import BrokerKind, Config

# SMPP 3.4 section 5.2: C-octet strings of at most 16 and 9 octets, the closing NUL included.
SYSTEM_ID_MOST = 15
PASSWORD_MOST = 8
_PORT_MOST = 65_535
# A PDU with a text of 254 octets and long addresses fits in.
_PDU_LEAST = 512
_PDU_MOST = 16_777_216
SPEED_MOST = 1_000_000.0


def check(config: Config, notes: Notes, rank: Callable[[Path], int]) -> None:
    """Report everything that the types let pass; `rank` says how much a user meant a value."""
    _check_clock(config, notes)
    _check_places(config, notes)
    _check_listeners(config, notes, rank)
    _check_smpp(config, notes)
    _check_accounts(config, notes)
    check_network(config, notes, rank)


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


def _check_places(config: Config, notes: Notes) -> None:
    """Check hosts, ports and the rest of where things are."""
    if not config.store.path:
        notes.note(
            ("store", "path"), "is empty", 'write a file name, or ":memory:" to keep nothing'
        )
    for section in ("smpp", "mqtt", "http"):
        place = getattr(config, section)
        if not place.host.strip():
            notes.note(
                (section, "host"), "is empty", 'write host = "127.0.0.1", or "0.0.0.0" for all'
            )
        if not 0 <= place.port <= _PORT_MOST:
            notes.note(
                (section, "port"),
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


def _check_listeners(config: Config, notes: Notes, rank: Callable[[Path], int]) -> None:
    sections = ["smpp", "http"]
    if config.mqtt.broker is BrokerKind.EMBEDDED:
        sections.insert(1, "mqtt")
    ports: dict[int, str] = {}
    # Those that a user meant least come first, so that the blame falls on what was written.
    for section in sorted(sections, key=lambda name: rank((name, "port"))):
        path = (section, "port")
        port = getattr(config, section).port
        if not 0 < port <= _PORT_MOST or not notes.sound(path):
            continue
        other = ports.setdefault(port, section)
        if other != section and _same_host(config, section, other):
            notes.note(
                path,
                f"is {port}, which is [{other}]'s port too",
                "give each its own, or 0 for any free one",
            )


def _same_host(config: Config, *sections: str) -> bool:
    hosts = {
        getattr(config, section).host.replace("localhost", "127.0.0.1") for section in sections
    }
    return len(hosts) == 1 or not hosts.isdisjoint({"0.0.0.0", "::"})


def _check_smpp(config: Config, notes: Notes) -> None:
    smpp = config.smpp
    _check_octets(notes, ("smpp", "system_id"), smpp.system_id, SYSTEM_ID_MOST)
    for name in (
        "session_init_timeout",
        "enquire_link_interval",
        "inactivity_timeout",
        "response_timeout",
    ):
        seconds = getattr(smpp, name)
        if seconds < 0:
            notes.note(
                ("smpp", name), f"is {seconds:g}", "write seconds, or 0 to switch the timer off"
            )
    if smpp.window < 1:
        notes.note(
            ("smpp", "window"), f"is {smpp.window}", "write how many may be unanswered, 1 or more"
        )
    if not _PDU_LEAST <= smpp.max_pdu <= _PDU_MOST:
        notes.note(
            ("smpp", "max_pdu"), f"is {smpp.max_pdu}", f"write {_PDU_LEAST} to {_PDU_MOST} octets"
        )


def _check_octets(notes: Notes, path: Path, text: str, most: int, secret: bool = False) -> None:
    """Check what goes into a C-octet string of SMPP."""
    remedy = f"write 1 to {most} ASCII characters (SMPP 3.4 section 5.2)"
    shown = "" if secret else f' ("{text[:40]}")'
    if len(text) > most:
        notes.note(path, f"has {len(text)} characters{shown}, too many", remedy)
    elif not (text.isascii() and text.isprintable()):
        notes.note(path, f"has characters that are not ASCII{shown}", remedy)
    elif not text and not secret:
        notes.note(path, "is empty", remedy)


def _check_accounts(config: Config, notes: Notes) -> None:
    rows: dict[str, int] = {}
    for index, account in enumerate(config.smpp.accounts):
        path: Path = ("smpp", "accounts", index)
        _check_octets(notes, (*path, "system_id"), account.system_id, SYSTEM_ID_MOST)
        _check_octets(notes, (*path, "password"), account.password, PASSWORD_MOST, secret=True)
        first = rows.setdefault(account.system_id, index)
        if first != index and account.system_id:
            notes.note(
                (*path, "system_id"),
                f'is "{account.system_id}", as that of account no. {first + 1}',
                "give each account its own system_id",
            )
        for code in account.serves:
            if not is_short_code(code):
                notes.note(
                    (*path, "serves"),
                    f'holds "{code}", no short code',
                    "write 2 to 6 digits without a leading zero",
                )
        if account.counts_only and (account.speaks_for_handsets or account.serves):
            notes.note(
                (*path, "counts_only"),
                "is true, so nothing that the account sends goes anywhere",
                "drop it, or drop speaks_for_handsets and serves",
            )
