"""What was found: a count for each rule and its first examples; and the report made of it."""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from gateway.smpp.lint.address_rules import ADDRESS_RULES
from gateway.smpp.lint.message_rules import MESSAGE_RULES
from gateway.smpp.lint.rules import Rule, Severity, table
from gateway.smpp.lint.session_rules import SESSION_RULES

RULES: Final = table(*SESSION_RULES, *MESSAGE_RULES, *ADDRESS_RULES)
"""Every rule by its id."""

EXAMPLES_MOST: Final = 5
_SHOWN_MOST: Final = 120

Note = tuple[Rule, str]
"""A rule that was broken, and what was seen."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """When and where: steady seconds, the session's number, the PDU's sequence_number."""

    at: float
    session: int
    sequence: int = 0


class Example(msgspec.Struct, frozen=True, gc=False):
    """One of the first times; `at` in Unix seconds, `shown` with identities masked."""

    at: float
    session: int
    sequence: int
    shown: str


class Finding(msgspec.Struct, frozen=True, gc=False):
    """A rule that was broken `count` times."""

    rule: Rule
    count: int
    examples: tuple[Example, ...]


class Seen(msgspec.Struct, gc=False):
    """What there was to look at.

    `checked` counts the messages that were looked at closely: all, unless they came in large
    batches. `deliver_answers` and `enquire_links` are the client's.
    """

    sessions: int = 0
    binds_refused: int = 0
    requests: int = 0
    messages: int = 0
    checked: int = 0
    deliver_answers: int = 0
    enquire_links: int = 0


class AccountReport(msgspec.Struct, frozen=True, gc=False):
    """All about one account; findings by severity, then by count."""

    account: str
    seen: Seen
    findings: tuple[Finding, ...]


class Findings:
    """Counts and first examples; never more than the rules times EXAMPLES_MOST."""

    __slots__ = ("_counts", "_examples", "_mask")

    def __init__(self, mask: Callable[[str], str]) -> None:
        """`mask` hides what must not be shown."""
        self._mask = mask
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[tuple[Place, str]]] = {}

    def add(self, note: Note, at: float, session: int, sequence: int = 0, count: int = 1) -> None:
        """Count one, and keep it if it is one of the first."""
        rule, shown = note
        before = self._counts.get(rule.id, 0)
        self._counts[rule.id] = before + count
        if before < EXAMPLES_MOST:
            shown = self._mask(shown)[:_SHOWN_MOST]
            place = Place(at, session, sequence)
            self._examples.setdefault(rule.id, []).append((place, shown))

    def found(self, offset: float) -> tuple[Finding, ...]:
        """Give the findings, worst first; `offset` makes Unix seconds of steady ones."""
        findings = [
            Finding(
                RULES[id_],
                count,
                tuple(
                    Example(place.at + offset, place.session, place.sequence, shown)
                    for place, shown in self._examples[id_]
                ),
            )
            for id_, count in self._counts.items()
        ]
        order = list(Severity)
        findings.sort(key=lambda one: (order.index(one.rule.severity), -one.count, one.rule.id))
        return tuple(findings)


def count_at_least(reports: Iterable[AccountReport], severity: Severity) -> int:
    """Count the findings that matter as much as `severity`."""
    return sum(
        finding.rule.severity.at_least(severity)
        for report in reports
        for finding in report.findings
    )
