"""How a campaign's reminder from 4444 is decided (domain.md 1.4, 3.4: old numbers got them).

Who registered by a statement of truth must repeat it until the data are validated (domain.md 1.5
[S62]): a campaign of its own, with a text that tells no days, as nothing falls due for them.
"""

from __future__ import annotations

from typing import Final

from gateway.core.ageing import DAY_MS, next_step
from gateway.core.decision import (
    NOTED,
    CampaignChanged,
    Change,
    Decision,
    MessageStored,
    Outgoing,
    SubscriberChanged,
)
from gateway.core.ledger import Ledger, replace, unknown_subscriber
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.programme import Campaign, CampaignBegan, CampaignEnded, Remind, Target
from gateway.core.registration.replies import ReplyCode, render
from gateway.core.subscriber import BlockStage, Status, Subscriber

TARGETED: Final = {
    Target.UNREGISTERED: Status.UNREGISTERED,
    Target.UNVALIDATED: Status.REGISTERED_UNVALIDATED,
}
"""Numbers of which status a campaign comes to."""


def due_since(campaign: Campaign, subscriber: Subscriber) -> int | None:
    """Say since when a round's reminder of a number is due; None where it is not in this round.

    Where numbers have dates of their own, a round is for a day, and due is who has a date in it or
    had one before.
    """
    if not campaign.own_days:
        return campaign.since
    every, registered = campaign.own_days * DAY_MS, subscriber.registered_at or 0
    times = (campaign.since + DAY_MS - 1 - registered) // every
    date = registered + times * every
    return date - (date - campaign.since) % DAY_MS if times > 0 else None


def remind(event: Remind, ledger: Ledger) -> Decision:
    """Remind a number to register, unless it did or was reminded in this round already.

    4444 passes at every stage; one that no phone ever connected for has it in its inbox.
    """
    subscriber = ledger.facts.subscribers.get(event.msisdn)
    if subscriber is None:
        return unknown_subscriber(event.msisdn)
    if subscriber.status is not TARGETED[event.target]:
        what = subscriber.status.value.replace("_", " ")
        return Decision(NOTED, f"{event.msisdn} is {what}: not reminded")
    if subscriber.reminded_at >= event.since:
        return Decision(NOTED, f"{event.msisdn} was reminded already")
    code, days = _what(subscriber, ledger)
    text = render(
        code, ledger.profile(event.msisdn), msisdn=event.msisdn, count=days, told=_days(days)
    )
    message = _message(subscriber, text, ledger)
    subscriber = ledger.put(replace(subscriber, reminded_at=ledger.now))
    changes: tuple[Change, ...] = (SubscriberChanged(subscriber), MessageStored(message))
    outgoing: tuple[Outgoing, ...] = ()
    if message.state is MessageState.ENROUTE:
        outgoing = (ledger.put_message(message),)
    return Decision(
        NOTED, f"{event.msisdn} is reminded ({event.campaign}): {code.value}", changes, outgoing
    )


def campaign_changed(event: CampaignBegan | CampaignEnded) -> Decision:
    """Note that a round began or ended, so that a gateway that is killed goes on with it."""
    campaign = event.campaign
    whom = f"the {campaign.target.value} of {campaign.operator or 'all operators'}"
    why = f'campaign "{campaign.name}" begins: reminders to {whom}'
    if isinstance(event, CampaignEnded):
        how = "was stopped" if campaign.left else "ended"
        why = f'campaign "{campaign.name}" {how}: {campaign.sent} sent, {campaign.left} left'
    return Decision(NOTED, why, (CampaignChanged(campaign),))


def _what(subscriber: Subscriber, ledger: Ledger) -> tuple[ReplyCode, int]:
    """Say which text fits, and how many days are left until the next stage."""
    if subscriber.status is Status.REGISTERED_UNVALIDATED:
        return ReplyCode.REMINDER_UNVALIDATED, 0
    step = next_step(ledger.rules.schedule, subscriber, ledger.now)
    if step is None:
        return ReplyCode.REMINDER_BARRED, 0
    days = max(0, -((ledger.now - step[1]) // DAY_MS))
    is_open = ledger.stage(subscriber) is BlockStage.OPEN
    return ReplyCode.REMINDER if is_open else ReplyCode.REMINDER_NEXT, days


def _days(days: int) -> str:
    return f"{days} hari lagi" if days else "hari ini"


def _message(subscriber: Subscriber, text: str, ledger: Ledger) -> Message:
    waits = subscriber.has_phone
    return Message(
        id=ledger.new_id(),
        kind=MessageKind.MT,
        source=ledger.rules.registration_code,
        destination=subscriber.msisdn,
        text=text,
        receiver=Receiver.PHONE if waits else Receiver.INBOX,
        state=MessageState.ENROUTE if waits else MessageState.DELIVERED,
        accepted_at=ledger.now,
        valid_until=ledger.present + ledger.rules.validity_ms if waits else 0,
        ended_at=0 if waits else ledger.now,
    )
