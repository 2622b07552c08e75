"""Every fault has its point, and survives the journal in a rule."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from gateway.core.chance import Fixed, Uniform
from gateway.core.faults import (
    POINTS,
    BusyDesk,
    ChangeReceipt,
    DelayReceipt,
    DelayResponse,
    Disconnect,
    DropReceipt,
    DuplicateDeliver,
    DuplicateReceipt,
    DuplicateResponse,
    Fault,
    FaultRule,
    FinalState,
    Form,
    IgnoreEnquireLink,
    LateVerdict,
    LostSuccess,
    MalformedDeliver,
    MalformedResponse,
    NoResponse,
    ReceiptFirst,
    Refuse,
    RefuseBind,
    SilentDesk,
    Throttle,
)
from gateway.smpp.codes import MessageState

FAULTS: list[Fault] = [
    RefuseBind(13),
    IgnoreEnquireLink(),
    Refuse(8),
    Throttle(0.5),
    NoResponse(),
    DelayResponse(Fixed(5)),
    DuplicateResponse(),
    MalformedResponse(Form.STALL),
    ReceiptFirst(),
    Disconnect(3, answered=True),
    DuplicateDeliver(),
    MalformedDeliver(Form.CUT),
    DropReceipt(),
    DelayReceipt(Uniform(1, 2)),
    ChangeReceipt(FinalState.UNDELIVERABLE, 13),
    DuplicateReceipt(),
    BusyDesk(),
    SilentDesk(),
    LateVerdict(Fixed(5)),
    LostSuccess(),
]


def test_there_is_an_example_of_every_fault_and_a_point_for_it() -> None:
    assert {type(fault) for fault in FAULTS} == set(get_args(Fault)) == set(POINTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_rule_survives_the_journal(fault: Fault) -> None:
    rule = FaultRule(name="x", fault=fault, account="a*", source="62*", every_n=3, active_until=5)
    assert msgspec.json.decode(msgspec.json.encode(rule), type=FaultRule) == rule


def test_a_receipt_can_say_every_final_state_of_the_specification() -> None:
    assert {state.name for state in FinalState} == {
        state.name for state in MessageState if state.name not in ("ENROUTE", "SCHEDULED")
    }
