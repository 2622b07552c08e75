import msgspec
import pytest

from gateway.smpp.codes import MessageState, TlvTag
from gateway.smpp.errors import Misuse
from gateway.smpp.fields import tlv
from gateway.smpp.receipt import Receipt, parse_receipt, receipt_text, receipt_tlvs
from gateway.smpp.smpp_time import unix_ms

SUBMIT = unix_ms(2026, 11, 22, 12, 0, 0)
DONE = unix_ms(2026, 11, 22, 12, 1, 0)
WIB = 7 * 3_600_000
RECEIPT = Receipt("0123456789", MessageState.DELIVERED, SUBMIT, DONE, 1, 1, "000", "REG text:1")
TEXT = (
    "id:0123456789 sub:001 dlvrd:001 submit date:2611221200 done date:2611221201"
    " stat:DELIVRD err:000 Text:REG text:1"
)


def test_the_text_form_is_that_of_appendix_b() -> None:
    assert receipt_text(RECEIPT) == TEXT
    assert parse_receipt(TEXT) == RECEIPT


def test_dates_are_local_and_may_have_seconds() -> None:
    text = receipt_text(RECEIPT, WIB, seconds=True)
    assert "submit date:261122190000 done date:261122190100" in text
    assert parse_receipt(text, (), WIB) == RECEIPT


@pytest.mark.parametrize("state", list(MessageState))
def test_every_state_has_its_word(state: MessageState) -> None:
    read = parse_receipt(receipt_text(Receipt("1", state)))
    assert read is not None
    assert read.state is state


def test_what_is_not_known_is_written_as_nothing() -> None:
    text = receipt_text(Receipt("1", None, sub=None, dlvrd=None, err="7", text="x" * 30))
    assert text == (
        "id:1 sub:000 dlvrd:000 submit date:0000000000 done date:0000000000"
        f" stat:UNKNOWN err:007 Text:{'x' * 20}"
    )
    assert "submit date:000000000000" in receipt_text(Receipt("1", None), seconds=True)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("id:1", {}),
        ("ID: 1 STAT: delivrd", {"state": MessageState.DELIVERED}),
        ("id:1 stat:DELIVERED", {}),
        ("id:1 stat:UNDELIVERABLE", {"state": MessageState.UNDELIVERABLE}),
        ("id:1 err:0A1 text:", {"err": "0A1"}),
        ("id:1 sub:x dlvrd:2", {"dlvrd": 2}),
        ("id:1 sub:" + "9" * 5000 + " dlvrd:2", {"dlvrd": 2}),
        ("id:1 submit date:261322120000 done date:26112212", {}),
        ("id:1 done date:261122120100 Text:id:2 stat:REJECTD", {"done_ms": DONE}),
        ("id:1 submit date:²²²²²²²²²²", {}),
    ],
)
def test_variants_and_gaps_are_read(text: str, changes: dict[str, object]) -> None:
    empty = Receipt("1", None, None, None, None, None, "", "")
    read = parse_receipt(text)
    assert read is not None
    if "Text:" in text:
        changes = {**changes, "text": "id:2 stat:REJECTD"}
    assert read == msgspec.structs.replace(empty, **changes)


def test_tlvs_are_made_and_win_over_the_text() -> None:
    receipt = msgspec.structs.replace(RECEIPT, network_error=255)
    tlvs = receipt_tlvs(receipt)
    assert [(one.tag, one.value) for one in tlvs] == [
        (TlvTag.RECEIPTED_MESSAGE_ID, b"0123456789\0"),
        (TlvTag.MESSAGE_STATE, b"\2"),
        (TlvTag.NETWORK_ERROR_CODE, b"\3\0\xff"),
    ]
    read = parse_receipt("id:hex stat:REJECTD", tlvs)
    assert read is not None
    assert (read.message_id, read.state, read.network_error) == (
        "0123456789",
        MessageState.DELIVERED,
        255,
    )


def test_tlvs_without_a_network_error_or_a_state() -> None:
    assert [one.value for one in receipt_tlvs(Receipt("1", None))] == [b"1\0", b"\7"]


def test_an_unlisted_state_leaves_the_text_to_say() -> None:
    read = parse_receipt("id:1 stat:EXPIRED", (tlv(TlvTag.MESSAGE_STATE, 99),))
    assert read is not None
    assert read.state is MessageState.EXPIRED


def test_a_text_without_an_id_is_no_receipt() -> None:
    assert parse_receipt("hello") is None
    assert parse_receipt("id: stat:DELIVRD") is None


def test_a_code_beyond_16_bits_is_our_mistake() -> None:
    with pytest.raises(Misuse):
        receipt_tlvs(Receipt("1", None, network_error=0x10000))
