"""[[faults]]: rows of configuration, API and command line <-> the rules of gateway.core.faults.

A row is flat: `kind` says which fault it is, and which of the other keys count.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any, assert_never

from msgspec import Struct, to_builtins

from gateway.config.delays import DelayConfig, DelayKind
from gateway.config.notes import YEARS
from gateway.core import faults
from gateway.core.ageing import WIB, iso, milliseconds
from gateway.core.chance import Delay, Fixed, LogNormal, Normal, Percentiles, Uniform
from gateway.core.faults import Fault, FaultRule, FinalState, Form
from gateway.smpp.codes import CommandStatus, status_name


class FaultKind(Enum):
    """What goes wrong; each is a class of gateway.core.faults, by its tag."""

    REFUSE_BIND = "refuse_bind"
    IGNORE_ENQUIRE_LINK = "ignore_enquire_link"
    REFUSE = "refuse"
    THROTTLE = "throttle"
    NO_RESPONSE = "no_response"
    DELAY_RESPONSE = "delay_response"
    DUPLICATE_RESPONSE = "duplicate_response"
    MALFORMED_RESPONSE = "malformed_response"
    RECEIPT_FIRST = "receipt_first"
    DISCONNECT = "disconnect"
    DUPLICATE_DELIVER = "duplicate_deliver"
    MALFORMED_DELIVER = "malformed_deliver"
    DROP_RECEIPT = "drop_receipt"
    DELAY_RECEIPT = "delay_receipt"
    CHANGE_RECEIPT = "change_receipt"
    DUPLICATE_RECEIPT = "duplicate_receipt"
    BUSY_DESK = "busy_desk"
    SILENT_DESK = "silent_desk"
    LATE_VERDICT = "late_verdict"
    LOST_SUCCESS = "lost_success"


KEYS_OF: dict[FaultKind, tuple[str, ...]] = {
    FaultKind.REFUSE_BIND: ("status",),
    FaultKind.IGNORE_ENQUIRE_LINK: (),
    FaultKind.REFUSE: ("status",),
    FaultKind.THROTTLE: ("per_second",),
    FaultKind.NO_RESPONSE: (),
    FaultKind.DELAY_RESPONSE: ("delay",),
    FaultKind.DUPLICATE_RESPONSE: (),
    FaultKind.MALFORMED_RESPONSE: ("form",),
    FaultKind.RECEIPT_FIRST: (),
    FaultKind.DISCONNECT: ("after", "answered"),
    FaultKind.DUPLICATE_DELIVER: (),
    FaultKind.MALFORMED_DELIVER: ("form",),
    FaultKind.DROP_RECEIPT: (),
    FaultKind.DELAY_RECEIPT: ("delay",),
    FaultKind.CHANGE_RECEIPT: ("state", "error"),
    FaultKind.DUPLICATE_RECEIPT: (),
    FaultKind.BUSY_DESK: (),
    FaultKind.SILENT_DESK: (),
    FaultKind.LATE_VERDICT: ("delay",),
    FaultKind.LOST_SUCCESS: (),
}
"""The keys that say more about a fault, by its kind."""


class FaultConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[faults]]; what a row leaves out restricts nothing.

    `status` is a name of SMPP 3.4 section 5.1.3 or a number; `active_from` and `active_until` are
    dates or moments on the calendar, as ISO 8601.
    """

    name: str
    kind: FaultKind
    status: str = ""
    per_second: float = 0.0
    delay: DelayConfig = DelayConfig()
    form: Form = Form.BAD_LENGTH
    after: int = 1
    answered: bool = True
    state: FinalState = FinalState.UNDELIVERABLE
    error: int = 0
    account: str = ""
    source: str = ""
    destination: str = ""
    text: str = ""
    probability: float = 1.0
    every_n: int = 1
    skip: int = 0
    limit: int = 0
    active_from: str = ""
    active_until: str = ""

    def rule(self) -> FaultRule:
        """Give the rule; raises ValueError for a row that was not checked."""
        return FaultRule(
            name=self.name,
            fault=self._fault(),
            account=self.account,
            source=self.source,
            destination=self.destination,
            text=self.text,
            probability=self.probability,
            every_n=self.every_n,
            skip=self.skip,
            limit=self.limit,
            active_from=parse_moment(self.active_from) if self.active_from else 0,
            active_until=parse_moment(self.active_until) if self.active_until else 0,
        )

    def _fault(self) -> Fault:  # noqa: C901 - one row per kind
        match self.kind:
            case FaultKind.REFUSE_BIND:
                return faults.RefuseBind(parse_status(self.status))
            case FaultKind.IGNORE_ENQUIRE_LINK:
                return faults.IgnoreEnquireLink()
            case FaultKind.REFUSE:
                return faults.Refuse(parse_status(self.status))
            case FaultKind.THROTTLE:
                return faults.Throttle(self.per_second)
            case FaultKind.NO_RESPONSE:
                return faults.NoResponse()
            case FaultKind.DELAY_RESPONSE:
                return faults.DelayResponse(self.delay.delay())
            case FaultKind.DUPLICATE_RESPONSE:
                return faults.DuplicateResponse()
            case FaultKind.MALFORMED_RESPONSE:
                return faults.MalformedResponse(self.form)
            case FaultKind.RECEIPT_FIRST:
                return faults.ReceiptFirst()
            case FaultKind.DISCONNECT:
                return faults.Disconnect(self.after, self.answered)
            case FaultKind.DUPLICATE_DELIVER:
                return faults.DuplicateDeliver()
            case FaultKind.MALFORMED_DELIVER:
                return faults.MalformedDeliver(self.form)
            case FaultKind.DROP_RECEIPT:
                return faults.DropReceipt()
            case FaultKind.DELAY_RECEIPT:
                return faults.DelayReceipt(self.delay.delay())
            case FaultKind.CHANGE_RECEIPT:
                return faults.ChangeReceipt(self.state, self.error)
            case FaultKind.DUPLICATE_RECEIPT:
                return faults.DuplicateReceipt()
            case FaultKind.BUSY_DESK:
                return faults.BusyDesk()
            case FaultKind.SILENT_DESK:
                return faults.SilentDesk()
            case FaultKind.LATE_VERDICT:
                return faults.LateVerdict(self.delay.delay())
            case FaultKind.LOST_SUCCESS:
                return faults.LostSuccess()
            case _:
                assert_never(self.kind)


class FaultingConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[faulting]; the same seed breaks the same things again in the same run."""

    seed: int = 4444
    profiles: tuple[str, ...] = ()


def parse_status(text: str) -> int:
    """Read a command_status: a name, decimal or 0x hexadecimal; raises ValueError."""
    named = CommandStatus.__members__.get(text.strip().upper())
    status = int(text, 0) if named is None else int(named)
    if not 0 < status <= 0xFFFF_FFFF:
        raise ValueError(f"{text} refuses nothing")
    return status


def parse_moment(text: str) -> int:
    """Read a date (its midnight) or a moment, without an offset in WIB; raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.year not in YEARS:
        raise ValueError(f"{text} is not in the years that the calendar has")
    return milliseconds(moment if moment.tzinfo else moment.replace(tzinfo=WIB))


# ---- and back, to show a rule


def row_of(rule: FaultRule) -> dict[str, Any]:
    """Write a rule as a row: the keys of its kind, and others where they restrict it."""
    fault = rule.fault
    kind = FaultKind(fault.__struct_config__.tag)
    row: dict[str, Any] = {"name": rule.name, "kind": kind.value}
    for key in KEYS_OF[kind]:
        row[key] = _shown(getattr(fault, key))
    for key, usual in _RESTRICTIONS.items():
        value = getattr(rule, key)
        if value != usual:
            row[key] = value
    for key in ("active_from", "active_until"):
        at = getattr(rule, key)
        if at:
            row[key] = iso(at)
    if "status" in row:
        row["status"] = status_name(row["status"])
    return row


_RESTRICTIONS: dict[str, object] = {
    "account": "",
    "source": "",
    "destination": "",
    "text": "",
    "probability": 1.0,
    "every_n": 1,
    "skip": 0,
    "limit": 0,
}


def _shown(value: Any) -> Any:
    if isinstance(value, Delay):
        return _delay_table(value)
    return to_builtins(value)


def _delay_table(delay: Delay) -> dict[str, Any]:
    """Write a delay as its table, in seconds."""
    match delay:
        case Fixed():
            return {"seconds": delay.ms / 1000}
        case Uniform():
            return {
                "kind": DelayKind.UNIFORM.value,
                "least": delay.least / 1000,
                "most": delay.most / 1000,
            }
        case Normal():
            return {
                "kind": DelayKind.NORMAL.value,
                "mean": delay.mean / 1000,
                "deviation": delay.deviation / 1000,
            }
        case LogNormal():
            return {
                "kind": DelayKind.LOGNORMAL.value,
                "median": delay.median / 1000,
                "sigma": delay.sigma,
            }
        case Percentiles():
            points = [[percent, ms / 1000] for percent, ms in delay.points]
            return {"kind": DelayKind.PERCENTILES.value, "points": points}
        case _:
            assert_never(delay)
