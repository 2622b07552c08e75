"""What becomes of a registration while the verdict on an earlier one is pending.

Many sent again and again because no answer came (domain.md 1.3 [S48][S49]); two registrations it
never makes.
"""

from __future__ import annotations

from typing import Final, assert_never

import msgspec

from gateway.core.registration.cases import Outcome, OutcomeKind, end
from gateway.core.registration.profiles import WhilePending
from gateway.core.subscriber import Pending

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 3_600_000


def received(pending: Pending, now: int) -> Outcome:
    """Thank for a registration that is judged later."""
    why = f"received: the verdict on NIK {pending.nik} comes in {in_words(pending.due_at - now)}"
    outcome = end(OutcomeKind.RECEIVED, why, pending.nik, pending.kk)
    return msgspec.structs.replace(outcome, pending=pending)


def in_words(ms: int) -> str:
    """Say how long something takes, for people: `12.5 s`, `3 min 20 s`, `5 h 54 min`."""
    if ms < _MINUTE_MS:
        return f"{ms / 1000:g} s"
    if ms < _HOUR_MS:
        minutes, rest = divmod(round(ms / 1000), 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, rest = divmod(round(ms / _MINUTE_MS), 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def once_more(earlier: Pending, again: Pending, policy: WhilePending, now: int) -> Outcome:
    """Answer who sends again before the verdict, as the operator's profile says."""
    why = f"sent again, while the verdict on message {earlier.id} is pending"
    match policy:
        case WhilePending.IGNORE:
            outcome = end(OutcomeKind.PENDING, f"{why}: ignored", again.nik, again.kk)
            return msgspec.structs.replace(outcome, reply=None)
        case WhilePending.ANSWER:
            return end(OutcomeKind.PENDING, why, again.nik, again.kk)
        case WhilePending.REPLACE:
            outcome = received(again, now)
            return msgspec.structs.replace(outcome, why=f"{why}, in its place {outcome.why}")
        case _ as never:
            assert_never(never)
