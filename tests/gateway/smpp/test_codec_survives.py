"""What breaks published codecs does not break ours: "What a decoder must survive", row by row.

The octets are the fuzzer's corpus, so that what is listed here is also where it starts from. A row
says what the PDU is read as, or with which command_status it is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gateway.smpp.codec import decode, encode
from gateway.smpp.codes import CommandStatus, MessageState
from gateway.smpp.errors import Rejected
from gateway.smpp.fields import (
    LAYOUTS,
    integer,
    message_payload,
    message_state,
    misfits,
    network_error_code,
    octets,
    user_message_reference,
)
from gateway.smpp.message import body_of, part_of, text_of
from gateway.smpp.pdu import Pdu
from gateway.smpp.receipt_form import ReceiptForm
from gateway.smpp.receipt_reading import Receipt, parse_receipt
from gateway.smpp.segmentation import segments
from gateway.smpp.smpp_time import Absolute, Malformed, Relative, parse_time
from gateway.smpp.udh import Concatenation, LongForm
from tests.fuzz import corpus

S = CommandStatus
REG = "REG 3201010101010001#3201060401130027#"
WIB_MS = 25_200_000
Check = Callable[[Any], object]


def payload(pdu: Any) -> object:
    return (pdu.short_message, message_payload(pdu.tlvs))


def body_and_part(pdu: Any) -> object:
    return (body_of(pdu), part_of(pdu))


def addresses(pdu: Any) -> object:
    return (pdu.source_addr_ton, pdu.source_addr_npi, pdu.dest_addr_ton, pdu.dest_addr_npi)


def validity(pdu: Any) -> object:
    return parse_time(pdu.validity_period)


def receipt(pdu: Any) -> Receipt:
    found = parse_receipt(text_of(pdu), pdu.tlvs, ReceiptForm(offset_ms=WIB_MS))
    assert found is not None
    return found


# The lines of architecture.md, each with its rows: name in the corpus -> how to look and what is
# seen, or the status to answer.
SURVIVES: dict[str, dict[str, tuple[Check, object] | CommandStatus]] = {
    "empty short_message (legal)": {
        "empty_short_message": (payload, (b"", None)),
        "empty_short_message_and_payload": (payload, (b"", b"REG 1#2#")),
    },
    "16-bit UDH references read as four octets": {
        "udh_reference_8_bit": (body_and_part, (b"REG 32010101", Concatenation(0x2A, 2, 1))),
        "udh_reference_16_bit": (
            body_and_part,
            (b"REG 32010101", Concatenation(0x012A, 2, 1, LongForm.UDH_16)),
        ),
        "udh_part_3_of_2": (body_and_part, (b"x", None)),
    },
    "any UDH taken for a concatenation (port addressing, national language first)": {
        "udh_port_addressing": (body_and_part, (b"vcard", None)),
        "udh_national_language_first": (body_and_part, (b"merhaba", Concatenation(0x2A, 2, 1))),
        "udh_ports_before_concatenation": (body_and_part, (b"x", Concatenation(0x2A, 2, 1))),
        "udh_longer_than_message": (body_and_part, (b"\xff\0\3", None)),
        "udh_of_nothing": (body_and_part, (b"", None)),
    },
    "unlisted TON, NPI": {"unlisted_ton_and_npi": (addresses, (7, 200, 255, 15))},
    "unlisted command_status": {
        "unlisted_command_status": (lambda pdu: (pdu.command_status, pdu.message_id), (1024, "123"))
    },
    "unlisted command_id": {
        "unlisted_command_id": S.ESME_RINVCMDID,
        "unlisted_response_id": S.ESME_RINVCMDID,
    },
    "unlisted data_coding (0xF0, 0xF5, 4 = binary)": {
        "data_coding_f0": (text_of, REG),
        "data_coding_f5": (text_of, REG),
        "data_coding_4_binary": (text_of, "\x00\xff\x80"),
    },
    "octet TLVs that are not text (source_subaddress, network_error_code)": {
        "source_subaddress_octets": (lambda pdu: octets(pdu.tlvs, 0x0202), b"\xa0\xff\0"),
        "network_error_code_octets": (lambda pdu: network_error_code(pdu.tlvs), (3, 13)),
    },
    "TLVs of odd length, truncated, vendor-specific": {
        # As good as none, kept as they are.
        "tlv_of_odd_length": (
            lambda pdu: (
                message_state(pdu.tlvs),
                network_error_code(pdu.tlvs),
                user_message_reference(pdu.tlvs),
                len(misfits(pdu.tlvs)),
            ),
            (None, None, None, 3),
        ),
        "tlv_truncated_header": S.ESME_RINVOPTPARSTREAM,
        "tlv_past_the_end": S.ESME_RINVPARLEN,
        "tlv_vendor_specific": (
            lambda pdu: (octets(pdu.tlvs, 0x1400), octets(pdu.tlvs, 0x3FFF)),
            (b"\0\xff\x80", b""),
        ),
        "tlv_twice": (lambda pdu: integer(pdu.tlvs, 0x0204), 1),
    },
    "non-ASCII or over-long addresses, system_id, password": {
        "address_not_ascii": (lambda pdu: pdu.source_addr, "Caf\xe9"),
        "address_of_control_characters": (lambda pdu: pdu.source_addr, "\x1b[2J\n"),
        "address_too_long": S.ESME_RINVDSTADR,
        "address_empty": (lambda pdu: pdu.destination_addr, ""),
        "system_id_not_ascii": (lambda pdu: pdu.system_id, "\xe9\xff"),
        "system_id_too_long": S.ESME_RINVSYSID,
        "password_not_ascii": (lambda pdu: pdu.password, "\xfc\xdf"),
        "password_too_long": S.ESME_RINVPASWD,
        "bind_truncated": S.ESME_RINVCMDLEN,
        "bind_interface_33": (lambda pdu: pdu.interface_version, 0x33),
        "bind_interface_50": (lambda pdu: pdu.interface_version, 0x50),
        "bind_interface_0": (lambda pdu: pdu.interface_version, 0),
    },
    "GSM octets from 0x80, a final escape (replace, do not raise)": {
        "gsm_octets_from_0x80": (text_of, "\ufffd" * 128),
        "gsm_final_escape": (lambda pdu: text_of(pdu)[:3], "REG"),
        "gsm_unknown_extension": (lambda pdu: isinstance(text_of(pdu), str), True),
    },
    "sm_length beyond the PDU": {
        "sm_length_past_the_pdu": S.ESME_RINVMSGLEN,
        "sm_length_255": S.ESME_RINVMSGLEN,
        "short_message_and_payload": S.ESME_ROPTPARNOTALLWD,
    },
    "absolute times (two-digit years are 20xx, the offset counts quarter hours)": {
        # 2018-03-01T00:00+07:00, and the same clock five hours behind UTC.
        "validity_absolute": (validity, Absolute(1_519_837_200_000)),
        "validity_behind_utc": (validity, Absolute(1_519_880_400_000)),
        "validity_99": (validity, Absolute(4_102_487_999_900 - 86_400_000)),
        "validity_relative": (validity, Relative(7 * 86_400_000)),
        "validity_garbage": (validity, Malformed("tomorrow")),
        "validity_month_13": (validity, Malformed("181301000000000+")),
    },
    "receipts with 12-digit dates and hexadecimal err": {
        "receipt_12_digit_dates": (
            lambda pdu: (receipt(pdu).submit_ms, receipt(pdu).state),
            (1_519_606_859_000, MessageState.DELIVERED),
        ),
        "receipt_err_hexadecimal": (lambda pdu: receipt(pdu).err, "0x0d"),
        "receipt_of_nothing": (lambda pdu: parse_receipt(text_of(pdu)), None),
    },
    "segmentation that counts characters instead of septets (the euro sign is two)": {
        "euro_signs_161_septets": (lambda pdu: len(segments(text_of(pdu))), 2),
        "ucs2_odd_octets": (text_of, "RE\ufffd"),
        "ucs2_lone_surrogate": (text_of, "\ufffd"),
    },
    "frames whose length cannot be": {
        "command_length_4": S.ESME_RINVCMDLEN,
        "command_length_15": S.ESME_RINVCMDLEN,
        "command_length_huge": S.ESME_RINVCMDLEN,
        "http_garbage": S.ESME_RINVCMDLEN,
    },
    "odd but sound": {
        "sequence_0": (lambda pdu: pdu.sequence_number, 0),
        "sequence_ffffffff": (lambda pdu: pdu.sequence_number, 0xFFFFFFFF),
        "response_without_a_body": (lambda pdu: pdu.message_id, ""),
        "octets_behind_a_header_only_pdu": (lambda pdu: pdu.command_id.name, "ENQUIRE_LINK"),
    },
    "counts that lie": {
        "dests_0": S.ESME_RINVNUMDESTS,
        "dests_255": S.ESME_RINVNUMDESTS,
        "dest_flag_3": S.ESME_RINVDESTFLAG,
        "dl_name_too_long": S.ESME_RINVDLNAME,
        "unsuccess_past_the_end": S.ESME_RINVCMDLEN,
        "no_body": S.ESME_RINVCMDLEN,
    },
}
CORPUS = corpus.rows("codec")
ROWS = [
    pytest.param(name, seen, id=name) for rows in SURVIVES.values() for name, seen in rows.items()
]


@pytest.mark.parametrize(("name", "seen"), ROWS)
def test_it_is_read_or_answered(name: str, seen: tuple[Check, object] | CommandStatus) -> None:
    read = decode(CORPUS[name])
    if isinstance(seen, CommandStatus):
        assert isinstance(read, Rejected)
        assert read.command_status is seen
        return
    assert isinstance(read, Pdu), read
    look, expected = seen
    assert look(read) == expected
    # Nothing of it is lost: what was read is written as it was.
    if name not in ("response_without_a_body", "octets_behind_a_header_only_pdu"):
        assert encode(read, error_body=True) == CORPUS[name]


def test_every_row_of_the_corpus_is_looked_at() -> None:
    types = {layout.pdu.command_id.name.lower() for layout in LAYOUTS.values()}
    listed = [name for rows in SURVIVES.values() for name in rows]
    assert sorted(listed) == sorted(set(CORPUS) - types)
