"""How numbers are taken back to what they were when a snapshot was taken.

What they are in the world stays as it is: the phone that is on, its call, its data session, who
waits for it to come on. A verdict that was pending is not waited for again. The calendar is not
taken back: what is due by it bars at once.
"""

from __future__ import annotations

from gateway.core.decision import NOTED, Change, Decision, Outgoing
from gateway.core.desk_changes import count_number
from gateway.core.importing import take
from gateway.core.imports import SubscribersRestored
from gateway.core.ledger import Ledger, first_seen, replace
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import Subscriber


def numbers_of(event: SubscribersRestored) -> set[Msisdn]:
    """Name the numbers that it is about."""
    return {one.msisdn for one in event.subscribers} | set(event.forgotten)


def subscribers_restored(event: SubscribersRestored, ledger: Ledger) -> Decision:
    """Give each number its earlier value; whoever is not known now comes back too."""
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    for earlier in (
        *event.subscribers,
        *(first_seen(one, ledger.rules, ledger.now) for one in event.forgotten),
    ):
        known = ledger.facts.subscribers.get(earlier.msisdn)
        subscriber = _as_it_was(earlier, known)
        if known is not None:
            count_number(known, -1, ledger)
        count_number(subscriber, 1, ledger)
        take(subscriber, ledger, changes, outgoing)
    many = len(event.subscribers) + len(event.forgotten)
    why = f"{many} numbers were taken back to the snapshot {event.name}"
    return Decision(NOTED, why, tuple(changes), tuple(outgoing))


def _as_it_was(earlier: Subscriber, known: Subscriber | None) -> Subscriber:
    now = known or Subscriber(earlier.msisdn, earlier.operator, earlier.status, 0)
    return replace(
        earlier,
        has_phone=now.has_phone,
        online=now.online,
        data_ref=now.data_ref,
        data_since=now.data_since,
        call_id=now.call_id,
        alerts=now.alerts,
        pending=None,
    )
