"""What [smpp.accounts.receipt] must keep to beyond its types."""

from __future__ import annotations

from gateway.config.notes import Notes
from gateway.config.places import Path
from gateway.config.receipts import (
    AS_DATA_CODING,
    RECEIPT_PRESETS,
    ExtraTlvConfig,
    IdFormConfig,
    ReceiptConfig,
    map_error,
)
from gateway.config.words import did_you_mean
from gateway.core.causes import CODES
from gateway.smpp.codes import MessageState, TlvTag
from gateway.smpp.receipt_form import FIELDS, BadTemplate, template_parts

# With the longest id that an SMSC gives, 19 digits, all fit message_id's 64 octets.
_WIDTH_MOST = 40
_WORD_MOST = 20
_HOURS_MOST = 12
# As much of a message as a report keeps of it.
_TEXT_MOST = 160
_NUMBERS = {
    "text_length": (0, _TEXT_MOST),
    "err_width": (0, 10),
    "esm_class": (0, 255),
    "data_coding": (0, 255),
    "written_as": (AS_DATA_CODING, 255),
}
_TLV_OCTETS_MOST = 255
_TAG_MOST = 0xFFFF
_WORD_REMEDY = f"write 1 to {_WORD_MOST} ASCII characters without spaces"


def check_receipt(config: ReceiptConfig, path: Path, notes: Notes) -> None:
    """Report what the types let pass; `path` is where the table stands."""
    if config.preset not in RECEIPT_PRESETS:
        notes.note(
            (*path, "preset"),
            f'is "{config.preset}", no preset',
            did_you_mean(config.preset, RECEIPT_PRESETS, quoted=True),
        )
    parts = template_parts(config.template)
    if isinstance(parts, BadTemplate):
        fields = ", ".join(f"{{{field}}}" for field in FIELDS)
        notes.note(
            (*path, "template"),
            parts.why,
            f"use {fields}, each once and with words between, and {{{{ for a brace",
        )
    for name in config.without:
        if name not in FIELDS:
            notes.note((*path, "without"), f'holds "{name}"', did_you_mean(name, FIELDS))
    hours = config.utc_offset_hours
    if abs(hours) > _HOURS_MOST or hours * 4 % 1:
        notes.note(
            (*path, "utc_offset_hours"),
            f"is {hours:g}",
            f"write hours from -{_HOURS_MOST} to {_HOURS_MOST}, in quarters: 7.0",
        )
    for name, (least, most) in _NUMBERS.items():
        number = getattr(config, name)
        if not least <= number <= most:
            notes.note((*path, name), f"is {number}", f"write {least} to {most}")
    for name in ("response_id", "text_id", "tlv_id"):
        _check_id((*path, name), getattr(config, name), notes)
    _check_words(config, path, notes)
    for index, row in enumerate(config.extra_tlvs):
        _check_tlv((*path, "extra_tlvs", index), row, notes)


def _check_id(path: Path, form: IdFormConfig, notes: Notes) -> None:
    if not 0 <= form.width <= _WIDTH_MOST:
        notes.note((*path, "width"), f"is {form.width}", f"write 0 to {_WIDTH_MOST} digits")
    if form.prefix and not _is_word(form.prefix):
        notes.note(
            (*path, "prefix"),
            f'is "{form.prefix[:40]}"',
            f"write at most {_WORD_MOST} ASCII characters without spaces",
        )


def _check_words(config: ReceiptConfig, path: Path, notes: Notes) -> None:
    """Check what goes into the text as it is."""
    if not _is_word(config.err_text):
        notes.note((*path, "err_text"), f'is "{config.err_text[:40]}"', _WORD_REMEDY)
    known: dict[int, str] = {}
    for key, word in config.err_table.items():
        at = (*path, "err_table")
        try:
            error = map_error(key)
        except ValueError:
            error = -1
        if not 0 <= error <= _TAG_MOST:
            causes = [cause.value for cause in CODES]
            notes.note(
                at,
                f'holds "{key}", neither a MAP error nor a cause',
                did_you_mean(key, causes, otherwise="write a number up to 65535, or a cause"),
            )
        elif error in known:
            notes.note(at, f'holds "{known[error]}" and "{key}", both error {error}', "drop one")
        known[error] = key
        if not _is_word(word):
            notes.note(at, f'holds "{word[:40]}"', _WORD_REMEDY)
    states = [state.name for state in MessageState]
    for name, word in config.stat.items():
        if name not in states:
            notes.note(
                (*path, "stat"), f'holds "{name}", no message state', did_you_mean(name, states)
            )
        if not _is_word(word):
            notes.note((*path, "stat"), f'holds "{word[:40]}"', _WORD_REMEDY)


def _is_word(text: str) -> bool:
    return 0 < len(text) <= _WORD_MOST and all("!" <= one <= "~" for one in text)


def _check_tlv(path: Path, row: ExtraTlvConfig, notes: Notes) -> None:
    if not 0 < row.tag <= _TAG_MOST:
        notes.note((*path, "tag"), f"is {row.tag}", "write 1 to 65535, or 0x0001 to 0xFFFF")
    elif row.tag == TlvTag.MESSAGE_PAYLOAD:
        notes.note(
            (*path, "tag"),
            "is 0x0424, message_payload, which holds the receipt's own text",
            "write another tag",
        )
    if row.hex and row.text:
        notes.note((*path, "text"), "is given beside hex", "drop one of them")
    try:
        value = bytes.fromhex(row.hex) or row.text.encode("latin-1")
    except UnicodeEncodeError:
        notes.note((*path, "text"), "has characters that are not Latin-1", "write hex instead")
    except ValueError:
        notes.note((*path, "hex"), f'is "{row.hex[:40]}"', 'write pairs of digits: "00ff"')
    else:
        if len(value) > _TLV_OCTETS_MOST:
            notes.note(path, f"has {len(value)} octets", f"write at most {_TLV_OCTETS_MOST}")
