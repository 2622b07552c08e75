"""What is taken of the target's own metrics."""

import pytest

from handsets.load.metrics import reading

PAGE = """\
# HELP smsc_submits_total Requests
# TYPE smsc_submits_total counter
smsc_submits_total{account="qa",status="ESME_ROK"} 10.0
smsc_submits_total{account="a2p",status="ESME_ROK"} 5.0
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total 1.5
# TYPE other gauge
other 3.0
"""


def test_counters_are_summed_over_their_labels() -> None:
    found = reading(3, PAGE.splitlines())
    assert (found.second, found.submits, found.cpu_seconds, found.memory) == (3, 15.0, 1.5, None)


def test_what_is_no_page_of_metrics() -> None:
    with pytest.raises(ValueError, match="invalid metric name"):
        reading(0, ["<html>"])
