"""A message without NIK and KK, for PDUs that are rebuilt of it; pure.

Every character stays where it was, so that lengths and segments stay as they were. What octets
hold that are no text is not known, so all of them are hidden.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import structs

from gateway.core.message import Message
from gateway.core.numbers import mask_identities
from gateway.core.origin import Body, SmeAddress
from gateway.smpp.data_coding import CODINGS, Alphabet
from gateway.smpp.text import decode_text, encode_as
from gateway.smpp.tlvs import TLV_RULES, TlvKind
from gateway.smpp.udh import NO_LANGUAGES, Languages, parse_udh

_DIGIT: Final = re.compile(r"\d")
# Digits that somebody set apart in a way of his own, and those at the edge of a text that is cut.
_SCATTERED: Final = re.compile(r"(?:[\dOoIl][^\w*]*){15,}")
_EDGE: Final = re.compile(r"\A\s*\d{4,}|\d{4,}\s*\Z")
_HIDDEN: Final = b"*"
_SHORT: Final = 4


def masked(message: Message) -> Message:
    """Hide every NIK and KK in it, those too of which only a part is here."""
    receipt, body = message.receipt, message.body
    cut = message.part is not None
    if receipt is not None:
        receipt = structs.replace(receipt, text=masked_text(receipt.text, cut=True))
    esme = message.esme
    if esme is not None:
        esme = structs.replace(
            esme, source=_address(esme.source), destination=_address(esme.destination)
        )
    return structs.replace(
        message,
        source=mask_identities(message.source),
        destination=mask_identities(message.destination),
        text=masked_text(message.text, cut=cut),
        receipt=receipt,
        body=None if body is None else _body(body, cut=cut),
        esme=esme,
        source_as=None if message.source_as is None else _address(message.source_as),
        destination_as=None if message.destination_as is None else _address(message.destination_as),
    )


def masked_text(text: str, *, cut: bool) -> str:
    """Hide NIK and KK in a text; `cut`: it may begin or end within one."""
    text = mask_identities(text)
    text = _SCATTERED.sub(_starred, text)
    return _EDGE.sub(_starred, text) if cut else text


def _starred(found: re.Match[str]) -> str:
    return _DIGIT.sub("*", found[0])


def _address(written: SmeAddress) -> SmeAddress:
    return structs.replace(written, digits=mask_identities(written.digits))


def _body(body: Body, *, cut: bool) -> Body:
    octets = _HIDDEN * len(body.octets)
    if CODINGS[body.data_coding].alphabet is not Alphabet.BINARY:
        udh = parse_udh(body.header)
        languages = NO_LANGUAGES if udh is None else udh.languages
        octets = _octets(body, languages, cut=cut)
    header = mask_identities(body.header.decode("latin-1")).encode("latin-1")
    return structs.replace(
        body, header=header, octets=octets, tlvs=tuple(_tlv(*one) for one in body.tlvs)
    )


def _octets(body: Body, languages: Languages, *, cut: bool) -> bytes:
    text = decode_text(body.data_coding, body.octets, languages=languages)
    hidden = masked_text(text, cut=cut)
    if hidden == text:
        return body.octets
    octets = encode_as(body.data_coding, hidden)
    # A text that cannot be written again as it was is hidden whole.
    return octets if len(octets) == len(body.octets) else _HIDDEN * len(body.octets)


def _tlv(tag: int, value: bytes) -> tuple[int, bytes]:
    rule = TLV_RULES.get(tag)
    if len(value) <= _SHORT or (rule is not None and rule.kind is TlvKind.INTEGER):
        return tag, value
    if rule is not None and rule.kind is TlvKind.CSTRING:
        return tag, mask_identities(value.decode("latin-1")).encode("latin-1")
    return tag, _HIDDEN * len(value)
