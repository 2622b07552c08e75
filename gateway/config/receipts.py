"""[smpp.accounts.receipt]: how an account's receipts look <-> the form that gateway.smpp writes.

What a table leaves out is as in its preset; RECEIPT_PRESETS has each preset as a whole table.
"""

from __future__ import annotations

from msgspec import Struct, field

from gateway.core.causes import CODES, Cause
from gateway.smpp.codes import MessageState
from gateway.smpp.pdu import Tlv
from gateway.smpp.receipt_form import (
    APPENDIX_B_TEMPLATE,
    Carrier,
    DateForm,
    ErrorTlv,
    ErrStyle,
    IdBase,
    IdForm,
    ReceiptForm,
)
from gateway.smpp.receipt_presets import PRESETS, Preset
from gateway.smpp.tlvs import TLV_RULES, TlvKind

DEFAULT_PRESET = "appendix-b"
AS_DATA_CODING = -1
"""What `written_as` holds when the octets are what data_coding says."""
_HOUR_MS = 3_600_000
_WIB_HOURS = 7.0


class IdFormConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """response_id, text_id and tlv_id: how the message id is written there."""

    base: IdBase = IdBase.DECIMAL
    width: int = 0
    prefix: str = ""

    def form(self) -> IdForm:
        """Give it as the SMPP package takes it."""
        return IdForm(self.base, self.width, self.prefix)


class ExtraTlvConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of extra_tlvs: octets in hexadecimal, or a text in Latin-1; both empty for no octets."""

    tag: int
    hex: str = ""
    text: str = ""

    def tlv(self) -> Tlv:
        """Give the TLV; a text ends with NUL where the specification has a C-octet string."""
        if self.hex or not self.text:
            return Tlv(self.tag, bytes.fromhex(self.hex))
        rule = TLV_RULES.get(self.tag)
        ended = rule is not None and rule.kind is TlvKind.CSTRING
        return Tlv(self.tag, self.text.encode("latin-1") + (b"\0" if ended else b""))


class ReceiptConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[smpp.accounts.receipt]

    `err_table` goes from MAP errors, or names of causes, to what `err` says for them; `stat` from
    message states to their words. What the keys do: gateway.smpp.receipt_form.ReceiptForm.
    """

    preset: str = DEFAULT_PRESET
    template: str = APPENDIX_B_TEMPLATE
    without: tuple[str, ...] = ()
    date: DateForm = DateForm.MINUTES
    utc_offset_hours: float = _WIB_HOURS
    response_id: IdFormConfig = IdFormConfig()
    text_id: IdFormConfig = IdFormConfig()
    tlv_id: IdFormConfig = IdFormConfig()
    text_length: int = 20
    err: ErrStyle = ErrStyle.MAP
    err_width: int = 3
    err_text: str = "000"
    err_table: dict[str, str] = field(default_factory=dict)
    stat: dict[str, str] = field(default_factory=dict)
    carrier: Carrier = Carrier.DELIVER_SM
    esm_class: int = 4
    data_coding: int = 0
    written_as: int = AS_DATA_CODING
    receipted_message_id: bool = True
    message_state: bool = True
    network_error_code: ErrorTlv = ErrorTlv.ON_ERROR
    user_message_reference: bool = True
    extra_tlvs: tuple[ExtraTlvConfig, ...] = ()

    def form(self) -> ReceiptForm:
        """Give the form to write receipts in. Raises ValueError for what no check has passed."""
        table = {map_error(key): word for key, word in self.err_table.items()}
        return ReceiptForm(
            template=self.template,
            without=self.without,
            date=self.date,
            offset_ms=round(self.utc_offset_hours * _HOUR_MS),
            response_id=self.response_id.form(),
            text_id=self.text_id.form(),
            tlv_id=self.tlv_id.form(),
            text_length=self.text_length,
            err=self.err,
            err_width=self.err_width,
            err_text=self.err_text,
            err_table=tuple(table.items()),
            stat=tuple((state_named(name), word) for name, word in self.stat.items()),
            carrier=self.carrier,
            esm_class=self.esm_class,
            data_coding=self.data_coding,
            written_as=None if self.written_as == AS_DATA_CODING else self.written_as,
            receipted_message_id=self.receipted_message_id,
            message_state=self.message_state,
            network_error_code=self.network_error_code,
            user_message_reference=self.user_message_reference,
            extra_tlvs=tuple(one.tlv() for one in self.extra_tlvs),
        )


def map_error(key: str) -> int:
    """Read a key of err_table: a number, or the name of a cause. Raises ValueError for neither."""
    if key.isascii() and key.isdecimal() and len(key) <= len("65535"):
        return int(key)
    return CODES[Cause(key)].map_error


def state_named(name: str) -> MessageState:
    """Read a key of stat. Raises ValueError for what is no state."""
    for state in MessageState:
        if state.name == name:
            return state
    raise ValueError(f"{name} is no message state")


def _id_config(form: IdForm) -> IdFormConfig:
    return IdFormConfig(base=form.base, width=form.width, prefix=form.prefix)


def _table(preset: Preset) -> ReceiptConfig:
    form = preset.form
    return ReceiptConfig(
        preset=preset.name,
        template=form.template,
        without=form.without,
        date=form.date,
        response_id=_id_config(form.response_id),
        text_id=_id_config(form.text_id),
        tlv_id=_id_config(form.tlv_id),
        text_length=form.text_length,
        err=form.err,
        err_width=form.err_width,
        err_text=form.err_text,
        err_table={str(error): word for error, word in form.err_table},
        stat={state.name: word for state, word in form.stat},
        carrier=form.carrier,
        esm_class=form.esm_class,
        data_coding=form.data_coding,
        written_as=AS_DATA_CODING if form.written_as is None else form.written_as,
        receipted_message_id=form.receipted_message_id,
        message_state=form.message_state,
        network_error_code=form.network_error_code,
        user_message_reference=form.user_message_reference,
        extra_tlvs=tuple(
            ExtraTlvConfig(tag=one.tag, hex=one.value.hex()) for one in form.extra_tlvs
        ),
    )


RECEIPT_PRESETS = {name: _table(preset) for name, preset in PRESETS.items()}
"""Every preset as a table, its dates in Western Indonesian Time."""


def preset_table(raw: object) -> ReceiptConfig | None:
    """Give the table of the preset that a raw table names, if it names one that there is."""
    name = raw.get("preset") if isinstance(raw, dict) else None
    return RECEIPT_PRESETS.get(name) if isinstance(name, str) else None
