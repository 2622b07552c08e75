"""Whole PDUs: every line of "What a decoder must survive", and smpplib as a second opinion."""

import struct

import msgspec
import pytest
from smpplib import consts, smpp
from smpplib.client import SimpleSequenceGenerator

from gateway.smpp.codec import decode, encode, encode_by_table, error_response
from gateway.smpp.codes import CommandId, CommandStatus, TlvTag
from gateway.smpp.errors import Misuse, Rejected
from gateway.smpp.fields import message_payload, network_error_code, tlv
from gateway.smpp.pdu import (
    BindTransceiver,
    BindTransceiverResp,
    CancelSmResp,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    GenericNack,
    Pdu,
    QuerySmResp,
    SubmitSm,
    SubmitSmResp,
    Tlv,
)
from tests.gateway.smpp.samples import ALL, SUBMIT, VENDOR

S = CommandStatus


def frame(command_id: int, body: bytes, status: int = 0, sequence: int = 7) -> bytes:
    return struct.pack(">IIII", 16 + len(body), command_id, status, sequence) + body


def submit(
    dest: bytes = b"4444", sm: bytes = b"\x02hi", tlvs: bytes = b"", source: bytes = b"6281"
) -> bytes:
    head = b"\0\1\1" + source + b"\0\0\0" + dest + b"\0\0\0\0\0\0\0\0\0\0"
    return frame(CommandId.SUBMIT_SM, head + sm + tlvs)


def bind(system_id: bytes = b"esme", password: bytes = b"pw", kind: bytes = b"") -> bytes:
    body = system_id + b"\0" + password + b"\0" + kind + b"\0\x34\0\0\0"
    return frame(CommandId.BIND_TRANSCEIVER, body)


@pytest.mark.parametrize("pdu", ALL, ids=lambda pdu: type(pdu).__name__)
def test_what_is_written_is_read_back(pdu: Pdu) -> None:
    assert decode(encode(pdu)) == pdu
    assert decode(memoryview(encode(pdu))) == pdu


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"", S.ESME_RINVCMDLEN),
        (b"\0" * 15, S.ESME_RINVCMDLEN),
        (submit() + b"\0", S.ESME_RINVCMDLEN),
        (frame(0x00000111, b"broadcast_sm of 5.0"), S.ESME_RINVCMDID),
        (frame(0x7FFFFFFF, b""), S.ESME_RINVCMDID),
        (bind(system_id=b"s" * 16), S.ESME_RINVSYSID),
        (bind(password=b"p" * 9), S.ESME_RINVPASWD),
        (bind(kind=b"t" * 13), S.ESME_RINVSYSTYP),
        (frame(CommandId.BIND_TRANSCEIVER, b"esme\0pw"), S.ESME_RINVCMDLEN),
        (frame(CommandId.SUBMIT_SM, b""), S.ESME_RINVCMDLEN),
        (frame(CommandId.SUBMIT_SM, b"toolong\0"), S.ESME_RINVSERTYP),
        (submit(source=b"6" * 25), S.ESME_RINVSRCADR),
        (submit(dest=b"6" * 25), S.ESME_RINVDSTADR),
        (submit(sm=b"\xff" + b"x" * 255), S.ESME_RINVMSGLEN),
        (submit(sm=b"\x64hi"), S.ESME_RINVMSGLEN),
        (submit(tlvs=b"\x04\x24"), S.ESME_RINVOPTPARSTREAM),
        (submit(tlvs=b"\x14\x00\x00\x09short"), S.ESME_RINVPARLEN),
        (submit(tlvs=b"\x04\x24\x00\x02hi"), S.ESME_ROPTPARNOTALLWD),
        (frame(CommandId.QUERY_SM, b"m" * 66), S.ESME_RINVMSGID),
        (frame(CommandId.SUBMIT_SM_RESP, b"no end"), S.ESME_RINVCMDLEN),
    ],
)
def test_what_cannot_be_taken_says_what_to_answer(octets: bytes, status: CommandStatus) -> None:
    rejected = decode(octets)
    assert isinstance(rejected, Rejected)
    assert rejected.command_status is status
    if len(octets) >= 16:
        assert (rejected.sequence_number, rejected.why != "") == (7, True)


def decoded(octets: bytes) -> SubmitSm:
    pdu = decode(octets)
    assert isinstance(pdu, SubmitSm)
    return pdu


def test_an_empty_short_message_is_legal_with_and_without_a_payload() -> None:
    assert decoded(submit(sm=b"\0")).short_message == b""
    pdu = decoded(submit(sm=b"\0", tlvs=b"\x04\x24\x00\x02hi"))
    assert message_payload(pdu.tlvs) == b"hi"


def test_the_longest_message_and_addresses_are_taken() -> None:
    pdu = decoded(submit(b"6" * 20, b"\xfe" + b"x" * 254, source=b"8" * 20))
    assert (len(pdu.short_message), len(pdu.destination_addr)) == (254, 20)


def test_non_ascii_addresses_survive() -> None:
    pdu = decoded(submit(source=b"Caf\xe9"))
    assert pdu.source_addr == "Café"
    assert encode(pdu) == submit(source=b"Caf\xe9")


@pytest.mark.parametrize("coding", [0x04, 0xF0, 0xF5, 0xFF])
def test_unlisted_codes_survive(coding: int) -> None:
    pdu = msgspec.structs.replace(
        SUBMIT, source_addr_ton=7, dest_addr_npi=200, esm_class=0xFF, data_coding=coding
    )
    assert decode(encode(pdu)) == pdu


def test_an_unlisted_status_survives() -> None:
    assert decode(frame(CommandId.SUBMIT_SM_RESP, b"", 0x0400)) == SubmitSmResp(7, 0x0400)


