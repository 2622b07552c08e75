"""A message for an ESME -> its deliver_sm, several if its account has long messages cut; pure.

Which default alphabet and which form an account has, its configuration says. An ESME that knows
no optional parameters gets neither message_payload nor sar_*: segments with 8-bit references
instead (SMPP 3.4 §3.3).
"""

from __future__ import annotations

from typing import Final

from gateway.core.decision import Message
from gateway.links.smpp_delivery import written
from gateway.smpp.pdu import DeliverSm
from gateway.smpp.segmentation import Segment, carried, segments
from gateway.smpp.text import DefaultAlphabet
from gateway.smpp.udh import LongForm

# As many characters as fit in any form and alphabet: 255 segments of 32 surrogate pairs.
_FITS_ANYWAY: Final = 255 * 32


def deliver_sms(
    message: Message, alphabet: DefaultAlphabet, form: LongForm, *, tlvs: bool
) -> tuple[DeliverSm, ...]:
    """Write a message that is no receipt as deliver_sm, without sequence numbers.

    The reference of its segments is the message's id, so that it is the same when it is repeated.
    """
    source = message.source_as or written(message.source)
    destination = message.destination_as or written(message.destination)
    return tuple(
        [
            DeliverSm(
                source_addr_ton=source.ton,
                source_addr_npi=source.npi,
                source_addr=source.digits,
                dest_addr_ton=destination.ton,
                dest_addr_npi=destination.npi,
                destination_addr=destination.digits,
                esm_class=piece.esm_class,
                data_coding=piece.data_coding,
                short_message=piece.short_message,
                tlvs=piece.tlvs,
            )
            for piece in pieces(message.text, alphabet, form, tlvs=tlvs, reference=message.id)
        ]
    )


def pieces(
    text: str, alphabet: DefaultAlphabet, form: LongForm, *, tlvs: bool, reference: int
) -> tuple[Segment, ...]:
    """Write a text as what one deliver_sm carries, or several.

    `tlvs` is whether the ESME knows optional parameters. A text of more than 255 segments goes as
    message_payload. What even that cannot hold, or the segments of an ESME without TLVs, is left
    off.
    """
    if len(text) > _FITS_ANYWAY:
        text, form = _carried(text, alphabet, form, tlvs)
    parts = segments(text, reference, form=form, alphabet=alphabet)
    if parts[0].tlvs and not tlvs:
        parts = segments(text, reference, form=LongForm.UDH_8, alphabet=alphabet)
    return parts


def _carried(
    text: str, alphabet: DefaultAlphabet, form: LongForm, tlvs: bool
) -> tuple[str, LongForm]:
    if not tlvs and form in (LongForm.PAYLOAD, LongForm.SAR):
        form = LongForm.UDH_8
    kept = carried(text, form=form, alphabet=alphabet)
    if len(kept) < len(text) and tlvs and form is not LongForm.PAYLOAD:
        form = LongForm.PAYLOAD
        kept = carried(text, form=form, alphabet=alphabet)
    return kept, form
