"""[schedule], [[schedules]] and [lifetime]: when numbers are barred, and when they expire."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct, structs

from gateway.core.ageing import (
    DAY_MS,
    SCHEDULES,
    CountsFrom,
    Lifetime,
    Schedule,
    Step,
    wib_midnight,
)
from gateway.core.subscriber import BlockStage


class ScheduleConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[schedule]; profile: the name of a built-in schedule or of a [[schedules]] row.

    `sweep_per_second` in real seconds; 0 bars every number as its stage falls due.
    """

    profile: str = "brief"
    sweep_per_second: float = 0.0


class LifetimeConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[lifetime]; in days on the calendar, 0 for never."""

    validity_days: int = 0
    grace_days: int = 30
    starter_days: int = 0
    recycle_days: int = 0

    def lifetime(self) -> Lifetime:
        """Give it in milliseconds; the grace counts only where there is a validity."""
        alive = self.validity_days and self.validity_days + self.grace_days
        return Lifetime(alive * DAY_MS, self.starter_days * DAY_MS, self.recycle_days * DAY_MS)


class StepConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of `steps` in [[schedules]]: from 00:00 WIB of `day` after day zero, `stage`."""

    day: int
    stage: BlockStage


class OwnScheduleConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[schedules]]; day_zero is a date, YYYY-MM-DD."""

    name: str
    day_zero: str
    steps: tuple[StepConfig, ...]
    counts_from: CountsFrom = CountsFrom.DEADLINE
    source: str = "configuration"


def schedule_of(
    chosen: ScheduleConfig, rows: Iterable[OwnScheduleConfig], lifetime: LifetimeConfig
) -> Schedule:
    """Build the schedule that was chosen; raises ValueError where there is none of its name."""
    own = {row.name: row for row in rows}
    if chosen.profile in own:
        found = _schedule(own[chosen.profile])
    elif chosen.profile in SCHEDULES:
        found = SCHEDULES[chosen.profile]
    else:
        raise ValueError(f"[schedule] profile {chosen.profile!r} is not the name of a schedule")
    return structs.replace(found, swept=chosen.sweep_per_second > 0, lifetime=lifetime.lifetime())


def _schedule(row: OwnScheduleConfig) -> Schedule:
    day = date.fromisoformat(row.day_zero)
    return Schedule(
        row.name,
        row.counts_from,
        wib_midnight(day.year, day.month, day.day),
        tuple(Step(step.day, step.stage) for step in row.steps),
        row.source,
    )
