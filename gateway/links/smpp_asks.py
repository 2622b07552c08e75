"""All requests of one read -> what the flow is asked, and what is refused at once; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from gateway.links.smpp_mapping import Refusal, Sender, event_of
from gateway.links.smpp_multi import multi_of
from gateway.links.smpp_orders import ReadId, order_of
from gateway.links.smpp_responses import Asked, SmppEvent
from gateway.smpp.codes import CommandStatus, EsmClass
from gateway.smpp.pdu import (
    CancelSm,
    DataSm,
    DataSmResp,
    QuerySm,
    ReplaceSm,
    Response,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSm,
    SubmitSmResp,
    UnsuccessSme,
)
from gateway.smpp.session import Session

ASKED: Final = (SubmitSm, DataSm, SubmitMulti, QuerySm, CancelSm, ReplaceSm)
"""The requests of a bound ESME that are decided, not just answered."""

_MODE_MASK: Final = EsmClass.MODE_MASK
_FORWARD: Final = EsmClass.MODE_FORWARD


class Ask(Struct, gc=False):
    """A request and the event that it became; `bad` are destinations that could not be read.

    `transaction`: it is answered when the message has ended (SMPP 3.4 §2.10.3).
    """

    pdu: Asked
    event: SmppEvent
    bad: tuple[UnsuccessSme, ...] = ()
    transaction: bool = False


class Asker(Struct, frozen=True):
    """Who asks: the account, the number of its bind, and how it has got message ids."""

    sender: Sender
    session: int
    read_id: ReadId


def asks_of(
    asked: Sequence[Asked], by: Asker, now: int
) -> tuple[list[Ask], list[tuple[Asked, Refusal]]]:
    """Read requests in their order; `now` is the calendar's time in milliseconds."""
    sender, session = by.sender, by.session
    asks: list[Ask] = []
    refused: list[tuple[Asked, Refusal]] = []
    for pdu in asked:
        bad: tuple[UnsuccessSme, ...] = ()
        event: SmppEvent | Refusal
        if type(pdu) is SubmitSm or type(pdu) is DataSm:
            event = event_of(pdu, sender, session, now)
        elif type(pdu) is SubmitMulti:
            event, bad = multi_of(pdu, sender, session, now)
        else:
            event = order_of(pdu, by.sender, now, by.read_id)
        if type(event) is Refusal:
            refused.append((pdu, event))
        else:
            forward = getattr(pdu, "esm_class", 0) & _MODE_MASK == _FORWARD
            asks.append(Ask(pdu, event, bad, forward))
    return asks, refused


def respond_counted(
    asked: Sequence[Asked],
    session: Session,
    ids: Iterator[str],
    respond: Callable[[Response], object],
) -> None:
    """Answer what is only counted: messages with an id of no store, orders with their failure."""
    for pdu in asked:
        sequence = pdu.sequence_number
        if isinstance(pdu, SubmitSm):
            respond(SubmitSmResp(sequence, 0, next(ids)))
        elif isinstance(pdu, DataSm):
            respond(DataSmResp(sequence, 0, next(ids)))
        elif isinstance(pdu, SubmitMulti):
            respond(SubmitMultiResp(sequence, 0, next(ids)))
        else:
            session.refuse(pdu, _ORDER_FAILS[type(pdu)])


_ORDER_FAILS: Final[dict[type, CommandStatus]] = {
    QuerySm: CommandStatus.ESME_RQUERYFAIL,
    CancelSm: CommandStatus.ESME_RCANCELFAIL,
    ReplaceSm: CommandStatus.ESME_RREPLACEFAIL,
}
