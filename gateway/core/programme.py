"""What the programme does to numbers from outside of them, as events: told, dated, reminded.

Times are milliseconds since 1970 UTC on the simulated clock.
"""

from __future__ import annotations

from enum import Enum
from typing import final

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


class PipelineAsked(Struct, frozen=True, gc=False, tag="pipeline_asked", omit_defaults=True):
    """An operator's own pipeline asked the civil registry on this day; its quota counts that.

    `matched`: whom it asked about is so; `lost`: the answer never came.
    """

    operator: str
    day: int
    matched: bool = False
    lost: bool = False


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


class Campaign(Struct, frozen=True, gc=False, omit_defaults=True):
    """A round of reminders; numbers that were reminded at `since` or later need none of it.

    `operator` "" is all; `per_second` real seconds; `scheduled`: the configuration begins it, not
    a person; `own_days`: each number is due every so many days after its registration, 0 where all
    are due at once. `ended_at` is 0 while it goes on; the numbers after it are how it ended.
    """

    name: str
    operator: str
    target: Target
    per_second: float
    began_at: int
    since: int
    scheduled: bool = False
    own_days: int = 0
    ended_at: int = 0
    sent: int = 0
    passed_over: int = 0
    left: int = 0


class CampaignBegan(Struct, frozen=True, gc=False, tag="campaign_began"):
    """A round begins; it takes the place of the one of its name."""

    campaign: Campaign


class CampaignEnded(Struct, frozen=True, gc=False, tag="campaign_ended"):
    """A round has come to all of its numbers, or was stopped."""

    campaign: Campaign


@final
class CampaignChanged(Struct, frozen=True, gc=False, tag="campaign"):
    """The new value of a campaign's newest round."""

    campaign: Campaign


class DatesSet(Struct, frozen=True, gc=False, tag="dates_set", omit_defaults=True):
    """A person or test sets when a number was given notice or expires; None leaves a date."""

    msisdn: Msisdn
    notice_at: int | None = None
    expires_at: int | None = None
