"""A message for an ESME -> its deliver_sm, several if its account has long messages cut; pure.

Which default alphabet and which form an account has, its configuration says. An ESME that knows
no optional parameters gets neither message_payload nor sar_*: segments with 8-bit references
instead (SMPP 3.4 §3.3).
"""

from __future__ import annotations

from typing import Final

from msgspec import structs

from gateway.core.message import Message
from gateway.core.origin import Body, Esme
from gateway.links.smpp_delivery import written
from gateway.links.smpp_parts import kept_header, passed_on
from gateway.smpp.codes import EsmClass, RegisteredDelivery
from gateway.smpp.data_coding import CODINGS, Alphabet
from gateway.smpp.pdu import DeliverSm, Tlv
from gateway.smpp.segmentation import (
    Segment,
    behind_header,
    carried,
    octet_segments,
    segments_behind,
)
from gateway.smpp.text import DefaultAlphabet, encode_text, encode_unpacked
from gateway.smpp.udh import LongForm

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_DEFAULT: Final = Alphabet.DEFAULT
_PAYLOAD: Final = LongForm.PAYLOAD
_UDH_8: Final = LongForm.UDH_8

# As many octets as fit in any form: 255 segments of 130, where surrogate pairs stay whole.
_FITS_ANYWAY: Final = 255 * 130
# As many as fit into one message in any form, and into short_message.
_SHORT: Final = 140
_SHORT_MESSAGE: Final = 254
_NO_TLVS: Final[tuple[Tlv, ...]] = ()
_NEED_TLVS: Final = (LongForm.PAYLOAD, LongForm.SAR)
_NOT_GSM: Final = (DefaultAlphabet.LATIN_1, DefaultAlphabet.ASCII)


def deliver_sms(
    message: Message, alphabet: DefaultAlphabet, form: LongForm, *, tlvs: bool
) -> tuple[DeliverSm, ...]:
    """Write a message that is no receipt as deliver_sm, without sequence numbers.

    `tlvs` is whether the ESME knows optional parameters. The reference of segments is the
    message's id, so that it is the same when they are repeated. A message of more than 255
    segments goes as message_payload; what that cannot hold is left off.
    """
    body = message.body
    if body is None:
        coding, octets = encode_text(message.text, alphabet)
        if len(octets) <= _SHORT or (form is _PAYLOAD and len(octets) <= _SHORT_MESSAGE):
            return (_deliver_sm(message, 0, 0, coding, octets, _NO_TLVS),)
        coding, octets = encode_unpacked(message.text, alphabet)
        pieces = _pieces(octets, coding, alphabet, form, tlvs, message.id)
        protocol_id = 0
    else:
        pieces = _as_written(message, body, alphabet, form, tlvs)
        protocol_id = body.protocol_id
    return tuple(
        [
            _deliver_sm(
                message, one.esm_class, protocol_id, one.data_coding, one.short_message, one.tlvs
            )
            for one in pieces
        ]
    )


def _deliver_sm(
    message: Message,
    esm_class: int,
    protocol_id: int,
    data_coding: int,
    octets: bytes,
    optional: tuple[Tlv, ...],
) -> DeliverSm:
    source = message.source_as or written(message.source)
    destination = message.destination_as or written(message.destination)
    pdu = DeliverSm(
        source_addr_ton=source.ton,
        source_addr_npi=source.npi,
        source_addr=source.digits,
        dest_addr_ton=destination.ton,
        dest_addr_npi=destination.npi,
        destination_addr=destination.digits,
        esm_class=esm_class,
        protocol_id=protocol_id,
        data_coding=data_coding,
        short_message=octets,
        tlvs=optional,
    )
    return pdu if message.esme is None else _asked(pdu, message.esme)


def _asked(pdu: DeliverSm, esme: Esme) -> DeliverSm:
    """Add what the sending ESME asks of the receiver; receipts are the SMSC's own (§5.2.17)."""
    return structs.replace(
        pdu,
        service_type=esme.service_type,
        priority_flag=esme.priority,
        registered_delivery=esme.registered_delivery & RegisteredDelivery.SME_ACK_MASK,
    )


def _pieces(
    octets: bytes,
    data_coding: int,
    alphabet: DefaultAlphabet,
    form: LongForm,
    tlvs: bool,
    reference: int,
) -> tuple[Segment, ...]:
    if len(octets) > _FITS_ANYWAY:
        octets, form = _carried(octets, data_coding, alphabet, form, tlvs)
    parts = octet_segments(octets, data_coding, reference, form=form, alphabet=alphabet)
    if parts[0].tlvs and not tlvs:
        narrow = _UDH_8
        parts = octet_segments(octets, data_coding, reference, form=narrow, alphabet=alphabet)
    return parts


def _carried(
    octets: bytes, data_coding: int, alphabet: DefaultAlphabet, form: LongForm, tlvs: bool
) -> tuple[bytes, LongForm]:
    if not tlvs and form in _NEED_TLVS:
        form = _UDH_8
    kept = carried(octets, data_coding, form=form, alphabet=alphabet)
    if len(kept) < len(octets) and tlvs and form is not _PAYLOAD:
        form = _PAYLOAD
        kept = carried(octets, data_coding, form=form, alphabet=alphabet)
    return kept, form


def _as_written(
    message: Message, body: Body, alphabet: DefaultAlphabet, form: LongForm, tlvs: bool
) -> tuple[Segment, ...]:
    """Write as the sender did, but for what the two accounts have different: alphabet and form."""
    coding, octets = body.data_coding, body.octets
    if alphabet in _NOT_GSM and CODINGS[coding].alphabet is _DEFAULT:
        own, octets = encode_unpacked(message.text, alphabet)
        coding = own or coding
    esm_class = body.esm_class & ~EsmClass.MODE_MASK
    pieces: tuple[Segment, ...]
    header = kept_header(body)
    if header and header == body.header and (form is not _PAYLOAD or not tlvs):
        by_header = form if form is LongForm.UDH_16 else _UDH_8
        pieces = segments_behind(
            header, octets, coding, message.id, form=by_header, alphabet=alphabet
        )
    elif body.header or esm_class & EsmClass.UDHI:
        # A header is what the message is about (ports, for one): it stays, and so in one piece.
        pieces = (behind_header(body.header, octets, coding, alphabet),)
    else:
        pieces = _pieces(octets, coding, alphabet, form, tlvs, message.id)
    optional = passed_on(body) if tlvs else ()
    return tuple(
        [
            structs.replace(
                piece, esm_class=piece.esm_class | esm_class, tlvs=(*optional, *piece.tlvs)
            )
            for piece in pieces
        ]
    )
