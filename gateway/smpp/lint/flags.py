"""What is wrong with a message's flags, times and optional parameters."""

from functools import lru_cache
from typing import Final

from gateway.smpp.codes import EsmClass, RegisteredDelivery, TlvTag
from gateway.smpp.lint import message_rules as rules
from gateway.smpp.lint.findings import Note
from gateway.smpp.pdu import Tlv
from gateway.smpp.smpp_time import Absolute, Malformed, parse_time
from gateway.smpp.tlvs import TLV_RULES, misfits, sar

_TYPES: Final = frozenset(
    {EsmClass.TYPE_DEFAULT, EsmClass.TYPE_DELIVERY_ACK, EsmClass.TYPE_USER_ACK}
)
_REGISTERED_RESERVED: Final = 0xE0
_PRIORITY_MOST: Final = 3
_REPLACE_MOST: Final = 1
_VENDOR: Final = range(0x1400, 0x4000)
_SAR: Final = frozenset(
    {TlvTag.SAR_MSG_REF_NUM, TlvTag.SAR_TOTAL_SEGMENTS, TlvTag.SAR_SEGMENT_SEQNUM}
)


# A client sends nearly always the same flags.
@lru_cache(maxsize=1024)
def flag_notes(esm_class: int, registered: int, priority: int, replace: int) -> tuple[Note, ...]:
    """Say what is wrong with esm_class and the other flags of one octet (§5.2.12 to §5.2.18)."""
    found: list[Note] = []
    if esm_class & EsmClass.TYPE_MASK not in _TYPES:
        found.append((rules.ESM_CLASS, f"esm_class 0x{esm_class:02x}"))
    receipt = registered & RegisteredDelivery.RECEIPT_MASK
    if registered & _REGISTERED_RESERVED or receipt == RegisteredDelivery.RESERVED:
        found.append((rules.REGISTERED_DELIVERY, f"registered_delivery 0x{registered:02x}"))
    if priority > _PRIORITY_MOST:
        found.append((rules.PRIORITY, f"priority_flag {priority}"))
    if replace > _REPLACE_MOST:
        found.append((rules.REPLACE_FLAG, f"replace_if_present_flag {replace}"))
    return tuple(found)


def time_notes(schedule: str, validity: str, calendar_ms: int) -> list[Note]:
    """Say what is wrong with the times; `calendar_ms` is the network's now."""
    found: list[Note] = []
    for written, past, name in (
        (schedule, rules.SCHEDULE_PAST, "schedule_delivery_time"),
        (validity, rules.VALIDITY_PAST, "validity_period"),
    ):
        time = parse_time(written)
        if isinstance(time, Malformed):
            found.append((rules.TIME_MALFORMED, f"{name} {written!r}"))
        elif isinstance(time, Absolute) and time.unix_ms <= calendar_ms:
            found.append((past, f"{name} {written!r}"))
    return found


def tlv_notes(tlvs: tuple[Tlv, ...]) -> list[Note]:
    """Say what is wrong with the optional parameters (§5.3)."""
    found: list[Note] = []
    tags = [one.tag for one in tlvs]
    for tag in dict.fromkeys(tags):
        if tag in _VENDOR and tag not in TLV_RULES:
            found.append((rules.TLV_VENDOR, f"tag 0x{tag:04x}"))
        elif tag not in TLV_RULES:
            found.append((rules.TLV_UNKNOWN, f"tag 0x{tag:04x}"))
        if tags.count(tag) > 1:
            found.append((rules.TLV_REPEATED, f"tag 0x{tag:04x} {tags.count(tag)} times"))
    for one in misfits(tlvs):
        name = TLV_RULES[one.tag].name
        found.append((rules.TLV_MISFIT, f"{name} of {len(one.value)} octets"))
    if not _SAR.isdisjoint(tags) and sar(tlvs) is None:
        found.append((rules.SAR_INCOMPLETE, "sar_ parameters without a place"))
    return found
