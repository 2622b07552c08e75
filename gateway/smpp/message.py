"""What a message PDU carries, whichever way it carries it: short_message, payload TLV, UDH, SAR.

`alphabet` is what the SMSC means by its default alphabet.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Final, TypeVar

from gateway.smpp.codes import EsmClass
from gateway.smpp.fields import message_payload, sar
from gateway.smpp.pdu import DataSm, DeliverSm, SubmitMulti, SubmitSm
from gateway.smpp.reassembly import Part, PartKey
from gateway.smpp.text import DefaultAlphabet, decode_text, unpacked
from gateway.smpp.udh import (
    NO_LANGUAGES,
    Concatenation,
    Languages,
    LongForm,
    Ports,
    Udh,
    parse_udh,
)

MessagePdu = SubmitSm | DeliverSm | SubmitMulti | DataSm
_GSM: Final = DefaultAlphabet.GSM
C = TypeVar("C")


def user_data(pdu: MessagePdu) -> bytes:
    """Give the message with its header: short_message, or message_payload (§5.3.2.32)."""
    if type(pdu) is not DataSm and pdu.short_message:
        return pdu.short_message
    return (message_payload(pdu.tlvs) or b"") if pdu.tlvs else b""


def header_of(pdu: MessagePdu) -> Udh | None:
    """Give the user data header; None without a sound one."""
    return parse_udh(user_data(pdu)) if pdu.esm_class & EsmClass.UDHI else None


def body_of(pdu: MessagePdu, alphabet: DefaultAlphabet = _GSM) -> bytes:
    """Give the message without its header; septets one an octet, though they came packed."""
    return _split(pdu, alphabet)[0]


def text_of(pdu: MessagePdu, alphabet: DefaultAlphabet = _GSM) -> str:
    """Give the message as text; never raises."""
    if alphabet is _GSM and not pdu.esm_class & EsmClass.UDHI:
        return decode_text(pdu.data_coding, user_data(pdu))
    body, languages = _split(pdu, alphabet)
    return decode_text(pdu.data_coding, body, alphabet, languages)


def _split(pdu: MessagePdu, alphabet: DefaultAlphabet) -> tuple[bytes, Languages]:
    octets = user_data(pdu)
    udh = parse_udh(octets) if pdu.esm_class & EsmClass.UDHI else None
    if udh is None:
        size, languages = 0, NO_LANGUAGES
    else:
        size, languages = udh.size, udh.languages
        octets = octets[size:]
    if alphabet is not _GSM:
        octets = unpacked(pdu.data_coding, octets, alphabet, size)
    return octets, languages


def ports_of(pdu: MessagePdu) -> Ports | None:
    """Give the application ports that the header names."""
    udh = header_of(pdu)
    return None if udh is None else udh.ports


def part_of(pdu: MessagePdu) -> Concatenation | None:
    """Give the segment's place from its header or its sar_* TLVs; None for a whole message."""
    udh = header_of(pdu)
    if udh is not None and udh.concatenation is not None:
        return udh.concatenation
    place = sar(pdu.tlvs) if pdu.tlvs else None
    if place is None:
        return None
    return Concatenation(
        place.msg_ref_num, place.total_segments, place.segment_seqnum, LongForm.SAR
    )


def segment_of(
    pdu: SubmitSm | DeliverSm | DataSm,
    place: Concatenation,
    context: C,
    alphabet: DefaultAlphabet = _GSM,
) -> tuple[PartKey, Part[C]]:
    """Make of a PDU what Reassembly takes; `place` is what `part_of` gave."""
    body, languages = _split(pdu, alphabet)
    key = PartKey(pdu.source_addr, pdu.destination_addr, place.reference, place.form, place.total)
    return key, Part(place.number, body, pdu.data_coding, context, languages)


def whole_text(parts: Sequence[Part[C]], alphabet: DefaultAlphabet = _GSM) -> str:
    """Read the segments of a message, in their order; never raises.

    Neighbours in one coding are joined before they are read, for some clients cut characters.
    """
    runs = groupby(parts, key=lambda part: (part.data_coding, part.languages))
    return "".join(
        [
            decode_text(coding, b"".join([part.octets for part in run]), alphabet, languages)
            for (coding, languages), run in runs
        ]
    )
