"""Receipts that go wrong on purpose: lost, twice, later, or with another end."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from gateway.core.chance import Fixed
from gateway.core.decision import Decision
from gateway.core.events import Acknowledged
from gateway.core.fault_aim import arm
from gateway.core.faults import (
    ChangeReceipt,
    DelayReceipt,
    DropReceipt,
    DuplicateReceipt,
    Fault,
    FaultRule,
    FinalState,
    NoResponse,
)
from gateway.core.message import Message, MessageState
from tests.gateway.core.network import TELKOMSEL, Network, esme, messages_out, mt, stored

ALWAYS, ON_FAILURE, ON_SUCCESS = 1, 2, 3
HOUR = 3_600_000


def receipts(
    *faults: Fault, registered_delivery: int = ALWAYS, count: int = 1, **settings: Any
) -> list[Message]:
    """Deliver messages of an ESME to a phone; gives the receipts that are made."""
    rules = [
        structs.replace(FaultRule(name=f"f{n}", fault=fault), **settings)
        for n, fault in enumerate(faults)
    ]
    network = Network(faults=arm(rules, 1)).online(TELKOMSEL)
    sent = network.batch(*[mt(TELKOMSEL, esme(registered_delivery))] * count)
    ids = [stored(decision)[0].id for decision in sent]
    decision = network.one(Acknowledged(TELKOMSEL, tuple(ids)))
    assert as_stored(decision) == messages_out(decision.outgoing)
    return messages_out(decision.outgoing)


def as_stored(decision: Decision) -> list[Message]:
    """Give what becomes durable, which must be what leaves."""
    return stored(decision)


def ends(made: list[Message]) -> list[tuple[MessageState, int]]:
    """Give what receipts report."""
    return [(one.receipt.state, one.receipt.error) for one in made if one.receipt is not None]


def test_without_faults_there_is_one_receipt_at_once() -> None:
    [made] = receipts()
    assert made.not_before == 0


def test_faults_at_other_points_change_no_receipt() -> None:
    [made] = receipts(NoResponse())
    assert ends([made]) == [(MessageState.DELIVERED, 0)]


def test_a_receipt_is_lost() -> None:
    assert receipts(DropReceipt()) == []


def test_each_nth_receipt_is_lost() -> None:
    assert len(receipts(DropReceipt(), count=6, every_n=3)) == 4


def test_a_receipt_comes_twice_with_two_ids() -> None:
    first, second = receipts(DuplicateReceipt())
    assert first.id != second.id
    assert first.receipt == second.receipt


def test_a_receipt_comes_later_on_the_calendar_and_is_kept_so_much_longer() -> None:
    [at_once], [late] = receipts(), receipts(DelayReceipt(Fixed(HOUR)))
    assert late.not_before == late.accepted_at + HOUR
    assert late.valid_until == at_once.valid_until + HOUR


@pytest.mark.parametrize("state", FinalState)
def test_a_receipt_says_another_end(state: FinalState) -> None:
    made = receipts(ChangeReceipt(state, 27))
    assert ends(made) == [(MessageState[state.name], 27)]


def test_what_is_said_decides_whether_a_receipt_was_asked_for() -> None:
    failed = ChangeReceipt(FinalState.EXPIRED, 27)
    assert ends(receipts(failed, registered_delivery=ON_FAILURE)) == [(MessageState.EXPIRED, 27)]
    assert receipts(failed, registered_delivery=ON_SUCCESS) == []
    assert receipts(DuplicateReceipt(), registered_delivery=ON_FAILURE) == []
    assert receipts(failed, registered_delivery=0) == []


def test_several_faults_add_up() -> None:
    made = receipts(
        ChangeReceipt(FinalState.REJECTED, 1),
        DelayReceipt(Fixed(HOUR)),
        DuplicateReceipt(),
        DelayReceipt(Fixed(HOUR)),
        ChangeReceipt(FinalState.UNKNOWN),
    )
    assert ends(made) == [(MessageState.UNKNOWN, 0)] * 2
    assert {one.not_before - one.accepted_at for one in made} == {2 * HOUR}


@pytest.mark.parametrize(
    ("settings", "struck"),
    [
        ({"account": "a2p"}, True),
        ({"account": "qa"}, False),
        ({"destination": "0812*"}, True),
        ({"destination": "0857*"}, False),
        ({"source": "BANK"}, True),
        ({"text": "(?i)PROMO"}, True),
        ({"text": "PIN"}, False),
        ({"active_until": 1}, False),
    ],
)
def test_a_rule_meets_the_message_that_is_reported(settings: dict[str, Any], struck: bool) -> None:
    assert (receipts(DropReceipt(), **settings) == []) is struck
