"""The PDUs that a message came and went by, written again from what the store keeps; pure.

They are not the octets on the wire: sequence numbers are counted anew, a data_sm or submit_multi
is kept as the submit_sm that it is alike, faults on purpose are not in it, and an ESME is taken to
know optional parameters (SMPP 3.4 §3.3). The PDU log and the capture have what was on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from gateway.config import AccountConfig
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.origin import Body, Esme, MessagingMode
from gateway.links.smpp_masked import masked
from gateway.links.smpp_pieces import alert_of, pieces_of
from gateway.smpp.codes import EsmClass, TlvTag
from gateway.smpp.data_coding import CODINGS, Alphabet
from gateway.smpp.errors import Misuse
from gateway.smpp.exchange import Answer, Exchange, Request
from gateway.smpp.pdu import (
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    SubmitSm,
    SubmitSmResp,
    Tlv,
)
from gateway.smpp.receipt import ReceiptWriter
from gateway.smpp.segmentation import Segment, behind_header
from gateway.smpp.smpp_time import format_absolute, format_relative
from gateway.smpp.text import DefaultAlphabet, encode_as, encode_unpacked
from gateway.smpp.tlvs import tlv

# Western Indonesian Time, in quarters of an hour ahead of UTC.
_WIB: Final = 28
_NOT_GSM: Final = (DefaultAlphabet.LATIN_1, DefaultAlphabet.ASCII)
_MODES: Final = {
    MessagingMode.STORE_AND_FORWARD: EsmClass.MODE_DEFAULT,
    MessagingMode.DATAGRAM: EsmClass.MODE_DATAGRAM,
    MessagingMode.FORWARD: EsmClass.MODE_FORWARD,
}


class _Account(Struct, frozen=True, gc=False):
    config: AccountConfig
    receipts: ReceiptWriter


class Rebuilder:
    """Writes the PDUs of messages again, as each account has them."""

    def __init__(self, accounts: Mapping[str, AccountConfig]) -> None:
        """`accounts` by their key in the whole gateway."""
        self._accounts = {name: _account(config) for name, config in accounts.items()}
        # Of an account that is not configured any more.
        self._unknown = _account(AccountConfig(system_id="unknown", password=""))

    def exchanges(self, message: Message, *, clear: bool) -> list[Exchange]:
        """Give them in the order in which they were; NIK and KK masked unless `clear`."""
        if not clear:
            message = masked(message)
        made: list[Exchange] = []
        esme = message.esme
        # A joined message came in parts, which are messages of their own.
        if esme is not None and not message.parts:
            made.append(self._submitted(message, esme))
        if message.receiver is Receiver.ESME and message.account:
            made += self._delivered(message)
        return made

    def _of(self, account: str) -> _Account:
        return self._accounts.get(account, self._unknown)

    def _submitted(self, message: Message, esme: Esme) -> Exchange:
        account = self._of(esme.account)
        alphabet = account.config.default_alphabet
        request = _request(message, esme, alphabet)
        id_ = account.receipts.written_id(message.reported_as or message.id)
        answer: Answer | None = None
        # Datagram and transaction mode may have been answered with the delivery's end.
        if esme.mode is MessagingMode.STORE_AND_FORWARD:
            answer = SubmitSmResp(0, 0, id_) if type(request) is SubmitSm else DataSmResp(0, 0, id_)
        at = message.accepted_at
        return Exchange(esme.account, esme.session, True, at, request, answer, alphabet)

    def _delivered(self, message: Message) -> list[Exchange]:
        account = self._of(message.account)
        at = message.ended_at if message.state is MessageState.DELIVERED else 0
        requests: Sequence[Request]
        if message.kind is MessageKind.ALERT:
            requests = (alert_of(message, tlvs=True),)
        else:
            requests = pieces_of(message, account, tlvs=True)
        return [
            Exchange(
                message.account,
                message.session,
                False,
                at,
                request,
                _confirmed(request) if at else None,
                account.config.default_alphabet,
            )
            for request in requests
        ]


def _account(config: AccountConfig) -> _Account:
    return _Account(config, ReceiptWriter(config.receipt.form(), config.default_alphabet))


def _confirmed(request: Request) -> Answer | None:
    match request:
        case DeliverSm():
            return DeliverSmResp(0)
        case DataSm():
            return DataSmResp(0)
        case _:
            # An alert_notification has no answer (§4.12.1).
            return None


def _request(message: Message, esme: Esme, alphabet: DefaultAlphabet) -> SubmitSm | DataSm:
    written = _segment(message, alphabet)
    esm_class = written.esm_class | _MODES[esme.mode]
    tlvs = _tlvs(message, esme, written)
    source, destination = esme.source, esme.destination
    if esme.set_dpf:
        # Only data_sm can ask for it (§4.7.1).
        return DataSm(
            service_type=esme.service_type,
            source_addr_ton=source.ton,
            source_addr_npi=source.npi,
            source_addr=source.digits,
            dest_addr_ton=destination.ton,
            dest_addr_npi=destination.npi,
            destination_addr=destination.digits,
            esm_class=esm_class,
            registered_delivery=esme.registered_delivery,
            data_coding=written.data_coding,
            tlvs=_as_payload(tlvs, written.short_message),
        )
    return SubmitSm(
        service_type=esme.service_type,
        source_addr_ton=source.ton,
        source_addr_npi=source.npi,
        source_addr=source.digits,
        dest_addr_ton=destination.ton,
        dest_addr_npi=destination.npi,
        destination_addr=destination.digits,
        esm_class=esm_class,
        protocol_id=0 if message.body is None else message.body.protocol_id,
        priority_flag=esme.priority,
        schedule_delivery_time=_absolute(esme.not_before),
        validity_period=_relative(esme.validity),
        registered_delivery=esme.registered_delivery,
        replace_if_present_flag=int(esme.replaces),
        data_coding=written.data_coding,
        short_message=written.short_message,
        tlvs=tlvs,
    )


def _segment(message: Message, alphabet: DefaultAlphabet) -> Segment:
    body = message.body
    if body is None:
        coding, octets = encode_unpacked(message.text, alphabet)
        body = Body(coding, octets=octets)
    elif alphabet in _NOT_GSM and CODINGS[body.data_coding].alphabet is Alphabet.DEFAULT:
        # It is kept in the network's alphabet, which this account does not have.
        octets = encode_as(body.data_coding, message.text, alphabet)
        body = Body(body.data_coding, body.esm_class, 0, body.header, octets, body.tlvs)
    piece = behind_header(body.header, body.octets, body.data_coding, alphabet)
    return Segment(piece.data_coding, body.esm_class, piece.short_message, piece.tlvs)


def _tlvs(message: Message, esme: Esme, written: Segment) -> tuple[Tlv, ...]:
    own = () if message.body is None else message.body.tlvs
    made = [Tlv(tag, value) for tag, value in own]
    if esme.reference >= 0 and TlvTag.USER_MESSAGE_REFERENCE not in [tag for tag, _ in own]:
        made.append(tlv(TlvTag.USER_MESSAGE_REFERENCE, esme.reference))
    part = message.part
    if part is not None and part.key.kind == "sar":
        made.append(tlv(TlvTag.SAR_MSG_REF_NUM, part.key.reference))
        made.append(tlv(TlvTag.SAR_TOTAL_SEGMENTS, part.key.total))
        made.append(tlv(TlvTag.SAR_SEGMENT_SEQNUM, part.number))
    if esme.set_dpf:
        made.append(tlv(TlvTag.SET_DPF, 1))
    return (*made, *written.tlvs)


def _as_payload(tlvs: tuple[Tlv, ...], octets: bytes) -> tuple[Tlv, ...]:
    return (*tlvs, Tlv(TlvTag.MESSAGE_PAYLOAD, octets)) if octets else tlvs


def _absolute(at: int) -> str:
    try:
        return format_absolute(at, _WIB) if at else ""
    except Misuse:
        return ""


def _relative(length: int) -> str:
    try:
        return format_relative(length) if length > 0 else ""
    except Misuse:
        return ""
