"""What becomes of a registration while the verdict on an earlier one is pending.

Many sent again and again because no answer came (domain.md 1.3 [S48][S49]); two registrations it
never makes.
"""

from __future__ import annotations

from typing import assert_never

import msgspec

from gateway.core.registration.cases import Outcome, OutcomeKind, end
from gateway.core.registration.profiles import WhilePending
from gateway.core.subscriber import Pending


def received(pending: Pending, now: int) -> Outcome:
    """Thank for a registration that is judged later."""
    seconds = (pending.due_at - now) / 1000
    why = f"received: the verdict on NIK {pending.nik} comes in {seconds:g} s"
    outcome = end(OutcomeKind.RECEIVED, why, pending.nik, pending.kk)
    return msgspec.structs.replace(outcome, pending=pending)


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
