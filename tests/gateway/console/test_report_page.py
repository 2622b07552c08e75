from __future__ import annotations

import re
from html.parser import HTMLParser

from gateway.console.report_page import report_page
from tests.gateway.core.report.test_report import made

_VOID = {"meta", "rect", "line"}


class Nesting(HTMLParser):
    """Checks that every element is closed where it was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag


def test_the_page_needs_nothing_from_outside_and_is_well_formed() -> None:
    page = report_page(made(200, 10))
    parser = Nesting()
    parser.feed(page)
    assert parser.open == []
    assert not re.search(r"(src|href)=|https?:|@import|<script", page)
    assert page.count("<section") == 9


def test_the_page_tells_totals_shares_and_what_falls_due() -> None:
    page = report_page(made(200, 50))
    assert "05 March 2018, 08:00 WIB" in page
    assert "<b>250</b>" in page
    assert "80% of all" in page
    assert "<b>in force</b>" in page
    assert "<b>41 days</b>" in page
    assert "Groups of 1 to 4 are hidden" in page


def test_what_is_hidden_is_said_and_an_empty_page_too() -> None:
    assert "hidden</span>" in report_page(made(3, 100))
    empty = report_page(made(0))
    assert empty.count("Nothing yet.") == 7
