"""When a fault strikes: whom a rule is aimed at, how often, by which chance."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from gateway.core.chance import Uniform
from gateway.core.fault_aim import (
    NO_FAULTS,
    BadRule,
    Count,
    Happening,
    Tally,
    arm,
    carried_over,
)
from gateway.core.faults import DropReceipt, FaultRule, NoResponse, Point, Refuse

SMS = Happening(1000, "BANK", "6281290000001", "Promo hari ini")


def rule(**settings: Any) -> FaultRule:
    return structs.replace(FaultRule(name="x", fault=Refuse(8)), **settings)


def strikes(count: int, what: Happening = SMS, seed: int = 1, **settings: Any) -> list[bool]:
    """Ask a rule so many times."""
    [armed] = arm([rule(**settings)], seed).armed
    tally: Tally = {}
    return [armed.strikes(what, tally) for _ in range(count)]


def fits(what: Happening = SMS, **settings: Any) -> bool:
    return strikes(1, what, **settings)[0]


# ---- how often


def test_a_bare_rule_strikes_always() -> None:
    assert strikes(3) == [True] * 3


def test_some_are_passed_over_first() -> None:
    assert strikes(4, skip=2) == [False, False, True, True]


def test_each_nth_is_struck() -> None:
    assert strikes(7, every_n=3) == [False, False, True, False, False, True, False]
    assert strikes(4, every_n=2, skip=1) == [False, False, True, False]


def test_only_so_many_are_struck() -> None:
    assert strikes(4, limit=2) == [True, True, False, False]


def test_chance_is_about_what_was_asked_and_the_same_again() -> None:
    first = strikes(2000, probability=0.25)
    assert 430 < sum(first) < 570
    assert strikes(2000, probability=0.25) == first
    assert strikes(2000, probability=0.25, seed=2) != first


def test_two_rules_of_one_seed_draw_for_themselves() -> None:
    one, other = arm([rule(probability=0.5), rule(name="y", probability=0.5)], 1).armed
    tally: Tally = {}
    both = [(one.strikes(SMS, tally), other.strikes(SMS, tally)) for _ in range(50)]
    assert len(set(both)) == 4


def test_never_is_possible() -> None:
    assert not any(strikes(50, probability=0.0))


def test_what_is_met_and_what_is_struck_is_counted() -> None:
    [armed] = arm([rule(every_n=2, source="BANK")], 1).armed
    tally: Tally = {}
    for _ in range(5):
        armed.strikes(SMS, tally)
    armed.strikes(structs.replace(SMS, source="TOKO"), tally)
    assert tally == {"x": Count(5, 2)}


# ---- whom


@pytest.mark.parametrize(
    ("at", "struck"), [(999, False), (1000, True), (1999, True), (2000, False)]
)
def test_a_rule_is_active_on_the_calendar(at: int, struck: bool) -> None:
    at_that_time = structs.replace(SMS, at=at)
    assert fits(at_that_time, active_from=1000, active_until=2000) is struck


@pytest.mark.parametrize(
    ("written", "struck"),
    [
        ("6281290000001", True),
        ("081290000001", True),
        ("+62 812-9000-0001", True),
        ("081290000002", False),
        ("0812*", True),
        ("62812*", True),
        ("+62812*", True),
        ("0813*", False),
        ("*", True),
        ("081290000000-081290000009", True),
        ("6281290000001 - 6281290000001", True),
        ("081290000002-081290000009", False),
        ("08129000000-08129000009", False),
        ("4444", False),
    ],
)
def test_a_destination_is_a_number_a_beginning_or_a_range(written: str, struck: bool) -> None:
    assert fits(destination=written) is struck


@pytest.mark.parametrize(
    ("written", "struck"), [("BANK", True), ("BA*", True), ("bank", False), ("X-Y", False)]
)
def test_a_source_may_be_a_name(written: str, struck: bool) -> None:
    assert fits(source=written) is struck


def test_an_address_is_compared_however_it_is_written() -> None:
    assert fits(structs.replace(SMS, source="081290000001"), source="62812*")


def test_a_name_with_a_dash_is_no_range() -> None:
    assert fits(structs.replace(SMS, source="X-Y"), source="X-Y")


@pytest.mark.parametrize(
    ("pattern", "struck"),
    [("(?i)promo", True), ("^Promo", True), ("promo", False), ("hari ini$", True), ("", True)],
)
def test_a_text_is_searched(pattern: str, struck: bool) -> None:
    assert fits(text=pattern) is struck


def test_half_a_surrogate_pair_is_searched_too() -> None:
    assert fits(structs.replace(SMS, text="\ud83d promo"), text="promo")


def test_no_pattern_takes_long() -> None:
    # Exponential by backtracking.
    assert not fits(structs.replace(SMS, text="a" * 100_000 + "b"), text="(a+)+$")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"text": "(a"}, "text is no pattern: missing ): (a; write a regular expression as RE2"),
        ({"text": "(?=a)"}, "text is no pattern: invalid perl operator: (?=;"),
        ({"text": "((a{100}){100}){100}"}, "text is no pattern: "),
        ({"text": "a" * 501}, "text has 501 characters; write 500 at most"),
        ({"source": "0812-0811"}, 'source is "0812-0811", no range; write two numbers'),
        ({"destination": "0811-08123"}, 'destination is "0811-08123", no range; '),
    ],
)
def test_what_cannot_be_armed_is_named(settings: dict[str, object], words: str) -> None:
    with pytest.raises(BadRule) as bad:
        arm([rule(**settings)], 1)
    assert str(bad.value).startswith(words)


# ---- all rules together


def test_no_faults_are_false() -> None:
    assert not NO_FAULTS
    assert not arm((), 1)
    assert arm([rule()], 1)
    assert NO_FAULTS.of("qa") == {}


def test_an_account_gets_what_is_aimed_at_it_by_point_and_in_order() -> None:
    all_ = rule(name="all")
    qa = rule(name="qa", account="qa")
    some = rule(name="some", account="q*", fault=NoResponse())
    other = rule(name="other", account="a2p", fault=DropReceipt())
    faults = arm([all_, qa, some, other], 1)

    def names(account: str) -> dict[Point, list[str]]:
        return {
            point: [armed.rule.name for armed in aimed]
            for point, aimed in faults.of(account).items()
        }

    assert names("qa") == {Point.SUBMIT: ["all", "qa"], Point.RESPONSE: ["some"]}
    assert names("a2p") == {Point.SUBMIT: ["all"], Point.RECEIPT: ["other"]}
    assert names("sink") == {Point.SUBMIT: ["all"]}
    faults = arm([all_, qa, other], 1)
    assert names("qa") == {Point.SUBMIT: ["all", "qa"]}
    assert names("sink") == {Point.SUBMIT: ["all"]}
    assert faults.of("sink") is faults.of("bank")


def test_counts_of_rules_that_stay_are_kept() -> None:
    stays, goes, changes = rule(name="stays"), rule(name="goes"), rule(name="changes")
    before = arm([stays, goes, changes], 1)
    after = arm([rule(name="comes"), stays, structs.replace(changes, skip=1)], 1)
    tally = {"stays": Count(3, 2), "goes": Count(1, 1), "changes": Count(1, 0)}
    assert carried_over(tally, before, after) == {"stays": Count(3, 2)}


def test_how_long_is_drawn_apart_from_whether() -> None:
    [armed] = arm([rule(probability=0.1)], 1).armed
    tally: Tally = {}
    delays = [
        armed.delay_ms(Uniform(0, 1000), tally) for _ in range(3000) if armed.strikes(SMS, tally)
    ]
    # By the same draw all of them would be below 100.
    assert 100 < sorted(delays)[len(delays) // 4] < 400
    assert 600 < sorted(delays)[3 * len(delays) // 4] < 900
