from __future__ import annotations

from gateway.smpp.lint.address_rules import ADDRESS_RULES, NPI_ODD, PLUS_SIGN
from gateway.smpp.lint.findings import (
    EXAMPLES_MOST,
    RULES,
    AccountReport,
    Example,
    Findings,
    Seen,
    count_at_least,
)
from gateway.smpp.lint.message_rules import MESSAGE_RULES, UCS2_ODD
from gateway.smpp.lint.rules import Severity
from gateway.smpp.lint.session_rules import NO_UNBIND, SESSION_RULES


def plain(text: str) -> str:
    return text


def test_no_two_rules_have_the_same_id() -> None:
    assert len(RULES) == len(SESSION_RULES) + len(MESSAGE_RULES) + len(ADDRESS_RULES)
    assert len(RULES) > 60


def test_findings_come_worst_first_then_by_count() -> None:
    findings = Findings(plain)
    for note, times in (
        ((NPI_ODD, "a"), 9),
        ((PLUS_SIGN, "b"), 1),
        ((NO_UNBIND, "c"), 2),
        ((UCS2_ODD, "d"), 1),
    ):
        for _ in range(times):
            findings.add(note, 1.0, 7)
    found = findings.found(0.0)
    assert [one.rule for one in found] == [UCS2_ODD, NO_UNBIND, PLUS_SIGN, NPI_ODD]
    assert [one.count for one in found] == [1, 2, 1, 9]


def test_the_first_examples_are_kept_masked_with_time_session_and_sequence() -> None:
    findings = Findings(lambda text: text.replace("secret", "***"))
    for number in range(9):
        findings.add((UCS2_ODD, f"secret {number}"), 1.5 + number, 7, number)
    (found,) = findings.found(1000.0)
    assert found.count == 9
    assert len(found.examples) == EXAMPLES_MOST
    assert found.examples[0] == Example(1001.5, 7, 0, "*** 0")
    assert found.examples[4] == Example(1005.5, 7, 4, "*** 4")


def test_several_at_once_are_one_example_and_texts_are_cut() -> None:
    findings = Findings(plain)
    findings.add((UCS2_ODD, "x" * 500), 0.0, 1, 2, count=3)
    findings.add((UCS2_ODD, "y"), 0.0, 1, 2, count=7)
    (found,) = findings.found(0.0)
    assert found.count == 10
    assert [len(one.shown) for one in found.examples] == [120, 1]


def test_counting_what_matters() -> None:
    findings = Findings(plain)
    findings.add((UCS2_ODD, ""), 0.0, 1)
    findings.add((NPI_ODD, ""), 0.0, 1)
    reports = [AccountReport("qa", Seen(), findings.found(0.0)), AccountReport("a2p", Seen(), ())]
    counts = [count_at_least(reports, severity) for severity in Severity]
    assert counts == [1, 1, 2]
