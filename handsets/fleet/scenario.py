"""A scenario from TOML: stories, and how many phones live them. Pure.

All mistakes are found at once; each says where it is and what to write instead.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

import re2
from msgspec import Struct

from gateway.air.frames import DataUpAction
from gateway.core.causes import Cause
from gateway.core.numbers import BadNumber, parse_address
from gateway.core.registration.profiles import DEFAULT_PROFILES
from gateway.core.subscriber import BlockStage
from handsets.load.reading import Reader, shown

WORDS: Final = ("reg", "nik", "kk", "wrong_kk", "unknown_nik", "me", "peer")
"""What stands in braces in a text: the registration as the phone's operator asks for it, parts
of it, the phone's own number, and that of another phone of the fleet."""

PHONES_MOST: Final = 1_000_000
_SECONDS_MOST = 86_400.0


class Do(Enum):
    """What a step is."""

    SMS = "sms"
    RECEIVE = "receive"
    CALL = "call"
    RING = "ring"
    HANG_UP = "hang_up"
    DATA = "data"
    USSD = "ussd"
    STAGE = "stage"
    WAIT = "wait"
    OFF = "off"
    ON = "on"


class Calls(Enum):
    """What a phone does with a call that no step awaits."""

    ANSWER = "answer"
    REJECT = "reject"
    RING = "ring"


class Step(Struct, frozen=True):
    """One step; which fields count is by `do`. Times in seconds."""

    do: Do
    to: str = ""
    text: str = ""
    sender: str = ""
    expect: str = ""
    cause: str = ""
    within: float = 10.0
    least: float = 0.0
    most: float = 0.0

    def __str__(self) -> str:
        """Show it as it is written."""
        words = [self.do.value, self.to or self.sender, self.text and f'"{self.text}"']
        words += [self.expect and f"expect {self.expect}", self.cause]
        return " ".join(word for word in words if word)


class Story(Struct, frozen=True):
    """What a phone lives through, `repeat` times; `weight` is its share of the phones."""

    name: str
    steps: tuple[Step, ...]
    weight: float
    repeat: int
    calls: Calls


class Scenario(Struct, frozen=True):
    """A whole fleet; `arrival` is over how many seconds its phones come on."""

    name: str
    about: str
    phones: int
    seed: int
    arrival: float
    stories: tuple[Story, ...]
    operators: dict[str, float]
    people_seed: int
    population: int


# What each step may expect, the first by default.
_EXPECTS: Final = {
    Do.SMS: ("accepted", "refused"),
    Do.CALL: ("ringing", "answered", "refused"),
    Do.DATA: ("accepted", "refused"),
    Do.USSD: ("accepted", "refused"),
}
_CAUSES = [cause.value for cause in Cause]
_STAGES = [stage.name.lower() for stage in BlockStage]


def read_scenario(table: dict[str, Any], name: str) -> Scenario | list[str]:
    """Read a scenario; gives all its mistakes where it has any."""
    mistakes: list[str] = []
    top = Reader(table, "", mistakes)
    people = top.table("people")
    stories = tuple(_story(reader, at) for at, reader in enumerate(top.tables("stories"), 1))
    every = {profile.name: 1.0 for profile in DEFAULT_PROFILES}
    scenario = Scenario(
        name=name,
        about=top.text("about", ""),
        phones=top.whole("phones", 100, 1, PHONES_MOST),
        seed=top.whole("seed", 1),
        arrival=top.number("arrival", 10.0, 0.0, _SECONDS_MOST, "seconds"),
        stories=stories,
        operators=top.weights("operators", every),
        people_seed=people.whole("seed", 4444),
        population=people.whole("population", 10**8, 1),
    )
    people.nothing_else()
    top.nothing_else()
    names = [story.name for story in stories]
    for twice in sorted({one for one in names if names.count(one) > 1}):
        top.wrong("stories", f'two are named "{twice}"; give each a name of its own')
    if not stories and "stories" not in {line.split(":")[0] for line in mistakes}:
        top.wrong("stories", "there are none; write [[stories]] with a name and steps")
    elif stories and not any(story.weight for story in stories):
        top.wrong("stories", "all weights are 0; give one a share of the phones")
    return mistakes or scenario


