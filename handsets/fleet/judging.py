"""What the network said to a step, and whether that is what the step expects. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from gateway.air.frames import CauseFrame, DataStatus, ResultStatus, SmsDown, UssdStatus
from gateway.core.numbers import mask_identities
from handsets.fleet.scenario import Do, Step
from handsets.handset import Answered, DataChanged, Handset, Happening, UssdAnswered
from handsets.lines import number

# Messages that a failure shows.
_SHOWN = 3

_NOT_COME = {
    Do.RECEIVE: "no such SMS came",
    Do.RING: "no call came",
    Do.STAGE: "the stage did not come",
}


class Missed(Struct, frozen=True):
    """A step that did not see what it should; `near` is what came instead."""

    story: str
    at: int
    step: str
    why: str
    near: tuple[str, ...] = ()


class Outcome(Struct, frozen=True):
    """What the network said to what a step asked."""

    refused: bool
    cause: str = ""
    why: str = ""


def outcome_of(happening: Happening, ref: str) -> Outcome | None:
    """Find what the network said to the request with this ref; accepted, `why` is its id."""
    match happening:
        case Answered() if happening.request.ref == ref:
            result = happening.result
            if result.status is ResultStatus.REFUSED:
                return Outcome(True, cause_of(result.cause), result.why)
            return Outcome(False, why=result.id)
        case DataChanged() if happening.asked and happening.data.ref == ref:
            data = happening.data
            return Outcome(data.status is DataStatus.REFUSED, cause_of(data.cause), data.why)
        case UssdAnswered() if happening.ussd.ref == ref:
            ussd = happening.ussd
            return Outcome(ussd.status is UssdStatus.REFUSED, cause_of(ussd.cause), ussd.why)
        case _:
            return None


def cause_of(cause: CauseFrame | None) -> str:
    """Name a cause, "" for none."""
    return cause.name.value if cause is not None else ""


def judged(step: Step, outcome: Outcome) -> bool | str:
    """Say that it is as expected, or why not."""
    cause = f" ({outcome.cause})" if outcome.cause else ""
    if outcome.refused and step.expect != "refused":
        return f"refused{cause}: {outcome.why}"
    if not outcome.refused and step.expect == "refused":
        return "accepted, and should have been refused"
    if step.cause and outcome.cause != step.cause:
        return f"refused by another cause{cause}: {outcome.why}"
    return True


def too_late(step: Step, *, on: bool) -> str:
    """Say what did not come in time; `on` is whether the phone was on the air."""
    if not on:
        return f"the phone was not on the air within {step.within:g} s"
    return f"{_NOT_COME.get(step.do, 'no answer came')} within {step.within:g} s"


def near(step: Step, unread: Iterable[SmsDown], handset: Handset) -> tuple[str, ...]:
    """Show what came instead."""
    if step.do is Do.RECEIVE:
        return tuple(
            f"from {number(sms.source)}: {mask_identities(sms.text)}"
            for sms in list(unread)[-_SHOWN:]
        )
    barring = handset.barring
    if step.do is Do.STAGE and barring is not None:
        return (f"the stage was {barring.stage.name.lower()}",)
    return ()
