"""How short messages end: confirmed, refused, lapsed or barred; and the receipts of it."""

from __future__ import annotations

from typing import Final

from gateway.core.barring import BARRED
from gateway.core.causes import CODES, Cause
from gateway.core.decision import NOTED, Change, Decision, MessagesEnded, MessageStored, Outgoing
from gateway.core.events import Acknowledged, Lapsed, Refused
from gateway.core.ledger import Ledger, replace
from gateway.core.message import Message, MessageKind, MessageState, ReceiptOf, Receiver
from gateway.core.receipt_faults import receipt_plan
from gateway.core.subscriber import Service, Subscriber

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_ABSENT_SUBSCRIBER: Final = Cause.ABSENT_SUBSCRIBER
_CALL_REJECTED: Final = Cause.CALL_REJECTED
_DELIVERED: Final = MessageState.DELIVERED
_ENROUTE: Final = MessageState.ENROUTE
_ESME: Final = Receiver.ESME
_EXPIRED: Final = MessageState.EXPIRED
_MT_SMS: Final = Service.MT_SMS
_PHONE: Final = Receiver.PHONE
_RECEIPT: Final = MessageKind.RECEIPT
_REJECTED: Final = MessageState.REJECTED

# registered_delivery (SMPP 3.4 section 5.2.17): bits 1-0, where 3 is SMPP 5.0's success only
# (its section 4.7.21), and bit 4 for intermediate notifications.
_MASK = 3
_ALWAYS = 1
_ON_FAILURE = 2
_ON_SUCCESS = 3
_INTERMEDIATE = 0x10

# Only what was carried can be confirmed, not what waits for its time or for its other parts.
_CONFIRMING = frozenset({Receiver.PHONE, Receiver.ESME})


def acknowledged(event: Acknowledged, ledger: Ledger) -> Decision:
    """End the messages that their receiver confirmed; others of the ids are passed over."""
    mine = [
        message
        for id_ in dict.fromkeys(event.ids)
        if (message := ledger.facts.messages.get(id_)) is not None
        and message.receiver in _CONFIRMING
        and (message.account or message.destination) == event.by
    ]
    if not mine:
        return Decision(NOTED, f"{event.by} acknowledged nothing that was pending")
    return _end(mine, _DELIVERED, 0, ledger, f"{event.by} acknowledged")


def refused(event: Refused, ledger: Ledger) -> Decision:
    """End a message that its ESME refused for good."""
    message = ledger.facts.messages.get(event.id)
    if message is None or message.account != event.by:
        return Decision(NOTED, f"{event.by} refused nothing that was pending")
    return _end(
        [message],
        _REJECTED,
        CODES[_CALL_REJECTED].map_error,
        ledger,
        f"{event.by} refused with command_status 0x{event.command_status:08x}",
    )


def lapsed(event: Lapsed, ledger: Ledger) -> Decision:
    """Expire the messages whose validity ended while they waited.

    A part that was joined into a whole message waits as long as that does.
    """
    facts = ledger.facts
    due = [
        message
        for id_ in dict.fromkeys(event.ids)
        if (message := facts.messages.get(id_)) is not None and id_ not in facts.whole_of
    ]
    if not due:
        return Decision(NOTED, "nothing pending had lapsed")
    absent = CODES[_ABSENT_SUBSCRIBER].map_error
    return _end(due, _EXPIRED, absent, ledger, "validity ended")


def barred_meanwhile(subscriber: Subscriber, ledger: Ledger) -> list[Message]:
    """Find what waits for a phone whose incoming SMS is barred now.

    The replies of 4444 pass, unless the number is gone.
    What is scheduled for later is decided when its time comes.
    """
    if _MT_SMS not in BARRED[ledger.stage(subscriber)]:
        return []
    code = ledger.rules.registration_code
    return [
        message
        for id_ in ledger.facts.pending_of.get(subscriber.msisdn, ())
        if (message := ledger.facts.messages.get(id_)) is not None
        and (message.source != code or subscriber.status.gone)
        and message.receiver is _PHONE
    ]


