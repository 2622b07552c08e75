"""What a message PDU carries, whichever way it carries it: short_message, payload TLV, UDH, SAR."""

from gateway.smpp.codes import EsmClass
from gateway.smpp.fields import message_payload, sar
from gateway.smpp.pdu import DataSm, DeliverSm, SubmitMulti, SubmitSm
from gateway.smpp.text import decode_text
from gateway.smpp.udh import Concatenation, parse_udh, split_udh

MessagePdu = SubmitSm | DeliverSm | SubmitMulti | DataSm


def user_data(pdu: MessagePdu) -> bytes:
    """Give the message with its header: short_message, or message_payload (§5.3.2.32)."""
    if not isinstance(pdu, DataSm) and pdu.short_message:
        return pdu.short_message
    return (message_payload(pdu.tlvs) or b"") if pdu.tlvs else b""


def body_of(pdu: MessagePdu) -> bytes:
    """Give the message without its header."""
    octets = user_data(pdu)
    return split_udh(octets)[1] if pdu.esm_class & EsmClass.UDHI else octets


def text_of(pdu: MessagePdu) -> str:
    """Give the message as text; never raises."""
    return decode_text(pdu.data_coding, body_of(pdu))


def part_of(pdu: MessagePdu) -> Concatenation | None:
    """Give the segment's place from its header or its sar_* TLVs; None for a whole message."""
    if pdu.esm_class & EsmClass.UDHI:
        udh = parse_udh(user_data(pdu))
        if udh is not None and udh.concatenation is not None:
            return udh.concatenation
    place = sar(pdu.tlvs) if pdu.tlvs else None
    if place is None:
        return None
    return Concatenation(place.msg_ref_num, place.total_segments, place.segment_seqnum)
