"""What one message has wrong by itself: addresses, flags, text, header, optional parameters."""

from typing import Final

from gateway.smpp.codes import EsmClass
from gateway.smpp.lint import message_rules as rules
from gateway.smpp.lint.addresses import destination_notes, is_plain, source_notes
from gateway.smpp.lint.coding import coding_notes, is_default
from gateway.smpp.lint.findings import Note
from gateway.smpp.lint.flags import flag_notes, time_notes, tlv_notes
from gateway.smpp.message import user_data
from gateway.smpp.pdu import DataSm, SmeAddress, SubmitMulti, SubmitSm
from gateway.smpp.text import DefaultAlphabet
from gateway.smpp.tlvs import sar
from gateway.smpp.udh import CONCATENATED_8, CONCATENATED_16, parse_udh

Submitted = SubmitSm | SubmitMulti | DataSm
"""The requests that bring a message."""

_SEPTETS: Final = 160
_OCTETS: Final = 140
# How a concatenation header begins: its length, the element, the element's length.
_HEADERS: Final = (bytes((5, CONCATENATED_8, 3)), bytes((6, CONCATENATED_16, 4)))


def message_notes(
    pdu: Submitted,
    octets: bytes,
    calendar_ms: int,
    alphabet: DefaultAlphabet = DefaultAlphabet.GSM,
) -> list[Note]:
    """Say what is wrong with a message whose user data are `octets`.

    `calendar_ms` is the network's now, `alphabet` the client's default.
    """
    found: list[Note] = []
    ton, npi, source = pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr
    if not is_plain(ton, npi, source):
        found += source_notes(ton, npi, source)
    if type(pdu) is SubmitMulti:
        for one in pdu.dest_address:
            if isinstance(one, SmeAddress):
                address = one.destination_addr
                found += destination_notes(one.dest_addr_ton, one.dest_addr_npi, address)
    else:
        ton, npi, address = pdu.dest_addr_ton, pdu.dest_addr_npi, pdu.destination_addr
        if not is_plain(ton, npi, address):
            found += destination_notes(ton, npi, address)
    if type(pdu) is DataSm:
        found += flag_notes(pdu.esm_class, pdu.registered_delivery, 0, 0)
    else:
        found += flag_notes(
            pdu.esm_class, pdu.registered_delivery, pdu.priority_flag, pdu.replace_if_present_flag
        )
        if pdu.schedule_delivery_time or pdu.validity_period:
            found += time_notes(pdu.schedule_delivery_time, pdu.validity_period, calendar_ms)
        if len(pdu.short_message) > _OCTETS and _overlong(pdu, alphabet):
            found.append((rules.TOO_LONG_FOR_ONE, f"{len(pdu.short_message)} octets"))
    if pdu.tlvs:
        found += tlv_notes(pdu.tlvs)
    return found + _text_notes(pdu, octets, alphabet)


def _overlong(pdu: SubmitSm | SubmitMulti, alphabet: DefaultAlphabet) -> bool:
    """Say whether the air interface needs more than one message for so many octets."""
    octets = pdu.short_message
    if not is_default(pdu.data_coding) or alphabet is DefaultAlphabet.GSM_PACKED:
        return True
    header = parse_udh(octets) if pdu.esm_class & EsmClass.UDHI else None
    size = 0 if header is None else header.size
    # A header fills whole septets.
    return -(-size * 8 // 7) + len(octets) - size > _SEPTETS


def _text_notes(pdu: Submitted, octets: bytes, alphabet: DefaultAlphabet) -> list[Note]:
    coding, body = pdu.data_coding, octets
    found: list[Note] = []
    if pdu.esm_class & EsmClass.UDHI:
        header = parse_udh(octets)
        if header is None:
            return [(rules.UDH_UNSOUND, f"esm_class 0x{pdu.esm_class:02x}, {octets[:7].hex()}")]
        body = octets[header.size :]
        if pdu.tlvs and header.concatenation is not None and sar(pdu.tlvs) is not None:
            found.append((rules.SAR_AND_UDH, "a header and sar_ parameters"))
    elif octets.startswith(_HEADERS):
        return [(rules.UDH_WITHOUT_UDHI, f"esm_class 0x{pdu.esm_class:02x}, {octets[:7].hex()}")]
    if coding == 0 and body.isascii() and 0 not in body:
        return found
    return found + coding_notes(coding, body, alphabet)


def data_of(pdu: Submitted) -> bytes:
    """Give the user data, short_message or message_payload."""
    if type(pdu) is SubmitSm and pdu.short_message:
        return pdu.short_message
    return user_data(pdu)
