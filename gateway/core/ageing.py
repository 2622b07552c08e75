"""How an unregistered number ages: schedule + dates -> the stage that it is in.

domain.md 3.3: there are several schedules, so each is a row of data. Days are calendar days in
Western Indonesian Time (UTC+7); a stage begins at 00:00.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from functools import lru_cache
from typing import Final

from msgspec import Struct

from gateway.core.barring import STAGE_BY_STATUS
from gateway.core.subscriber import BlockStage, Status, Subscriber

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_INCOMING_BARRED: Final = BlockStage.INCOMING_BARRED
_OPEN: Final = BlockStage.OPEN
_OUTGOING_BARRED: Final = BlockStage.OUTGOING_BARRED
_TOTAL_BARRED: Final = BlockStage.TOTAL_BARRED
_UNREGISTERED: Final = Status.UNREGISTERED

WIB = timezone(timedelta(hours=7), "WIB")
DAY_MS = 86_400_000
_WIB_MS = 7 * 3_600_000


def milliseconds(moment: datetime) -> int:
    """Turn an aware datetime into milliseconds since 1970 UTC."""
    return round(moment.timestamp() * 1000)


def moment(at: int) -> datetime:
    """Turn milliseconds since 1970 UTC into a datetime in WIB."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).astimezone(WIB)


