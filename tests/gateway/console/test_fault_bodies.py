"""Faults as JSON have the keys of the configuration, with the same defaults."""

from __future__ import annotations

import pytest
from msgspec import NODEFAULT
from msgspec.structs import fields
from pydantic_core import PydanticUndefined

from gateway.config import PROFILES, FaultConfig, FaultKind
from gateway.console.fault_bodies import FaultBody, faults_answer, profile_answer, read_rules
from gateway.core.fault_aim import NO_FAULTS, Count, arm
from gateway.core.faults import DropReceipt, FaultRule


def test_the_keys_are_those_of_the_configuration_with_the_same_defaults() -> None:
    ours = {
        name: None if field.default is PydanticUndefined else field.default
        for name, field in FaultBody.model_fields.items()
    }
    theirs = {
        field.name: None if field.default is NODEFAULT else field.default
        for field in fields(FaultConfig)
    }
    del ours["delay"], theirs["delay"]
    assert ours == theirs


def test_a_fault_that_was_never_met_counts_nothing() -> None:
    faults = arm([FaultRule(name="x", fault=DropReceipt())], 3)
    [answer] = faults_answer(faults, {}).faults
    assert (answer.met, answer.struck) == (0, 0)
    [answer] = faults_answer(faults, {"x": Count(2, 1)}).faults
    assert (answer.met, answer.struck) == (2, 1)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_as_json_is_read_back_as_it_is(name: str) -> None:
    profile = PROFILES[name]
    bodies = profile_answer(profile, NO_FAULTS).faults
    assert read_rules(bodies, ["qa"]) == [row.rule() for row in profile.rows_for("")]


def test_what_a_client_writes_is_a_rule() -> None:
    body = FaultBody(name="x", kind=FaultKind.DROP_RECEIPT)
    assert read_rules([body], ["qa"]) == [FaultRule(name="x", fault=DropReceipt())]
