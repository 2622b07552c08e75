"""What became of all lives. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from handsets.fleet.judging import Missed
from handsets.fleet.life import Life

_NUMBER = re.compile(r"\b62[0-9]{8,13}\b")
_EXAMPLES = 3


class StoryResult(Struct, frozen=True):
    """One story's phones."""

    name: str
    phones: int
    kept: int
    missed: int
    unfinished: int


class Failing(Struct, frozen=True):
    """A step that did not see what it should, at so many phones; a few of them."""

    story: str
    at: int
    step: str
    why: str
    phones: int
    examples: tuple[str, ...]
    near: tuple[str, ...]


class FleetResult(Struct, frozen=True):
    """A whole run; times in seconds, memory in octets."""

    scenario: str
    phones: int
    shape: str
    seed: int
    all_on_after: float | None
    most_on: int
    seconds: float
    memory_per_phone: int
    reconnections: int
    stories: tuple[StoryResult, ...]
    failing: tuple[Failing, ...]

    @property
    def failed(self) -> bool:
        """Whether anything was not as the scenario has it."""
        return any(story.missed or story.unfinished for story in self.stories)


def stories_of(names: Iterable[str], lives: Iterable[Life]) -> tuple[StoryResult, ...]:
    """Count lives by story."""
    counts = {name: [0, 0, 0] for name in names}
    for life in lives:
        at = 2 if not life.over else 1 if life.missed else 0
        counts[life.story.name][at] += 1
    return tuple(
        StoryResult(name, kept + missed + left, kept, missed, left)
        for name, (kept, missed, left) in counts.items()
    )


def failing_of(lives: Iterable[Life]) -> tuple[Failing, ...]:
    """Gather what was missed, the most frequent first."""
    groups: dict[tuple[str, int, str], list[tuple[str, Missed]]] = {}
    for life in lives:
        missed = life.missed
        if missed is not None:
            # The network's own words name the phones.
            why = _NUMBER.sub("62..", missed.why)
            key = (missed.story, missed.at, why)
            groups.setdefault(key, []).append((life.handset.msisdn, missed))
    found = []
    for (_, _, why), some in groups.items():
        first = some[0][1]
        near = dict.fromkeys(line for _, missed in some for line in missed.near)
        found.append(
            Failing(
                first.story,
                first.at,
                first.step,
                why,
                len(some),
                tuple(msisdn for msisdn, _ in some[:_EXAMPLES]),
                tuple(near)[:_EXAMPLES],
            )
        )
    return tuple(sorted(found, key=lambda one: -one.phones))
