"""What a call record says, by column."""

from __future__ import annotations

from gateway.console.call_records import record_fields
from gateway.core.causes import Cause
from gateway.core.decision import Call, CallState, DataSession
from tests.gateway.core.network import INDOSAT, TELKOMSEL, wib

START = wib("2018-02-26 08:00")


def test_a_call_that_was_answered() -> None:
    call = Call(7, TELKOMSEL, INDOSAT, CallState.ENDED, START, START + 4_000, START + 65_500)
    assert record_fields(call) == {
        "type": "voice",
        "id": "7",
        "caller": TELKOMSEL,
        "callee": INDOSAT,
        "start": "2018-02-26T08:00:00+07:00",
        "answer": "2018-02-26T08:00:04+07:00",
        "end": "2018-02-26T08:01:05+07:00",
        "duration_s": "61.500",
        "cause": "normal_clearing",
        "q850": "16",
        "sm": "",
    }


def test_a_call_that_nobody_answered() -> None:
    call = Call(7, TELKOMSEL, INDOSAT, CallState.ENDED, START, 0, START + 45_000, Cause.NO_ANSWER)
    shown = record_fields(call)
    assert (shown["answer"], shown["duration_s"], shown["q850"]) == ("", "0.000", "19")


def test_an_emergency_call() -> None:
    call = Call(7, TELKOMSEL, "112", CallState.ENDED, START, START, START)
    assert record_fields(call)["type"] == "emergency"


def test_a_data_session() -> None:
    cause = Cause.OPERATOR_DETERMINED_BARRING
    shown = record_fields(DataSession(TELKOMSEL, "d1", START, START + 1_000, cause))
    assert (shown["type"], shown["id"], shown["caller"], shown["callee"]) == (
        "data", "d1", TELKOMSEL, "",
    )  # fmt: skip
    assert (shown["duration_s"], shown["q850"], shown["sm"]) == ("1.000", "", "8")
