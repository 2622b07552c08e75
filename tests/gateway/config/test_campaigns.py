"""When the rounds of a campaign begin; what a file may get wrong is in mistakes/."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.config import CampaignConfig
from gateway.config.campaigns import read_moment
from gateway.core.programme import Target
from tests.gateway.core.network import wib

WEEKLY = CampaignConfig(name="weekly", begin="2018-02-01", end="2018-03-01", every_days=7)
ONCE = CampaignConfig(name="once", begin="2018-02-01T08:00:00+07:00")


@pytest.mark.parametrize(
    ("row", "now", "began"),
    [
        (WEEKLY, "2018-01-31 23:59", None),
        (WEEKLY, "2018-02-01 00:00", "2018-02-01 00:00"),
        (WEEKLY, "2018-02-07 23:59", "2018-02-01 00:00"),
        (WEEKLY, "2018-02-23 10:00", "2018-02-22 00:00"),
        (WEEKLY, "2018-03-01 00:00", None),
        (ONCE, "2018-02-01 07:59", None),
        (ONCE, "2018-12-01 00:00", "2018-02-01 08:00"),
        (CampaignConfig(name="by hand"), "2018-02-01 00:00", None),
    ],
)
def test_the_newest_round(row: CampaignConfig, now: str, began: str | None) -> None:
    assert row.round_at(wib(now)) == (None if began is None else wib(began))


def test_a_date_is_its_midnight() -> None:
    assert read_moment("2018-02-01") == wib("2018-02-01 00:00")
    assert read_moment("soon") is None


def test_for_the_unvalidated_there_is_a_round_a_day() -> None:
    own = structs.replace(WEEKLY, target=Target.UNVALIDATED)
    assert (own.own_days, WEEKLY.own_days) == (7, 0)
    assert own.round_at(wib("2018-02-05 12:00")) == wib("2018-02-05 00:00")
    once = structs.replace(own, every_days=0)
    assert once.round_at(wib("2018-02-05 12:00")) == wib("2018-02-01 00:00")
