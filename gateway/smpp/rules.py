"""What an SMSC refuses in a well-formed message: values that mean nothing, times that are over.

Source: SMPP 3.4 §5.2.12-§5.2.18, §7.1.1. Pure: the time is an argument, in Unix milliseconds.
"""

from typing import Final

from gateway.smpp.codes import CommandStatus, EsmClass, RegisteredDelivery
from gateway.smpp.pdu import DataSm, SubmitMulti, SubmitSm
from gateway.smpp.smpp_time import Malformed, Relative, parse_time

# The message types that an ESME may give (§5.2.12); receipts come from the SMSC only.
_TYPES: Final = frozenset(
    {EsmClass.TYPE_DEFAULT, EsmClass.TYPE_DELIVERY_ACK, EsmClass.TYPE_USER_ACK}
)
_MAX_PRIORITY: Final = 3
_MAX_REPLACE: Final = 1
_OK: Final = CommandStatus.ESME_ROK


def refusal(pdu: SubmitSm | SubmitMulti | DataSm, now_ms: int) -> CommandStatus:
    """Give the status to refuse a submitted message with, or ESME_ROK."""
    if type(pdu) is not SubmitMulti and not pdu.destination_addr:
        return CommandStatus.ESME_RINVDSTADR
    if pdu.esm_class and pdu.esm_class & EsmClass.TYPE_MASK not in _TYPES:
        return CommandStatus.ESME_RINVESMCLASS
    # 3 in the two lowest bits passes: SMPP 5.0's receipt on success only.
    if pdu.registered_delivery & RegisteredDelivery.RESERVED_MASK:
        return CommandStatus.ESME_RINVREGDLVFLG
    if type(pdu) is DataSm:
        return _OK
    if pdu.priority_flag > _MAX_PRIORITY:
        return CommandStatus.ESME_RINVPRTFLG
    if pdu.replace_if_present_flag > _MAX_REPLACE:
        return CommandStatus.ESME_RINVREPFLAG
    if pdu.schedule_delivery_time or pdu.validity_period:
        return refused_time(pdu.schedule_delivery_time, pdu.validity_period, now_ms)
    return _OK


def refused_time(schedule: str, validity: str, now_ms: int) -> CommandStatus:
    """Give the status that refuses these times: malformed, or a validity that is over (§5.2.16)."""
    if isinstance(parse_time(schedule), Malformed):
        return CommandStatus.ESME_RINVSCHED
    until = parse_time(validity)
    if isinstance(until, Relative):
        until = until.after(now_ms)
    if isinstance(until, Malformed) or (until is not None and until.unix_ms <= now_ms):
        return CommandStatus.ESME_RINVEXPIRY
    return _OK
