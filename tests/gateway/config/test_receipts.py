from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config import RECEIPT_PRESETS, AccountConfig, Config, ReceiptConfig, load
from gateway.config.receipts import ExtraTlvConfig, map_error, preset_table, state_named
from gateway.core.causes import CODES
from gateway.smpp.codes import MessageState
from gateway.smpp.pdu import Tlv
from gateway.smpp.receipt_form import APPENDIX_B, Carrier, DateForm, ErrStyle
from gateway.smpp.receipt_presets import PRESETS

WIB_MS = 7 * 3_600_000


def account(tmp_path: Path, table: str) -> AccountConfig:
    path = tmp_path / "own.toml"
    path.write_text(f"[[smpp.accounts]]\nsystem_id = 'a'\npassword = 'b'\n{table}\n")
    loaded = load(path)
    assert isinstance(loaded, Config), loaded
    return loaded.smpp.accounts[0]


def test_without_a_table_receipts_are_appendix_bs() -> None:
    assert ReceiptConfig() == RECEIPT_PRESETS["appendix-b"]
    form = ReceiptConfig().form()
    assert form.offset_ms == WIB_MS
    assert form.template == APPENDIX_B.template


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_as_a_table_is_its_form(name: str) -> None:
    form = RECEIPT_PRESETS[name].form()
    preset = PRESETS[name].form
    for key in preset.__struct_fields__:
        if key != "offset_ms":
            assert getattr(form, key) == getattr(preset, key), key


def test_keys_of_the_table_win_over_its_preset(tmp_path: Path) -> None:
    form = account(
        tmp_path,
        "[smpp.accounts.receipt]\npreset = 'nexmo'\ndate = 'YYMMDDhhmmss'\n"
        "text_id = { prefix = 'N' }\nutc_offset_hours = -2.5\n"
        "err_table = { 13 = 'B', absent_subscriber = 'A' }\n",
    ).receipt.form()
    assert form.template.endswith(" text:none")
    assert form.date is DateForm.SECONDS
    assert (form.text_id.prefix, form.text_id.width) == ("N", 16)
    assert form.offset_ms == -9_000_000
    assert form.err is ErrStyle.TABLE
    assert form.err_table == ((13, "B"), (27, "A"))


def test_all_other_keys(tmp_path: Path) -> None:
    form = account(
        tmp_path,
        "receipt = { stat = { EXPIRED = 'TIMEOUT' }, carrier = 'data_sm', esm_class = 0, "
        "data_coding = 8, written_as = 0, message_state = false, extra_tlvs = "
        "[{ tag = 0x1400, hex = '00ff' }, { tag = 0x1401, text = 'é' }, { tag = 0x130C }, "
        "{ tag = 0x001D, text = 'OK' }] }",
    ).receipt.form()
    assert form.stat == ((MessageState.EXPIRED, "TIMEOUT"),)
    assert form.carrier is Carrier.DATA_SM
    assert (form.esm_class, form.data_coding, form.written_as) == (0, 8, 0)
    assert not form.message_state
    assert form.extra_tlvs == (
        Tlv(0x1400, b"\0\xff"),
        Tlv(0x1401, b"\xe9"),
        Tlv(0x130C, b""),
        Tlv(0x001D, b"OK\0"),
    )


def test_the_delay_of_an_account(tmp_path: Path) -> None:
    assert account(tmp_path, "").receipt_delay.is_none
    delay = account(tmp_path, "receipt_delay = { kind = 'uniform', least = 1, most = 2 }")
    assert delay.receipt_delay.delay().most == 2000  # type: ignore[union-attr]


def test_a_set_option_can_name_a_preset() -> None:
    option = "smpp.accounts=[{system_id='a', password='b', receipt={preset='jasmin'}}]"
    loaded = load(None, [option])
    assert isinstance(loaded, Config)
    assert loaded.smpp.accounts[0].receipt == RECEIPT_PRESETS["jasmin"]


@pytest.mark.parametrize("raw", ["nexmo", {}, {"preset": 3}, {"preset": "none"}])
def test_what_names_no_preset(raw: object) -> None:
    assert preset_table(raw) is None


def test_errors_by_number_and_by_cause() -> None:
    assert map_error("13") == 13
    for cause, codes in CODES.items():
        assert map_error(cause.value) == codes.map_error
    for key in ("", "-1", "²", "123456", "absent"):
        with pytest.raises(ValueError, match="Cause"):
            map_error(key)


def test_states_by_name() -> None:
    for state in MessageState:
        assert state_named(state.name) is state
    with pytest.raises(ValueError, match="no message state"):
        state_named("DELIVRD")


def test_a_tlv_of_no_octets() -> None:
    assert ExtraTlvConfig(tag=0x130C).tlv() == Tlv(0x130C, b"")
