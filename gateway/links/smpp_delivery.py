"""A message for an ESME -> deliver_sm, and what the ESME's answer to it means; pure.

Addresses go back in the form in which the ESME wrote them. A receipt is SMPP 3.4 Appendix B's text
in the default alphabet, with its TLVs; its dates are Western Indonesian Time.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from gateway.core.decision import Message, MessageState, ReceiptOf
from gateway.core.events import SmeAddress
from gateway.core.numbers import is_msisdn, parse_address
from gateway.smpp import codes
from gateway.smpp.codes import CommandStatus, DataCoding, EsmClass, Npi, TlvTag, Ton
from gateway.smpp.errors import Rejected
from gateway.smpp.pdu import DeliverSm, GenericNack, Response, Tlv
from gateway.smpp.receipt import Receipt, receipt_text, receipt_tlvs
from gateway.smpp.text import encode_as, encode_text

_WIB_MS: Final = 7 * 3_600_000
_SHORT_MESSAGE_MOST: Final = 254
_NO_TLVS: Final[tuple[Tlv, ...]] = ()
_STATES: Final = {state: codes.MessageState[state.name] for state in MessageState}


def deliver_sm(message: Message, *, tlvs: bool) -> DeliverSm:
    """Write a message as deliver_sm, without a sequence number.

    `tlvs` is whether the ESME knows optional parameters (interface_version 3.4 or later, §3.3).
    A text that short_message cannot hold goes as message_payload in any case.
    """
    source = message.source_as or written(message.source)
    destination = message.destination_as or written(message.destination)
    receipt = message.receipt
    if receipt is None:
        esm_class, optional = 0, _NO_TLVS
        coding, octets = encode_text(message.text)
    else:
        report = _receipt(receipt)
        esm_class = EsmClass.TYPE_DELIVERY_RECEIPT
        optional = receipt_tlvs(report) if tlvs else _NO_TLVS
        text = receipt_text(report, _WIB_MS)
        coding, octets = encode_text(text)
        if coding != DataCoding.DEFAULT:
            # Clients read receipts in the default alphabet only.
            coding, octets = DataCoding.DEFAULT, encode_as(DataCoding.DEFAULT, text)
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


def _receipt(receipt: ReceiptOf) -> Receipt:
    error = receipt.error
    return Receipt(
        message_id=str(receipt.message_id),
        state=_STATES[receipt.state],
        submit_ms=receipt.submitted_at,
        done_ms=receipt.done_at,
        dlvrd=1 if receipt.state is MessageState.DELIVERED else 0,
        err=f"{error:03}",
        text=receipt.text,
        network_error=error or None,
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
