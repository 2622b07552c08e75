"""A result is summed up, judged, written and read."""

import json

from handsets.load.expect import parse_threshold
from handsets.load.result import Agent, decode, encode, is_good, judged, summary
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
