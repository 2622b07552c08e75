"""A connection that is watched, and what its lint has found."""

from __future__ import annotations

from typing import Any

from gateway.config import AccountConfig, LimitsConfig
from gateway.links.smpp_watch import Watching
from tests.gateway.links.wire import Line

ACCOUNTS = (
    AccountConfig(system_id="qa", password="qa", speaks_for_handsets=True, pdu_log=True),
    AccountConfig(system_id="quiet", password="quiet", lint=False),
    AccountConfig(
        system_id="narrow", password="narrow", limits=LimitsConfig(submit_window=1, max_sessions=1)
    ),
)


def line_of(**settings: Any) -> Line:
    return Line(watched=True, accounts=settings.pop("accounts", ACCOUNTS), **settings)


def found(watching: Watching, account: str) -> dict[str, int]:
    reports = watching.lint(account)
    assert reports is not None
    return {one.rule.id: one.count for report in reports for one in report.findings}
