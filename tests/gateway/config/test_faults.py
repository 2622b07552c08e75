"""Rows of faults become rules, and rules are shown as rows again."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from gateway.config import FaultConfig, FaultKind, row_of
from gateway.config.fault_checks import check_fault
from gateway.config.faults import KEYS_OF, parse_moment, parse_status
from gateway.config.fields import FieldReader
from gateway.config.places import Path
from gateway.core.chance import Fixed, LogNormal, Normal, Percentiles, Uniform
from gateway.core.fault_aim import arm
from gateway.core.faults import (
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

ROWS: list[tuple[dict[str, Any], Fault]] = [
    ({"kind": "refuse_bind", "status": "ESME_RBINDFAIL"}, RefuseBind(0x0D)),
    ({"kind": "ignore_enquire_link"}, IgnoreEnquireLink()),
    ({"kind": "refuse", "status": "ESME_RSYSERR"}, Refuse(8)),
    ({"kind": "refuse", "status": "0x00000400"}, Refuse(0x400)),
    ({"kind": "throttle", "per_second": 2.5}, Throttle(2.5)),
    ({"kind": "no_response"}, NoResponse()),
    ({"kind": "delay_response", "delay": {"seconds": 2.0}}, DelayResponse(Fixed(2000))),
    (
        {"kind": "delay_response", "delay": {"kind": "uniform", "least": 1.0, "most": 2.0}},
        DelayResponse(Uniform(1000, 2000)),
    ),
    (
        {"kind": "delay_response", "delay": {"kind": "normal", "mean": 1.0, "deviation": 0.5}},
        DelayResponse(Normal(1000, 500)),
    ),
    (
        {"kind": "delay_response", "delay": {"kind": "lognormal", "median": 1.0, "sigma": 0.5}},
        DelayResponse(LogNormal(1000, 0.5)),
    ),
    (
        {"kind": "delay_receipt", "delay": {"kind": "percentiles", "points": [[50.0, 3.0]]}},
        DelayReceipt(Percentiles(((50, 3000),))),
    ),
    ({"kind": "duplicate_response"}, DuplicateResponse()),
    ({"kind": "malformed_response", "form": "stall"}, MalformedResponse(Form.STALL)),
    ({"kind": "receipt_first"}, ReceiptFirst()),
    ({"kind": "disconnect", "after": 3, "answered": False}, Disconnect(3, answered=False)),
    ({"kind": "duplicate_deliver"}, DuplicateDeliver()),
    ({"kind": "malformed_deliver", "form": "cut"}, MalformedDeliver(Form.CUT)),
    ({"kind": "drop_receipt"}, DropReceipt()),
    (
        {"kind": "change_receipt", "state": "EXPIRED", "error": 27},
        ChangeReceipt(FinalState.EXPIRED, 27),
    ),
    ({"kind": "duplicate_receipt"}, DuplicateReceipt()),
    ({"kind": "busy_desk"}, BusyDesk()),
    ({"kind": "silent_desk"}, SilentDesk()),
    ({"kind": "late_verdict", "delay": {"seconds": 60.0}}, LateVerdict(Fixed(60_000))),
    ({"kind": "lost_success"}, LostSuccess()),
]


def read(row: dict[str, Any]) -> FaultConfig:
    """Read a row that is right."""

    def blame(path: Path, what: str, remedy: str) -> None:
        raise AssertionError(f"{path} {what}; {remedy}")

    reader = FieldReader(blame)
    config = reader.table(FaultConfig, row, (), None)
    check_fault(config, (), reader, ["qa"])
    return config


@pytest.mark.parametrize(("row", "fault"), ROWS, ids=lambda part: str(part)[:40])
def test_a_row_becomes_a_fault_and_the_fault_the_row(row: dict[str, Any], fault: Fault) -> None:
    row = {"name": "x", **row}
    rule = read(row).rule()
    assert rule == FaultRule(name="x", fault=fault)
    assert row_of(rule) == row


def test_there_is_a_row_for_every_fault_and_every_kind() -> None:
    assert {type(fault) for _, fault in ROWS} == set(get_args(Fault))
    assert {row["kind"] for row, _ in ROWS} == {kind.value for kind in FaultKind}
    assert set(KEYS_OF) == set(FaultKind)


def test_what_restricts_a_rule_is_read_and_shown() -> None:
    row: dict[str, Any] = {
        "name": "x",
        "kind": "drop_receipt",
        "account": "q*",
        "source": "BANK",
        "destination": "0812*",
        "text": "(?i)promo",
        "probability": 0.5,
        "every_n": 3,
        "skip": 2,
        "limit": 1,
        "active_from": "2018-03-01T00:00:00+07:00",
        "active_until": "2018-04-01T00:00:00+07:00",
    }
    rule = read(row).rule()
    assert row_of(rule) == row
    assert arm([rule], 1)


@pytest.mark.parametrize(
    ("text", "status"), [("ESME_RSYSERR", 8), (" esme_rsyserr", 8), ("8", 8), ("0x8", 8)]
)
def test_a_status_is_a_name_or_a_number(text: str, status: int) -> None:
    assert parse_status(text) == status


@pytest.mark.parametrize("text", ["", "0", "ESME_ROK", "-1", "0x100000000", "RSYSERR"])
def test_what_refuses_nothing_is_no_status(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid literal|refuses nothing"):
        parse_status(text)


def test_a_moment_without_an_offset_is_western_indonesian_time() -> None:
    assert parse_moment("2018-03-01") == parse_moment("2018-02-28T17:00:00+00:00")


@pytest.mark.parametrize("text", ["", "soon", "0001-01-01", "2100-01-01"])
def test_the_calendar_has_a_hundred_years(text: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid isoformat|not in the years"):
        parse_moment(text)
