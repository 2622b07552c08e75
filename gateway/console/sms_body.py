"""An SMS as a test writes it in JSON: text or octets, TLVs, the form of a long one."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from gateway.console.problems import Problem
from gateway.core.events import MoSms, Phone
from gateway.core.numbers import Address, BadNumber, Msisdn, is_msisdn, parse_address
from gateway.core.origin import Body
from gateway.smpp.codes import EsmClass, TlvTag
from gateway.smpp.errors import Misuse
from gateway.smpp.message import body_of, header_of, text_of
from gateway.smpp.pdu import SubmitSm, Tlv
from gateway.smpp.segmentation import Segment, octet_segments, segments
from gateway.smpp.text import encode_text
from gateway.smpp.udh import LongForm as Form

TEXT_MOST = 10_000
"""Characters of a text, and octets of a message."""

_OCTET_MOST = 255
_ALPHANUMERIC, _INTERNATIONAL, _UNKNOWN, _ISDN = 5, 1, 0, 1


class TlvBody(BaseModel):
    """An optional parameter: `tag` by number or by the specification's name, `value` in hex."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"tag": "source_port", "value": "0b84"}]}
    )

    tag: Annotated[int, Field(ge=0, le=0xFFFF)] | Annotated[str, Field(max_length=40)]
    value: str = Field(default="", pattern=r"^([0-9A-Fa-f]{2}){0,255}$")


class SmsBody(BaseModel):
    """An SMS: `text`, or `hex`, the octets as `data_coding` reads them; a header if `esm_class`
    has UDHI (64). `account` is the ESME that sends it, without one the phone `from` does.
    `receipt` asks for a delivery receipt, `long` is how an ESME cuts what is too long for one.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {"from": "081190000001", "to": "4444", "text": "STATUS"},
                {"from": "081190000001", "to": "9999", "hex": "c8329bfd06", "data_coding": 4},
                {"from": "BANK", "to": "081190000001", "text": "Kode", "account": "a2p"},
            ]
        },
    )

    source: str = Field(alias="from", min_length=1, max_length=20)
    to: str = Field(min_length=1, max_length=20)
    text: str | None = Field(default=None, max_length=TEXT_MOST)
    hex: str | None = Field(default=None, pattern=rf"^([0-9A-Fa-f]{{2}}){{0,{TEXT_MOST}}}$")
    data_coding: int = Field(default=0, ge=0, le=_OCTET_MOST)
    esm_class: int = Field(default=0, ge=0, le=_OCTET_MOST)
    tlvs: list[TlvBody] = Field(default=[], max_length=50)
    account: str | None = Field(default=None, max_length=60)
    receipt: StrictBool = False
    long: Form = Form.UDH_8

    @model_validator(mode="after")
    def _one_of_both(self) -> SmsBody:
        if (self.text is None) == (self.hex is None):
            raise ValueError("give text or hex, one of them")
        return self


def mo_of(body: SmsBody, sender: Msisdn, to: Address, ref: str) -> MoSms:
    """Make the SMS of a phone; what the text does not say is kept beside it."""
    if body.receipt or body.long is not Form.UDH_8:
        raise _no("receipt and long are an ESME's: name its account")
    tlvs = tlvs_of(body)
    if body.hex is None:
        text = body.text or ""
        coding, octets = encode_text(text)
        added = tuple((one.tag, one.value) for one in tlvs)
        kept = Body(coding, octets=octets, tlvs=added) if tlvs else None
        return MoSms(sender, to, text, Phone(ref), kept)
    pdu = SubmitSm(
        esm_class=body.esm_class,
        data_coding=body.data_coding,
        short_message=bytes.fromhex(body.hex),
    )
    header = header_of(pdu)
    kept = Body(
        body.data_coding,
        body.esm_class & ~EsmClass.MODE_MASK,
        0,
        b"" if header is None else pdu.short_message[: header.size],
        body_of(pdu),
        tuple((one.tag, one.value) for one in tlvs),
    )
    return MoSms(sender, to, text_of(pdu), Phone(ref), kept)


def pdus_of(body: SmsBody) -> list[SubmitSm]:
    """Write it as an ESME does; raises Problem for what no submit_sm can carry."""
    tlvs = tlvs_of(body)
    try:
        cut = _cut(body)
    except Misuse as trouble:
        raise _no(f"long: {trouble}") from trouble
    source, to = _written(body.source), _written(body.to)
    return [
        SubmitSm(
            source_addr_ton=source[0],
            source_addr_npi=source[1],
            source_addr=source[2],
            dest_addr_ton=to[0],
            dest_addr_npi=to[1],
            destination_addr=to[2],
            esm_class=body.esm_class | one.esm_class,
            registered_delivery=int(body.receipt),
            data_coding=one.data_coding,
            short_message=one.short_message,
            tlvs=(*one.tlvs, *tlvs),
        )
        for one in cut
    ]


def _cut(body: SmsBody) -> tuple[Segment, ...]:
    reference = secrets.randbelow(_OCTET_MOST + 1)
    if body.hex is None:
        return segments(body.text or "", reference, form=body.long)
    octets = bytes.fromhex(body.hex)
    if body.esm_class & EsmClass.UDHI:
        # It is cut already: a header of its own is in front.
        if len(octets) > _OCTET_MOST - 1:
            raise _no("hex: with a header of its own at most 254 octets fit")
        return (Segment(body.data_coding, 0, octets),)
    return octet_segments(octets, body.data_coding, reference, form=body.long)


def tlvs_of(body: SmsBody) -> tuple[Tlv, ...]:
    """Read the TLVs; raises Problem for a name that is none."""
    return tuple(Tlv(_tag(one.tag), bytes.fromhex(one.value)) for one in body.tlvs)


def _tag(tag: int | str) -> int:
    if isinstance(tag, int):
        return tag
    try:
        return TlvTag[tag.upper()].value
    except KeyError:
        raise _no(f'tlvs: "{tag}" is no name of the specification; give its number') from None


def _written(text: str) -> tuple[int, int, str]:
    """Write an address as an ESME should: TON, NPI, digits or name."""
    read = parse_address(text)
    if isinstance(read, BadNumber):
        if not text.isascii():
            raise _no("from, to: write ASCII")
        return _ALPHANUMERIC, _UNKNOWN, text
    if is_msisdn(read):
        return _INTERNATIONAL, _ISDN, read
    return _UNKNOWN, _ISDN, read


def _no(detail: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
