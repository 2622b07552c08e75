"""Delivery receipts, written: the text and the TLVs (SMPP 3.4 Appendix B; §5.3.2.12, .31, .35).

`receipt_form` says how one SMSC writes them, `receipt_reading` reads them.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, assert_never

import msgspec

from gateway.smpp.codes import DataCoding, EsmClass, MessageState, NetworkType, TlvTag
from gateway.smpp.errors import Misuse
from gateway.smpp.fields import tlv
from gateway.smpp.pdu import Tlv
from gateway.smpp.receipt_form import (
    APPENDIX_B,
    STAT_WORDS,
    BadTemplate,
    Carrier,
    DateForm,
    ErrorTlv,
    ErrStyle,
    ReceiptForm,
    date_writer,
    id_writer,
    no_date,
    read_id,
    template_parts,
)
from gateway.smpp.text import DefaultAlphabet, encode_as, encode_text

_RECEIPTED_MESSAGE_ID: Final = TlvTag.RECEIPTED_MESSAGE_ID.value
_MAX_CODE: Final = 0xFFFF
# Where each field stands in the arguments of the text; how many were sent is always one.
_ARGUMENTS: Final = {
    "id": "{0}",
    "sub": "001",
    "dlvrd": "{1}",
    "submit_date": "{2}",
    "done_date": "{3}",
    "stat": "{4}",
    "err": "{5}",
    "text": "{6}",
}


class Report(msgspec.Struct, frozen=True, gc=False):
    """What became of a message, as its SMSC knows it.

    `error` is a GSM MAP error, 0 for none. A time of None is not known. `reference` is the
    user_message_reference of the submit_sm. `intermediate` is not the last word (§5.2.17).
    """

    id: int
    state: MessageState
    submit_ms: int | None = None
    done_ms: int | None = None
    error: int = 0
    text: str = ""
    reference: int | None = None
    intermediate: bool = False


class _Fate(msgspec.Struct, frozen=True, gc=False):
    """What follows from state and error alone."""

    dlvrd: str
    stat: str
    err: str
    tlvs: tuple[Tlv, ...]


class ReceiptWriter:
    """Writes receipts in one form; made once for many. Raises Misuse for a template that is none.

    `written_id` writes the message id of a submit_sm_resp in the form's `response_id`.
    `by_data_sm` is whether data_sm carries receipts, to an ESME that takes TLVs. `alphabet` is
    what the ESME takes the default alphabet for.
    """

    def __init__(
        self, form: ReceiptForm = APPENDIX_B, alphabet: DefaultAlphabet = DefaultAlphabet.GSM
    ) -> None:
        """Work out all that does not change from receipt to receipt."""
        self.form = form
        self._alphabet = alphabet
        self.written_id = id_writer(form.response_id)
        self.by_data_sm = form.carrier is Carrier.DATA_SM
        self._text_id = id_writer(form.text_id)
        self._tlv_id = id_writer(form.tlv_id) if form.receipted_message_id else None
        self._format = _format(form)
        self._words = STAT_WORDS | dict(form.stat)
        self._errors = dict(form.err_table)
        self._no_date = no_date(form.date)
        unit, write = date_writer(form.date, form.offset_ms)
        self._unit = unit
        self._offset = 0 if form.date is DateForm.UNIX else form.offset_ms
        # Thousands of receipts share a minute, and writing a date costs as much as all the rest.
        self._written = lru_cache(maxsize=1024)(write)
        self._fate = lru_cache(maxsize=256)(self._make_fate)
        self._coding = form.data_coding if form.written_as is None else form.written_as

    def read_id(self, text: str) -> int | None:
        """Read a message id that an ESME names: as the response had it, or as the receipt has."""
        form = self.form
        for one in (form.response_id, form.text_id, form.tlv_id):
            found = read_id(text, one)
            if found is not None:
                return found
        return None

    def text(self, report: Report) -> str:
        """Write the text."""
        fate = self._fate(report.state, report.error)
        submit, done = report.submit_ms, report.done_ms
        return self._format(
            self._text_id(report.id),
            fate.dlvrd,
            self._no_date
            if submit is None
            else self._written((submit + self._offset) // self._unit),
            self._no_date if done is None else self._written((done + self._offset) // self._unit),
            fate.stat,
            fate.err,
            report.text[: self.form.text_length],
        )

    def octets(self, report: Report) -> bytes:
        """Write the text in the form's alphabet, a question mark for what that lacks."""
        text = self.text(report)
        if self._coding == DataCoding.DEFAULT:
            coding, octets = encode_text(text, self._alphabet)
            if coding == DataCoding.DEFAULT:
                return octets
        return encode_as(self._coding, text, self._alphabet)

    def tlvs(self, report: Report) -> tuple[Tlv, ...]:
        """Give the TLVs that the form has. Raises Misuse for an error that is not 16 bits."""
        made = self._fate(report.state, report.error).tlvs
        if report.reference is not None and self.form.user_message_reference:
            made = (*made, tlv(TlvTag.USER_MESSAGE_REFERENCE, report.reference))
        if self.form.extra_tlvs:
            made = made + self.form.extra_tlvs
        if self._tlv_id is None:
            return made
        named = self._tlv_id(report.id).encode("latin-1", "replace")
        return (Tlv(_RECEIPTED_MESSAGE_ID, named + b"\0"), *made)

    def esm_class(self, report: Report) -> int:
        """Give esm_class: that of the form, for an intermediate notification its own type."""
        chosen = self.form.esm_class
        if report.intermediate and chosen & EsmClass.TYPE_MASK == EsmClass.TYPE_DELIVERY_RECEIPT:
            return chosen ^ (
                EsmClass.TYPE_DELIVERY_RECEIPT | EsmClass.TYPE_INTERMEDIATE_NOTIFICATION
            )
        return chosen

    def _make_fate(self, state: MessageState, error: int) -> _Fate:
        form = self.form
        if not 0 <= error <= _MAX_CODE:
            raise Misuse(f"network error {error} does not fit two octets")
        tlvs: tuple[Tlv, ...] = ()
        if form.message_state:
            tlvs = (tlv(TlvTag.MESSAGE_STATE, int(state)),)
        wanted = form.network_error_code
        if wanted is ErrorTlv.ALWAYS or (error and wanted is ErrorTlv.ON_ERROR):
            code = bytes((NetworkType.GSM,)) + error.to_bytes(2, "big")
            tlvs = (*tlvs, tlv(TlvTag.NETWORK_ERROR_CODE, code))
        delivered = state is MessageState.DELIVERED
        return _Fate("001" if delivered else "000", self._words[state], self._err(error), tlvs)

    def _err(self, error: int) -> str:
        form = self.form
        match form.err:
            case ErrStyle.MAP:
                return f"{error:0{form.err_width}}"
            case ErrStyle.HEX:
                return f"{error:0{form.err_width}X}"
            case ErrStyle.TABLE:
                nothing = "0" * form.err_width
                return self._errors.get(error, form.err_text if error else nothing)
            case ErrStyle.CONSTANT:
                return form.err_text
            case _:
                assert_never(form.err)


def _format(form: ReceiptForm) -> Callable[..., str]:
    parts = template_parts(form.template, form.without)
    if isinstance(parts, BadTemplate):
        raise Misuse(f"the receipt's template {parts.why}")
    escaped = [
        words.replace("{", "{{").replace("}", "}}") + ("" if field is None else _ARGUMENTS[field])
        for words, field in parts
    ]
    return "".join(escaped).format
