"""What is taken of the target's own metrics."""

from handsets.load.metrics import reading
from handsets.load.result import Reading

PAGE = """\
# HELP smsc_submits_total Requests
# TYPE smsc_submits_total counter
smsc_submits_total{account="q}a",status="ESME_ROK"} 10.0
smsc_submits_total{account="a2p",status="ESME_ROK"} 5.0
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total 1.5
# TYPE other gauge
other 3.0
"""


def test_counters_are_summed_over_their_labels() -> None:
    found = reading(3, PAGE.splitlines())
    assert (found.second, found.submits, found.cpu_seconds, found.memory) == (3, 15.0, 1.5, None)


def test_what_is_no_page_of_metrics_leaves_gaps() -> None:
    page = ["<html>", "", "process_cpu_seconds_total", "smsc_submits_total{} soon"]
    assert reading(0, page) == Reading(0)
