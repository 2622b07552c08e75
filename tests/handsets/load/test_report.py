"""The page holds what the run holds, and needs nothing from elsewhere."""

import re

from handsets.load.report import report_page
from handsets.load.tally import Tally
from tests.handsets.load.runs import GOOD, full, result


def test_a_page_of_a_bad_run_shows_all_of_it() -> None:
    page = report_page(full())
    for part in (
        "not held",
        "Ended early: errors&gt;20%",
        "errors&lt;1%",
        "Latency over time",
        "Latency by percentile",
        "Refused and lost, by cause",
        "Never sent, by cause",
        "no reply in time",
        "was not heard of after 00:01",
        "CPU of the target",
        "Memory of the target",
        "5 were sent late by this tool itself",
        "due, not sent yet",
    ):
        assert part in page, part


def test_a_page_says_that_the_target_was_lost() -> None:
    page = report_page(result([*GOOD, Tally(2, broken=4, down=4)]))
    assert "not held" in page
    assert "Target lost: 4 connections broke, from 00:02 on" in page


def test_a_page_of_a_good_run_says_so() -> None:
    page = report_page(result(GOOD))
    assert "None: every message was dealt with." in page
    assert "Thresholds" not in page
    assert "CPU of the target" not in page


def test_nothing_comes_from_elsewhere() -> None:
    page = report_page(full())
    assert not re.findall(r"(?:src|href|url\()", page)
    assert "http" not in page


def test_a_run_without_replies_can_be_shown() -> None:
    assert "Errors a second" in report_page(result([Tally(0, offered=1, unsent=1)]))