def _story(reader: Reader, at: int) -> Story:
    story = Story(
        name=reader.text("name", f"story {at}"),
        weight=reader.number("weight", 1.0),
        repeat=reader.whole("repeat", 1, 1),
        calls=Calls(reader.word("calls", "answer", [one.value for one in Calls])),
        steps=tuple(_step(one) for one in reader.tables("steps")),
    )
    reader.nothing_else()
    return story


def _step(reader: Reader) -> Step:
    if not reader.has("do"):
        reader.wrong("do", f"is missing; write one of {', '.join(one.value for one in Do)}")
    do = Do(reader.word("do", "wait", [one.value for one in Do]))
    expect = _EXPECTS.get(do, ("",))
    step = Step(
        do=do,
        to=_address(reader, "to", needed=True) if do in (Do.SMS, Do.CALL) else "",
        text=_text(reader, do),
        sender=_address(reader, "from") if do is Do.RECEIVE else "",
        expect=reader.word("expect", expect[0], expect) if do in _EXPECTS else _other(reader, do),
        cause=reader.word("cause", "", ["", *_CAUSES]) if do in _EXPECTS else "",
        within=reader.number("within", 10.0, 0.1, _SECONDS_MOST, "seconds"),
    )
    if do is Do.WAIT and reader.has("do"):
        least, most = reader.pair("seconds", (1.0, 1.0))
        step = Step(do, least=least, most=most)
    if step.cause and step.expect != "refused":
        reader.wrong("cause", 'only what is refused has one; write expect = "refused" too')
    reader.nothing_else()
    return step


def _other(reader: Reader, do: Do) -> str:
    if do is Do.STAGE:
        return reader.word("stage", _STAGES[0], _STAGES)
    if do is Do.RING:
        return reader.word("take", "answer", [one.value for one in Calls])
    return ""


def _address(reader: Reader, key: str, *, needed: bool = False) -> str:
    text = reader.text(key, "")
    if not text:
        if needed:
            reader.wrong(key, 'is missing; write a number, a short code or "{peer}"')
        return ""
    if text == "{peer}":
        return text
    parsed = parse_address(text)
    if isinstance(parsed, BadNumber):
        if key == "from":
            return text  # an ESME's alphanumeric sender
        reader.wrong(
            key, f'{shown(text)} is no number: {parsed.remedy}, a short code or "{{peer}}"'
        )
        return ""
    return str(parsed)


def _text(reader: Reader, do: Do) -> str:
    if do is Do.SMS:
        text = reader.text("text", "")
        if not text:
            reader.wrong("text", 'is missing; write what the phone sends, for example "{reg}"')
        try:
            text.format(**dict.fromkeys(WORDS, ""))
        except (KeyError, ValueError, IndexError):
            known = ", ".join("{" + word + "}" for word in WORDS)
            reader.wrong("text", f"in braces may stand {known}; write other braces twice")
        return text
    if do is Do.DATA:
        actions = [action.value for action in DataUpAction]
        return reader.word("action", actions[0], actions)
    if do is Do.USSD and not reader.has("code"):
        reader.wrong("code", 'is missing; write it as it is typed: "*444#"')
    if do is Do.USSD:
        return reader.text("code", "*444#")
    if do is Do.RECEIVE:
        pattern = reader.text("text", "")
        try:
            re2.compile(pattern)
        except re2.error as trouble:
            reader.wrong("text", f"{shown(pattern)} is no RE2 pattern ({_first(trouble)})")
        return pattern
    return ""


def _first(trouble: Exception) -> str:
    said = trouble.args[0] if trouble.args else ""
    return said.decode() if isinstance(said, bytes) else str(said)
