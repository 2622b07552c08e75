"""What the hot path takes and what it leaves to the table; agreement is a property test."""

import msgspec
import pytest

from gateway.smpp.codec import decode_by_table, encode_by_table
from gateway.smpp.errors import Rejected
from gateway.smpp.fast import FAST_DECODERS, FAST_ENCODERS, encode_deliver_sm
from gateway.smpp.fields import LAYOUTS, Kind
from gateway.smpp.pdu import DeliverSmResp, Pdu, SubmitSm, SubmitSmResp, Tlv
from tests.gateway.smpp.samples import ALL, DELIVER, SUBMIT, VENDOR

PAYLOAD = Tlv(0x0424, b"long")
LONGEST = msgspec.structs.replace(
    SUBMIT, source_addr="1" * 20, destination_addr="2" * 20, short_message=b"x" * 254
)
TAKEN = (
    *(pdu for pdu in ALL if pdu.command_id in FAST_DECODERS),
    SUBMIT,
    LONGEST,
    msgspec.structs.replace(SUBMIT, tlvs=(VENDOR,)),
    msgspec.structs.replace(SUBMIT, short_message=b"", tlvs=(PAYLOAD,)),
    SubmitSmResp(1, 0, "x" * 64),
    DeliverSmResp(1, 8),
)


@pytest.mark.parametrize("pdu", TAKEN)
def test_well_formed_pdus_are_read_without_the_table(pdu: Pdu) -> None:
    data = encode_by_table(pdu, 7)
    found = FAST_DECODERS[pdu.command_id](data, 16, len(data), getattr(pdu, "command_status", 0), 7)
    if getattr(pdu, "command_status", 0) == 0:
        assert found == msgspec.structs.replace(pdu, sequence_number=7)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0" * 16,
        b"\0\0\0" + b"1" * 21 + b"\0" * 14,
        b"\0" * 16 + b"\x05abcd",
        b"\0" * 16 + b"\xff" + b"x" * 255,
        b"\0" * 16 + b"\xff" + b"x" * 254,
        b"\0" * 16 + b"\x01a\x14",
        b"\0" * 16 + b"\x01a\x04\x24\x00\x01b",
    ],
)
def test_malformed_messages_are_left_to_the_table(body: bytes) -> None:
    assert FAST_DECODERS[4](b"h" * 16 + body, 16, 16 + len(body), 0, 1) is None


@pytest.mark.parametrize("body", [b"", b"abc", b"a\0b\0", b"x" * 65 + b"\0"])
def test_odd_responses_are_left_to_the_table(body: bytes) -> None:
    assert FAST_DECODERS[0x80000004](b"h" * 16 + body, 16, 16 + len(body), 0, 1) is None


@pytest.mark.parametrize("pdu", [pdu for pdu in TAKEN if type(pdu) in FAST_ENCODERS])
def test_what_the_hot_path_writes_is_what_the_table_writes(pdu: Pdu) -> None:
    assert FAST_ENCODERS[type(pdu)](pdu, 7) in (None, encode_by_table(pdu, 7))


def test_plain_pdus_are_written_without_the_table() -> None:
    assert FAST_ENCODERS[SubmitSm](LONGEST, 7) == encode_by_table(LONGEST, 7)
    plain = SubmitSmResp(1, 0, "abc")
    assert FAST_ENCODERS[SubmitSmResp](plain, 7) == encode_by_table(plain, 7)


@pytest.mark.parametrize(
    "change",
    [
        {"source_addr": "1" * 21},
        {"destination_addr": "1" * 21},
        {"short_message": b"x" * 255},
        {"service_type": "WAP"},
        {"schedule_delivery_time": "0" * 16},
        {"validity_period": "0" * 16},
        {"source_addr": "1\x00"},
        {"destination_addr": "1\x00"},
        {"source_addr": "€"},
        {"esm_class": 256},
    ],
)
def test_other_messages_are_left_to_the_table(change: dict[str, object]) -> None:
    pdu: SubmitSm = msgspec.structs.replace(SUBMIT, **change)
    assert FAST_ENCODERS[SubmitSm](pdu, 7) is None


@pytest.mark.parametrize(
    "pdu",
    [
        SubmitSmResp(1, 8),
        SubmitSmResp(1, 0, "a", (VENDOR,)),
        SubmitSmResp(1, 0, "x" * 65),
        SubmitSmResp(1, 0, "a\x00"),
        SubmitSmResp(1, 0, "€"),
    ],
)
def test_other_responses_are_left_to_the_table(pdu: SubmitSmResp) -> None:
    assert FAST_ENCODERS[SubmitSmResp](pdu, 7) is None


def test_a_deliver_sm_has_its_own_command_id() -> None:
    assert (encode_deliver_sm(DELIVER, 7) or b"")[4:8] == b"\0\0\0\5"


def test_the_table_reads_them_too() -> None:
    pdu = msgspec.structs.replace(SUBMIT, tlvs=(VENDOR,))
    data = encode_by_table(pdu, 1)
    assert decode_by_table(data, 16, len(data), 4, 0, 1) == pdu


STRINGS = [
    (command_id, index, field.size + extra)
    for command_id in FAST_DECODERS
    for index, field in enumerate(LAYOUTS[command_id].fields)
    if field.kind is Kind.CSTRING
    for extra in (-1, 0)
]


@pytest.mark.parametrize(("command_id", "at", "size"), STRINGS)
def test_the_longest_string_is_read_and_one_octet_more_is_not(
    command_id: int, at: int, size: int
) -> None:
    layout = LAYOUTS[command_id]
    parts = [b"x" * size + b"\0" if at == n else b"\0" for n in range(len(layout.fields))]
    data = b"h" * 16 + b"".join(parts)
    fast = FAST_DECODERS[command_id](data, 16, len(data), 0, 1)
    table = decode_by_table(data, 16, len(data), command_id, 0, 1)
    if size < layout.fields[at].size:
        assert fast == table
    else:
        assert fast is None
        assert isinstance(table, Rejected)
        assert table.command_status is layout.fields[at].status
