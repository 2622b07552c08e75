"""How an ESME wrote a message -> core's values: its body, its place in a long one; pure.

And the way back: a long message's text from its parts (SMPP 3.4 §5.2.12, §5.3.2.22-24).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.core.message import Message, texts_joined
from gateway.core.origin import Body, Part, PartKey
from gateway.smpp import reassembly
from gateway.smpp.codes import DataCoding, EsmClass, TlvTag
from gateway.smpp.data_coding import CODINGS, Alphabet
from gateway.smpp.message import MessagePdu, header_of, user_data, whole_text
from gateway.smpp.message import body_of as written_body
from gateway.smpp.message import part_of as place_of
from gateway.smpp.pdu import Tlv
from gateway.smpp.text import DefaultAlphabet, encode_text
from gateway.smpp.udh import NO_LANGUAGES, Languages, LongForm, elements_kept, parse_udh

_MODE: Final = EsmClass.MODE_MASK
_CUT: Final = "\N{REPLACEMENT CHARACTER}"
_PLAIN: Final = (DataCoding.DEFAULT, DataCoding.UCS2)
_NOT_GSM: Final = (DefaultAlphabet.LATIN_1, DefaultAlphabet.ASCII)
_KINDS: Final = {LongForm.UDH_8: "8 bits", LongForm.UDH_16: "16 bits", LongForm.SAR: "sar"}
# They say how the text came, or are the SMSC's to act on: not the receiver's affair.
_NOT_KEPT: Final = frozenset(
    {
        TlvTag.MESSAGE_PAYLOAD.value,
        TlvTag.SAR_MSG_REF_NUM.value,
        TlvTag.SAR_TOTAL_SEGMENTS.value,
        TlvTag.SAR_SEGMENT_SEQNUM.value,
        TlvTag.SET_DPF.value,
        TlvTag.QOS_TIME_TO_LIVE.value,
        TlvTag.MORE_MESSAGES_TO_SEND.value,
    }
)


def body_of(
    pdu: MessagePdu,
    text: str,
    alphabet: DefaultAlphabet = DefaultAlphabet.GSM,
    *,
    always: bool = False,
) -> Body | None:
    """Keep what the text does not say; None where it says it all, unless `always`.

    What the sender wrote in its own default `alphabet` is kept in the network's: GSM 7-bit, not
    packed, for its receiver may have another.
    """
    plain = pdu.data_coding in _PLAIN and not pdu.esm_class & ~_MODE and _CUT not in text
    protocol = getattr(pdu, "protocol_id", 0)
    if plain and not pdu.tlvs and not protocol and not always:
        return None
    tlvs = tuple((one.tag, one.value) for one in pdu.tlvs if one.tag not in _NOT_KEPT)
    if plain and not tlvs and not protocol and not always:
        return None
    udh = header_of(pdu)
    header = b"" if udh is None else user_data(pdu)[: udh.size]
    coding, octets = pdu.data_coding, written_body(pdu, alphabet)
    if alphabet in _NOT_GSM and CODINGS[coding].alphabet is Alphabet.DEFAULT:
        own, octets = encode_text(text)
        coding = own or coding
    return Body(coding, pdu.esm_class & ~_MODE, protocol, header, octets, tlvs)


def part_of(pdu: MessagePdu, account: str, source: str, to: str) -> Part | None:
    """Give the place of a part in its long message; None for one that is whole by itself."""
    place = place_of(pdu)
    if place is None or place.total <= 1:
        return None
    key = PartKey(account, source, to, _KINDS[place.form], place.reference, place.total)
    return Part(key, place.number)


def joined(parts: Sequence[Message]) -> str:
    """Read a long message from its parts; a character that was cut in two is whole again."""
    bodies = [part.body for part in parts if part.body is not None]
    if len(bodies) < len(parts) or not any(_CUT in one.text for one in parts):
        return texts_joined(parts)
    return whole_text(
        [
            reassembly.Part(number, body.octets, body.data_coding, None, _languages(body))
            for number, body in enumerate(bodies, 1)
        ]
    )


def kept_header(body: Body) -> bytes:
    """Give the user data header that a long message has of its first part: ports, for one."""
    others = elements_kept(body.header)
    return bytes((len(others),)) + others if others else b""


def _languages(body: Body) -> Languages:
    udh = parse_udh(body.header)
    return NO_LANGUAGES if udh is None else udh.languages


# What deliver_sm may carry of an ESME's own TLVs (§4.6.1); data_sm may carry all (§4.7.1).
_PASSED_ON: Final = frozenset(
    tag.value
    for tag in (
        TlvTag.USER_MESSAGE_REFERENCE,
        TlvTag.SOURCE_PORT,
        TlvTag.DESTINATION_PORT,
        TlvTag.USER_RESPONSE_CODE,
        TlvTag.PRIVACY_INDICATOR,
        TlvTag.PAYLOAD_TYPE,
        TlvTag.CALLBACK_NUM,
        TlvTag.SOURCE_SUBADDRESS,
        TlvTag.DEST_SUBADDRESS,
        TlvTag.LANGUAGE_INDICATOR,
        TlvTag.ITS_SESSION_INFO,
        TlvTag.NETWORK_ERROR_CODE,
        TlvTag.MESSAGE_STATE,
        TlvTag.RECEIPTED_MESSAGE_ID,
    )
)
_OF_THE_SPECIFICATION: Final = frozenset(tag.value for tag in TlvTag)


def passed_on(body: Body) -> tuple[Tlv, ...]:
    """Give the TLVs that go on to an ESME in deliver_sm: those it may carry, and vendors' own."""
    return tuple(
        Tlv(tag, value)
        for tag, value in body.tlvs
        if tag in _PASSED_ON or tag not in _OF_THE_SPECIFICATION
    )
