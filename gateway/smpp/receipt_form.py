"""What an SMSC's delivery receipts look like, as a value: text, ids, dates, codes, TLVs.

SMPP 3.4 leaves all of it to the SMSC (Appendix B is an example); `receipt_presets` has what real
ones are known for. Instants are Unix milliseconds.
"""

import re
from collections.abc import Callable
from enum import Enum
from string import Formatter
from typing import Final

import msgspec

from gateway.smpp.codes import DataCoding, EsmClass, MessageState
from gateway.smpp.pdu import Tlv
from gateway.smpp.smpp_time import utc

APPENDIX_B_TEMPLATE: Final = (
    "id:{id} sub:{sub} dlvrd:{dlvrd} submit date:{submit_date} done date:{done_date}"
    " stat:{stat} err:{err} Text:{text}"
)
FIELDS: Final = ("id", "sub", "dlvrd", "submit_date", "done_date", "stat", "err", "text")
"""What a template may hold in braces."""

STAT_WORDS: Final = {
    MessageState.ENROUTE: "ENROUTE",
    MessageState.DELIVERED: "DELIVRD",
    MessageState.EXPIRED: "EXPIRED",
    MessageState.DELETED: "DELETED",
    MessageState.UNDELIVERABLE: "UNDELIV",
    MessageState.ACCEPTED: "ACCEPTD",
    MessageState.UNKNOWN: "UNKNOWN",
    MessageState.REJECTED: "REJECTD",
}
"""How `stat` spells the states (Appendix B, table B-2; ENROUTE by its name)."""

_MOST_ID: Final = 2**63 - 1


class IdBase(Enum):
    """The digits of a message id."""

    DECIMAL = "decimal"
    HEX_LOWER = "hex-lower"
    HEX_UPPER = "hex-upper"


class IdForm(msgspec.Struct, frozen=True, gc=False):
    """How a message id is written: prefix, then digits filled up with zeros to `width`."""

    base: IdBase = IdBase.DECIMAL
    width: int = 0
    prefix: str = ""


class DateForm(Enum):
    """How `submit date` and `done date` are written; the value says it in letters."""

    MINUTES = "YYMMDDhhmm"
    SECONDS = "YYMMDDhhmmss"
    FULL_YEAR_MINUTES = "YYYYMMDDhhmm"
    FULL_YEAR_SECONDS = "YYYYMMDDhhmmss"
    ISO = "YYYY-MM-DD hh:mm:ss"
    SMPP = "YYMMDDhhmmsstnnp"
    UNIX = "unix"


class ErrStyle(Enum):
    """What `err` holds: the MAP error in decimal or hexadecimal, a table's word, always one."""

    MAP = "map"
    HEX = "hex"
    TABLE = "table"
    CONSTANT = "constant"


class Carrier(Enum):
    """The PDU that brings a receipt (§2.11 leaves both)."""

    DELIVER_SM = "deliver_sm"
    DATA_SM = "data_sm"


class ErrorTlv(Enum):
    """When network_error_code is sent."""

    NEVER = "never"
    ON_ERROR = "on-error"
    ALWAYS = "always"


class ReceiptForm(msgspec.Struct, frozen=True, gc=False):
    """One SMSC's receipts; the defaults are Appendix B's.

    `template` holds the FIELDS in braces; those of `without` are left out with the words before
    them. `offset_ms` is how far the dates' local time is ahead of UTC. `err_width` is how many
    digits `err` is filled up to; `err_text` is what CONSTANT writes, and TABLE for errors that
    `err_table` does not list. `stat` replaces single STAT_WORDS. `text_length` counts characters.
    `data_coding` is what the PDU says; the octets are written in `written_as` where that is given,
    for there are SMSCs whose receipts say UCS-2 and are not. `extra_tlvs` follow all others.
    """

    template: str = APPENDIX_B_TEMPLATE
    without: tuple[str, ...] = ()
    date: DateForm = DateForm.MINUTES
    offset_ms: int = 0
    response_id: IdForm = IdForm()
    text_id: IdForm = IdForm()
    tlv_id: IdForm = IdForm()
    text_length: int = 20
    err: ErrStyle = ErrStyle.MAP
    err_width: int = 3
    err_text: str = "000"
    err_table: tuple[tuple[int, str], ...] = ()
    stat: tuple[tuple[MessageState, str], ...] = ()
    carrier: Carrier = Carrier.DELIVER_SM
    esm_class: int = EsmClass.TYPE_DELIVERY_RECEIPT
    data_coding: int = DataCoding.DEFAULT
    written_as: int | None = None
    receipted_message_id: bool = True
    message_state: bool = True
    network_error_code: ErrorTlv = ErrorTlv.ON_ERROR
    user_message_reference: bool = True
    extra_tlvs: tuple[Tlv, ...] = ()


