"""What the programme does to a number from outside of it, as events: told, dated, reminded.

Times are milliseconds since 1970 UTC on the simulated clock.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.registration.outcomes import OutcomeKind


class RegistrationTold(Struct, frozen=True, gc=False, tag="registration_told", omit_defaults=True):
    """A registration application tells how a registration ended; `by` names it.

    Where it is registered, validated or not, `nik` and `kk` are whose number it is now.
    """

    msisdn: Msisdn
    outcome: OutcomeKind
    by: str
    nik: Nik | None = None
    kk: Kk | None = None


class PipelineAsked(Struct, frozen=True, gc=False, tag="pipeline_asked"):
    """An operator's own pipeline had an answer of its quota of the civil registry on this day."""

    operator: str
    day: int


class Target(Enum):
    """Whom a campaign reminds: who never registered, or who must again (domain.md 1.5 [S62])."""

    UNREGISTERED = "unregistered"
    UNVALIDATED = "unvalidated"


class Remind(Struct, frozen=True, gc=False, tag="remind", omit_defaults=True):
    """A campaign comes to this number; one that was reminded at `since` or later needs it not."""

    msisdn: Msisdn
    campaign: str
    since: int
    target: Target = Target.UNREGISTERED


class DatesSet(Struct, frozen=True, gc=False, tag="dates_set", omit_defaults=True):
    """A person or test sets when a number was given notice or expires; None leaves a date."""

    msisdn: Msisdn
    notice_at: int | None = None
    expires_at: int | None = None