def test_octet_vendor_and_oddly_sized_tlvs_survive() -> None:
    tlvs = (
        Tlv(TlvTag.SOURCE_SUBADDRESS, b"\xa0\xff\0"),
        Tlv(TlvTag.NETWORK_ERROR_CODE, b"\x03\x00"),
        VENDOR,
        Tlv(TlvTag.MESSAGE_STATE, b""),
    )
    pdu = msgspec.structs.replace(SUBMIT, tlvs=tlvs)
    assert decode(encode(pdu)) == pdu
    assert network_error_code(tlvs) is None


@pytest.mark.parametrize("sequence", [0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_any_sequence_number_is_kept(sequence: int) -> None:
    assert decode(encode(SUBMIT, sequence)) == msgspec.structs.replace(
        SUBMIT, sequence_number=sequence
    )


@pytest.mark.parametrize(
    ("command_id", "pdu"),
    [
        (CommandId.BIND_TRANSCEIVER_RESP, BindTransceiverResp(7, 0)),
        (CommandId.DELIVER_SM_RESP, DeliverSmResp(7, 0)),
        (CommandId.QUERY_SM_RESP, QuerySmResp(7, 0)),
    ],
)
def test_a_response_may_lack_its_body(command_id: CommandId, pdu: Pdu) -> None:
    assert decode(frame(command_id, b"")) == pdu


def test_octets_behind_a_header_only_pdu_are_ignored() -> None:
    assert decode(frame(CommandId.ENQUIRE_LINK, b"junk")) == EnquireLink(7)
    assert decode(frame(CommandId.CANCEL_SM_RESP, b"junk")) == CancelSmResp(7)


def test_an_error_response_leaves_its_body_out_where_the_specification_says_so() -> None:
    assert encode(SubmitSmResp(7, 8, "abc")) == frame(CommandId.SUBMIT_SM_RESP, b"", 8)
    kept = frame(CommandId.SUBMIT_SM_RESP, b"abc\0", 8)
    assert encode(SubmitSmResp(7, 8, "abc"), error_body=True) == kept
    data = DataSmResp(7, 0xFE, "", (tlv(TlvTag.DELIVERY_FAILURE_REASON, 1),))
    assert decode(encode(data)) == data


@pytest.mark.parametrize(
    "pdu",
    [
        msgspec.structs.replace(SUBMIT, sequence_number=1 << 32),
        msgspec.structs.replace(SUBMIT, sequence_number=-1),
        SubmitSmResp(1, 1 << 32),
        msgspec.structs.replace(SUBMIT, esm_class=256),
        msgspec.structs.replace(SUBMIT, source_addr="€"),
        msgspec.structs.replace(SUBMIT, source_addr="6\x00"),
        msgspec.structs.replace(SUBMIT, destination_addr="6" * 21),
        msgspec.structs.replace(SUBMIT, short_message=b"x" * 255),
        SubmitSmResp(1, 0, "x" * 65),
        BindTransceiver(1, password="123456789"),
    ],
)
def test_what_cannot_be_written_is_our_mistake(pdu: Pdu) -> None:
    with pytest.raises(Misuse):
        encode(pdu)


@pytest.mark.parametrize(
    ("command_id", "answer"),
    [
        (CommandId.SUBMIT_SM, SubmitSmResp(7, 8)),
        (CommandId.BIND_TRANSCEIVER, BindTransceiverResp(7, 8)),
        (CommandId.CANCEL_SM, CancelSmResp(7, 8)),
        (CommandId.ALERT_NOTIFICATION, GenericNack(7, 8)),
        (0x111, GenericNack(7, 8)),
        (0, GenericNack(7, 8)),
    ],
)
def test_a_rejected_request_is_answered_by_its_own_response(command_id: int, answer: Pdu) -> None:
    assert decode(error_response(Rejected(8, command_id, 7))) == answer


def test_many_are_written_as_one() -> None:
    octets = b"".join(map(encode, ALL))
    assert len(octets) == sum(len(encode(pdu)) for pdu in ALL)


class Client:
    """What smpplib's PDUs want of a client."""

    sequence_generator = SimpleSequenceGenerator()

    def next_sequence(self) -> int:
        return int(self.sequence_generator.next_sequence())


def test_smpplib_reads_our_deliver_sm() -> None:
    ours = DeliverSm(
        7,
        source_addr="4444",
        destination_addr="6281",
        short_message=b"ok",
        tlvs=(tlv(TlvTag.RECEIPTED_MESSAGE_ID, "abc"), tlv(TlvTag.MESSAGE_STATE, 2)),
    )
    theirs = smpp.parse_pdu(encode(ours), client=Client(), allow_unknown_opt_params=True)
    assert (theirs.command, theirs.sequence) == ("deliver_sm", 7)
    assert (theirs.source_addr, theirs.destination_addr) == (b"4444", b"6281")
    assert (theirs.short_message, theirs.message_state) == (b"ok", 2)


def test_smpplib_writes_what_we_read() -> None:
    theirs = smpp.make_pdu(
        "submit_sm",
        client=Client(),
        source_addr_ton=consts.SMPP_TON_INTL,
        source_addr="6281",
        destination_addr="4444",
        esm_class=0x40,
        data_coding=8,
        registered_delivery=True,
        short_message=b"\x05\x00\x03\x01\x02\x01hi",
    )
    ours = decoded(theirs.generate())
    assert (ours.source_addr, ours.destination_addr, ours.source_addr_ton) == ("6281", "4444", 1)
    assert (ours.data_coding, ours.registered_delivery, ours.esm_class) == (8, 1, 0x40)
    assert ours.short_message == b"\x05\x00\x03\x01\x02\x01hi"
    assert encode_by_table(ours, ours.sequence_number) == encode(ours) == theirs.generate()
