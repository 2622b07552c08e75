"""What the journal has of the programme itself: its campaigns, and the civil registry's use."""

from __future__ import annotations

from gateway.core.decision import CampaignChanged, RegistryAsked
from gateway.core.programme import Campaign

# Of campaigns that have ended the newest are kept, as each fold writes all of them.
ENDED_KEPT = 100

RegistryUse = dict[str, tuple[int, int]]
Rounds = dict[str, Campaign]


def keep(change: CampaignChanged | RegistryAsked, rounds: Rounds, use: RegistryUse) -> None:
    """Fold a change into the newest round of each campaign, or into the registry's use."""
    if isinstance(change, CampaignChanged):
        keep_round(rounds, change.campaign)
        return
    day, count = use.get(change.operator, (change.day, 0))
    use[change.operator] = (change.day, count + 1 if day == change.day else 1)


def keep_round(rounds: Rounds, campaign: Campaign) -> None:
    """Take a round's new value in place of the one of its name, and forget what ended long ago."""
    rounds.pop(campaign.name, None)
    rounds[campaign.name] = campaign
    ended = [name for name, one in rounds.items() if one.ended_at]
    for name in ended[:-ENDED_KEPT]:
        del rounds[name]
