"""The JSON that scripts read."""

import msgspec
import pytest

from gateway.air.frames import CauseFrame
from gateway.core.causes import Cause
from handsets.outcome import CauseShown, Failure, SmsOutcome, SmsShown, Status, shown


def test_an_outcome_as_json() -> None:
    outcome = SmsOutcome(
        source="6281234567890",
        to="4444",
        text="REG",
        status=Status.REFUSED,
        cause=CauseShown("operator_determined_barring", rp=8),
        why="barred",
        reply=SmsShown("7", "4444", "6281234567890", "Halo", "2018-02-26T08:00:00+07:00"),
    )
    assert msgspec.json.decode(msgspec.json.encode(outcome)) == {
        "from": "6281234567890",
        "to": "4444",
        "text": "REG",
        "status": "refused",
        "id": "",
        "cause": {"name": "operator_determined_barring", "rp": 8},
        "why": "barred",
        "reply": {
            "id": "7",
            "from": "4444",
            "to": "6281234567890",
            "text": "Halo",
            "at": "2018-02-26T08:00:00+07:00",
            "parts": 1,
        },
        "also_received": [],
    }


def test_a_failure_as_json() -> None:
    failure = Failure(source="6281234567890", why="no broker")
    assert msgspec.json.decode(msgspec.json.encode(failure)) == {
        "from": "6281234567890",
        "status": "unreachable",
        "why": "no broker",
    }


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (CauseFrame(Cause.USER_BUSY, rp=22), "user_busy (RP cause 22)"),
        (CauseFrame(Cause.USER_BUSY, q850=17), "user_busy (Q.850 17)"),
        (CauseFrame(Cause.USER_BUSY, sm=26), "user_busy (SM cause 26)"),
        (CauseFrame(Cause.USER_BUSY), "user_busy"),
        (None, "None"),
    ],
)
def test_a_cause_in_words(cause: CauseFrame | None, text: str) -> None:
    assert str(shown(cause)) == text
