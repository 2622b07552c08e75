"""Delivery receipts: the text form and the TLVs (SMPP 3.4 Appendix B; §5.3.2.12, .31, .35).

Instants are Unix milliseconds; the text form shows them in local time, `offset_ms` ahead of UTC.
"""

import re
from functools import lru_cache
from typing import Final

import msgspec

from gateway.smpp.codes import MessageState, NetworkType, TlvTag
from gateway.smpp.errors import Misuse
from gateway.smpp.fields import message_state, network_error_code, receipted_message_id, tlv
from gateway.smpp.pdu import Tlv
from gateway.smpp.smpp_time import unix_ms, utc

_STAT: Final = {
    MessageState.ENROUTE: "ENROUTE",
    MessageState.DELIVERED: "DELIVRD",
    MessageState.EXPIRED: "EXPIRED",
    MessageState.DELETED: "DELETED",
    MessageState.UNDELIVERABLE: "UNDELIV",
    MessageState.ACCEPTED: "ACCEPTD",
    MessageState.UNKNOWN: "UNKNOWN",
    MessageState.REJECTED: "REJECTD",
}
_STATE: Final = {stat: state for state, stat in _STAT.items()}
_KEYS: Final = re.compile(r"\b(id|sub|dlvrd|submit date|done date|stat|err):", re.IGNORECASE)
_CODES: Final[dict[int | None, MessageState]] = {state.value: state for state in MessageState}
_TEXT: Final = re.compile(r"\btext:", re.IGNORECASE)
_TEXT_CHARACTERS: Final = 20
_MAX_CODE: Final = 0xFFFF
_CENTURY: Final = 2000
_MINUTES: Final = 10
_SECONDS: Final = 12
_COUNT_DIGITS: Final = 9


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """What became of a message; None where a received receipt did not say.

    `err` is as the network wrote it (three characters, often decimal, sometimes hexadecimal);
    `network_error` is the number that goes into the TLV, for GSM unless `network_type` differs.
    """

    message_id: str
    state: MessageState | None
    submit_ms: int | None = None
    done_ms: int | None = None
    sub: int | None = 1
    dlvrd: int | None = 0
    err: str = "000"
    text: str = ""
    network_error: int | None = None
    network_type: int = NetworkType.GSM


def _date(ms: int | None, offset_ms: int, *, seconds: bool) -> str:
    if ms is None:
        return "0" * (_SECONDS if seconds else _MINUTES)
    return _written((ms + offset_ms) // (1000 if seconds else 60_000), seconds)


# Thousands of receipts share a minute, and writing one date costs as much as all the rest of one.
@lru_cache(maxsize=1024)
def _written(count: int, seconds: bool) -> str:
    """Write the instant `count` seconds, or else minutes, after 1970."""
    if seconds:
        return format(utc(count * 1000), "%y%m%d%H%M%S")
    return format(utc(count * 60_000), "%y%m%d%H%M")


def _count(number: int | None) -> str:
    return f"{number or 0:03}"


def receipt_text(receipt: Receipt, offset_ms: int = 0, *, seconds: bool = False) -> str:
    """Write the text form; `seconds` gives the twelve-digit dates that some SMSCs send."""
    state = MessageState.UNKNOWN if receipt.state is None else receipt.state
    return (
        f"id:{receipt.message_id} sub:{_count(receipt.sub)} dlvrd:{_count(receipt.dlvrd)}"
        f" submit date:{_date(receipt.submit_ms, offset_ms, seconds=seconds)}"
        f" done date:{_date(receipt.done_ms, offset_ms, seconds=seconds)}"
        f" stat:{_STAT[state]} err:{receipt.err.rjust(3, '0')}"
        f" Text:{receipt.text[:_TEXT_CHARACTERS]}"
    )


def receipt_tlvs(receipt: Receipt) -> tuple[Tlv, ...]:
    """Give receipted_message_id, message_state and, with a network error, network_error_code.

    Raises Misuse for a code that is not 16 bits, or an id of more than 64 octets.
    """
    state = MessageState.UNKNOWN if receipt.state is None else receipt.state
    made = (
        tlv(TlvTag.RECEIPTED_MESSAGE_ID, receipt.message_id),
        tlv(TlvTag.MESSAGE_STATE, int(state)),
    )
    if receipt.network_error is None:
        return made
    if not 0 <= receipt.network_error <= _MAX_CODE:
        raise Misuse(f"network error {receipt.network_error} does not fit two octets")
    code = bytes((receipt.network_type,)) + receipt.network_error.to_bytes(2, "big")
    return (*made, tlv(TlvTag.NETWORK_ERROR_CODE, code))


def _read_date(text: str, offset_ms: int) -> int | None:
    if len(text) not in (_MINUTES, _SECONDS) or not text.isascii() or not text.isdecimal():
        return None
    year, month, day, hour, minute, *second = (
        int(text[at : at + 2]) for at in range(0, len(text), 2)
    )
    local = unix_ms(_CENTURY + year, month, day, hour, minute, second[0] if second else 0)
    return None if local is None else local - offset_ms


def _read_count(text: str) -> int | None:
    # Python refuses to read thousands of digits, and nobody counts so far.
    sound = len(text) <= _COUNT_DIGITS and text.isascii() and text.isdecimal()
    return int(text) if sound else None


def parse_receipt(text: str, tlvs: tuple[Tlv, ...] = (), offset_ms: int = 0) -> Receipt | None:
    """Read a receipt, however incomplete; TLVs win over the text; None if neither names an id."""
    # Whatever follows Text: belongs to it, even if it looks like a field.
    head, *shown = _TEXT.split(text, maxsplit=1)
    parts = _KEYS.split(head)
    said = dict(
        zip((key.lower() for key in parts[1::2]), (one.strip() for one in parts[2::2]), strict=True)
    )
    message_id = receipted_message_id(tlvs) or said.get("id", "")
    if not message_id:
        return None
    state = _CODES.get(message_state(tlvs)) or _STATE.get(said.get("stat", "").upper()[:7])
    network = network_error_code(tlvs)
    return Receipt(
        message_id=message_id,
        state=state,
        submit_ms=_read_date(said.get("submit date", ""), offset_ms),
        done_ms=_read_date(said.get("done date", ""), offset_ms),
        sub=_read_count(said.get("sub", "")),
        dlvrd=_read_count(said.get("dlvrd", "")),
        err=said.get("err", ""),
        text="".join(shown),
        network_error=None if network is None else network[1],
        network_type=NetworkType.GSM if network is None else network[0],
    )
