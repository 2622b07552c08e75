"""The one table of optional parameters (TLVs), and typed reading and making of them (§5.3.2).

A PDU keeps its TLVs raw, known or vendor's, well sized or not; the accessors here give None for
one that is absent or whose length does not fit its rule, so a broken TLV is as good as none (§3.3).
"""

from enum import Enum, auto
from typing import Final

import msgspec

from gateway.smpp.codes import TlvTag
from gateway.smpp.errors import Misuse
from gateway.smpp.pdu import Tlv


class TlvKind(Enum):
    """How a TLV's value is read (§3.2.4)."""

    INTEGER = auto()
    CSTRING = auto()
    OCTETS = auto()


class TlvRule(msgspec.Struct, frozen=True, gc=False):
    """A TLV's name, kind, and the least and most octets of its value."""

    name: str
    kind: TlvKind
    least: int
    most: int


class Sar(msgspec.Struct, frozen=True, gc=False):
    """The three sar_* parameters of one segment (§5.3.2.22-24)."""

    msg_ref_num: int
    total_segments: int
    segment_seqnum: int


_MAX: Final = 0xFFFF
_INTEGERS: Final = {
    TlvTag.DEST_ADDR_SUBUNIT: 1,
    TlvTag.DEST_NETWORK_TYPE: 1,
    TlvTag.DEST_BEARER_TYPE: 1,
    TlvTag.DEST_TELEMATICS_ID: 2,
    TlvTag.SOURCE_ADDR_SUBUNIT: 1,
    TlvTag.SOURCE_NETWORK_TYPE: 1,
    TlvTag.SOURCE_BEARER_TYPE: 1,
    TlvTag.SOURCE_TELEMATICS_ID: 1,
    TlvTag.QOS_TIME_TO_LIVE: 4,
    TlvTag.PAYLOAD_TYPE: 1,
    TlvTag.MS_MSG_WAIT_FACILITIES: 1,
    TlvTag.PRIVACY_INDICATOR: 1,
    TlvTag.USER_MESSAGE_REFERENCE: 2,
    TlvTag.USER_RESPONSE_CODE: 1,
    TlvTag.SOURCE_PORT: 2,
    TlvTag.DESTINATION_PORT: 2,
    TlvTag.SAR_MSG_REF_NUM: 2,
    TlvTag.LANGUAGE_INDICATOR: 1,
    TlvTag.SAR_TOTAL_SEGMENTS: 1,
    TlvTag.SAR_SEGMENT_SEQNUM: 1,
    TlvTag.SC_INTERFACE_VERSION: 1,
    TlvTag.CALLBACK_NUM_PRES_IND: 1,
    TlvTag.NUMBER_OF_MESSAGES: 1,
    TlvTag.DPF_RESULT: 1,
    TlvTag.SET_DPF: 1,
    TlvTag.MS_AVAILABILITY_STATUS: 1,
    TlvTag.DELIVERY_FAILURE_REASON: 1,
    TlvTag.MORE_MESSAGES_TO_SEND: 1,
    TlvTag.MESSAGE_STATE: 1,
    TlvTag.DISPLAY_TIME: 1,
    TlvTag.SMS_SIGNAL: 2,
    TlvTag.MS_VALIDITY: 1,
    TlvTag.ITS_REPLY_TYPE: 1,
    TlvTag.ITS_SESSION_INFO: 2,
}
_CSTRINGS: Final = {
    TlvTag.ADDITIONAL_STATUS_INFO_TEXT: 256,
    TlvTag.RECEIPTED_MESSAGE_ID: 65,
}
_OCTETS: Final = {
    TlvTag.SOURCE_SUBADDRESS: (2, 23),
    TlvTag.DEST_SUBADDRESS: (2, 23),
    TlvTag.CALLBACK_NUM_ATAG: (0, 65),
    TlvTag.CALLBACK_NUM: (4, 19),
    TlvTag.NETWORK_ERROR_CODE: (3, 3),
    TlvTag.MESSAGE_PAYLOAD: (0, _MAX),
    TlvTag.USSD_SERVICE_OP: (1, 1),
    TlvTag.ALERT_ON_MESSAGE_DELIVERY: (0, 0),
}