def iso(at: int) -> str:
    """Write milliseconds since 1970 UTC as ISO 8601 in WIB, to the second."""
    day, second = divmod(at // 1000 + _WIB_MS // 1000, DAY_MS // 1000)
    return _date(day) + _minute(second // 60) + _SECONDS[second % 60]


# An export writes millions of moments, most of them on a few days.
_SECONDS = tuple(f":{second:02}+07:00" for second in range(60))


@lru_cache(maxsize=4096)
def _date(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(day)).isoformat()


@lru_cache(maxsize=1440)
def _minute(minute: int) -> str:
    return f"T{minute // 60:02}:{minute % 60:02}"


def wib_midnight(year: int, month: int, day: int) -> int:
    """Give 00:00 WIB of a date in milliseconds since 1970 UTC."""
    return milliseconds(datetime(year, month, day, tzinfo=WIB))


def wib_day(at: int) -> int:
    """Count the calendar days in WIB from 1970 to a moment in milliseconds since 1970 UTC."""
    return (at + _WIB_MS) // DAY_MS


def wib_day_begins(day: int) -> int:
    """Give 00:00 WIB of a day of `wib_day`, in milliseconds since 1970 UTC."""
    return day * DAY_MS - _WIB_MS


class CountsFrom(Enum):
    """What day 0 of a schedule is: one date for all numbers, or each number's own notice."""

    DEADLINE = "deadline"
    NOTICE = "notice"


class Step(Struct, frozen=True, gc=False):
    """From 00:00 of day `day` after day 0 a number is in `stage`."""

    day: int
    stage: BlockStage


class Lifetime(Struct, frozen=True, gc=False):
    """How long numbers live that nobody registers, in milliseconds; 0 for ever (domain.md 3.5).

    `unregistered_ms` from the first stage, when it can be topped up no more, with validity and
    grace; `starter_ms` from when a starter card is first seen; `recycle_ms` from its end until
    the number is sold anew.
    """

    unregistered_ms: int = 0
    starter_ms: int = 0
    recycle_ms: int = 0


FOR_EVER = Lifetime()


class Schedule(Struct, frozen=True, gc=False):
    """One schedule of block stages.

    `day_zero` is 00:00 WIB of day 0 (with NOTICE: of the default notice, for numbers that have
    none of their own). `steps` rise in `day`. `source` is the section it comes from. `swept`: a
    number enters a stage only when the sweep comes to it, as its `announced` says (domain.md 3.3,
    roll-out lag).
    """

    name: str
    counts_from: CountsFrom
    day_zero: int
    steps: tuple[Step, ...]
    source: str
    swept: bool = False
    lifetime: Lifetime = FOR_EVER


def _steps(outgoing: int, incoming: int, total: int) -> tuple[Step, ...]:
    return (
        Step(outgoing, _OUTGOING_BARRED),
        Step(incoming, _INCOMING_BARRED),
        Step(total, _TOTAL_BARRED),
    )


_DEADLINE = wib_midnight(2018, 2, 28)
# Day 0 of `permen` is 1 March, the day after the deadline: with it the regulation's +30, +45
# and +60 give the dates that domain.md 3.3 prints (31 March, 15 April, 30 April).
_NOTICE = wib_midnight(2018, 3, 1)

SCHEDULES: dict[str, Schedule] = {
    schedule.name: schedule
    for schedule in (
        Schedule(
            "brief",
            CountsFrom.DEADLINE,
            _DEADLINE,
            _steps(1, 46, 61),
            "domain.md 3.3, project brief",
        ),
        Schedule(
            "brief-back-to-back",
            CountsFrom.DEADLINE,
            _DEADLINE,
            _steps(1, 31, 46),
            "domain.md 3.3, project brief",
        ),
        Schedule(
            "permen", CountsFrom.NOTICE, _NOTICE, _steps(30, 45, 60), "domain.md 3.3 [S84][S17][S7]"
        ),
        Schedule(
            "kominfo-2018",
            CountsFrom.DEADLINE,
            _DEADLINE,
            _steps(1, 32, 62),
            "domain.md 3.3 [S85][S86]: 1 Mar, 1 Apr, 1 May 2018",
        ),
    )
}


_ORDER = {stage: place for place, stage in enumerate(BlockStage)}


def _day_zero(schedule: Schedule, subscriber: Subscriber) -> int:
    if schedule.counts_from is CountsFrom.NOTICE and subscriber.notice_at is not None:
        # Given at any hour, a notice counts from the midnight before it.
        return subscriber.notice_at - (subscriber.notice_at + _WIB_MS) % DAY_MS
    return schedule.day_zero


def stage_at(schedule: Schedule, subscriber: Subscriber, now: int) -> BlockStage:
    """Give the stage that a subscriber is in at `now`."""
    if subscriber.status is not _UNREGISTERED:
        return STAGE_BY_STATUS[subscriber.status]
    return subscriber.announced if schedule.swept else stage_by_date(schedule, subscriber, now)


def stage_by_date(schedule: Schedule, subscriber: Subscriber, now: int) -> BlockStage:
    """Give the stage that an unregistered number is to be in at `now`, swept or not."""
    days = (now - _day_zero(schedule, subscriber)) // DAY_MS
    stage = _OPEN
    for step in schedule.steps:
        if days < step.day:
            break
        stage = step.stage
    return stage


def next_step(
    schedule: Schedule, subscriber: Subscriber, now: int
) -> tuple[BlockStage, int] | None:
    """Give the next stage after `now` and when it falls due; None when nothing more will.

    Where stages are swept that may be past: the sweep has not come to the number yet.
    """
    if subscriber.status is not _UNREGISTERED:
        return None
    if schedule.swept:
        return _step_after(schedule, subscriber)
    zero = _day_zero(schedule, subscriber)
    for step in schedule.steps:
        at = zero + step.day * DAY_MS
        if at > now:
            return step.stage, at
    return None


def due_after(schedule: Schedule, subscriber: Subscriber) -> int | None:
    """Give when the stage after the last announced one falls due; None when nothing will.

    A calendar that jumps over several stages finds each of them in turn by this.
    """
    if subscriber.status is not _UNREGISTERED:
        return None
    step = _step_after(schedule, subscriber)
    return step[1] if step is not None else None


def first_step_at(schedule: Schedule, subscriber: Subscriber) -> int:
    """Give when an unregistered number is barred first."""
    return _day_zero(schedule, subscriber) + schedule.steps[0].day * DAY_MS


def _step_after(schedule: Schedule, subscriber: Subscriber) -> tuple[BlockStage, int] | None:
    """Give the stage after the last announced one, and when it falls due."""
    announced = _ORDER[subscriber.announced]
    for step in schedule.steps:
        if _ORDER[step.stage] > announced:
            return step.stage, _day_zero(schedule, subscriber) + step.day * DAY_MS
    return None
