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
    Outgoing,
)
from gateway.core.delivery import end_messages, listed
from gateway.core.events import Cancel, MtSms, Query, Replace
from gateway.core.ledger import Ledger, replace
from gateway.core.message import Message, MessageState, Receiver
from gateway.core.numbers import Msisdn
from gateway.core.origin import Body, Esme


def query(event: Query, ledger: Ledger) -> Decision:
    """Tell how a message stands."""
    message = ledger.facts.messages.get(event.id) or ledger.facts.ended.get(event.id)
    if message is None or not _owns(event.by, event.source, message):
        return _none_such(event.by, event.id)
    found = Found(message.id, message.state, message.ended_at, message.error)
    return Decision(found, f"{event.by} asked about message {message.id}: {message.state.value}")


def cancel(event: Cancel, ledger: Ledger) -> Decision:
    """Take back what still waits; a part whose message is whole is on its way."""
    facts = ledger.facts
    ids = (event.id,) if event.id else facts.pending_of.get(Msisdn(event.to), ())
    messages = [
        message
        for id_ in ids
        if (message := facts.messages.get(id_)) is not None
        and _owns(event.by, event.source, message)
        and (not event.to or message.destination == event.to)
        and (event.id or _serves(event.service_type, message))
        and _still_apart(message, ledger)
    ]
    if not messages:
        return _none_such(event.by, event.id)
    changes, outgoing = end_messages(messages, MessageState.DELETED, 0, ledger)
    why = f"{event.by} cancelled {listed(messages)}"
    return Decision(Accepted(messages[0].id), why, tuple(changes), tuple(outgoing))


def replace_message(event: Replace, ledger: Ledger) -> Decision:
    """Give a waiting message another text and other times."""
    message = ledger.facts.messages.get(event.id)
    if (
        message is None
        or not _owns(event.by, event.source, message)
        or message.receiver is Receiver.PARTS
    ):
        return _none_such(event.by, event.id)
    esme = message.esme
    assert esme is not None
    esme = replace(esme, registered_delivery=event.registered_delivery)
    times = replace(esme, validity=event.validity, not_before=event.not_before)
    return _replaced(replace(message, esme=esme), event.text, event.body, times, ledger)


def replaced_if_present(event: MtSms, ledger: Ledger) -> Decision | None:
    """Replace what waits for the same destination from the same source; None if nothing does."""
    via, facts = event.via, ledger.facts
    for id_ in facts.pending_of.get(Msisdn(event.to), ()):
        message = facts.messages.get(id_)
        if (
            message is not None
            and _owns(via.account, event.source, message)
            and message.esme is not None
            and message.esme.service_type == via.service_type
        ):
            return _replaced(replace(message, esme=via), event.text, event.body, via, ledger)
    return None


def _replaced(
    message: Message, text: str, body: Body | None, times: Esme, ledger: Ledger
) -> Decision:
    until, at = message.valid_until, message.not_before
    if times.not_before > ledger.now and message.receiver is Receiver.LATER:
        at = times.not_before
        until = max(until, at + ledger.rules.validity_ms)
    if times.validity:
        until = ledger.now + times.validity
    message = replace(message, text=text, body=body, valid_until=until, not_before=at)
    ledger.facts.messages[message.id] = message
    outgoing: tuple[Outgoing, ...] = () if message.receiver is Receiver.LATER else (message,)
    why = f"message {message.id} to {message.destination} was replaced"
    return Decision(Accepted(message.id), why, (MessageStored(message),), outgoing)


def _owns(account: str, source: str, message: Message) -> bool:
    esme = message.esme
    return esme is not None and esme.account == account and message.source == source


def _serves(service_type: str, message: Message) -> bool:
    esme = message.esme
    return not service_type or (esme is not None and esme.service_type == service_type)


def _still_apart(message: Message, ledger: Ledger) -> bool:
    part = message.part
    if part is None:
        return True
    return ledger.facts.parts.get(part.key, {}).get(part.number) == message.id


def _none_such(account: str, id_: int) -> Decision:
    what = f"message {id_}" if id_ else "what it named"
    return Decision(
        Denied(Cause.NO_SUCH_MESSAGE), f"{what} is not {account}'s, or does not wait any more"
    )
