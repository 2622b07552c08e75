"""Orders about earlier messages: which message, whose, and what is to become of it."""

from __future__ import annotations

import pytest

from gateway.core.events import Cancel, Query, Replace
from gateway.links.smpp_mapping import Refusal, Sender
from gateway.links.smpp_orders import Order, order_of
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import CancelSm, QuerySm, ReplaceSm
from gateway.smpp.septets import pack
from gateway.smpp.text import DefaultAlphabet
from tests.gateway.links.test_smpp_mapping import A2P, HANDSET, NOW, QA

GSM, PACKED, LATIN_1, ASCII = DefaultAlphabet


def read_id(written: str) -> int | None:
    return int(written) if written.isdecimal() else None


def order(pdu: Order, sender: Sender = A2P) -> Query | Cancel | Replace:
    read = order_of(pdu, sender, NOW, read_id)
    assert not isinstance(read, Refusal), read
    return read


def refused(pdu: Order) -> CommandStatus:
    read = order_of(pdu, A2P, NOW, read_id)
    assert isinstance(read, Refusal), read
    assert read.why
    return read.status


# ---- which message


def test_a_message_is_named_by_its_id_and_source() -> None:
    assert order(QuerySm(1, "7", source_addr="BANK")) == Query("a2p", 7, "BANK")
    assert order(CancelSm(1, "VMN", "7", source_addr="BANK")) == Cancel("a2p", 7, "BANK", "", "VMN")
    assert order(ReplaceSm(1, "7", source_addr="BANK", registered_delivery=0x12)) == Replace(
        "a2p", 7, "BANK", "", 0x12
    )


@pytest.mark.parametrize(
    ("written", "ton", "source"),
    [
        ("081234567890", 2, HANDSET),
        ("+6281234567890", 1, HANDSET),
        ("BANK", 5, "BANK"),
        ("", 0, "qa"),
    ],
)
def test_a_source_is_read_as_that_of_a_submit_sm(written: str, ton: int, source: str) -> None:
    assert order(QuerySm(1, "7", ton, 1, written), QA) == Query("qa", 7, source)


@pytest.mark.parametrize("written", ["", "0", "x", "9223372036854775808", "9" * 60])
def test_an_id_that_no_message_has(written: str) -> None:
    assert refused(QuerySm(1, written)) is CommandStatus.ESME_RQUERYFAIL
    assert refused(ReplaceSm(1, written)) is CommandStatus.ESME_RREPLACEFAIL
    if written:
        pdu = CancelSm(1, message_id=written, destination_addr=HANDSET)
        assert refused(pdu) is CommandStatus.ESME_RCANCELFAIL


def test_a_negative_id_is_none() -> None:
    read = order_of(QuerySm(1, "x"), A2P, NOW, lambda _: -1)
    assert isinstance(read, Refusal)


def test_the_largest_id_is_read() -> None:
    assert order(QuerySm(1, "9223372036854775807", source_addr="BANK")).id == (1 << 63) - 1


# ---- cancel_sm


@pytest.mark.parametrize(
    ("message_id", "destination", "id_", "to"),
    [
        ("7", "", 7, ""),
        ("7", "081234567890", 7, HANDSET),
        ("", "081234567890", 0, HANDSET),
        ("", "2000", 0, "2000"),
    ],
)
def test_cancel_sm_is_of_one_message_or_of_all_to_a_destination(
    message_id: str, destination: str, id_: int, to: str
) -> None:
    pdu = CancelSm(1, "", message_id, source_addr="BANK", destination_addr=destination)
    assert order(pdu) == Cancel("a2p", id_, "BANK", to, "")


@pytest.mark.parametrize(("message_id", "destination"), [("", ""), ("", "x"), ("7", "x")])
def test_cancel_sm_without_a_destination_that_it_needs(message_id: str, destination: str) -> None:
    pdu = CancelSm(1, message_id=message_id, destination_addr=destination)
    assert refused(pdu) is CommandStatus.ESME_RINVDSTADR


# ---- replace_sm


def test_replace_sm_has_its_own_times() -> None:
    pdu = ReplaceSm(
        1,
        "7",
        source_addr="BANK",
        schedule_delivery_time="000000010000000R",
        validity_period="000001000000000R",
        short_message=b"Baru",
    )
    hour = 3_600_000
    assert order(pdu) == Replace("a2p", 7, "BANK", "Baru", 0, 24 * hour, NOW + hour)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"schedule_delivery_time": "x"}, CommandStatus.ESME_RINVSCHED),
        ({"validity_period": "x"}, CommandStatus.ESME_RINVEXPIRY),
        ({"registered_delivery": 0x80}, CommandStatus.ESME_RINVREGDLVFLG),
        ({"sm_default_msg_id": 1}, CommandStatus.ESME_RINVDFTMSGID),
    ],
)
def test_replace_sm_is_refused_as_a_submit_sm_is(
    fields: dict[str, object], status: CommandStatus
) -> None:
    assert refused(ReplaceSm(1, "7", **fields)) is status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("alphabet", "octets", "text"),
    [(GSM, b"\x00", "@"), (PACKED, pack(b"\x00 hi"), "@ hi"), (LATIN_1, b"\xe7", "\xe7")],
)
def test_replace_sm_is_in_the_default_alphabet(
    alphabet: DefaultAlphabet, octets: bytes, text: str
) -> None:
    sender = Sender("bank", False, frozenset(), alphabet=alphabet)
    read = order(ReplaceSm(message_id="7", short_message=octets), sender)
    assert isinstance(read, Replace)
    assert (read.id, read.text) == (7, text)
