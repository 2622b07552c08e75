"""The civil registry as it answers an operator's own registration pipeline that is under test.

The same people, quotas, outages and lost answers as the built-in desk meets (domain.md 5), counted
apart from it. Faults of the desk strike here too, as messages to the destination `registry`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from msgspec import Struct

from gateway.core.ageing import DAY_MS, wib_day, wib_day_begins
from gateway.core.chance import draw
from gateway.core.decision import NOTED, Decision, RegistryAsked
from gateway.core.fault_aim import Happening, Tally
from gateway.core.faults import BusyDesk, Fault, LateVerdict, LostSuccess, Point, SilentDesk
from gateway.core.ledger import Rules
from gateway.core.numbers import Kk, Nik
from gateway.core.programme import PipelineAsked
from gateway.core.registration.citizens import Citizen, Verdict
from gateway.core.registration.profiles import OperatorProfile

DESTINATION: Final = "registry"
"""What rules of faults call the stub."""

# Answers that the desk loses are drawn by seed and message too.
_LOST: Final = 4446


# The day of counts that no midnight ends.
_EVER: Final = 0


class _Count(Enum):
    """What is counted of an operator's questions."""

    ASKED = "asked"
    MATCHED = "matched"
    LOST = "lost"


class Trouble(Enum):
    """Why there is no verdict."""

    QUOTA = "quota"
    OUTAGE = "outage"
    BUSY = "busy"
    LOST = "lost"


class Checked(Struct, frozen=True, gc=False):
    """The registry's word: on a match about whom, where the population has them.

    `left` is what remains of the operator's quota today, None where it has none; `late_ms` how much
    later in real time the answer comes.
    """

    verdict: Verdict
    citizen: Citizen | None
    left: int | None
    late_ms: int = 0


class NoAnswer(Struct, frozen=True, gc=False):
    """No verdict; `again_in_s` is after how many seconds of the calendar there may be one.

    `matched`: the answer that was lost was a match.
    """

    trouble: Trouble
    why: str
    again_in_s: int = 0
    late_ms: int = 0
    matched: bool = False


class Use(Struct, gc=False):
    """What one operator asked: `day` and `today` for its quota, the others ever."""

    day: int = 0
    today: int = 0
    asked: int = 0
    matched: int = 0
    lost: int = 0


RegistryUse = Mapping[str, tuple[int, int]]
"""How often the registry was asked: day and count, as the journal has it (see RegistryAsked)."""


def pipeline_asked(event: PipelineAsked) -> Decision:
    """Count a question, so that a restart begins neither the day nor the counts anew."""
    why = f"the pipeline of {event.operator} asked the civil registry"
    counted = {_Count.ASKED: True, _Count.MATCHED: event.matched, _Count.LOST: event.lost}
    changes = [RegistryAsked(_key(event.operator), event.day)]
    changes += [
        RegistryAsked(_key(event.operator, what), _EVER)
        for what, counts in counted.items()
        if counts
    ]
    return Decision(NOTED, why, tuple(changes))


def _key(operator: str, what: _Count | None = None) -> str:
    """Tell a pipeline's questions from those of the operator's desk, and what counts of them."""
    return f"{operator} pipeline" if what is None else f"{operator} pipeline {what.value}"


class RegistryStub:
    """Answers and counts; time, rules and the counts of faults are handed in.

    What was asked before the start counts too, by what the journal has.
    """

    def __init__(self) -> None:
        self.uses: dict[str, Use] = {}

    def recall(self, known: RegistryUse) -> None:
        """Take over what earlier runs asked, of each day's quota and ever."""
        for key, (day, count) in known.items():
            operator = key.removesuffix(_key(""))
            if operator != key and operator not in self.uses:
                ever = (known.get(_key(operator, what), (_EVER, 0))[1] for what in _Count)
                self.uses[operator] = Use(day, count, *ever)

    def verify(
        self, nik: Nik, kk: Kk, profile: OperatorProfile, now: int, rules: Rules, tally: Tally
    ) -> Checked | NoAnswer:
        """Check a NIK against a KK for an operator."""
        what = Happening(now, profile.name, DESTINATION)
        late = _struck(LateVerdict, what, rules, tally)
        if _struck(BusyDesk, what, rules, tally) is not None:
            return NoAnswer(Trouble.BUSY, "the registry is busy, on purpose", late_ms=late or 0)
        for begins, ends in rules.outages:
            if begins <= now < ends:
                seconds = -(-(ends - now) // 1000)
                return NoAnswer(Trouble.OUTAGE, "the registry is out", seconds, late or 0)
        use = self.uses.setdefault(profile.name, Use())
        day = wib_day(now)
        if use.day != day:
            use.day, use.today = day, 0
        quota = profile.daily_quota
        if quota and use.today >= quota:
            seconds = -(-(wib_day_begins(day) + DAY_MS - now) // 1000)
            why = f"the quota of {quota} a day is used up for {profile.name}"
            return NoAnswer(Trouble.QUOTA, why, seconds, late or 0)
        use.today += 1
        use.asked += 1
        people = rules.registry
        verdict = (rules.records or people).verify(nik, kk, now)
        matched = verdict is Verdict.MATCH
        use.matched += matched
        if _lost(matched, use, what, rules, tally):
            use.lost += 1
            why = "the answer was lost on the way back"
            return NoAnswer(Trouble.LOST, why, late_ms=late or 0, matched=matched)
        index = people.index_of(nik) if matched else None
        citizen = people.citizen(index) if index is not None else None
        return Checked(verdict, citizen, quota - use.today if quota else None, late or 0)


def _lost(matched: bool, use: Use, what: Happening, rules: Rules, tally: Tally) -> bool:
    if _struck(SilentDesk, what, rules, tally) is not None:
        return True
    if not matched:
        return False
    share = rules.lost_success
    if share and draw(rules.seed, use.matched, _LOST) < share:
        return True
    return _struck(LostSuccess, what, rules, tally) is not None


def _struck(kind: type[Fault], what: Happening, rules: Rules, tally: Tally) -> int | None:
    """Tell whether a rule of this kind strikes: None, or how many milliseconds it delays."""
    if not rules.faults:
        return None
    for armed in rules.faults.of("").get(Point.DESK, ()):
        fault = armed.rule.fault
        if type(fault) is kind and armed.strikes(what, tally):
            return armed.delay_ms(fault.delay, tally) if isinstance(fault, LateVerdict) else 0
    return None