TLV_RULES: Final[dict[int, TlvRule]] = (
    {
        tag.value: TlvRule(tag.name.lower(), TlvKind.INTEGER, size, size)
        for tag, size in _INTEGERS.items()
    }
    | {
        tag.value: TlvRule(tag.name.lower(), TlvKind.CSTRING, 1, most)
        for tag, most in _CSTRINGS.items()
    }
    | {
        tag.value: TlvRule(tag.name.lower(), TlvKind.OCTETS, least, most)
        for tag, (least, most) in _OCTETS.items()
    }
)
"""Every TLV of SMPP 3.4 by its tag."""

_ANY: Final = TlvRule("", TlvKind.OCTETS, 0, _MAX)


def _fits(one: Tlv) -> bool:
    rule = TLV_RULES.get(one.tag, _ANY)
    return rule.least <= len(one.value) <= rule.most


def misfits(tlvs: tuple[Tlv, ...]) -> tuple[Tlv, ...]:
    """Give the TLVs whose length breaks their rule, for lint; ESME_RINVPARLEN if one refuses."""
    return tuple(one for one in tlvs if not _fits(one))


def octets(tlvs: tuple[Tlv, ...], tag: int) -> bytes | None:
    """Give the first fitting value with this tag."""
    for one in tlvs:
        if one.tag == tag and _fits(one):
            return one.value
    return None


def integer(tlvs: tuple[Tlv, ...], tag: int) -> int | None:
    """Give the first fitting value with this tag as an unsigned integer."""
    value = octets(tlvs, tag)
    return None if value is None else int.from_bytes(value, "big")


def text(tlvs: tuple[Tlv, ...], tag: int) -> str | None:
    """Give the first fitting value with this tag as Latin-1, up to its NUL if it has one."""
    value = octets(tlvs, tag)
    return None if value is None else value.partition(b"\0")[0].decode("latin-1")


def message_payload(tlvs: tuple[Tlv, ...]) -> bytes | None:
    """Give message_payload (§5.3.2.32)."""
    return octets(tlvs, TlvTag.MESSAGE_PAYLOAD)


def receipted_message_id(tlvs: tuple[Tlv, ...]) -> str | None:
    """Give receipted_message_id (§5.3.2.12)."""
    return text(tlvs, TlvTag.RECEIPTED_MESSAGE_ID)


def message_state(tlvs: tuple[Tlv, ...]) -> int | None:
    """Give message_state (§5.3.2.35)."""
    return integer(tlvs, TlvTag.MESSAGE_STATE)


def network_error_code(tlvs: tuple[Tlv, ...]) -> tuple[int, int] | None:
    """Give network_error_code as (network type, error code) (§5.3.2.31)."""
    value = octets(tlvs, TlvTag.NETWORK_ERROR_CODE)
    return None if value is None else (value[0], int.from_bytes(value[1:], "big"))


def user_message_reference(tlvs: tuple[Tlv, ...]) -> int | None:
    """Give user_message_reference (§5.3.2.17)."""
    return integer(tlvs, TlvTag.USER_MESSAGE_REFERENCE)


def sc_interface_version(tlvs: tuple[Tlv, ...]) -> int | None:
    """Give the SMSC's version from a bind response (§5.3.2.25)."""
    return integer(tlvs, TlvTag.SC_INTERFACE_VERSION)


def sar(tlvs: tuple[Tlv, ...]) -> Sar | None:
    """Give the segment's place if all three sar_* are there and agree (§5.3.2.22-24)."""
    reference = integer(tlvs, TlvTag.SAR_MSG_REF_NUM)
    total = integer(tlvs, TlvTag.SAR_TOTAL_SEGMENTS)
    number = integer(tlvs, TlvTag.SAR_SEGMENT_SEQNUM)
    if reference is None or total is None or number is None or not 1 <= number <= total:
        return None
    return Sar(reference, total, number)


def tlv(tag: int, value: int | str | bytes) -> Tlv:
    """Make a TLV as its rule says: integers sized, strings NUL-ended, octets as they are.

    Raises Misuse for an integer whose tag has no integer rule, and for what does not fit.
    """
    rule = TLV_RULES.get(tag, _ANY)
    if isinstance(value, int):
        if rule.kind is not TlvKind.INTEGER or not 0 <= value < 1 << 8 * rule.most:
            raise Misuse(f"TLV {tag:#06x} does not hold the integer {value}")
        value = value.to_bytes(rule.most, "big")
    elif isinstance(value, str):
        value = value.encode("latin-1", "replace")
        value += b"\0" if rule.kind is TlvKind.CSTRING else b""
    made = Tlv(tag, value)
    if not _fits(made):
        raise Misuse(f"TLV {tag:#06x} does not hold {len(value)} octets")
    return made
