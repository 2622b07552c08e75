from __future__ import annotations

import pytest

from gateway.config import Config, LifetimeConfig, ScheduleConfig
from gateway.core.ageing import DAY_MS, FOR_EVER, SCHEDULES, Lifetime


def test_by_default_nothing_is_swept_and_nothing_expires() -> None:
    assert Config().rules().schedule == SCHEDULES["brief"]
    assert LifetimeConfig().lifetime() == FOR_EVER


def test_the_grace_follows_the_validity() -> None:
    row = LifetimeConfig(validity_days=30, starter_days=20, recycle_days=90)
    assert row.lifetime() == Lifetime(60 * DAY_MS, 20 * DAY_MS, 90 * DAY_MS)


def test_a_rate_makes_a_schedule_a_swept_one() -> None:
    chosen = ScheduleConfig(profile="permen", sweep_per_second=10.0)
    schedule = Config(schedule=chosen).rules().schedule
    assert (schedule.name, schedule.swept) == ("permen", True)


def test_a_schedule_of_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="is not the name of a schedule"):
        Config(schedule=ScheduleConfig(profile="none")).rules()
