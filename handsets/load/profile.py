"""A load profile: what is sent, when, by whom, and when it is enough; read from TOML. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from gateway.core.registration.profiles import DEFAULT_PROFILES
from handsets.load.curve import Closed, Curve, Piece, Rates, Replay, burst
from handsets.load.expect import FORM, Threshold, parse_threshold
from handsets.load.reading import Reader, Table

_DAY = 86_400.0
_RATE_MOST = 1e6
OPERATORS = tuple(profile.name for profile in DEFAULT_PROFILES)
KINDS = ("registration", "a2p", "call", "data")
FAILURES = ("kk_wrong", "nik_unknown", "format", "over_limit")
CURVES = ("constant", "ramp", "burst", "replay", "closed")


class Abort(Struct, frozen=True, gc=False):
    """End the run when this holds over the last so many seconds."""

    when: Threshold
    seconds: int


class Registrations(Struct, frozen=True, gc=False):
    """Registrations: `failing` and `duplicates` are shares, `again_after` is in seconds."""

    to: str = "4444"
    failing: float = 0.2
    old_numbers: float = 0.5
    duplicates: float = 0.0
    again_after: tuple[float, float] = (60.0, 600.0)
    failures: dict[str, float] = field(default_factory=dict)


class A2p(Struct, frozen=True, gc=False):
    """Messages of an application to numbers."""

    source: str = "INFO"
    text: str = "Test message"
    receipts: bool = True


class People(Struct, frozen=True, gc=False):
    """Whose numbers and identities: the civil registry's seed and size, how many numbers."""

    seed: int = 4444
    population: int = 10**8
    numbers: int = 1_000_000


class Profile(Struct, frozen=True):
    """What `handsets load` does."""

    name: str
    curve: Curve
    about: str = ""
    seed: int = 2018
    poisson: bool = True
    patience: float = 30.0
    mix: dict[str, float] = field(default_factory=dict)
    operators: dict[str, float] = field(default_factory=dict)
    registrations: Registrations = Registrations()
    a2p: A2p = A2p()
    people: People = People()
    expect: tuple[Threshold, ...] = ()
    abort: tuple[Abort, ...] = ()


ReadMoments = Callable[[str, str], tuple[float, ...] | str]
"""Gives the moments of a CSV file's column, in seconds from the first, or what is wrong."""


def read_profile(table: Table, name: str, moments: ReadMoments) -> Profile | list[str]:
    """Read a profile; a list of everything that is wrong with it, each with its remedy."""
    reader = Reader(table, "", [])
    profile = Profile(
        name=name,
        about=reader.text("about", ""),
        seed=reader.whole("seed", 2018),
        poisson=reader.word("arrivals", "poisson", ("poisson", "even")) == "poisson",
        patience=reader.number("patience", 30.0, 0.1, _DAY, "seconds"),
        curve=_curve(reader, moments),
        mix=reader.weights("mix", {"registration": 1.0, "a2p": 0.0, "call": 0.0, "data": 0.0}),
        operators=reader.weights("operators", dict.fromkeys(OPERATORS, 1.0)),
        registrations=_registrations(reader.table("registrations")),
        a2p=_a2p(reader.table("a2p")),
        people=_people(reader.table("people")),
        expect=_expect(reader),
        abort=tuple(_abort(one) for one in reader.tables("abort")),
    )
    reader.nothing_else()
    return reader.mistakes or profile


def _curve(reader: Reader, moments: ReadMoments) -> Curve:
    pieces: list[Piece] = []
    alone: list[tuple[str, Replay | Closed]] = []
    rows = reader.tables("curve")
    if not rows:
        reader.wrong("curve", 'say when to send: [[curve]] with kind = "constant", rate, seconds')
    for row in rows:
        kind = row.word("kind", "constant", CURVES)
        if kind == "replay":
            alone.append((kind, _replay(row, moments)))
        elif kind == "closed":
            seconds = row.number("seconds", 60.0, 0.1, _DAY, "seconds")
            alone.append((kind, Closed(row.whole("window", 100, 1, 10**6), seconds)))
        else:
            pieces += _pieces(row, kind)
        row.nothing_else()
    if alone and len(rows) > 1:
        reader.wrong("curve", f'"{alone[0][0]}" stands alone; take the other [[curve]]s away')
    return alone[0][1] if alone else Rates(tuple(pieces))


