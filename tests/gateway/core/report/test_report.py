from __future__ import annotations

import pytest

from gateway.core.ageing import SCHEDULES
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.report.people import People
from gateway.core.report.report import Report, make_report
from gateway.core.report.requests import Requests
from gateway.core.report.tables import Cell
from gateway.core.subscriber import BlockStage, Status, Subscriber
from tests.gateway.core.network import REGISTRY, TELKOMSEL, wib

NOW = wib("2018-03-05 08:00")
BRIEF = SCHEDULES["brief"]


def made(
    registered: int, others: int = 0, ended: dict[tuple[OutcomeKind, str], int] | None = None
) -> Report:
    people, requests = People(BRIEF, NOW), Requests()
    people.add(
        Subscriber(TELKOMSEL, "telkomsel", Status.REGISTERED, 1, registered_at=NOW, nik=citizen.nik)
        for citizen in REGISTRY.citizens(registered)
    )
    people.add(Subscriber(TELKOMSEL, "xl", Status.UNREGISTERED, 1) for _ in range(others))
    requests.ended.update(ended or {})
    return make_report(people, requests, BRIEF, NOW, 5)


def shown(report: Report, name: str) -> dict[str, Cell]:
    return {row.label: row.cells[0] for row in report.table(name).rows}


def test_an_empty_network_has_an_empty_report() -> None:
    report = made(0)
    assert report.table("standing").rows == ()
    assert report.table("standing").totals == (0,) * 9
    assert report.table("province").rows == ()
    assert shown(report, "funnel") == {"sent": 0, "valid format": 0, "matched": 0, "registered": 0}
    with pytest.raises(KeyError):
        report.table("other")


def test_the_countdown_is_the_schedule_s() -> None:
    due = made(0).countdown
    assert [(one.stage, one.days) for one in due] == [
        (BlockStage.OUTGOING_BARRED, -4),
        (BlockStage.INCOMING_BARRED, 41),
        (BlockStage.TOTAL_BARRED, 56),
    ]
    assert due[0].at == wib("2018-03-01 00:00")


def test_registered_numbers_are_shown_by_operator_and_person() -> None:
    report = made(200, 10)
    standing = report.table("standing")
    assert [row.label for row in standing.rows] == ["telkomsel", "xl"]
    assert standing.rows[0].cells[0] == standing.rows[0].cells[-1] == 200
    assert standing.totals[0] == 200
    for name in ("province", "age", "sex", "hour"):
        table = report.table(name)
        assert table.totals == (200,)
        cells = [row.cells[0] for row in table.rows]
        assert all(cell is None or cell == 0 or cell >= 5 for cell in cells)
        assert cells.count(None) != 1
    assert shown(report, "hour")["08"] == 200
    provinces = [row.cells[0] for row in report.table("province").rows]
    assert provinces == sorted(provinces, key=lambda cell: (cell is None, -(cell or 0)))


def test_where_few_registered_nothing_is_said_of_them() -> None:
    report = made(3, 100)
    assert report.table("standing").totals[0] is None
    for name in ("province", "age", "sex", "hour"):
        table = report.table(name)
        assert table.totals == (None,)
        assert {cell for row in table.rows for cell in row.cells} <= {None, 0}


def test_the_funnel_and_the_reasons_add_up() -> None:
    report = made(
        0,
        0,
        {
            (OutcomeKind.REGISTERED, ""): 50,
            (OutcomeKind.BAD_FORMAT, "NIK_LEN"): 20,
            (OutcomeKind.BAD_FORMAT, "SEP"): 10,
            (OutcomeKind.KK_MISMATCH, ""): 12,
            (OutcomeKind.OVER_LIMIT, ""): 8,
            (OutcomeKind.CHECKED, ""): 99,
        },
    )
    assert shown(report, "funnel") == {
        "sent": 100,
        "valid format": 70,
        "matched": 58,
        "registered": 50,
    }
    assert list(shown(report, "failures").items()) == [
        ("format not valid: NIK_LEN", 20),
        ("format not valid: SEP", 10),
        ("valid, not matched: kk_mismatch", 12),
        ("matched, not registered: over_limit", 8),
    ]


def test_a_small_group_of_requests_is_in_no_difference_of_the_funnel() -> None:
    report = made(
        0,
        0,
        {
            (OutcomeKind.REGISTERED, ""): 50,
            (OutcomeKind.BAD_FORMAT, "SEP"): 3,
            (OutcomeKind.KK_MISMATCH, ""): 12,
            (OutcomeKind.NIK_UNKNOWN, ""): 9,
        },
    )
    assert shown(report, "funnel") == {
        "sent": 74,
        "valid format": None,
        "matched": 50,
        "registered": 50,
    }
    assert shown(report, "failures") == {
        "format not valid: SEP": None,
        "valid, not matched: kk_mismatch": 12,
        "valid, not matched: nik_unknown": None,
    }


@pytest.mark.parametrize(("niks", "shown"), [(4, (None, None)), (5, (5, 55))])
def test_niks_with_more_than_ten_numbers(niks: int, shown: tuple[Cell, Cell]) -> None:
    citizens = list(REGISTRY.citizens(niks + 1))
    counts = {(citizen.nik.digits, "xl"): 11 for citizen in citizens[:niks]}
    counts[citizens[niks].nik.digits, "xl"] = 10
    people = People(BRIEF, NOW, counts, 10)
    people.add(
        Subscriber(TELKOMSEL, "xl", Status.REGISTERED, 1, registered_at=NOW, nik=citizen.nik)
        for citizen in citizens
        for _ in range(counts[citizen.nik.digits, "xl"])
    )
    table = make_report(people, Requests(), BRIEF, NOW, 5).table("many")
    assert table.title == "NIKs with more than 10 numbers, to be reported"
    (row,) = table.rows
    assert (row.label, row.cells) == ("xl", shown)
