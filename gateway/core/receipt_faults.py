"""How a delivery receipt goes wrong on purpose: lost, twice, later, or with another end."""

from __future__ import annotations

from msgspec import Struct

from gateway.core.fault_aim import Happening
from gateway.core.faults import (
    ChangeReceipt,
    DelayReceipt,
    DropReceipt,
    DuplicateReceipt,
    Fault,
    Point,
)
from gateway.core.ledger import Ledger, replace
from gateway.core.message import Message, MessageState


class ReceiptPlan(Struct, frozen=True, gc=False):
    """What is reported of a message, how often, and how many milliseconds later."""

    message: Message
    copies: int = 1
    delay: int = 0


def receipt_plan(message: Message, account: str, ledger: Ledger) -> ReceiptPlan:
    """Ask the faults about the receipt of an ended message; `account` is to get it."""
    tally = ledger.facts.tally
    what = Happening(ledger.present, message.source, message.destination, message.text)
    plan = ReceiptPlan(message)
    for armed in ledger.rules.faults.of(account).get(Point.RECEIPT, ()):
        if armed.strikes(what, tally):
            fault = armed.rule.fault
            delay = armed.delay_ms(fault.delay, tally) if isinstance(fault, DelayReceipt) else 0
            plan = _struck(plan, fault, delay)
    return plan


def _struck(plan: ReceiptPlan, fault: Fault, delay: int) -> ReceiptPlan:
    if isinstance(fault, DropReceipt):
        return replace(plan, copies=0)
    if isinstance(fault, DuplicateReceipt):
        return replace(plan, copies=plan.copies * 2)
    if isinstance(fault, ChangeReceipt):
        state = MessageState[fault.state.name]
        return replace(plan, message=replace(plan.message, state=state, error=fault.error))
    return replace(plan, delay=plan.delay + delay)
