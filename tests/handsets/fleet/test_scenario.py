"""Scenarios read from TOML: what is packaged, and every mistake at once."""

import tomllib

import pytest

from handsets.fleet.scenario import Calls, Do, Scenario, Step, read_scenario

MISTAKES = """
phones = 0
arival = 3
seed = 1.5

[[stories]]
name = "a"
weight = -1
calls = "aswer"
steps = [
  { do = "sms", to = "44x" },
  { do = "sms", to = "4444", text = "REG {nic}#" },
  { do = "receive", text = "(" },
  { do = "recieve" },
  { to = "4444" },
  { do = "call", cause = "user_busy", to = "{peer}" },
  { do = "wait", seconds = [3, 1] },
  { do = "stage", stage = "barred" },
  { do = "ussd" },
  { do = "data", action = "opened" },
]

[[stories]]
name = "a"
"""


def read(text: str) -> Scenario | list[str]:
    return read_scenario(tomllib.loads(text), "mine")


def test_a_scenario_is_read_with_its_steps() -> None:
    scenario = read("""
phones = 7
[[stories]]
name = "s"
calls = "reject"
steps = [
  { do = "sms", to = "081234567890", text = "{reg}", expect = "refused", cause = "user_busy" },
  { do = "receive", from = "BANK", text = "Kode" },
  { do = "wait", seconds = [1, 2] },
  { do = "stage", stage = "open" },
  { do = "ring" },
]
""")
    assert isinstance(scenario, Scenario)
    assert scenario.phones == 7
    (story,) = scenario.stories
    assert story.calls is Calls.REJECT
    assert story.steps == (
        Step(Do.SMS, "6281234567890", "{reg}", expect="refused", cause="user_busy"),
        Step(Do.RECEIVE, sender="BANK", text="Kode"),
        Step(Do.WAIT, least=1.0, most=2.0),
        Step(Do.STAGE, expect="open"),
        Step(Do.RING, expect="answer"),
    )
    assert str(story.steps[0]) == 'sms 6281234567890 "{reg}" expect refused user_busy'


def test_every_mistake_is_told_with_place_and_remedy() -> None:
    mistakes = read(MISTAKES)
    assert isinstance(mistakes, list)
    told = "\n".join(mistakes)
    for part in (
        "phones: 0 is out of range",
        "seed: 1.5 is no whole number",
        'arival: there is no such key; did you mean "arrival"?',
        "stories 1.weight: -1 is out of range",
        'stories 1.calls: "aswer" is unknown; did you mean "answer"?',
        'stories 1, steps 1.to: "44x" is no number',
        "stories 1, steps 1.text: is missing",
        "stories 1, steps 2.text: in braces may stand {reg}",
        'stories 1, steps 3.text: "(" is no RE2 pattern',
        'stories 1, steps 4.do: "recieve" is unknown; did you mean "receive"?',
        "stories 1, steps 5.do: is missing",
        "stories 1, steps 6.cause: only what is refused has one",
        "stories 1, steps 7.seconds: write the least and the most",
        'stories 1, steps 8.stage: "barred" is unknown',
        "stories 1, steps 9.code: is missing",
        'stories 1, steps 10.action: "opened" is unknown; did you mean "open"?',
        'stories: two are named "a"',
    ):
        assert part in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there are none; write [[stories]]"),
        ("[[stories]]\nweight = 0", "all weights are 0"),
        ("stories = 3", "write it as [[stories]]"),
    ],
)
def test_a_fleet_without_stories_is_refused(text: str, told: str) -> None:
    mistakes = read(text)
    assert isinstance(mistakes, list)
    assert len(mistakes) == 1
    assert told in mistakes[0]
