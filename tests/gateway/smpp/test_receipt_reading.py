from __future__ import annotations

import pytest
from msgspec import structs

from gateway.smpp.codes import MessageState, TlvTag
from gateway.smpp.fields import tlv
from gateway.smpp.receipt import ReceiptWriter, Report
from gateway.smpp.receipt_form import DateForm, ReceiptForm
from gateway.smpp.receipt_reading import Receipt, parse_receipt
from gateway.smpp.smpp_time import unix_ms

SUBMIT = unix_ms(2026, 11, 22, 12, 0, 0)
DONE = unix_ms(2026, 11, 22, 12, 1, 0)
WIB = 7 * 3_600_000
EMPTY = Receipt("1", None)
TEXT = (
    "id:0123456789 sub:001 dlvrd:001 submit date:2611221200 done date:2611221201"
    " stat:DELIVRD err:000 Text:REG text:1"
)


def test_appendix_b() -> None:
    assert parse_receipt(TEXT) == Receipt(
        "0123456789", MessageState.DELIVERED, SUBMIT, DONE, 1, 1, "000", "REG text:1"
    )


def test_dates_are_local() -> None:
    read = parse_receipt(TEXT.replace("221200", "221900"), (), ReceiptForm(offset_ms=WIB))
    assert read is not None
    assert read.submit_ms == SUBMIT


@pytest.mark.parametrize("state", list(MessageState))
def test_every_state_is_read_by_its_word(state: MessageState) -> None:
    read = parse_receipt(ReceiptWriter().text(Report(1, state)))
    assert read is not None
    assert read.state is state


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("id:1", {}),
        ("ID: 1 STAT: delivrd", {"state": MessageState.DELIVERED}),
        ("id:1 stat:DELIVERED", {"state": MessageState.DELIVERED}),
        ("id:1 stat:UNDELIVERABLE", {"state": MessageState.UNDELIVERABLE}),
        ("id:1 stat:UNDELIV1", {"state": MessageState.UNDELIVERABLE}),
        ("id:1 stat:FAILED", {"state": MessageState.UNDELIVERABLE}),
        ("id:1 stat:WHATEVER", {}),
        ("id:1 err:0A1 text:", {"err": "0A1"}),
        ("id:1 sub:x dlvrd:2", {"dlvrd": 2}),
        (f"id:1 sub:{'9' * 5000} dlvrd:1", {"dlvrd": 1}),
        ("id:1 submit date:261322120000 done date:26112212", {}),
        ("id:1 done date:261122120100", {"done_ms": DONE}),
        ("id:1 done date:202611221201", {"done_ms": DONE}),
        ("id:1 done date:20261122120100", {"done_ms": DONE}),
        ("id:1 done date:2026-11-22 12:01:00", {"done_ms": DONE}),
        ("id:1 done date:2026-13-22 12:01:00", {}),
        ("id:1 done date:261122190100028+", {"done_ms": DONE}),
        ("id:1 done date:000000000100000R", {}),
        ("id:1 done date:yesterday", {}),
        ("id:1 done date:2611221201 Text:id:2 stat:X", {"done_ms": DONE, "text": "id:2 stat:X"}),
        ("id:1 submit date:²²²²²²²²²²", {}),
    ],
)
def test_variants_and_gaps_are_read(text: str, changes: dict[str, object]) -> None:
    assert parse_receipt(text) == structs.replace(EMPTY, **changes)


def test_a_date_that_reads_two_ways_is_that_of_the_form() -> None:
    text = "id:1 done date:201105062208"
    full = parse_receipt(text, (), ReceiptForm(date=DateForm.FULL_YEAR_MINUTES))
    assert full == structs.replace(EMPTY, done_ms=unix_ms(2011, 5, 6, 22, 8, 0))
    assert parse_receipt(text) == structs.replace(EMPTY, done_ms=unix_ms(2020, 11, 5, 6, 22, 8))


def test_unix_dates() -> None:
    form = ReceiptForm(date=DateForm.UNIX, offset_ms=WIB)
    assert parse_receipt("id:1 done date:1000", (), form) == structs.replace(EMPTY, done_ms=10**6)
    assert parse_receipt(f"id:1 done date:{'9' * 5000}", (), form) == EMPTY


def test_a_template_with_other_labels_is_read_by_its_form() -> None:
    form = ReceiptForm(template="Pesan {id} [{stat}/{err}] {text}")
    read = parse_receipt("Pesan 7 [DELIVRD/000] id:8", (), form)
    assert read == Receipt("7", MessageState.DELIVERED, err="000", text="id:8")
    assert parse_receipt("Pesan 7", (), form) is None
    assert parse_receipt("id:7", (), ReceiptForm(template="{nothing}")) == Receipt("7", None)


def test_a_form_has_its_own_words_for_states() -> None:
    form = ReceiptForm(stat=((MessageState.EXPIRED, "gone"), (MessageState.DELETED, "FAILED")))
    for word, state in (
        ("gone", MessageState.EXPIRED),
        ("FAILED", MessageState.DELETED),
        ("DELIVRD", MessageState.DELIVERED),
    ):
        read = parse_receipt(f"id:1 stat:{word}", (), form)
        assert read == Receipt("1", state)


def test_tlvs_win_over_the_text() -> None:
    report = Report(5, MessageState.DELIVERED, SUBMIT, DONE, 255, "x")
    read = parse_receipt("id:hex stat:REJECTD", ReceiptWriter().tlvs(report))
    assert read == Receipt("5", MessageState.DELIVERED, network_error=255)


def test_an_unlisted_state_leaves_the_text_to_say() -> None:
    read = parse_receipt("id:1 stat:EXPIRED", (tlv(TlvTag.MESSAGE_STATE, 99),))
    assert read == Receipt("1", MessageState.EXPIRED)


def test_a_text_without_an_id_is_no_receipt() -> None:
    assert parse_receipt("hello") is None
    assert parse_receipt("id: stat:DELIVRD") is None
