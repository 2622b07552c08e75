"""Thresholds are read and held against what was measured."""

import pytest

from handsets.load.expect import duration, judge, parse_threshold
from handsets.load.tally import Tally

TALLY = Tally(
    offered=100, sent=99, replied=90, refused=4, lost=5, unsent=1,
    response={100: 99}, reply={1_000: 89, 89_984: 1}, receipt={},
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "holds", "value"),
    [
        ("p50<2ms", True, "1.0 ms"),
        ("p99.9 < 50ms", False, "90.0 ms"),
        ("p999<91ms", True, "90.0 ms"),
        ("max<=0.09s", False, "90.0 ms"),
        ("response.p99<=100us", True, "100 us"),
        ("reply.max>1s", False, "90.0 ms"),
        ("receipt.p50<1s", False, "none measured"),
        ("errors<1%", False, "10.000%"),
        ("errors<=10", True, "10"),
        ("lost<=0", False, "5"),
        ("refused<5", True, "4"),
        ("unsent<2%", True, "1.000%"),
        ("rate>=9.4/s", True, "9.4/s"),
        ("rate>10", False, "9.4/s"),
    ],
)
def test_judged(text: str, holds: bool, value: str) -> None:
    threshold = parse_threshold(text)
    assert threshold is not None
    found = judge(threshold, TALLY, 10.0)
    assert (found.holds, found.value) == (holds, value)


@pytest.mark.parametrize(
    "text",
    ["", "p99", "p99<200", "p99<5%", "errors<1ms", "rate>5%", "lost</s", "reply.errors<1",
     "lost<1/s", "speed>1", "p99=1s", "p<1s"],
)  # fmt: skip
def test_what_is_no_threshold(text: str) -> None:
    assert parse_threshold(text) is None


def test_nothing_measured_in_no_time() -> None:
    errors, rate = parse_threshold("errors<1%"), parse_threshold("rate>0")
    assert errors is not None
    assert rate is not None
    assert judge(errors, Tally(), 0.0).holds
    assert not judge(rate, Tally(), 0.0).holds


def test_durations_as_people_read_them() -> None:
    assert [duration(one) for one in (None, 5, 1_500, 2_500_000)] == [
        "-",
        "5 us",
        "1.5 ms",
        "2.50 s",
    ]
