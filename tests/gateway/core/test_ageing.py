"""Schedules day by day: when each stage begins, to the millisecond, in Western Indonesian Time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.core.ageing import (
    DAY_MS,
    SCHEDULES,
    WIB,
    CountsFrom,
    Schedule,
    due_after,
    iso,
    milliseconds,
    moment,
    next_step,
    stage_at,
    wib_day,
    wib_day_begins,
    wib_midnight,
)
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage, Status, Subscriber
from tests.gateway.core.network import wib

OPEN, OUT, IN, TOTAL = BlockStage
BARRED = (OUT, IN, TOTAL)
UNREGISTERED = Subscriber(Msisdn("6281210000001"), "telkomsel", Status.UNREGISTERED, 0)

# The day on which each stage begins (domain.md 3.3; for the brief's own profiles: 28 Feb + days).
DAYS: dict[str, tuple[str, str, str]] = {
    "brief": ("2018-03-01", "2018-04-15", "2018-04-30"),
    "brief-back-to-back": ("2018-03-01", "2018-03-31", "2018-04-15"),
    "permen": ("2018-03-31", "2018-04-15", "2018-04-30"),
    "kominfo-2018": ("2018-03-01", "2018-04-01", "2018-05-01"),
}
EDGES = [
    (name, wib(f"{day} 00:00"), before, after)
    for name, days in DAYS.items()
    for day, before, after in zip(days, (OPEN, OUT, IN), BARRED, strict=True)
]


def test_every_schedule_is_tested() -> None:
    assert set(SCHEDULES) == set(DAYS)
    assert all(schedule.name == name for name, schedule in SCHEDULES.items())
    assert all("domain.md" in schedule.source for schedule in SCHEDULES.values())


@pytest.mark.parametrize(("name", "at", "before", "after"), EDGES)
def test_a_stage_begins_at_midnight_in_wib(
    name: str, at: int, before: BlockStage, after: BlockStage
) -> None:
    schedule = SCHEDULES[name]
    assert stage_at(schedule, UNREGISTERED, at - 1) is before
    assert stage_at(schedule, UNREGISTERED, at) is after


@pytest.mark.parametrize("name", DAYS)
def test_every_day_of_the_programme(name: str) -> None:
    schedule, days = SCHEDULES[name], DAYS[name]
    day = datetime(2018, 2, 1, 12, tzinfo=WIB)
    while day.year == 2018:
        reached = sum(day.date().isoformat() >= begins for begins in days)
        assert stage_at(schedule, UNREGISTERED, milliseconds(day)) is list(BlockStage)[reached]
        day += timedelta(days=1)


def test_nothing_is_barred_on_the_last_day_before_the_deadline() -> None:
    for name in DAYS:
        assert stage_at(SCHEDULES[name], UNREGISTERED, wib("2018-02-28 23:59")) is OPEN


# ---- counting from a number's own notice


def noticed(at: str) -> Subscriber:
    return Subscriber(UNREGISTERED.msisdn, "telkomsel", Status.UNREGISTERED, 0, notice_at=wib(at))


@pytest.mark.parametrize("hour", ["00:00", "10:30", "23:59"])
def test_permen_counts_calendar_days_from_the_own_notice(hour: str) -> None:
    schedule = SCHEDULES["permen"]
    mine = noticed(f"2018-06-01 {hour}")
    for day, before, after in [
        ("2018-07-01", OPEN, OUT),
        ("2018-07-16", OUT, IN),
        ("2018-07-31", IN, TOTAL),
    ]:
        at = wib(f"{day} 00:00")
        assert stage_at(schedule, mine, at - 1) is before
        assert stage_at(schedule, mine, at) is after
        assert next_step(schedule, mine, at - 1) == (after, at)


def test_the_default_notice_and_the_same_own_notice_agree() -> None:
    schedule = SCHEDULES["permen"]
    for hour in ("00:00", "17:00"):
        mine = noticed(f"2018-03-01 {hour}")
        for day in DAYS["permen"]:
            at = wib(f"{day} 00:00")
            for now in (at - 1, at):
                assert stage_at(schedule, mine, now) is stage_at(schedule, UNREGISTERED, now)


@pytest.mark.parametrize("name", sorted(set(DAYS) - {"permen"}))
def test_deadline_schedules_ignore_notices(name: str) -> None:
    assert SCHEDULES[name].counts_from is CountsFrom.DEADLINE
    late = noticed("2020-01-01 00:00")
    assert stage_at(SCHEDULES[name], late, wib("2018-06-01 00:00")) is TOTAL


# ---- who does not age


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        (Status.NEW, TOTAL),
        (Status.REGISTERED, OPEN),
        (Status.REGISTERED_UNVALIDATED, OPEN),
        (Status.EXPIRED, TOTAL),
        (Status.UNREGISTERED_DEAD, TOTAL),
    ],
)
def test_only_unregistered_numbers_age(status: Status, stage: BlockStage) -> None:
    subscriber = Subscriber(UNREGISTERED.msisdn, "telkomsel", status, 0)
    for schedule in SCHEDULES.values():
        for now in (wib("2017-01-01 00:00"), wib("2019-01-01 00:00")):
            assert stage_at(schedule, subscriber, now) is stage
            assert next_step(schedule, subscriber, now) is None
        assert due_after(schedule, subscriber) is None


# ---- what falls due


@pytest.mark.parametrize(("name", "at", "before", "after"), EDGES)
def test_next_step_is_the_one_after_now(
    name: str, at: int, before: BlockStage, after: BlockStage
) -> None:
    assert next_step(SCHEDULES[name], UNREGISTERED, at - 1) == (after, at)
    following = next_step(SCHEDULES[name], UNREGISTERED, at)
    assert following != (after, at)
    assert following is None or following[1] > at


def announced(stage: BlockStage) -> Subscriber:
    return Subscriber(UNREGISTERED.msisdn, "telkomsel", Status.UNREGISTERED, 0, announced=stage)


@pytest.mark.parametrize(("name", "at", "before", "after"), EDGES)
def test_due_after_is_the_stage_after_the_last_announced(
    name: str, at: int, before: BlockStage, after: BlockStage
) -> None:
    assert due_after(SCHEDULES[name], announced(before)) == at


@pytest.mark.parametrize("name", DAYS)
def test_nothing_is_due_after_the_last_stage(name: str) -> None:
    assert due_after(SCHEDULES[name], announced(TOTAL)) is None


def test_a_jump_over_all_stages_finds_each_in_turn() -> None:
    schedule = SCHEDULES["brief"]
    now, stage, found = wib("2018-12-31 00:00"), OPEN, []
    while (at := due_after(schedule, announced(stage))) is not None and at <= now:
        stage = stage_at(schedule, UNREGISTERED, at)
        found.append((iso(at), stage))
    assert found == [
        ("2018-03-01T00:00:00+07:00", OUT),
        ("2018-04-15T00:00:00+07:00", IN),
        ("2018-04-30T00:00:00+07:00", TOTAL),
    ]


def test_a_schedule_without_steps_never_bars() -> None:
    schedule = Schedule("none", CountsFrom.DEADLINE, wib_midnight(2018, 2, 28), (), "a test")
    assert stage_at(schedule, UNREGISTERED, wib("2030-01-01 00:00")) is OPEN
    assert next_step(schedule, UNREGISTERED, 0) is None
    assert due_after(schedule, UNREGISTERED) is None


# ---- times


def test_times_are_read_and_written_in_wib() -> None:
    at = wib_midnight(2018, 3, 1)
    assert at == milliseconds(datetime(2018, 2, 28, 17, tzinfo=UTC))
    assert moment(at) == datetime(2018, 3, 1, tzinfo=WIB)
    assert moment(at).utcoffset() == timedelta(hours=7)
    assert iso(at + 999) == "2018-03-01T00:00:00+07:00"
    for one in (at - 1, at + DAY_MS // 2 + 123_456, 0, -1, -DAY_MS):
        assert iso(one) == moment(one).isoformat(timespec="seconds")
    assert wib_midnight(2018, 3, 2) - at == DAY_MS


def test_days_are_counted_from_midnight_in_western_indonesia() -> None:
    midnight = wib("2018-02-28 00:00")
    assert wib_day(midnight) - 1 == wib_day(midnight - 1)
    assert wib_day_begins(wib_day(midnight + DAY_MS - 1)) == midnight
