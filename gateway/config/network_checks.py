"""What the rows of schedules and registration must keep to beyond their types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from gateway.config.delays import check_delay
from gateway.config.notes import YEARS, Notes, is_short_code
from gateway.config.operator_checks import check_operators
from gateway.config.places import Path
from gateway.config.registry import check_registry
from gateway.config.schedules import OwnScheduleConfig
from gateway.config.values import Config
from gateway.config.words import did_you_mean
from gateway.core.ageing import SCHEDULES
from gateway.core.numbers import EMERGENCY_NUMBERS
from gateway.core.subscriber import BlockStage

_DAY_MOST = 36_500
_SWEEP_MOST = 1_000_000
_STAGES = tuple(BlockStage)


def check_network(config: Config, notes: Notes, rank: Callable[[Path], int]) -> None:
    """Report what is wrong in how the network is to behave."""
    _check_schedules(config, notes)
    _check_registration(config, notes)
    check_operators(config.operators, notes, rank)


def _check_schedules(config: Config, notes: Notes) -> None:
    rows: dict[str, int] = {}
    for index, row in enumerate(config.schedules):
        path: Path = ("schedules", index)
        first = rows.setdefault(row.name, index)
        if not row.name:
            notes.note((*path, "name"), "is empty", "give the schedule a name")
        elif row.name in SCHEDULES:
            notes.note(
                (*path, "name"),
                f'is "{row.name}", the name of a built-in schedule',
                "give it another name, and name that in [schedule] profile",
            )
        elif first != index:
            notes.note(
                (*path, "name"),
                f'is "{row.name}", as that of schedule no. {first + 1}',
                "give each its own name",
            )
        _check_day_zero(row, path, notes)
        _check_steps(row, path, notes)
    if not 0 <= config.schedule.sweep_per_second <= _SWEEP_MOST:
        notes.note(
            ("schedule", "sweep_per_second"),
            f"is {config.schedule.sweep_per_second:g}",
            f"write how many numbers a second are barred, {_SWEEP_MOST} at most, or 0 for at once",
        )
    for name in ("validity_days", "grace_days", "starter_days", "recycle_days"):
        days = getattr(config.lifetime, name)
        if not 0 <= days <= _DAY_MOST:
            notes.note(
                ("lifetime", name), f"is {days}", f"write 0 to {_DAY_MOST} days, 0 for never"
            )
    profile = config.schedule.profile
    if profile not in (*SCHEDULES, *rows) and notes.sound(("schedules",)):
        notes.note(
            ("schedule", "profile"),
            f'is "{profile}", no schedule\'s name',
            did_you_mean(profile, (*SCHEDULES, *rows), quoted=True),
        )


def _check_day_zero(row: OwnScheduleConfig, path: Path, notes: Notes) -> None:
    at = (*path, "day_zero")
    try:
        day = date.fromisoformat(row.day_zero)
    except ValueError:
        notes.note(at, f'is "{row.day_zero}", no date', "write day_zero = 2018-02-28")
    else:
        if day.year not in YEARS:
            notes.note(at, f"is in the year {day.year}", "write a year from 2000 to 2099")


def _check_steps(row: OwnScheduleConfig, path: Path, notes: Notes) -> None:
    if not row.steps:
        notes.note(
            (*path, "steps"), "is empty", 'write steps = [{day = 1, stage = "OUTGOING_BARRED"}]'
        )
    day, stage = -1, BlockStage.OPEN
    for index, step in enumerate(row.steps):
        at = (*path, "steps", index)
        if not 0 <= step.day <= _DAY_MOST:
            notes.note((*at, "day"), f"is {step.day}", f"write 0 to {_DAY_MOST} days")
        elif step.day <= day and notes.sound((*path, "steps")):
            notes.note(
                (*at, "day"),
                f"is {step.day}, not after {day}",
                "let the days rise from step to step",
            )
        if _STAGES.index(step.stage) <= _STAGES.index(stage):
            notes.note(
                (*at, "stage"),
                f"is {step.stage.value}, no further than {stage.value}",
                "let the stages rise: OUTGOING_BARRED, INCOMING_BARRED, TOTAL_BARRED",
            )
        day, stage = step.day, step.stage


def _check_registration(config: Config, notes: Notes) -> None:
    code = config.registration.code
    if not is_short_code(code):
        notes.note(
            ("registration", "code"),
            f'is "{code}", no short code',
            'write 2 to 6 digits without a leading zero: code = "4444"',
        )
    elif code in EMERGENCY_NUMBERS:
        notes.note(
            ("registration", "code"), f"is {code}, an emergency number", 'write code = "4444"'
        )
    if config.registration.numbers_per_nik < 0:
        notes.note(
            ("registration", "numbers_per_nik"),
            f"is {config.registration.numbers_per_nik}",
            "write how many numbers a NIK may have, or 0 for no limit",
        )
    check_delay(config.registration.verdict_delay, ("registration", "verdict_delay"), notes)
    check_registry(config.registry, notes)
    _check_messages(config, notes)


def _check_messages(config: Config, notes: Notes) -> None:
    lengths = (
        ("validity_hours", "hours"),
        ("parts_seconds", "seconds"),
        ("transaction_seconds", "seconds"),
        ("ring_seconds", "seconds"),
    )
    for name, unit in lengths:
        length = getattr(config.messages, name)
        if not 0 < length <= 1_000_000:
            notes.note(("messages", name), f"is {length:g}", f"write {unit}, more than 0")
    pauses = config.messages.retry_seconds
    odd = [pause for pause in pauses if not 0.01 <= pause <= 1_000_000]
    if odd or not pauses:
        what = f"holds {odd[0]:g}" if odd else "is empty"
        notes.note(
            ("messages", "retry_seconds"), what, "write pauses of 0.01 seconds or more: [1.0, 5.0]"
        )
