"""Records of the journal as JSON lines, with identities or without."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from gateway.core.decision import Record
from gateway.core.numbers import mask_identities

# Where something may lie that masking by runs of digits does not find: a message's octets and
# header; the text of one part of a long message, which may end within a NIK; the first words of a
# message in its receipt (gateway.core.message.ReceiptOf, an array).
_OCTETS, _PART, _TEXT, _RECEIPT = "body", "part", "text", "receipt"
_RECEIPT_TEXT = 5
# NIK and KK that somebody wrote in pieces of his own.
_scattered = re.compile(r"(?:[\dOoIl]\W*){15,}").search
_stars = re.compile(r"\*{7,}").sub
_KEPT_OUT = "(kept out)"
# Who a foreigner is (gateway.core.outlets.Foreigner, by its tag).
_FOREIGNER, _PERSONAL = "foreigner", ("number", "name", "birth_place", "birth_date")


def record_line(record: Record, *, clear: bool) -> bytes:
    """Write a record without the line's end; `clear`: as the journal has it, else masked."""
    line = msgspec.json.encode(record)
    if clear:
        return line
    return msgspec.json.encode(_masked(msgspec.json.decode(line)))


def _masked(value: Any) -> Any:
    match value:
        case str():
            return mask_identities(value)
        case list():
            return [_masked(one) for one in value]
        case dict():
            kept = {name: _masked(one) for name, one in value.items() if name != _OCTETS}
            if kept.get("type") == _FOREIGNER:
                kept |= dict.fromkeys(_PERSONAL, _KEPT_OUT)
            text = kept.get(_TEXT)
            if isinstance(text, str) and (_PART in kept or _scattered(_stars("x", text))):
                kept[_TEXT] = _KEPT_OUT
            receipt = kept.get(_RECEIPT)
            if isinstance(receipt, list):
                receipt[_RECEIPT_TEXT] = _KEPT_OUT
            return kept
        case _:
            return value
