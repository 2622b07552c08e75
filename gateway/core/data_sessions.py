"""How data sessions of phones are decided: open, close, and the record of what ended."""

from __future__ import annotations

from gateway.core.causes import Cause
from gateway.core.decision import (
    Accepted,
    Change,
    DataSession,
    DataSessionEnded,
    Decision,
    SubscriberChanged,
)
from gateway.core.events import DataClose, DataOpen
from gateway.core.ledger import Ledger, deny, replace, unknown_subscriber
from gateway.core.subscriber import Service, Subscriber


def data_open(event: DataOpen, ledger: Ledger) -> Decision:
    """Open a data session unless data is barred; a second open keeps the session."""
    subscriber = ledger.find(event.msisdn)
    if subscriber is None:
        return unknown_subscriber(event.msisdn)
    denial = ledger.refusal(subscriber, Service.DATA, "")
    if denial is not None:
        return deny(denial)
    since = subscriber.data_since if subscriber.data_ref else ledger.now
    subscriber = ledger.put(replace(subscriber, data_ref=event.ref, data_since=since))
    why = f"{event.msisdn} opened a data session"
    return Decision(Accepted(0), why, (SubscriberChanged(subscriber),))


def data_close(event: DataClose, ledger: Ledger) -> Decision:
    """Close the phone's data session; closing what is closed is no error."""
    subscriber = ledger.facts.subscribers.get(event.msisdn)
    if subscriber is None or not subscriber.data_ref:
        return Decision(Accepted(0), f"{event.msisdn} had no data session")
    subscriber, changes = end_data(subscriber, Cause.NORMAL_CLEARING, ledger.now)
    changes.append(SubscriberChanged(ledger.put(subscriber)))
    why = f"{event.msisdn} closed its data session"
    return Decision(Accepted(0), why, tuple(changes))


def end_data(subscriber: Subscriber, cause: Cause, now: int) -> tuple[Subscriber, list[Change]]:
    """End the data session, if there is one; whoever calls this puts the subscriber."""
    if not subscriber.data_ref:
        return subscriber, []
    # Of a session from before starts were kept, only the end is known.
    since = subscriber.data_since or now
    session = DataSession(subscriber.msisdn, subscriber.data_ref, since, now, cause)
    return replace(subscriber, data_ref="", data_since=0), [DataSessionEnded(session)]
