import pytest

from gateway.smpp.codes import EsmClass, TlvTag
from gateway.smpp.fields import tlv
from gateway.smpp.message import MessagePdu, body_of, part_of, text_of, user_data
from gateway.smpp.pdu import DataSm, SubmitSm, Tlv
from gateway.smpp.udh import Concatenation

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
        (SubmitSm(short_message=b"hi", tlvs=SAR), "hi", Concatenation(7, 2, 2)),
        (
            SubmitSm(esm_class=EsmClass.UDHI, short_message=PORTS + b"hi", tlvs=SAR),
            "hi",
            Concatenation(7, 2, 2),
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
