"""One round of a campaign as it goes on: whom it has come to, whom not yet."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from gateway.core.numbers import Msisdn
from gateway.core.programme import Campaign, Target


class CampaignView(Struct, frozen=True, gc=False):
    """How a round of a campaign stands; `began_at` on the calendar.

    `sent` were reminded, `passed_over` had registered or been reminded already.
    """

    name: str
    operator: str
    target: Target
    per_second: float
    began_at: int
    running: bool
    sent: int
    passed_over: int
    left: int


class Round:
    """One round: whom it has still to come to; `numbers` is None until they are looked up."""

    def __init__(self, campaign: Campaign, resumed: bool) -> None:
        self.campaign = campaign
        self.resumed = resumed
        self.numbers: list[Msisdn] | None = None
        self.next = 0
        self.sent = campaign.sent
        self.passed_over = campaign.passed_over
        self.stopped = False
        self.budget = 0.0
        # Held while numbers are looked up or reminded, so that what an end tells is whole.
        self.lock = asyncio.Lock()

    @property
    def running(self) -> bool:
        """Whether it has somebody to come to still, as far as is known."""
        return (
            not self.campaign.ended_at
            and not self.stopped
            and (self.numbers is None or self.left > 0)
        )

    @property
    def left(self) -> int:
        """How many it has not come to."""
        return self.campaign.left if self.numbers is None else len(self.numbers) - self.next

    @property
    def idle(self) -> bool:
        """Whether it is a day's round on which nobody has a date: nothing to tell people."""
        return bool(self.campaign.own_days) and not self.numbers

    def view(self) -> CampaignView:
        """Show it as it stands."""
        campaign = self.campaign
        return CampaignView(
            campaign.name,
            campaign.operator,
            campaign.target,
            campaign.per_second,
            campaign.began_at,
            self.running,
            self.sent,
            self.passed_over,
            self.left,
        )