APPENDIX_B: Final = ReceiptForm()


# ---- message ids


_DIGITS: Final = {
    IdBase.DECIMAL: ("d", 10, re.compile("[0-9]+").fullmatch),
    IdBase.HEX_LOWER: ("x", 16, re.compile("[0-9a-f]+").fullmatch),
    IdBase.HEX_UPPER: ("X", 16, re.compile("[0-9A-F]+").fullmatch),
}


def id_writer(form: IdForm) -> Callable[[int], str]:
    """Give the function that writes ids in this form; plain decimal costs no more than str."""
    if form == IdForm():
        return str
    letter = _DIGITS[form.base][0]
    prefix = form.prefix.replace("{", "{{").replace("}", "}}")
    width = f"0{form.width}" if form.width else ""
    return f"{prefix}{{:{width}{letter}}}".format


def read_id(text: str, form: IdForm) -> int | None:
    """Read an id that is written exactly so; None for every other text."""
    _, base, are_digits = _DIGITS[form.base]
    digits = text.removeprefix(form.prefix)
    if not are_digits(digits):
        return None
    number = int(digits, base)
    return number if number <= _MOST_ID and id_writer(form)(number) == text else None


# ---- dates


_PATTERNS: Final = {
    DateForm.MINUTES: ("%y%m%d%H%M", 60_000),
    DateForm.SECONDS: ("%y%m%d%H%M%S", 1000),
    DateForm.FULL_YEAR_MINUTES: ("%Y%m%d%H%M", 60_000),
    DateForm.FULL_YEAR_SECONDS: ("%Y%m%d%H%M%S", 1000),
    DateForm.ISO: ("%Y-%m-%d %H:%M:%S", 1000),
    DateForm.SMPP: ("%y%m%d%H%M%S", 100),
    DateForm.UNIX: ("", 1000),
}
_QUARTER: Final = 900_000


def date_writer(form: DateForm, offset_ms: int) -> tuple[int, Callable[[int], str]]:
    """Give the form's unit in milliseconds, and the function that writes a count of units.

    The count is of local time since 1970, but of UTC for UNIX.
    """
    pattern, unit = _PATTERNS[form]
    match form:
        case DateForm.UNIX:
            return unit, str
        case DateForm.SMPP:
            sign = "-" if offset_ms < 0 else "+"
            zone = f"{abs(offset_ms) // _QUARTER:02}{sign}"
            return unit, lambda count: f"{utc(count * unit):{pattern}}{count % 10}{zone}"
        case _:
            return unit, lambda count: format(utc(count * unit), pattern)


def no_date(form: DateForm) -> str:
    """Write a date that is not known: all zeros."""
    _, write = date_writer(form, 0)
    return "0" if form is DateForm.UNIX else re.sub("[0-9]", "0", write(0))


# ---- the template


class BadTemplate(msgspec.Struct, frozen=True, gc=False):
    """Why a text is no template, worded to follow it: "holds {x}, ..."."""

    why: str


Part = tuple[str, str | None]
"""Words, and the field that follows them; None at the end."""


def template_parts(template: str, without: tuple[str, ...] = ()) -> tuple[Part, ...] | BadTemplate:
    """Take a template apart, without the fields that are to be left out."""
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        return BadTemplate("has a brace without its partner")
    parts: list[Part] = []
    seen: set[str] = set()
    for words, field, spec, conversion in pieces:
        if field is None:
            parts.append((words, None))
            continue
        if field not in FIELDS or spec or conversion:
            return BadTemplate(f"holds {{{field}}}, no field of a receipt")
        if field in seen:
            return BadTemplate(f"holds {{{field}}} twice")
        if seen and not words:
            return BadTemplate(f"holds {{{field}}} right after another field")
        seen.add(field)
        parts.append((words, field))
    kept = [part for part in parts if part[1] not in without]
    if kept and kept != parts and kept[0] != parts[0]:
        kept[0] = (kept[0][0].lstrip(), kept[0][1])
    return tuple(kept)
