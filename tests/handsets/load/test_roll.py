"""Seconds are complete when all have told them; who goes silent is named."""

from handsets.load.result import Agent
from handsets.load.roll import Roll
from handsets.load.tally import Tally


def test_a_second_waits_for_everybody() -> None:
    roll = Roll(["a", "b"], 0.0)
    assert roll.told("a", Tally(0, sent=1, reply={5: 1}), 1.0) == []
    assert roll.told("a", Tally(1, sent=2), 2.0) == []
    (first,) = roll.told("b", Tally(0, sent=10, reply={5: 2}), 2.1)
    assert (first.second, first.sent, first.reply) == (0, 11, {5: 3})
    assert roll.told("c", Tally(0, sent=99), 2.2) == []
    assert roll.finished("a") == []
    (second,) = roll.finished("b")
    assert (second.second, second.sent) == (1, 2)
    assert roll.over
    assert roll.agents == (Agent("a", "done"), Agent("b", "done"))


def test_who_is_silent_is_given_up_and_named() -> None:
    roll = Roll(["a", "b"], 0.0)
    roll.told("a", Tally(0, sent=1), 1.0)
    roll.told("b", Tally(0, sent=1), 1.0)
    roll.told("b", Tally(1, sent=1), 2.0)
    assert roll.look(5.9) == []
    (second,) = roll.look(6.5)
    assert (second.second, second.sent) == (1, 1)
    assert not roll.over
    roll.finished("b")
    assert roll.agents[0] == Agent("a", "went silent; what it told up to 00:01 is counted")


def test_who_fails_is_named_with_the_reason_and_only_once() -> None:
    roll = Roll(["a"], 0.0)
    roll.finished("a", "its connection broke")
    roll.finished("a")
    roll.finished("stranger")
    (agent,) = roll.agents
    assert agent.state == "its connection broke; what it told up to 00:00 is counted"


def test_a_second_that_nobody_told_is_empty() -> None:
    roll = Roll(["a"], 0.0)
    found = roll.told("a", Tally(1, sent=1), 2.0)
    assert [(one.second, one.sent) for one in found] == [(0, 0), (1, 1)]
    assert roll.agents == (Agent("a", "running"),)
