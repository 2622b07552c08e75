"""The API's answers on what is watched of ESMEs: the lint of their clients, their PDUs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import structs
from pydantic import BaseModel, ConfigDict

from gateway.core.numbers import mask_identities
from gateway.smpp.lint.findings import AccountReport, Finding
from gateway.smpp.lint.rules import Severity
from gateway.smpp.pdu_ring import SeenPdu
from gateway.smpp.show import Shown, is_secret, line, show


class ExampleAnswer(BaseModel):
    """One of the first times: real time in UTC, the session's number, the sequence_number."""

    at: str
    session: int
    sequence_number: int
    shown: str


class FindingAnswer(BaseModel):
    """One rule that a client broke: what it means for its messages, and the remedy.

    `source` is the section of the specification, or `invented` where it is only good custom.
    """

    rule: str
    severity: Severity
    title: str
    count: int
    meaning: str
    remedy: str
    source: str
    examples: list[ExampleAnswer]


class AccountLintAnswer(BaseModel):
    """What one account's client did. Of very many messages only some are checked."""

    account: str
    seen: dict[str, int]
    findings: list[FindingAnswer]


class LintAnswer(BaseModel):
    """The client lint; findings by severity, then by count."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "accounts": [
                        {
                            "account": "qa",
                            "seen": {"sessions": 1, "messages": 3, "checked": 3},
                            "findings": [
                                {
                                    "rule": "ucs2_odd",
                                    "severity": "error",
                                    "title": "UCS-2 of an odd number of octets",
                                    "count": 1,
                                    "meaning": "half a character stands at the end",
                                    "remedy": "encode as UTF-16BE",
                                    "source": "SMPP 3.4 §5.2.19",
                                    "examples": [],
                                }
                            ],
                        }
                    ]
                }
            ]
        }
    )

    accounts: list[AccountLintAnswer]


def lint_answer(reports: Iterable[AccountReport]) -> LintAnswer:
    """Show the lint of accounts."""
    return LintAnswer(
        accounts=[
            AccountLintAnswer(
                account=report.account,
                seen=structs.asdict(report.seen),
                findings=[_finding(finding) for finding in report.findings],
            )
            for report in reports
        ]
    )


def _finding(finding: Finding) -> FindingAnswer:
    rule = finding.rule
    return FindingAnswer(
        rule=rule.id,
        severity=rule.severity,
        title=rule.title,
        count=finding.count,
        meaning=rule.meaning,
        remedy=rule.remedy,
        source=rule.source,
        examples=[
            ExampleAnswer(
                at=_utc(one.at),
                session=one.session,
                sequence_number=one.sequence,
                shown=one.shown,
            )
            for one in finding.examples
        ],
    )


class PduAnswer(BaseModel):
    """One PDU: decoded in one line and by fields; NIK and KK masked, passwords left out.

    `octets` in hexadecimal only with `[log] pdu_hex = true`, and never of a PDU with a password.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "at": "2026-02-26T01:00:00.000Z",
                    "session": 1,
                    "direction": "received",
                    "line": "enquire_link 7",
                    "fields": {"command": "enquire_link", "sequence_number": 7},
                    "octets": None,
                }
            ]
        }
    )

    at: str
    session: int
    direction: str
    line: str
    fields: dict[str, Shown]
    octets: str | None


class PdusAnswer(BaseModel):
    """The newest PDUs of an account, oldest first; `logging` is whether more are noted now."""

    account: str
    logging: bool
    pdus: list[PduAnswer]


def pdu_answer(seen: SeenPdu, *, octets: bool) -> PduAnswer:
    """Show a PDU; `octets` also as they were on the wire."""
    fields = show(seen.frame, mask_identities, seen.alphabet)
    hides = not octets or is_secret(seen.frame)
    return PduAnswer(
        at=_utc(seen.at),
        session=seen.session,
        direction="received" if seen.received else "sent",
        line=line(fields),
        fields=fields,
        octets=None if hides else seen.frame.hex(),
    )


def _utc(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