def end_messages(
    messages: list[Message],
    state: MessageState,
    error: int,
    ledger: Ledger,
) -> tuple[list[Change], list[Outgoing]]:
    """End pending messages, and what they were joined of, with the receipts asked for."""
    ending = messages
    if any(message.parts for message in messages):
        together = [one for message in messages for one in (message, *ledger.parts_of(message))]
        ending = list({one.id: one for one in together}.values())
    end = MessagesEnded(tuple(message.id for message in ending), state, ledger.now, error)
    changes: list[Change] = [end]
    outgoing: list[Outgoing] = [end]
    for message in ending:
        if message.esme is None:
            ledger.forget(message)
            continue
        ended = replace(message, state=state, ended_at=ledger.now, error=error)
        ledger.put_ended(ended)
        receipt(ended, ledger, changes, outgoing)
    return changes, outgoing


def _end(
    messages: list[Message], state: MessageState, error: int, ledger: Ledger, why: str
) -> Decision:
    changes, outgoing = end_messages(messages, state, error, ledger)
    return Decision(NOTED, f"{why}: {listed(messages)}", tuple(changes), tuple(outgoing))


def listed(messages: list[Message]) -> str:
    """Name the first few messages by their ids."""
    ids = ", ".join(str(message.id) for message in messages[:3])
    more = f" and {len(messages) - 3} more" if len(messages) > 3 else ""
    return f"{ids}{more}"


def receipt(
    message: Message, ledger: Ledger, changes: list[Change], outgoing: list[Outgoing]
) -> None:
    """Make the delivery receipt of an ended message, when its ESME asked for one."""
    esme = message.esme
    if esme is None:
        return
    wanted = esme.registered_delivery & _MASK
    if not wanted:
        return
    copies, delay = 1, 0
    if ledger.rules.faults.armed:
        plan = receipt_plan(message, esme.account, ledger)
        message, copies, delay = plan.message, plan.copies, plan.delay
    succeeded = message.state is _DELIVERED
    if wanted == _ALWAYS or wanted == (_ON_SUCCESS if succeeded else _ON_FAILURE):
        for _ in range(copies):
            _report(message, ledger, changes, outgoing, later=delay)


def notification(
    message: Message, ledger: Ledger, changes: list[Change], outgoing: list[Outgoing]
) -> None:
    """Make the intermediate notification of a message just taken, when its ESME asked for it."""
    esme = message.esme
    if esme is not None and esme.registered_delivery & _INTERMEDIATE:
        taken = replace(message, state=_ENROUTE, error=0, ended_at=ledger.now)
        _report(taken, ledger, changes, outgoing, intermediate=True)


def _report(
    message: Message,
    ledger: Ledger,
    changes: list[Change],
    outgoing: list[Outgoing],
    *,
    intermediate: bool = False,
    later: int = 0,
) -> None:
    esme = message.esme
    assert esme is not None
    delay = 0 if intermediate else ledger.receipt_delay(esme.account, message.id) + later
    made = Message(
        id=ledger.new_id(),
        kind=_RECEIPT,
        source=message.destination,
        destination=message.source,
        text="",
        receiver=_ESME,
        state=_ENROUTE,
        accepted_at=ledger.now,
        valid_until=ledger.present + delay + ledger.rules.validity_ms,
        not_before=ledger.present + delay if delay else 0,
        account=esme.account,
        session=esme.session,
        source_as=esme.destination,
        destination_as=esme.source,
        receipt=ReceiptOf(
            message.reported_as or message.id,
            message.state,
            message.error,
            message.accepted_at,
            message.ended_at,
            message.text[:160],
            intermediate,
            esme.reference,
        ),
    )
    changes.append(MessageStored(ledger.put_message(made)))
    outgoing.append(made)
