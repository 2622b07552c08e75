"""A message for an ESME -> deliver_sm or data_sm, and what the ESME's answer means; pure.

Addresses go back in the form in which the ESME wrote them. A receipt looks as the ESME's account
has it; without a wish it is SMPP 3.4 Appendix B's, with its TLVs.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from gateway.core.decision import Message, MessageState, ReceiptOf
from gateway.core.events import SmeAddress
from gateway.core.numbers import is_msisdn, parse_address
from gateway.smpp import codes
from gateway.smpp.codes import CommandStatus, Npi, RegisteredDelivery, TlvTag, Ton
from gateway.smpp.errors import Rejected
from gateway.smpp.pdu import DataSm, DeliverSm, GenericNack, Response, Tlv
from gateway.smpp.receipt import ReceiptWriter, Report
from gateway.smpp.receipt_form import ReceiptForm
from gateway.smpp.text import encode_text

_WIB_MS: Final = 7 * 3_600_000
_SHORT_MESSAGE_MOST: Final = 254
_SME_ACKS: Final = RegisteredDelivery.SME_ACK_MASK
_NO_TLVS: Final[tuple[Tlv, ...]] = ()
DEFAULT_RECEIPTS: Final = ReceiptWriter(ReceiptForm(offset_ms=_WIB_MS))
"""Appendix B's receipts, dates in Western Indonesian Time."""
_STATES: Final = {state: codes.MessageState[state.name] for state in MessageState}


def deliver_sm(
    message: Message,
    receipts: ReceiptWriter = DEFAULT_RECEIPTS,
    *,
    tlvs: bool,
    reference: int | None = None,
    intermediate: bool = False,
) -> DeliverSm:
    """Write a message as deliver_sm, without a sequence number; a receipt as `receipts` does.

    `tlvs` is whether the ESME knows optional parameters (interface_version 3.4 or later, §3.3).
    A text that short_message cannot hold goes as message_payload in any case. A receipt echoes the
    user_message_reference of its submit_sm as `reference`; an `intermediate` one is not the last.
    """
    source = message.source_as or written(message.source)
    destination = message.destination_as or written(message.destination)
    if (receipt := message.receipt) is None:
        esm_class, optional = 0, _NO_TLVS
        coding, octets = encode_text(message.text)
    else:
        report = _report(receipt, reference, intermediate)
        esm_class, coding = receipts.esm_class(report), receipts.form.data_coding
        optional = receipts.tlvs(report) if tlvs else _NO_TLVS
        octets = receipts.octets(report)
    if len(octets) > _SHORT_MESSAGE_MOST:
        optional = (*optional, Tlv(TlvTag.MESSAGE_PAYLOAD, octets))
        octets = b""
    return DeliverSm(
        source_addr_ton=source.ton,
        source_addr_npi=source.npi,
        source_addr=source.digits,
        dest_addr_ton=destination.ton,
        dest_addr_npi=destination.npi,
        destination_addr=destination.digits,
        esm_class=esm_class,
        data_coding=coding,
        short_message=octets,
        tlvs=optional,
    )


def data_sm(
    message: Message,
    receipts: ReceiptWriter,
    *,
    reference: int | None = None,
    intermediate: bool = False,
) -> DataSm:
    """Write a message as data_sm (§4.7.1), for ESMEs that know optional parameters."""
    pdu = deliver_sm(message, receipts, tlvs=True, reference=reference, intermediate=intermediate)
    payload = (Tlv(TlvTag.MESSAGE_PAYLOAD, pdu.short_message),) if pdu.short_message else _NO_TLVS
    return DataSm(
        source_addr_ton=pdu.source_addr_ton,
        source_addr_npi=pdu.source_addr_npi,
        source_addr=pdu.source_addr,
        dest_addr_ton=pdu.dest_addr_ton,
        dest_addr_npi=pdu.dest_addr_npi,
        destination_addr=pdu.destination_addr,
        esm_class=pdu.esm_class,
        data_coding=pdu.data_coding,
        tlvs=(*pdu.tlvs, *payload),
    )


def _report(receipt: ReceiptOf, reference: int | None, intermediate: bool) -> Report:
    return Report(
        receipt.message_id,
        _STATES[receipt.state],
        receipt.submitted_at,
        receipt.done_at or None,
        receipt.error,
        receipt.text,
        reference,
        intermediate,
    )


def written(address: str) -> SmeAddress:
    """Write an address for an ESME that has not used it itself (domain.md 4)."""
    if is_msisdn(address):
        return SmeAddress(Ton.INTERNATIONAL, Npi.ISDN, address)
    if isinstance(parse_address(address), str):
        return SmeAddress(Ton.NETWORK_SPECIFIC, Npi.UNKNOWN, address)
    return SmeAddress(Ton.ALPHANUMERIC, Npi.UNKNOWN, address)


class Taken(Enum):
    """What an ESME's answer to a deliver_sm means for the message."""

    CONFIRMED = auto()
    LATER = auto()
    NEVER = auto()


_LATER: Final = frozenset(
    {CommandStatus.ESME_RX_T_APPN, CommandStatus.ESME_RMSGQFUL, CommandStatus.ESME_RTHROTTLED}
)


def taken(response: Response | Rejected) -> tuple[Taken, int]:
    """Read the answer; gives the command_status too, 0 when confirmed.

    A response whose body cannot be read confirms: the ESME has had the message, and what it wrote
    into the unused message_id must not bring it back for ever.
    """
    if isinstance(response, Rejected):
        return Taken.CONFIRMED, 0
    status = response.command_status
    if status in _LATER:
        return Taken.LATER, status
    if status or isinstance(response, GenericNack):
        return Taken.NEVER, status
    return Taken.CONFIRMED, 0
