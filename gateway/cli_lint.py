"""The command `gateway lint`: what the clients of the ESMEs do wrong; and the report after a run.

Exit codes: 0 nothing found as severe as --fail-on, 5 something was, 1 no gateway answers,
2 wrong arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli_remote import API, ApiOption, ask
from gateway.smpp.lint.findings import AccountReport
from gateway.smpp.lint.rules import Severity
from gateway.terminal import EXIT_USAGE, JsonOption, fail, json_line, say, say_json

EXIT_FOUND = 5


class FailOn(Enum):
    """From which severity on a finding sets the exit code."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"
    NEVER = "never"


PcapOption = Annotated[
    Path | None,
    typer.Option(
        "--pcap",
        metavar="FILE",
        help="Capture SMPP for Wireshark; the file holds passwords, NIK and KK in clear.",
    ),
]
LintReportOption = Annotated[
    Path | None,
    typer.Option(
        "--lint-report",
        metavar="FILE",
        help="Write the client lint at the end; JSON if the name ends with .json, else text.",
    ),
]


def add_lint_command(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(lint)


def lint(
    account: Annotated[
        str, typer.Option(metavar="SYSTEM_ID", help="Only this account; without it all.")
    ] = "",
    fail_on: Annotated[
        FailOn, typer.Option(help="Exit 5 if a finding is as severe as this.")
    ] = FailOn.WARNING,
    forget: Annotated[
        bool, typer.Option("--forget", help="Then begin anew: the next report is of a new run.")
    ] = False,
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """Report what the clients of the ESMEs did wrong or unwisely, with the remedies.

    \b
    Examples:
      gateway lint
      gateway lint --account qa --fail-on error --json
    """
    query: dict[str, str | int | float] = {"account": account} if account else {}
    report = ask(api, "DELETE" if forget else "GET", "smpp/lint", query=query)
    if json:
        say_json(report)
    else:
        for line in report_lines(report):
            say(line)
    if found(report, fail_on):
        raise typer.Exit(EXIT_FOUND)


def found(report: dict[str, Any], fail_on: FailOn) -> bool:
    """Say whether a report has a finding that severe."""
    if fail_on is FailOn.NEVER:
        return False
    level = Severity(fail_on.value)
    return any(
        Severity(finding["severity"]).at_least(level)
        for account in report["accounts"]
        for finding in account["findings"]
    )


def report_lines(report: dict[str, Any]) -> Iterator[str]:
    """Write a report for people."""
    if not report["accounts"]:
        yield "no account has lint switched on: lint = true in [[smpp.accounts]]"
    quiet = []
    for account in report["accounts"]:
        if any(account["seen"].values()):
            yield from _account_lines(account)
        else:
            quiet.append(account["account"])
    if quiet:
        yield f"nothing seen of: {', '.join(quiet)}"


def _account_lines(account: dict[str, Any]) -> Iterator[str]:
    seen, findings = account["seen"], account["findings"]
    some = "" if seen["checked"] == seen["messages"] else f" ({seen['checked']} of them checked)"
    yield (
        f"{account['account']}: {seen['sessions']} sessions, {seen['requests']} requests, "
        f"{seen['messages']} messages{some}, {len(findings)} findings"
    )
    for finding in findings:
        yield f"  {finding['severity']:8}{finding['title']}, {finding['count']} times"
        yield f"          {finding['meaning']}"
        yield f"          remedy: {finding['remedy']} [{finding['source']}]"
        for one in finding["examples"][:2]:
            yield (
                f"          {one['at']} session {one['session']} sequence_number "
                f"{one['sequence_number']}: {one['shown']}"
            )


# ---- gateway serve


def check_place(path: Path | None) -> None:
    """End the command if the report could not be written after the run."""
    if path is not None and not path.absolute().parent.is_dir():
        fail(f'--lint-report: there is no folder "{path.parent}"; make it first', EXIT_USAGE)


def write_report(path: Path | None, reports: list[AccountReport]) -> None:
    """Write the report after a run: JSON if the name ends so, else text."""
    if path is None:
        return
    # Not at the top: the other commands answer faster without the API.
    from gateway.console.watch_answers import lint_answer

    report = lint_answer(reports).model_dump(mode="json")
    text = json_line(report) if path.suffix == ".json" else "\n".join(report_lines(report))
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as trouble:
        fail(f'--lint-report: "{path}" cannot be written: {trouble.strerror or trouble}')
