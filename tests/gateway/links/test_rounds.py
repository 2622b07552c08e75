"""A round runs until it has come to all of its numbers, was stopped or has ended."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.numbers import Msisdn
from gateway.core.programme import Campaign, Target
from gateway.links.rounds import Round

CAMPAIGN = Campaign("weekly", "xl", Target.UNREGISTERED, 10.0, 7, 5)


def test_a_round_runs_before_its_numbers_are_known_and_until_it_came_to_them() -> None:
    one = Round(CAMPAIGN, False)
    assert (one.running, one.left) == (True, 0)
    one.numbers = [Msisdn("6281710000001")]
    assert (one.running, one.left) == (True, 1)
    one.next = 1
    assert (one.running, one.left) == (False, 0)


@pytest.mark.parametrize(
    ("own_days", "numbers", "idle"), [(7, 0, True), (7, 1, False), (0, 0, False)]
)
def test_a_round_of_a_day_on_which_nobody_has_a_date_is_idle(
    own_days: int, numbers: int, idle: bool
) -> None:
    one = Round(structs.replace(CAMPAIGN, own_days=own_days), False)
    one.numbers = [Msisdn("6281710000001")] * numbers
    assert one.idle is idle


def test_a_round_that_was_stopped_shows_what_is_left() -> None:
    one = Round(CAMPAIGN, False)
    one.numbers, one.stopped = [Msisdn("6281710000001")], True
    assert (one.view().running, one.view().left) == (False, 1)


def test_a_round_that_has_ended_shows_how() -> None:
    ended = structs.replace(CAMPAIGN, ended_at=9, sent=3, passed_over=2, left=1)
    view = Round(ended, True).view()
    assert (view.running, view.sent, view.passed_over, view.left) == (False, 3, 2, 1)
    assert (view.name, view.operator, view.began_at) == ("weekly", "xl", 7)
