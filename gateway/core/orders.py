"""What an ESME may order for a message that it sent before: query, cancel, replace.

SMPP 3.4 sections 4.8-4.10 and 5.2.18. A message is its account's own, and source (and
destination) must be those that it was sent with.
"""

from __future__ import annotations

from gateway.core.causes import Cause
from gateway.core.decision import (
    Accepted,
    Decision,
    Denied,
    Found,
    MessageStored,
)
from gateway.core.delivery import end_messages, listed
from gateway.core.events import Cancel, Query, Replace
from gateway.core.ledger import Ledger, replace
from gateway.core.message import Message, MessageState, Receiver
from gateway.core.numbers import Msisdn
from gateway.core.origin import Esme


def query(event: Query, ledger: Ledger) -> Decision:
    """Tell how a message stands."""
    message = ledger.facts.messages.get(event.id) or ledger.facts.ended.get(event.id)
    if message is None or not _owns(event.by, event.source, message):
        return _none_such(event.by, event.id)
    found = Found(message.id, message.state, message.ended_at, message.error)
    return Decision(found, f"{event.by} asked about message {message.id}: {message.state.value}")


def cancel(event: Cancel, ledger: Ledger) -> Decision:
    """Take back what still waits; a long message when the last of its parts is."""
    facts = ledger.facts
    ids = (event.id,) if event.id else facts.pending_of.get(Msisdn(event.to), ())
    ending = {
        id_: message
        for id_ in ids
        if (message := facts.messages.get(id_)) is not None
        and _owns(event.by, event.source, message)
        and (not event.to or message.destination == event.to)
        and (event.id or _serves(event.service_type, message))
    }
    if not ending:
        return _none_such(event.by, event.id)
    for id_ in tuple(ending):
        whole = facts.messages.get(facts.whole_of.get(id_, 0))
        if whole is not None and all(part.id in ending for part in ledger.parts_of(whole)):
            ending[whole.id] = whole
    messages = list(ending.values())
    changes, outgoing = end_messages(messages, MessageState.DELETED, 0, ledger)
    why = f"{event.by} cancelled {listed(messages)}"
    return Decision(Accepted(messages[0].id), why, tuple(changes), tuple(outgoing))


def replace_message(event: Replace, ledger: Ledger) -> Decision:
    """Give a waiting message another text and other times; on its way the old is not sent again.

    Its submit date is then that of the replacement (Appendix B).
    """
    message = ledger.facts.messages.get(event.id)
    if (
        message is None
        or not _owns(event.by, event.source, message)
        or message.receiver is Receiver.PARTS
    ):
        return _none_such(event.by, event.id)
    esme = message.esme
    assert esme is not None
    until = ledger.now + event.validity if event.validity else message.valid_until
    message = replace(
        message,
        text=event.text,
        body=event.body,
        accepted_at=ledger.now,
        valid_until=until,
        esme=replace(esme, registered_delivery=event.registered_delivery),
    )
    if event.not_before > ledger.now:
        at = event.not_before
        if not event.validity:
            until = max(until, at + ledger.rules.validity_ms)
        message = replace(
            message, receiver=Receiver.LATER, account="", not_before=at, valid_until=until
        )
    ledger.put_message(message)
    why = f"message {message.id} to {message.destination} was replaced"
    return Decision(Accepted(message.id), why, (MessageStored(message),), (message,))


def replaceable(source: str, to: str, via: Esme, ledger: Ledger) -> Message | None:
    """Find what waits from the same source for the same destination; None if nothing does.

    The service_type must be the same as well (section 5.2.18).
    """
    facts = ledger.facts
    for id_ in facts.pending_of.get(Msisdn(to), ()):
        message = facts.messages.get(id_)
        if (
            message is not None
            and _owns(via.account, source, message)
            and message.receiver is not Receiver.PARTS
            and message.esme is not None
            and message.esme.service_type == via.service_type
        ):
            return message
    return None


def _owns(account: str, source: str, message: Message) -> bool:
    esme = message.esme
    return esme is not None and esme.account == account and message.source == source


def _serves(service_type: str, message: Message) -> bool:
    esme = message.esme
    return not service_type or (esme is not None and esme.service_type == service_type)


def _none_such(account: str, id_: int) -> Decision:
    what = f"message {id_}" if id_ else "what it named"
    return Decision(
        Denied(Cause.NO_SUCH_MESSAGE), f"{what} is not {account}'s, or does not wait any more"
    )
