"""Delivery receipts, read: whatever an SMSC made of Appendix B, as far as it can be made out.

With the SMSC's `receipt_form` a text is read by its template; without, or when it does not fit, by
the labels and spellings that are known to be in use.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import msgspec

from gateway.smpp.codes import MessageState, NetworkType
from gateway.smpp.fields import message_state, network_error_code, receipted_message_id
from gateway.smpp.pdu import Tlv
from gateway.smpp.receipt_form import (
    APPENDIX_B,
    STAT_WORDS,
    BadTemplate,
    DateForm,
    IdBase,
    IdForm,
    ReceiptForm,
    template_parts,
)
from gateway.smpp.smpp_time import Absolute, parse_time, unix_ms

_LABELS: Final = re.compile(r"\b(id|sub|dlvrd|submit date|done date|stat|err):", re.IGNORECASE)
_TEXT: Final = re.compile(r"\btext:", re.IGNORECASE)
_FIELD_BY_LABEL: Final = {"submit date": "submit_date", "done date": "done_date"}
_CODES: Final[dict[int | None, MessageState]] = {state.value: state for state in MessageState}
# FAILED: https://github.com/praekeltfoundation/vumi/pull/897.
_STATES: Final = (
    {state.name: state for state in MessageState}
    | {word: state for state, word in STAT_WORDS.items()}
    | {"FAILED": MessageState.UNDELIVERABLE}
)
_CENTURY: Final = 2000
# No count of messages or seconds is longer; the digits of a hostile text can be 65,535.
_WHOLE: Final = re.compile("[0-9]{1,12}").fullmatch
_ISO: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})"
).fullmatch
# Calendar dates in digits alone: their lengths, whether the year has four digits.
_BY_DIGITS: Final = {
    DateForm.MINUTES: (10, False),
    DateForm.SECONDS: (12, False),
    DateForm.FULL_YEAR_MINUTES: (12, True),
    DateForm.FULL_YEAR_SECONDS: (14, True),
}


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """What became of a message; None where a received receipt did not say.

    `err` is as the network wrote it (three characters, often decimal, sometimes hexadecimal);
    `network_error` is the number of the TLV, for GSM unless `network_type` differs.
    """

    message_id: str
    state: MessageState | None
    submit_ms: int | None = None
    done_ms: int | None = None
    sub: int | None = None
    dlvrd: int | None = None
    err: str = ""
    text: str = ""
    network_error: int | None = None
    network_type: int = NetworkType.GSM


def parse_receipt(
    text: str, tlvs: tuple[Tlv, ...] = (), form: ReceiptForm = APPENDIX_B
) -> Receipt | None:
    """Read a receipt, however incomplete; TLVs win over the text; None if neither names an id.

    Dates are local time of the form's `offset_ms`.
    """
    said = _by_template(form)(text) or _by_labels(text)
    message_id = receipted_message_id(tlvs) or said.get("id", "")
    if not message_id:
        return None
    network = network_error_code(tlvs)
    return Receipt(
        message_id=message_id,
        state=_CODES.get(message_state(tlvs)) or _state(said.get("stat", ""), form),
        submit_ms=_date(said.get("submit_date", ""), form),
        done_ms=_date(said.get("done_date", ""), form),
        sub=_count(said.get("sub", "")),
        dlvrd=_count(said.get("dlvrd", "")),
        err=said.get("err", ""),
        text=said.get("text", ""),
        network_error=None if network is None else network[1],
        network_type=NetworkType.GSM if network is None else network[0],
    )


# ---- the text into fields


@lru_cache(maxsize=64)
def _by_template(form: ReceiptForm) -> Callable[[str], dict[str, str] | None]:
    """Give what takes a text apart that fits the form's template exactly."""
    parts = template_parts(form.template, form.without)
    if isinstance(parts, BadTemplate):
        return _nothing
    patterns = {
        "id": _id_pattern(form.text_id),
        "sub": "[0-9]+",
        "dlvrd": "[0-9]+",
        "submit_date": _DATE_PATTERNS[form.date],
        "done_date": _DATE_PATTERNS[form.date],
        "stat": "|".join(map(re.escape, (STAT_WORDS | dict(form.stat)).values())),
        "err": r"\S*",
        "text": ".*",
    }
    pattern = "".join(
        re.escape(words) + ("" if field is None else f"(?P<{field}>{patterns[field]})")
        for words, field in parts
    )
    match = re.compile(pattern, re.DOTALL).fullmatch

    def read(text: str) -> dict[str, str] | None:
        found = match(text)
        return None if found is None else found.groupdict()

    return read


def _nothing(_text: str) -> None:
    """Read nothing."""


_DATE_PATTERNS: Final = {
    DateForm.MINUTES: "[0-9]{10}",
    DateForm.SECONDS: "[0-9]{12}",
    DateForm.FULL_YEAR_MINUTES: "[0-9]{12}",
    DateForm.FULL_YEAR_SECONDS: "[0-9]{14}",
    DateForm.ISO: "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}",
    DateForm.SMPP: "[0-9]{15}[-+]",
    DateForm.UNIX: "[0-9]+",
}


def _id_pattern(form: IdForm) -> str:
    digits = "[0-9]+" if form.base is IdBase.DECIMAL else "[0-9A-Fa-f]+"
    return re.escape(form.prefix) + digits


def _by_labels(text: str) -> dict[str, str]:
    # Whatever follows Text: belongs to it, even if it looks like a field.
    head, *shown = _TEXT.split(text, maxsplit=1)
    parts = _LABELS.split(head)
    said = {"text": "".join(shown)}
    for label, value in zip(parts[1::2], parts[2::2], strict=True):
        said[_FIELD_BY_LABEL.get(label.lower(), label.lower())] = value.strip()
    return said


# ---- fields into values


def _state(word: str, form: ReceiptForm) -> MessageState | None:
    for state, own in form.stat:
        if own == word:
            return state
    spelled = word.upper()
    # Some write what they have to say after the seven letters (UNDELIV1).
    return _STATES.get(spelled) or _STATES.get(spelled[:7])


def _count(text: str) -> int | None:
    return int(text) if _WHOLE(text) else None


def _date(text: str, form: ReceiptForm) -> int | None:
    offset = form.offset_ms
    if form.date is DateForm.UNIX:
        return int(text) * 1000 if _WHOLE(text) else None
    if found := _ISO(text):
        return _instant([int(group) for group in found.groups()], offset)
    if not text.isascii() or not text.isdecimal():
        time = parse_time(text)
        return time.unix_ms if isinstance(time, Absolute) else None
    # Twelve digits can be either; the form knows, and without it the months mostly tell.
    for date in (form.date, *_BY_DIGITS):
        length, full_year = _BY_DIGITS.get(date, (0, False))
        if len(text) != length:
            continue
        year = 4 if full_year else 2
        numbers = [int(text[at : at + 2]) for at in range(year, length, 2)]
        read = _instant([int(text[:year]) + (0 if full_year else _CENTURY), *numbers], offset)
        if read is not None:
            return read
    return None


def _instant(numbers: list[int], offset_ms: int) -> int | None:
    """Give the instant of a local year, month, day, hour, minute and perhaps second."""
    year, month, day, hour, minute, *second = numbers
    local = unix_ms(year, month, day, hour, minute, second[0] if second else 0)
    return None if local is None else local - offset_ms
