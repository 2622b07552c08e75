"""query_sm, cancel_sm, replace_sm -> event; pure (SMPP 3.4 §4.8-§4.10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.core.events import Cancel, Query, Replace
from gateway.core.numbers import BadNumber, parse_address
from gateway.core.origin import SmeAddress
from gateway.links.smpp_mapping import Refusal, Sender, source_of, times_of
from gateway.smpp.codes import CommandStatus, RegisteredDelivery
from gateway.smpp.pdu import CancelSm, QuerySm, ReplaceSm
from gateway.smpp.rules import refused_time
from gateway.smpp.text import decode_text, unpacked

_S: Final = CommandStatus
# A message id beyond this is none of ours: it would not fit the store's integers.
_ID_MOST: Final = (1 << 63) - 1

ReadId = Callable[[str], int | None]
Order = QuerySm | CancelSm | ReplaceSm


def order_of(
    pdu: Order, sender: Sender, now: int, read_id: ReadId
) -> Query | Cancel | Replace | Refusal:
    """Turn an order about an earlier message into its event, or into the refusal to answer.

    `read_id` reads a message id as the account's ESMEs have got it.
    """
    source = source_of(
        SmeAddress(pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr), sender.account
    )
    id_ = read_id(pdu.message_id) or 0
    if not 0 <= id_ <= _ID_MOST:
        id_ = 0
    if isinstance(pdu, CancelSm):
        return _cancel(pdu, sender, source, id_)
    if isinstance(pdu, QuerySm):
        if not id_:
            return _no_id(_S.ESME_RQUERYFAIL, pdu.message_id)
        return Query(sender.account, id_, source)
    if not id_:
        return _no_id(_S.ESME_RREPLACEFAIL, pdu.message_id)
    return _replace(pdu, sender, source, id_, now)


def _cancel(pdu: CancelSm, sender: Sender, source: str, id_: int) -> Cancel | Refusal:
    if pdu.message_id and not id_:
        return _no_id(_S.ESME_RCANCELFAIL, pdu.message_id)
    to = parse_address(pdu.destination_addr) if pdu.destination_addr else ""
    if isinstance(to, BadNumber):
        return Refusal(_S.ESME_RINVDSTADR, f"destination {to.text!r}: {to.remedy}")
    if not id_ and not to:
        return Refusal(_S.ESME_RINVDSTADR, "without a message_id a destination is needed (§4.9.1)")
    return Cancel(sender.account, id_, source, to, pdu.service_type)


def _replace(pdu: ReplaceSm, sender: Sender, source: str, id_: int, now: int) -> Replace | Refusal:
    status = refused_time(pdu.schedule_delivery_time, pdu.validity_period, now)
    if status:
        return Refusal(status, "schedule_delivery_time or validity_period")
    if pdu.registered_delivery & RegisteredDelivery.RESERVED_MASK:
        return Refusal(_S.ESME_RINVREGDLVFLG, f"registered_delivery {pdu.registered_delivery}")
    if pdu.sm_default_msg_id:
        return Refusal(_S.ESME_RINVDFTMSGID, f"no message {pdu.sm_default_msg_id} is predefined")
    validity, not_before = times_of(pdu.validity_period, pdu.schedule_delivery_time, now)
    # replace_sm has no data_coding: the text is in the default alphabet.
    octets = unpacked(0, pdu.short_message, sender.alphabet)
    text = decode_text(0, octets, sender.alphabet)
    return Replace(sender.account, id_, source, text, pdu.registered_delivery, validity, not_before)


def _no_id(status: CommandStatus, text: str) -> Refusal:
    """Refuse an id that no message here has: as one that is not there, whatever it looks like."""
    return Refusal(status, f"message_id {text!r} is none of this SMSC's")
