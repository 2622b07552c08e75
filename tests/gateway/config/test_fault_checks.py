"""Rows of faults are checked against each other and the accounts; each mistake has a fixture."""

from __future__ import annotations

import pytest

from gateway.config import AccountConfig, Config, SmscConfig
from gateway.config.fault_checks import check_faulting, check_faults
from gateway.config.faults import FaultConfig, FaultingConfig, FaultKind
from gateway.config.fields import FieldReader
from gateway.config.places import Path


def mistakes(*rows: FaultConfig, accounts: tuple[str, ...] = ("qa", "qa2")) -> list[Path]:
    found: list[Path] = []
    reader = FieldReader(lambda path, what, remedy: found.append(path))
    check_faults(rows, ("faults",), reader, accounts)
    return found


def row(name: str, account: str = "") -> FaultConfig:
    return FaultConfig(name=name, kind=FaultKind.DROP_RECEIPT, account=account)


@pytest.mark.parametrize("account", ["", "qa", "qa*", "*"])
def test_a_rule_is_for_accounts_that_there_are(account: str) -> None:
    assert mistakes(row("x", account)) == []


@pytest.mark.parametrize("account", ["q", "a2p", "b*"])
def test_a_rule_for_nobody_is_a_mistake(account: str) -> None:
    assert mistakes(row("x", account)) == [("faults", 0, "account")]


def test_without_accounts_none_is_wrong() -> None:
    assert mistakes(row("x", "qa"), accounts=()) == []


def test_names_differ() -> None:
    assert mistakes(row("x"), row("y"), row("x")) == [("faults", 2, "name")]


def test_profiles_are_named() -> None:
    found: list[str] = []
    reader = FieldReader(lambda path, what, remedy: found.append(f"{what}; {remedy}"))
    check_faulting(FaultingConfig(profiles=("throttling", "trotling")), reader)
    assert found == ['holds "trotling", no fault profile; did you mean "throttling"?']


def test_accounts_of_another_smsc_have_its_name() -> None:
    east = SmscConfig(name="east", accounts=(AccountConfig(system_id="qa", password="qa"),))
    names = Config(smsc=(east,)).account_names()
    assert names == ("qa", "a2p", "sink", "reg4444", "east/qa")
    assert mistakes(row("x", "east/*"), accounts=names) == []
