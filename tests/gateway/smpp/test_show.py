from __future__ import annotations

from typing import Any

import pytest

from gateway.core.numbers import mask_identities
from gateway.smpp.codec import encode
from gateway.smpp.pdu import (
    BindTransceiver,
    BindTransceiverResp,
    DeliverSm,
    DistributionList,
    EnquireLink,
    GenericNack,
    Outbind,
    Pdu,
    QuerySmResp,
    ReplaceSm,
    SmeAddress,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSm,
    SubmitSmResp,
    Tlv,
    UnsuccessSme,
)
from gateway.smpp.show import (
    esm_class_words,
    is_secret,
    line,
    registered_words,
    show,
    tlv_name,
)
from gateway.smpp.text import DefaultAlphabet, encode_text

NIK, KK = "3201010101010001", "3201010101010002"
REG = f"REG {NIK}#{KK}#"


def written(pdu: Pdu) -> str:
    return line(show(encode(pdu), mask_identities))


def submit(text: bytes, **values: Any) -> SubmitSm:
    return SubmitSm(7, short_message=text, **values)


@pytest.mark.parametrize(
    ("pdu", "expected"),
    [
        (EnquireLink(3), "enquire_link 3"),
        (GenericNack(3, 3), "generic_nack 3; ESME_RINVCMDID"),
        (SubmitSmResp(3, 0, "17"), "submit_sm_resp 3; ESME_ROK; message_id: 17"),
        (SubmitSmResp(3, 0x1234), "submit_sm_resp 3; 0X00001234"),
        (
            BindTransceiver(1, "qa", "secret", address_range="^62", addr_ton=1),
            "bind_transceiver 1; system_id: qa; interface_version: 3.4; "
            "address_range: ^62 (international, unknown)",
        ),
        (
            BindTransceiverResp(1, 0, "SMSC", (Tlv(0x0210, b"\x34"),)),
            "bind_transceiver_resp 1; ESME_ROK; system_id: SMSC; tlvs: sc_interface_version 52",
        ),
        (Outbind(1, "qa", "secret"), "outbind 1; system_id: qa"),
        (
            QuerySmResp(4, 0, "17", "", 2, 0),
            "query_sm_resp 4; ESME_ROK; message_id: 17; message_state: delivered",
        ),
        (
            ReplaceSm(5, "17", 1, 1, "628", short_message=REG.encode()),
            "replace_sm 5; message_id: 17; source_addr: 628 (international, isdn); "
            "text: 'REG 3201********0001#3201********0002#'",
        ),
        (
            SubmitMulti(6, dest_address=(SmeAddress("628", 1, 1), DistributionList("all"))),
            "submit_multi 6; dest_address: 628 (international, isdn), list all; text: ''",
        ),
        (
            SubmitMultiResp(6, 0, "9", (UnsuccessSme("628", 0x0B, 1, 1),)),
            "submit_multi_resp 6; ESME_ROK; message_id: 9; "
            "unsuccess_sme: 628 (international, isdn) ESME_RINVDSTADR",
        ),
        (
            submit(
                REG.encode(),
                source_addr_ton=1,
                source_addr_npi=1,
                source_addr="6281234567890",
                dest_addr_ton=9,
                destination_addr="4444",
                registered_delivery=1,
                priority_flag=2,
            ),
            "submit_sm 7; source_addr: 6281234567890 (international, isdn); "
            "destination_addr: 4444 (9, unknown); priority_flag: 2; registered_delivery: receipt; "
            "text: 'REG 3201********0001#3201********0002#'",
        ),
        (
            DeliverSm(8, esm_class=4, short_message=b"id:17 stat:DELIVRD\n", data_coding=1),
            "deliver_sm 8; data_coding: ASCII; esm_class: delivery receipt; "
            "text: 'id:17 stat:DELIVRD\\n'",
        ),
    ],
)
def test_pdus_in_one_line(pdu: Pdu, expected: str) -> None:
    assert written(pdu) == expected


def test_fields_keep_their_kinds() -> None:
    shown = show(encode(submit(b"hi", protocol_id=3, tlvs=(Tlv(0x0204, b"\0\5"),))), str)
    assert shown == {
        "command": "submit_sm",
        "sequence_number": 7,
        "protocol_id": 3,
        "text": "hi",
        "tlvs": {"user_message_reference": "5"},
    }


