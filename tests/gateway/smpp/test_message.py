import pytest

from gateway.smpp.codes import EsmClass, TlvTag
from gateway.smpp.fields import tlv
from gateway.smpp.message import (
    MessagePdu,
    body_of,
    header_of,
    part_of,
    ports_of,
    segment_of,
    text_of,
    user_data,
    whole_text,
)
from gateway.smpp.pdu import DataSm, SubmitSm, Tlv
from gateway.smpp.reassembly import Part, PartKey
from gateway.smpp.septets import pack
from gateway.smpp.text import DefaultAlphabet
from gateway.smpp.udh import Concatenation, Languages, LongForm, Ports

UDH = b"\x05\x00\x03\x07\x02\x01"
PAYLOAD = (tlv(TlvTag.MESSAGE_PAYLOAD, b"long"),)
SAR = (
    tlv(TlvTag.SAR_MSG_REF_NUM, 7),
    tlv(TlvTag.SAR_TOTAL_SEGMENTS, 2),
    tlv(TlvTag.SAR_SEGMENT_SEQNUM, 2),
)
PORTS = b"\x06\x05\x04\x0b\x84\x23\xf0"


@pytest.mark.parametrize(
    ("pdu", "text", "place"),
    [
        (SubmitSm(short_message=b"hi"), "hi", None),
        (SubmitSm(), "", None),
        (SubmitSm(tlvs=PAYLOAD), "long", None),
        (DataSm(tlvs=PAYLOAD), "long", None),
        (DataSm(tlvs=(Tlv(0x1400, b""),)), "", None),
        (SubmitSm(short_message=b"\x20\xac", data_coding=8), "€", None),
        (
            SubmitSm(esm_class=EsmClass.UDHI, short_message=UDH + b"hi"),
            "hi",
            Concatenation(7, 2, 1),
        ),
        (
            SubmitSm(short_message=b"hi", tlvs=SAR),
            "hi",
            Concatenation(7, 2, 2, LongForm.SAR),
        ),
        (
            SubmitSm(esm_class=EsmClass.UDHI, short_message=PORTS + b"hi", tlvs=SAR),
            "hi",
            Concatenation(7, 2, 2, LongForm.SAR),
        ),
        (SubmitSm(esm_class=EsmClass.UDHI, short_message=b"hi"), "hi", None),
    ],
)
def test_a_message_is_found_wherever_it_is(
    pdu: MessagePdu, text: str, place: Concatenation | None
) -> None:
    assert text_of(pdu) == text
    assert part_of(pdu) == place


def test_the_header_belongs_to_the_user_data_not_to_the_body() -> None:
    pdu = SubmitSm(esm_class=EsmClass.UDHI, short_message=UDH + b"hi")
    assert (user_data(pdu), body_of(pdu)) == (UDH + b"hi", b"hi")


PACKED = DefaultAlphabet.GSM_PACKED
SPANISH = b"\x03\x24\x01\x02"


def test_the_default_alphabet_is_the_account_s() -> None:
    assert text_of(SubmitSm(short_message=b"\xe9"), DefaultAlphabet.LATIN_1) == "é"
    assert text_of(SubmitSm(short_message=pack(b"hi")), PACKED) == "hi"
    pdu = SubmitSm(esm_class=EsmClass.UDHI, short_message=UDH + pack(b"hi", 1))
    assert text_of(pdu, PACKED) == "hi"
    assert body_of(pdu, PACKED) == b"hi"


def test_a_header_may_name_a_language() -> None:
    pdu = SubmitSm(esm_class=EsmClass.UDHI, short_message=SPANISH + b"\x1ba\x1bu")
    assert text_of(pdu) == "áú"
    assert part_of(pdu) is None


def test_a_header_may_name_ports() -> None:
    pdu = SubmitSm(esm_class=EsmClass.UDHI, short_message=PORTS + b"hi")
    assert ports_of(pdu) == Ports(2948, 9200)
    assert ports_of(SubmitSm(short_message=PORTS)) is None
    assert header_of(SubmitSm(short_message=PORTS)) is None


def test_a_segment_is_ready_for_reassembly() -> None:
    pdu = DataSm(
        source_addr="62811",
        destination_addr="4444",
        esm_class=EsmClass.UDHI,
        tlvs=(tlv(TlvTag.MESSAGE_PAYLOAD, b"\x08\x24\x01\x02\x00\x03\x07\x02\x01\x1ba"),),
    )
    place = part_of(pdu)
    assert place is not None
    assert segment_of(pdu, place, "context") == (
        PartKey("62811", "4444", 7, LongForm.UDH_8, 2),
        Part(1, b"\x1ba", 0, "context", Languages(single=2)),
    )


def test_segments_are_read_together() -> None:
    cut_escape = [Part(1, b"a\x1b", 0, None), Part(2, b"e", 0, None)]
    cut_pair = [Part(1, b"\xd8\x3d", 8, None), Part(2, b"\xde\x00", 8, None)]
    mixed = [Part(1, b"a", 0, None), Part(2, b"\x20\xac", 8, None), Part(3, b"b", 0, None)]
    spanish = [Part(1, b"\x1ba", 0, None, Languages(single=2)), Part(2, b"\x1ba", 0, None)]
    assert [whole_text(parts) for parts in (cut_escape, cut_pair, mixed, spanish)] == [
        "a€",
        "😀",
        "a€b",
        "áa",
    ]
    assert whole_text([Part(1, b"hi", 0, None)], PACKED) == "hi"
    assert whole_text([Part(1, b"\xe9", 0, None)], DefaultAlphabet.LATIN_1) == "é"
