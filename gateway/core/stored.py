"""The messages that a record of the journal stores."""

from __future__ import annotations

from gateway.core.decision import Change, MessageStored, Record, TakenByDesk
from gateway.core.desk_sms import message_taken
from gateway.core.events import MoSms
from gateway.core.message import Message


def message_in(change: Change, record: Record) -> Message | None:
    """Give the message that one of the record's changes stores; None for any other change."""
    if type(change) is MessageStored:
        return change.message
    if type(change) is TakenByDesk:
        event = record.event
        assert type(event) is MoSms, "the desk takes nothing but an SMS"
        return message_taken(event, change.id, record.at)
    return None


def stored(record: Record) -> list[Message]:
    """List the messages that a record stores, as they are then."""
    found = (message_in(change, record) for change in record.changes)
    return [message for message in found if message is not None]
