"""A result is summed up, judged, written and read."""

import json

from handsets.load.expect import parse_threshold
from handsets.load.result import Agent, Outage, decode, encode, is_good, judged, outage, summary
from handsets.load.tally import Tally
from tests.handsets.load.runs import BAD, GOOD, full, result


def test_a_summary() -> None:
    one = summary(result(BAD))
    assert (one.offered, one.sent, one.unaccounted) == (20, 20, 0)
    assert one.errors == 0.3
    assert one.rate == 8.0
    assert one.latency_ms["end"]["p50"] == 9.007
    assert one.latency_ms["reply"]["max"] == 9.007
    assert "receipt" not in one.latency_ms


def test_a_run_that_sent_nothing_can_be_summed_up() -> None:
    one = summary(result([]))
    assert (one.errors, one.latency_ms["end"]["p50"]) == (0.0, None)


def test_the_time_that_counts_is_that_of_sending() -> None:
    assert result(GOOD).sending_seconds == 1.0


def test_written_and_read_again() -> None:
    text = encode(full())
    assert decode(text) == full()
    assert json.loads(text)["summary"]["lost"] == 4
    assert decode(b"{}") is None
    assert decode(b"\xff") is None


def test_what_makes_a_run_good() -> None:
    threshold = parse_threshold("p99<1s")
    broken = parse_threshold("p50<1us")
    assert threshold is not None
    assert broken is not None
    assert is_good(judged(result(GOOD), [threshold]))
    assert not is_good(judged(result(GOOD), [threshold, broken]))
    assert not is_good(result(GOOD, ended_early="interrupted"))
    assert not is_good(result(GOOD, agents=(Agent("a", "died"),)))


def test_a_target_that_was_lost_makes_no_run_good() -> None:
    lost = result([*GOOD, Tally(2, broken=4, down=4), Tally(3, down=4)])
    assert outage(lost) == Outage(2, 4, 4)
    threshold = parse_threshold("errors<100%")
    assert threshold is not None
    assert not is_good(judged(lost, [threshold]))


def test_connections_that_broke_are_judged_by_what_they_cost() -> None:
    back = result([*GOOD, Tally(2, broken=4, down=4), Tally(3)])
    latency, errors = parse_threshold("p99<1s"), parse_threshold("errors<100%")
    assert latency is not None
    assert errors is not None
    assert not is_good(back)
    assert not is_good(judged(back, [latency]))
    assert is_good(judged(back, [latency, errors]))


def test_a_target_that_falls_silent_on_open_connections() -> None:
    sending = [Tally(at, offered=1, sent=1) for at in range(2, 5)]
    silent = result([*GOOD, *sending, Tally(30, lost=3)])
    assert outage(silent) == Outage(2)
    assert not is_good(silent)
    slow = result([*GOOD, *sending, Tally(30, lost=1, replied=2)])
    assert outage(slow) is None


def test_a_result_of_an_earlier_version_is_read() -> None:
    written = json.loads(encode(result(GOOD)))
    del written["summary"]["unsent_causes"], written["summary"]["outage"]
    assert decode(json.dumps(written).encode()) == result(GOOD)
