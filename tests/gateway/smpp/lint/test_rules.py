from __future__ import annotations

import pytest

from gateway.smpp.lint.rules import Rule, Severity, table


@pytest.mark.parametrize(
    ("one", "other", "matters"),
    [
        (Severity.ERROR, Severity.HINT, True),
        (Severity.ERROR, Severity.ERROR, True),
        (Severity.WARNING, Severity.ERROR, False),
        (Severity.HINT, Severity.WARNING, False),
        (Severity.HINT, Severity.HINT, True),
    ],
)
def test_severities_are_ordered(one: Severity, other: Severity, matters: bool) -> None:
    assert one.at_least(other) is matters


def test_a_table_goes_by_the_id() -> None:
    rule = Rule("a", "A", Severity.HINT, "means", "do", "invented")
    assert table(rule) == {"a": rule}