def test_no_identity_is_shown_wherever_it_stands() -> None:
    octets = REG.encode()
    for pdu in (
        submit(octets),
        submit(REG.encode("utf-16-be"), data_coding=8),
        submit(b"", tlvs=(Tlv(0x0424, octets),)),
        submit(octets, data_coding=4),
        submit(octets, data_coding=0xF5),
        submit(b"", tlvs=(Tlv(0x1401, octets), Tlv(0x001D, octets + b"\0"))),
        submit(b"", source_addr=NIK, destination_addr=KK, service_type="x"),
        submit(b"", tlvs=(Tlv(0x0427, octets),)),
    ):
        assert NIK not in written(pdu)
        assert KK not in written(pdu)
        assert octets.hex() not in written(pdu)


def test_an_identity_cut_in_two_is_hidden_at_the_edges() -> None:
    first = submit(b"\5\0\3\7\2\1" + b"REG 32010101 " + b"32010101", esm_class=0x40)
    second = submit(b"\5\0\3\7\2\2" + b"01010001#1234", esm_class=0x40)
    assert written(first) == (
        "submit_sm 7; esm_class: UDHI; segment: 1 of 2, reference 7; header: 0x00; "
        "text: 'REG 32010101 ********'"
    )
    assert written(second).endswith("text: '********#****'")


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        (b"\4\5\2\x10\x01x", {"esm_class": 0x40}, "esm_class: UDHI; header: 0x05; text: 'x'"),
        (b"x", {"esm_class": 0x40}, "esm_class: UDHI; header: unsound; text: 'x'"),
        (b"\1\2\3", {"data_coding": 4}, "data_coding: 8-bit binary; binary: 3 octets"),
        (b"", {"tlvs": (Tlv(0x0204, b"\5"),)},
         "text: ''; tlvs: user_message_reference 1 octets, a wrong length"),
        (b"", {"tlvs": (Tlv(0x0423, b"\3\0\r"), Tlv(0x1401, b"abcde"))},
         "text: ''; tlvs: network_error_code 03000d, 0x1401 5 octets"),
    ],
)  # fmt: skip
def test_contents(text: bytes, values: dict[str, Any], expected: str) -> None:
    assert written(submit(text, **values)) == f"submit_sm 7; {expected}"


def test_a_packed_text_is_read_and_masked() -> None:
    packed = encode_text(REG, DefaultAlphabet.GSM_PACKED)[1]
    for pdu in (submit(packed), ReplaceSm(5, "17", short_message=packed)):
        shown = show(encode(pdu), mask_identities, DefaultAlphabet.GSM_PACKED)
        assert shown["text"] == "REG 3201********0001#3201********0002#"


def test_malformed_and_unknown() -> None:
    frame = b"\0\0\0\x11\0\0\0\4\0\0\0\0\0\0\0\5x"
    assert line(show(frame, str)) == (
        "submit_sm 5; malformed: service_type is cut off; answer: ESME_RINVCMDLEN"
    )
    frame = b"\0\0\0\x10\0\0\1\x11\0\0\0\0\0\0\0\5"
    assert line(show(frame, str)) == (
        "0x00000111 5; malformed: unknown command_id; answer: ESME_RINVCMDID"
    )


@pytest.mark.parametrize(
    ("esm_class", "expected"),
    [
        (0x00, ""),
        (0x03, "store and forward"),
        (0x41, "datagram, UDHI"),
        (0xC0, "UDHI, reply path"),
        (0x20, "intermediate notification"),
        (0x3C, "reserved type 0x3c"),
    ],
)
def test_esm_class(esm_class: int, expected: str) -> None:
    assert esm_class_words(esm_class) == expected


def test_other_words() -> None:
    assert registered_words(0x12) == "receipt on failure, intermediate notification"
    assert registered_words(0x0C) == "no receipt, delivery acknowledgement, user acknowledgement"
    assert tlv_name(0x0424) == "message_payload"
    assert tlv_name(0x1401) == "0x1401"


def test_frames_with_passwords_are_known() -> None:
    assert is_secret(encode(BindTransceiver(1, "qa", "qa")))
    assert is_secret(encode(Outbind(1, "qa", "qa")))
    assert not is_secret(encode(submit(b"x")))


def test_a_line_is_one_line_whatever_the_fields_hold() -> None:
    pdu = SubmitSm(7, source_addr="\x1b[2J\n", destination_addr="4444\r", service_type="\x07")
    shown = line(show(encode(pdu), str))
    assert shown.isprintable()
    assert "\\x1b[2J\\n" in shown
    assert "4444\\r" in shown
