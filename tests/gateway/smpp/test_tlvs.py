import pytest

from gateway.smpp.codes import TlvTag
from gateway.smpp.errors import Misuse
from gateway.smpp.pdu import Tlv
from gateway.smpp.tlvs import (
    TLV_RULES,
    Sar,
    integer,
    message_payload,
    message_state,
    misfits,
    network_error_code,
    receipted_message_id,
    sar,
    sc_interface_version,
    text,
    tlv,
    user_message_reference,
)

SAR = (
    tlv(TlvTag.SAR_MSG_REF_NUM, 513),
    tlv(TlvTag.SAR_TOTAL_SEGMENTS, 3),
    tlv(TlvTag.SAR_SEGMENT_SEQNUM, 2),
)


def test_every_tag_has_a_rule() -> None:
    assert set(TLV_RULES) == {tag.value for tag in TlvTag}


def test_typed_reading() -> None:
    tlvs = (
        Tlv(0x1400, b"vendor"),
        tlv(TlvTag.MESSAGE_PAYLOAD, b"\x00\xff"),
        tlv(TlvTag.RECEIPTED_MESSAGE_ID, "abc"),
        tlv(TlvTag.MESSAGE_STATE, 2),
        tlv(TlvTag.NETWORK_ERROR_CODE, b"\x03\x00\xff"),
        tlv(TlvTag.USER_MESSAGE_REFERENCE, 258),
        tlv(TlvTag.SC_INTERFACE_VERSION, 0x34),
    )
    assert message_payload(tlvs) == b"\x00\xff"
    assert receipted_message_id(tlvs) == "abc"
    assert message_state(tlvs) == 2
    assert network_error_code(tlvs) == (3, 255)
    assert user_message_reference(tlvs) == 258
    assert sc_interface_version(tlvs) == 0x34
    assert integer(tlvs, TlvTag.SOURCE_PORT) is None
    assert text(tlvs, TlvTag.ADDITIONAL_STATUS_INFO_TEXT) is None
    assert network_error_code(()) is None
    assert sar(SAR) == Sar(513, 3, 2)


def test_octet_tlvs_need_not_be_text() -> None:
    address = Tlv(TlvTag.SOURCE_SUBADDRESS, b"\xa0\xff\x00")
    assert misfits((address,)) == ()


@pytest.mark.parametrize(
    "broken",
    [
        Tlv(TlvTag.MESSAGE_STATE, b""),
        Tlv(TlvTag.MESSAGE_STATE, b"\0\2"),
        Tlv(TlvTag.NETWORK_ERROR_CODE, b"\x03\x00"),
        Tlv(TlvTag.RECEIPTED_MESSAGE_ID, b"x" * 66),
        Tlv(TlvTag.USER_MESSAGE_REFERENCE, b"\1\2\3"),
    ],
)
def test_a_tlv_of_odd_length_is_as_good_as_none(broken: Tlv) -> None:
    assert misfits((broken, SAR[0])) == (broken,)
    assert integer((broken,), broken.tag) is None


def test_a_string_without_its_nul_is_read_all_the_same() -> None:
    assert text((Tlv(TlvTag.RECEIPTED_MESSAGE_ID, b"abc"),), TlvTag.RECEIPTED_MESSAGE_ID) == "abc"


@pytest.mark.parametrize("lacking", [0, 1, 2])
def test_sar_needs_all_three(lacking: int) -> None:
    assert sar(SAR[:lacking] + SAR[lacking + 1 :]) is None


@pytest.mark.parametrize("number", [0, 4])
def test_sar_needs_a_number_within_the_total(number: int) -> None:
    assert sar((*SAR[:2], tlv(TlvTag.SAR_SEGMENT_SEQNUM, number))) is None


def test_a_vendor_string_is_written_as_it_is() -> None:
    assert tlv(0x1400, "abc") == Tlv(0x1400, b"abc")
    assert tlv(TlvTag.RECEIPTED_MESSAGE_ID, "abc") == Tlv(TlvTag.RECEIPTED_MESSAGE_ID, b"abc\0")


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (TlvTag.MESSAGE_STATE, 256),
        (TlvTag.MESSAGE_STATE, -1),
        (TlvTag.MESSAGE_PAYLOAD, 1),
        (0x1400, 1),
        (TlvTag.NETWORK_ERROR_CODE, b"\x03"),
        (TlvTag.RECEIPTED_MESSAGE_ID, "x" * 65),
    ],
)
def test_what_does_not_fit_is_our_mistake(tag: int, value: int | str | bytes) -> None:
    with pytest.raises(Misuse):
        tlv(tag, value)
