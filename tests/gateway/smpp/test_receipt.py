from __future__ import annotations

from dataclasses import dataclass

import msgspec
import pytest

from gateway.smpp.codes import MessageState, TlvTag
from gateway.smpp.errors import Misuse
from gateway.smpp.pdu import Tlv
from gateway.smpp.receipt import ReceiptWriter, Report
from gateway.smpp.receipt_form import (
    Carrier,
    DateForm,
    ErrorTlv,
    ErrStyle,
    IdBase,
    IdForm,
    ReceiptForm,
)
from gateway.smpp.septets import pack
from gateway.smpp.smpp_time import unix_ms
from gateway.smpp.text import DefaultAlphabet

SUBMIT = unix_ms(2026, 11, 22, 12, 0, 0)
DONE = unix_ms(2026, 11, 22, 12, 1, 7)
WIB = 7 * 3_600_000
REPORT = Report(123456789, MessageState.DELIVERED, SUBMIT, DONE, 0, "REG text:1")
FAILED = Report(123456789, MessageState.UNDELIVERABLE, SUBMIT, DONE, 13, "Halo")


def text(report: Report, **form: object) -> str:
    return ReceiptWriter(ReceiptForm(**form)).text(report)  # type: ignore[arg-type]


def tlvs(report: Report, **form: object) -> list[tuple[int, bytes]]:
    made = ReceiptWriter(ReceiptForm(**form)).tlvs(report)  # type: ignore[arg-type]
    return [(one.tag, one.value) for one in made]


def test_the_text_is_that_of_appendix_b() -> None:
    assert text(REPORT) == (
        "id:123456789 sub:001 dlvrd:001 submit date:2611221200 done date:2611221201"
        " stat:DELIVRD err:000 Text:REG text:1"
    )
    assert "dlvrd:000" in text(FAILED)
    assert "stat:UNDELIV err:013" in text(FAILED)


def test_what_is_not_known_is_written_as_zeros() -> None:
    assert text(Report(1, MessageState.UNKNOWN, text="x" * 30)) == (
        "id:1 sub:001 dlvrd:000 submit date:0000000000 done date:0000000000"
        f" stat:UNKNOWN err:000 Text:{'x' * 20}"
    )


