from __future__ import annotations

from gateway.smpp.lint.pace import Pace


def run(pace: Pace, start: float, seconds: float, per_second: int) -> list[str]:
    """Send evenly; gives the verdicts."""
    count = round(seconds * per_second)
    verdicts = [pace.sent(1, start + number / per_second) for number in range(count)]
    return [verdict for verdict in verdicts if verdict]


def test_who_goes_on_at_the_same_pace_is_found_out_once() -> None:
    pace = Pace()
    assert run(pace, 0.0, 2.0, 50) == []
    pace.refused(2.0)
    pace.refused(2.01)
    assert run(pace, 2.0, 3.0, 50) == ["50 messages in the second before, 50 in the second after"]


def test_who_pauses_or_halves_its_pace_is_well() -> None:
    for pause, rate in ((1.0, 50), (0.0, 25)):
        pace = Pace()
        run(pace, 0.0, 2.0, 50)
        pace.refused(2.0)
        assert run(pace, 2.0 + pause, 3.0, rate) == []
        assert pace.verdict(10.0) == ""


def test_few_messages_show_nothing() -> None:
    pace = Pace()
    pace.sent(2, 0.0)
    pace.refused(0.1)
    assert pace.sent(2, 0.5) == ""
    assert pace.verdict(5.0) == ""


def test_what_was_on_its_way_does_not_count() -> None:
    pace = Pace()
    pace.sent(40, 0.0)
    pace.refused(0.01)
    assert pace.sent(40, 0.05) == ""
    assert pace.verdict(2.0) == ""
    assert pace.verdict(3.0) == ""


def test_a_verdict_may_be_asked_for_without_another_message() -> None:
    pace = Pace()
    pace.sent(40, 0.0)
    pace.refused(0.01)
    pace.sent(40, 0.5)
    assert pace.verdict(0.9) == ""
    assert pace.verdict(1.2) == "40 messages in the second before, 40 in the second after"
    assert pace.verdict(1.3) == ""
