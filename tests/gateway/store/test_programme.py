"""Of each campaign the newest round is kept, of each operator the day's count."""

from __future__ import annotations

from msgspec import structs

from gateway.core.decision import CampaignChanged, RegistryAsked
from gateway.core.programme import Campaign, Target
from gateway.store.programme import ENDED_KEPT, RegistryUse, Rounds, keep, keep_round

ROUND = Campaign("weekly", "", Target.UNREGISTERED, 10.0, 5, 5)


def test_a_round_takes_the_place_of_the_one_of_its_name() -> None:
    rounds: Rounds = {}
    keep_round(rounds, ROUND)
    keep_round(rounds, structs.replace(ROUND, name="other"))
    newest = structs.replace(ROUND, since=9)
    keep_round(rounds, newest)
    assert list(rounds) == ["other", "weekly"]
    assert rounds["weekly"] == newest


def test_what_ended_long_ago_is_forgotten_and_what_runs_is_not() -> None:
    rounds: Rounds = {}
    keep_round(rounds, ROUND)
    for index in range(ENDED_KEPT + 2):
        keep_round(rounds, structs.replace(ROUND, name=f"{index}", ended_at=7))
    assert list(rounds) == ["weekly", *(f"{index}" for index in range(2, ENDED_KEPT + 2))]


def test_a_change_goes_where_it_belongs() -> None:
    rounds: Rounds = {}
    use: RegistryUse = {}
    for change in (
        CampaignChanged(ROUND), RegistryAsked("xl", 7), RegistryAsked("xl", 7),
        RegistryAsked("tri", 7), RegistryAsked("tri", 8),
    ):  # fmt: skip
        keep(change, rounds, use)
    assert rounds == {"weekly": ROUND}
    assert use == {"xl": (7, 2), "tri": (8, 1)}
