"""Messages in transaction mode: answered when they have ended, not when they are taken.

SMPP 3.4 §2.10.3: an ESME that asks for the forward mode (esm_class) learns from the response
itself whether its message was delivered.
"""

from __future__ import annotations

from collections.abc import Callable

from gateway.core.decision import Accepted, Decision, MessagesEnded
from gateway.core.events import MoSms, MtSms
from gateway.core.message import Message, MessageState, Receiver
from gateway.core.origin import Esme, MessagingMode
from gateway.links.smpp_asks import Ask
from gateway.links.smpp_exchange import Courier
from gateway.links.smpp_responses import not_delivered
from gateway.smpp.pdu import Response


def held(
    courier: Courier, ask: Ask, decision: Decision, respond: Callable[[Response | None], None]
) -> bool:
    """Put off the answer until the message has ended; False where it is to be answered now.

    `respond` is called then: with None to answer as decided, or with what tells the failure.
    """
    event = ask.event
    if not isinstance(event, MoSms | MtSms) or not isinstance(event.via, Esme):
        return False
    if event.via.mode is not MessagingMode.FORWARD:
        return False
    id_ = _on_its_way(decision)
    if not id_:
        return False

    def ended(end: MessagesEnded) -> None:
        delivered = end.state is MessageState.DELIVERED
        respond(None if delivered else not_delivered(ask.pdu, end.error))

    courier.await_end(id_, ended)
    return True


def _on_its_way(decision: Decision) -> int:
    """Give the id of the message that is on its way to a phone now; 0 for none.

    Of a long message the last part's answer tells the end; those before it are answered at once.
    """
    accepted = decision.answer
    if not isinstance(accepted, Accepted):
        return 0
    for item in decision.outgoing:
        if isinstance(item, Message) and accepted.id in (item.id, *item.parts):
            return item.id if item.receiver is Receiver.PHONE else 0
    return 0