def _pieces(row: Reader, kind: str) -> list[Piece]:
    seconds = row.number("seconds", 60.0, 0.1, _DAY, "seconds")
    if kind == "ramp":
        start = row.number("from", 0.0, 0.0, _RATE_MOST)
        end = row.number("to", 100.0, 0.0, _RATE_MOST)
        return [Piece(seconds, start, end)]
    rate = row.number("rate", 100.0, 0.0, _RATE_MOST)
    if kind == "constant":
        return [Piece(seconds, rate, rate)]
    peak = row.number("burst", rate, 0.0, _RATE_MOST)
    peak_s = row.number("burst_seconds", 60.0, 0.1, _DAY, "seconds")
    every_s = row.number("every", 600.0, 0.1, _DAY, "seconds")
    if peak_s >= every_s:
        row.wrong(
            "every", f"bursts of {peak_s:g} s need more than {peak_s:g} s from one to the next"
        )
        return []
    return burst(rate, peak, peak_s, every_s, seconds)


def _replay(row: Reader, moments: ReadMoments) -> Replay:
    file, column = row.text("file", ""), row.text("column", "at")
    speed = row.number("speed", 1.0, 0.001, 1e6)
    found = moments(file, column) if file else "name the CSV file that has the moments"
    if isinstance(found, str):
        row.wrong("file", found)
        return Replay(())
    return Replay(tuple(moment / speed for moment in found))


def _registrations(row: Reader) -> Registrations:
    # domain.md 5: about 20 % failed in 2017 [S42][S46]; the mix of failures is inferred there.
    usual = {"kk_wrong": 45.0, "nik_unknown": 32.0, "format": 20.0, "over_limit": 3.0}
    found = Registrations(
        to=row.text("to", "4444"),
        failing=row.number("failing", 0.2, 0.0, 1.0),
        old_numbers=row.number("old_numbers", 0.5, 0.0, 1.0),
        duplicates=row.number("duplicates", 0.0, 0.0, 0.9),
        again_after=row.pair("again_after", (60.0, 600.0)),
        failures=row.weights("failures", usual),
    )
    if not (found.to.isascii() and found.to.isdigit()):
        row.wrong("to", "write a short code or a number in digits, like 4444")
    row.nothing_else()
    return found


def _a2p(row: Reader) -> A2p:
    usual = A2p()
    receipts = row.word("receipts", "yes", ("yes", "no")) == "yes"
    found = A2p(row.text("source", usual.source), row.text("text", usual.text), receipts)
    if not found.source.isascii() or not 0 < len(found.source) <= 20:
        row.wrong("source", "write 1 to 20 ASCII characters")
    if not found.text.isascii() or len(found.text) > 160:
        row.wrong("text", "write at most 160 ASCII characters")
    row.nothing_else()
    return found


def _people(row: Reader) -> People:
    found = People(
        row.whole("seed", 4444), row.whole("population", 10**8, 1), row.whole("numbers", 10**6, 1)
    )
    row.nothing_else()
    return found


def _threshold(row: Reader, key: str, text: Any) -> Threshold | None:
    found = parse_threshold(text) if isinstance(text, str) else None
    if found is None:
        row.wrong(key, f"{text!r} is no threshold; {FORM}")
    return found


def _expect(reader: Reader) -> tuple[Threshold, ...]:
    texts = reader.texts("expect")
    found = (_threshold(reader, "expect", text) for text in texts)
    return tuple(one for one in found if one is not None)


def _abort(row: Reader) -> Abort:
    usual = parse_threshold("errors>50%")
    assert usual is not None
    when = usual
    if row.has("when"):
        when = _threshold(row, "when", row.text("when", usual.text)) or usual
    else:
        row.wrong("when", 'say when to end the run, like when = "errors>20%"')
    seconds = row.whole("seconds", 10, 1, 3600)
    row.nothing_else()
    return Abort(when, seconds)
