"""A whole report: tables of counts, and what falls due when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from gateway.core.ageing import DAY_MS, Schedule
from gateway.core.outlets import Suspicion
from gateway.core.report.identity import BANDS, FEMALE, MALE, UNKNOWN
from gateway.core.report.outlets import outlets_table
from gateway.core.report.people import People, Standing
from gateway.core.report.requests import Requests, Step
from gateway.core.report.tables import Cell, Row, Table, column, hidden
from gateway.core.subscriber import BlockStage

_REGISTERED = "registered"
_TOTAL = "all"
DEFAULT_SUSPICION = Suspicion()
_FAILED = (Step.NOT_VALID, Step.NOT_MATCHED, Step.NOT_REGISTERED)


class Due(Struct, frozen=True, gc=False):
    """A stage of the schedule: when it begins for who has no notice of his own, in how many days.

    `at` is in milliseconds since 1970 UTC; `days` is below 0 once it has begun.
    """

    stage: BlockStage
    at: int
    days: int


class Report(Struct, frozen=True, gc=False):
    """What is known of registrations at `at`; counts from 1 below `smallest_cell` are hidden."""

    at: int
    smallest_cell: int
    schedule: str
    countdown: tuple[Due, ...]
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table:
        """Give a table by its name. Raises KeyError."""
        return {table.name: table for table in self.tables}[name]


def make_report(
    people: People,
    requests: Requests,
    schedule: Schedule,
    now: int,
    smallest: int,
    suspicion: Suspicion = DEFAULT_SUSPICION,
) -> Report:
    """Put a report together."""
    standing, hide = _standing(people, smallest)
    hours = {f"{hour:02}": people.hour[hour] for hour in range(24)}
    province = _counted(
        "province", "Registered, by province of the NIK", people.province, smallest, hide
    )
    bands = {name: people.band[name] for name in (*BANDS, UNKNOWN)}
    sexes = {name: people.sex[name] for name in (FEMALE, MALE, UNKNOWN)}
    tables = (
        standing,
        replace(province, rows=_largest_first(province.rows)),
        _counted("age", "Registered, by age", bands, smallest, hide),
        _counted("sex", "Registered, by sex", sexes, smallest, hide),
        _counted("hour", "Registered, by hour of the day (WIB)", hours, smallest, hide),
        *_funnel_and_reasons(requests, smallest),
        _many(people, smallest),
        outlets_table(requests.outlets.audits(suspicion, smallest)),
    )
    due = tuple(
        Due(step.stage, at, -((now - at) // DAY_MS))
        for step in schedule.steps
        for at in (schedule.day_zero + step.day * DAY_MS,)
    )
    return Report(now, smallest, schedule.name, due, tables)


def _standing(people: People, smallest: int) -> tuple[Table, bool]:
    """Make the table of how numbers stand; says too whether its count of registered is hidden."""
    operators = sorted({operator for operator, _ in people.standing})
    counts = [[people.standing[operator, stands] for stands in Standing] for operator in operators]
    *shown, totals = hidden(counts or [[0] * len(Standing)], smallest)
    table = Table(
        "standing",
        "Numbers, by operator and how they stand",
        "operator",
        (*(stands.value for stands in Standing), _TOTAL),
        tuple(
            Row(operator, tuple(cells)) for operator, cells in zip(operators, shown, strict=False)
        ),
        tuple(totals),
    )
    return table, totals[0] is None


def _many(people: People, smallest: int) -> Table:
    """Make the table of NIKs with more numbers than an operator has to report (domain.md 3.1)."""
    rows = []
    for operator in sorted(people.many_niks):
        niks, numbers = len(people.many_niks[operator]), people.many_numbers[operator]
        hide = niks < smallest
        rows.append(Row(operator, (None, None) if hide else (niks, numbers)))
    title = f"NIKs with more than {people.above} numbers, to be reported"
    return Table("many", title, "operator", ("NIKs", "numbers"), tuple(rows))


def _counted(
    name: str, title: str, counts: Mapping[str, int], smallest: int, hide_total: bool
) -> Table:
    *cells, total = column(counts, smallest, hide_total=hide_total)
    rows = tuple(Row(label, (cell,)) for label, cell in zip(counts, cells, strict=True))
    return Table(name, title, name, (_REGISTERED,), rows, (total,))


def _largest_first(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Order rows by what is shown of them; the order of hidden counts would tell of them."""
    return tuple(
        sorted(rows, key=lambda row: (row.cells[0] is None, -(row.cells[0] or 0), row.label))
    )


def _funnel_and_reasons(requests: Requests, smallest: int) -> tuple[Table, Table]:
    steps = requests.steps()
    named = {step.value: count for step, count in steps.items()}
    *ends, sent = column(named, smallest)
    ended = dict(zip(steps, ends, strict=True))
    rows: list[Row] = []
    for step in _FAILED:
        counts = requests.reasons(step)
        *cells, _ = column(counts, smallest, hide_total=ended[step] is None)
        rows += _largest_first(
            Row(f"{step.value}: {label}", (cell,))
            for label, cell in zip(counts, cells, strict=True)
        )
    funnel = Table(
        "funnel",
        "Registration requests, and how far they came",
        "step",
        ("requests",),
        (
            Row("sent", (sent,)),
            Row("valid format", (_less(sent, ended[Step.NOT_VALID]),)),
            Row("matched", (_sum(ended[Step.NOT_REGISTERED], ended[Step.REGISTERED]),)),
            Row("registered", (ended[Step.REGISTERED],)),
        ),
    )
    reasons = Table("failures", "Why requests failed", "reason", ("requests",), tuple(rows))
    return funnel, reasons


def _less(whole: Cell, part: Cell) -> Cell:
    return None if whole is None or part is None else whole - part


def _sum(one: Cell, other: Cell) -> Cell:
    return None if one is None or other is None else one + other
