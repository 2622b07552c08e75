"""One line for many happenings."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from gateway.links.tally import PERIOD, Tally
from tests.gateway.links.wire import Steady


async def test_the_first_at_once_and_the_rest_as_a_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    steady = Steady(monkeypatch)
    tally = Tally("bind refused")
    with capture_logs() as logs:
        for _ in range(1000):
            tally.note("wrong password", peer="10.0.0.1")
        tally.note("no such system_id", peer="10.0.0.2")
        assert [(one["event"], one["why"], one["peer"]) for one in logs] == [
            ("bind refused", "wrong password", "10.0.0.1"),
            ("bind refused", "no such system_id", "10.0.0.2"),
        ]
        await steady.passes(PERIOD)
        assert logs[2:] == [
            {
                "event": "bind refused: more of them",
                "log_level": "warning",
                "count": 999,
                "in_seconds": PERIOD,
                "reasons": {"wrong password": 999},
            }
        ]
        # What goes on is only counted; what had stopped is told at once again.
        tally.note("wrong password")
        tally.note("no such system_id")
        assert len(logs) == 4
        await steady.passes(PERIOD)
        assert logs[4]["reasons"] == {"wrong password": 1}
        await steady.passes(PERIOD)
        assert len(logs) == 5
        tally.note("wrong password")
        tally.note("wrong password")
        assert len(logs) == 6
        tally.close()
        assert logs[6]["count"] == 1


async def test_reasons_are_bounded() -> None:
    tally = Tally("bind refused")
    with capture_logs() as logs:
        for number in range(100):
            tally.note(str(number))
        assert len(logs) == 10
        tally.close()
    assert logs[10]["reasons"] == {"other reasons": 90}


async def test_what_is_told_with_each() -> None:
    tally = Tally("bind refused", smsc="other")
    with capture_logs() as logs:
        tally.note("wrong password")
        tally.note("wrong password")
        tally.close()
    assert [one["smsc"] for one in logs] == ["other", "other"]


def test_nothing_to_tell() -> None:
    with capture_logs() as logs:
        Tally("bind refused").close()
    assert logs == []