def test_dates_are_local() -> None:
    written = text(REPORT, template="{submit_date} {done_date}", offset_ms=WIB)
    assert written == "2611221900 2611221901"
    seconds = {"template": "{done_date}", "offset_ms": WIB, "date": DateForm.SECONDS}
    assert text(REPORT, **seconds) == "261122190107"
    unix = {"template": "{done_date}", "offset_ms": WIB, "date": DateForm.UNIX}
    assert text(REPORT, **unix) == str((DONE or 0) // 1000)


def test_ids_differ_from_place_to_place() -> None:
    form = ReceiptForm(
        template="{id}",
        response_id=IdForm(IdBase.HEX_LOWER),
        text_id=IdForm(width=12),
        tlv_id=IdForm(prefix="A"),
    )
    writer = ReceiptWriter(form)
    assert writer.written_id(123456789) == "75bcd15"
    assert writer.text(REPORT) == "000123456789"
    assert writer.tlvs(REPORT)[0] == Tlv(TlvTag.RECEIPTED_MESSAGE_ID, b"A123456789\0")
    for name in ("75bcd15", "000123456789", "A123456789"):
        assert writer.read_id(name) == 123456789
    assert writer.read_id("75BCD15") is None


def test_an_id_that_reads_two_ways_is_that_of_the_response() -> None:
    writer = ReceiptWriter(ReceiptForm(response_id=IdForm(IdBase.HEX_LOWER)))
    assert writer.read_id("10") == 16


@pytest.mark.parametrize(
    ("form", "nothing", "barred", "absent"),
    [
        ({}, "000", "013", "027"),
        ({"err_width": 0}, "0", "13", "27"),
        ({"err": ErrStyle.HEX}, "000", "00D", "01B"),
        ({"err": ErrStyle.HEX, "err_width": 2}, "00", "0D", "1B"),
        (
            {"err": ErrStyle.TABLE, "err_table": ((13, "004"),), "err_text": "999"},
            "000",
            "004",
            "999",
        ),
        ({"err": ErrStyle.TABLE, "err_table": ((0, "OK"),), "err_text": "E"}, "OK", "E", "E"),
        ({"err": ErrStyle.CONSTANT, "err_text": "000"}, "000", "000", "000"),
    ],
)
def test_err(form: dict[str, object], nothing: str, barred: str, absent: str) -> None:
    written = [
        text(msgspec.structs.replace(FAILED, error=error), template="{err}", **form)
        for error in (0, 13, 27)
    ]
    assert written == [nothing, barred, absent]


def test_stat_can_be_spelled_otherwise() -> None:
    own = ((MessageState.UNDELIVERABLE, "FAILED"),)
    assert text(FAILED, template="{stat}", stat=own) == "FAILED"
    assert text(REPORT, template="{stat}", stat=own) == "DELIVRD"


def test_the_text_is_as_long_as_wanted() -> None:
    assert text(REPORT, text_length=0).endswith(" err:000 Text:")
    assert text(REPORT, text_length=3).endswith("Text:REG")
    assert text(REPORT, without=("text", "sub")).startswith("id:123456789 dlvrd:001 ")
    assert text(REPORT, without=("text",)).endswith(" err:000")


def test_words_with_braces_stay_as_they_are() -> None:
    assert text(REPORT, template="{{{id}}} {stat} }}") == "{123456789} DELIVRD }"


def test_a_template_that_is_none_is_our_mistake() -> None:
    with pytest.raises(Misuse, match=r"holds \{nik\}"):
        ReceiptWriter(ReceiptForm(template="{nik}"))


@dataclass
class Alphabet:
    form: ReceiptForm
    octets: bytes


@pytest.mark.parametrize(
    "case",
    [
        Alphabet(ReceiptForm(template="{text}"), b"?a\x05"),
        Alphabet(ReceiptForm(template="{stat}"), b"DELIVRD"),
        Alphabet(ReceiptForm(template="{text}", data_coding=3), "?aé".encode("latin-1")),
        Alphabet(ReceiptForm(template="{text}", data_coding=8), "Жaé".encode("utf-16-be")),
        Alphabet(ReceiptForm(template="{text}", data_coding=8, written_as=0), b"?a\x05"),
        Alphabet(
            ReceiptForm(template="{text}", data_coding=0, written_as=8), "Жaé".encode("utf-16-be")
        ),
    ],
)
def test_octets(case: Alphabet) -> None:
    report = msgspec.structs.replace(REPORT, text="Жaé")
    assert ReceiptWriter(case.form).octets(report) == case.octets


def test_tlvs() -> None:
    assert tlvs(REPORT) == [
        (TlvTag.RECEIPTED_MESSAGE_ID, b"123456789\0"),
        (TlvTag.MESSAGE_STATE, b"\2"),
    ]
    assert tlvs(FAILED)[1:] == [
        (TlvTag.MESSAGE_STATE, b"\5"),
        (TlvTag.NETWORK_ERROR_CODE, b"\3\0\x0d"),
    ]


def test_each_tlv_can_be_switched() -> None:
    assert tlvs(FAILED, receipted_message_id=False, message_state=False) == [
        (TlvTag.NETWORK_ERROR_CODE, b"\3\0\x0d")
    ]
    never = {"network_error_code": ErrorTlv.NEVER, "message_state": False}
    assert [tag for tag, _ in tlvs(FAILED, **never)] == [TlvTag.RECEIPTED_MESSAGE_ID]
    always = tlvs(REPORT, network_error_code=ErrorTlv.ALWAYS)
    assert always[-1] == (TlvTag.NETWORK_ERROR_CODE, b"\3\0\0")


def test_the_reference_of_the_submit_sm_is_echoed() -> None:
    report = msgspec.structs.replace(REPORT, reference=0x1234)
    assert tlvs(report)[-1] == (TlvTag.USER_MESSAGE_REFERENCE, b"\x12\x34")
    assert tlvs(report, user_message_reference=False) == tlvs(REPORT)


def test_tlvs_of_the_vendor_come_last() -> None:
    extra = (Tlv(0x1454, b"\0"), Tlv(0x1400, b"x"))
    report = msgspec.structs.replace(REPORT, reference=1)
    assert tlvs(report, extra_tlvs=extra)[-2:] == [(0x1454, b"\0"), (0x1400, b"x")]


def test_an_error_beyond_16_bits_is_our_mistake() -> None:
    report = msgspec.structs.replace(FAILED, error=0x10000)
    with pytest.raises(Misuse):
        ReceiptWriter().tlvs(report)


def test_esm_class() -> None:
    early = Report(1, MessageState.ENROUTE, intermediate=True)
    assert ReceiptWriter().esm_class(REPORT) == 0x04
    assert ReceiptWriter().esm_class(early) == 0x20
    assert ReceiptWriter(ReceiptForm(esm_class=0x07)).esm_class(early) == 0x23
    assert ReceiptWriter(ReceiptForm(esm_class=0)).esm_class(early) == 0


def test_the_carrier() -> None:
    assert not ReceiptWriter().by_data_sm
    assert ReceiptWriter(ReceiptForm(carrier=Carrier.DATA_SM)).by_data_sm


def test_the_default_alphabet_is_the_account_s() -> None:
    form = ReceiptForm(template="stat:{stat} text:{text}")
    report = Report(1, MessageState.DELIVERED, text="caf\u00e9 \u3042")
    assert (
        ReceiptWriter(form, DefaultAlphabet.LATIN_1).octets(report)
        == b"stat:DELIVRD text:caf\xe9 ?"
    )
    packed = ReceiptWriter(form, DefaultAlphabet.GSM_PACKED).octets(
        Report(1, MessageState.DELIVERED)
    )
    assert packed == pack(b"stat:DELIVRD text:")
