from __future__ import annotations

import pytest
from msgspec import Struct

from gateway.config import AccountConfig, Config, HttpConfig
from gateway.config.fields import FieldReader
from gateway.config.operators import DEFAULT_OPERATORS
from gateway.config.places import Path


class Odd(Struct):
    """A type of field that no configuration has."""

    when: bytes = b""


class Flag(Struct, kw_only=True):
    on: bool
    share: float


class Blames:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.reader = FieldReader(self.blame)

    def blame(self, path: Path, what: str, remedy: str) -> None:
        self.lines.append(f"{'.'.join(map(str, path))}: {what}; {remedy}")


def test_what_is_left_out_is_as_in_the_base() -> None:
    blames = Blames()
    base = HttpConfig(host="::1", port=9)
    assert blames.reader.table(HttpConfig, {"port": 3}, (), base) == HttpConfig(host="::1", port=3)
    assert blames.lines == []


def test_a_wrong_value_has_its_default_in_the_result() -> None:
    blames = Blames()
    table = {"port": "x", "host": "::1"}
    assert blames.reader.table(HttpConfig, table, ("http",), None) == HttpConfig(host="::1")
    assert not blames.reader.sound(("http", "port"))
    assert not blames.reader.sound(("http",))
    assert blames.reader.sound(("http", "host"))


def test_what_is_wrong_already_is_not_noted_again() -> None:
    blames = Blames()
    blames.reader.table(HttpConfig, {"port": "x"}, ("http",), None)
    blames.reader.note(("http", "port"), "is out of range", "write another")
    blames.reader.note(("http", "host"), "is empty", "write one")
    assert len(blames.lines) == 2


def test_missing_values_without_default() -> None:
    blames = Blames()
    account = blames.reader.table(AccountConfig, {}, (), None)
    assert account == AccountConfig(system_id="", password="")
    flag = blames.reader.table(Flag, {}, ("flag",), None)
    assert (flag.on, flag.share) == (0, 0)
    assert blames.lines == [
        'system_id: is missing; write system_id = "..."',
        'password: is missing; write password = "..."',
        "flag.on: is missing; write on = true",
        "flag.share: is missing; write share = 1.0",
    ]


def test_a_wrong_flag() -> None:
    blames = Blames()
    blames.reader.table(
        AccountConfig, {"system_id": "a", "password": "b", "counts_only": 1}, (), None
    )
    assert blames.lines == ["counts_only: is 1, wanted true or false; write counts_only = false"]


def test_a_changed_operator_keeps_its_provenance_and_says_what_changed() -> None:
    blames = Blames()
    raw = {
        "xl": {"reading": "strict", "brand": "XL Axiata"},
        "axis": {"reading": "strict", "provenance": "a lesson"},
        "tri": {"brand": "Tri"},
        "bolt": {"prefixes": ["0868"]},
    }
    rows = blames.reader.table(Config, {"operators": raw}, (), Config()).operators
    assert rows["xl"].provenance == (
        f"{DEFAULT_OPERATORS['xl'].provenance}; changed by configuration: brand, reading"
    )
    assert rows["axis"].provenance == "a lesson"
    assert rows["tri"] == DEFAULT_OPERATORS["tri"]
    assert (rows["bolt"].brand, rows["bolt"].provenance) == ("bolt", "configuration")
    assert rows["indosat"] == DEFAULT_OPERATORS["indosat"]


def test_an_operator_that_is_no_table() -> None:
    blames = Blames()
    rows = blames.reader.table(Config, {"operators": {"xl": 1}}, (), Config()).operators
    assert rows["xl"] == DEFAULT_OPERATORS["xl"]
    assert blames.lines == [
        "operators.xl: is 1, wanted a table of keys; "
        "give it keys: brand, prefixes, reading, new_number, old_number"
    ]


def test_a_field_type_that_nobody_reads_is_our_mistake() -> None:
    with pytest.raises(TypeError, match="no configuration field"):
        Blames().reader.table(Odd, {"when": 1}, (), None)
