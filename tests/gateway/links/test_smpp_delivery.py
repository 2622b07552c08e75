"""Messages to deliver_sm, and what the ESME's answer means."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.decision import Message, MessageKind, MessageState, ReceiptOf, Receiver
from gateway.core.events import SmeAddress
from gateway.links.smpp_delivery import (
    DEFAULT_RECEIPTS,
    Taken,
    data_sm,
    deliver_sm,
    taken,
    written,
)
from gateway.smpp.codec import decode, encode
from gateway.smpp.codes import CommandStatus, TlvTag
from gateway.smpp.errors import Rejected
from gateway.smpp.pdu import DataSm, DeliverSm, DeliverSmResp, GenericNack, Tlv
from gateway.smpp.receipt import ReceiptWriter
from gateway.smpp.receipt_form import DateForm, IdBase, IdForm, ReceiptForm

NOW = 1_519_606_800_000  # 2018-02-26T08:00 WIB
HANDSET = "6281234567890"


def message(text: str = "halo", receipt: ReceiptOf | None = None, **fields: object) -> Message:
    values: dict[str, object] = {
        "source": "4444",
        "destination": HANDSET,
        "source_as": SmeAddress(3, 0, "4444"),
        "destination_as": SmeAddress(2, 1, "081234567890"),
        **fields,
    }
    return Message(
        id=5,
        kind=MessageKind.REPLY if receipt is None else MessageKind.RECEIPT,
        text=text,
        receiver=Receiver.ESME,
        state=MessageState.ENROUTE,
        accepted_at=NOW,
        account="qa",
        receipt=receipt,
        **values,  # type: ignore[arg-type]
    )


def report(state: MessageState, error: int = 0, text: str = "Kode 1234") -> Message:
    return message("", ReceiptOf(4711, state, error, NOW, NOW + 61_000, text))


def test_addresses_go_back_as_the_esme_wrote_them() -> None:
    assert deliver_sm(message(), tlvs=True) == DeliverSm(
        0, "", 3, 0, "4444", 2, 1, "081234567890", short_message=b"halo"
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (HANDSET, SmeAddress(1, 1, HANDSET)),
        ("4444", SmeAddress(3, 0, "4444")),
        ("BANK", SmeAddress(5, 0, "BANK")),
    ],
)
def test_addresses_that_no_esme_has_written(address: str, expected: SmeAddress) -> None:
    assert written(address) == expected
    pdu = deliver_sm(message(source=address, source_as=None), tlvs=True)
    assert (pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr) == (
        expected.ton,
        expected.npi,
        expected.digits,
    )
    pdu = deliver_sm(message(destination=address, destination_as=None), tlvs=True)
    assert pdu.destination_addr == expected.digits


@pytest.mark.parametrize(
    ("text", "data_coding", "octets"),
    [
        ("", 0, b""),
        ("a@b", 0, b"a\x00b"),
        ("€", 0, b"\x1be"),
        ("Ж", 8, "Ж".encode("utf-16-be")),
        ("a" * 254, 0, b"a" * 254),
    ],
)
def test_text(text: str, data_coding: int, octets: bytes) -> None:
    pdu = deliver_sm(message(text), tlvs=True)
    assert (pdu.data_coding, pdu.short_message, pdu.tlvs) == (data_coding, octets, ())


def test_text_that_short_message_cannot_hold() -> None:
    for tlvs in (True, False):
        pdu = deliver_sm(message("a" * 255), tlvs=tlvs)
        assert pdu.short_message == b""
        assert pdu.tlvs == (Tlv(TlvTag.MESSAGE_PAYLOAD, b"a" * 255),)
        assert decode(encode(pdu, 1)) == DeliverSm(
            1, "", 3, 0, "4444", 2, 1, "081234567890", tlvs=pdu.tlvs
        )


def test_receipt_of_a_delivered_message() -> None:
    pdu = deliver_sm(report(MessageState.DELIVERED), tlvs=True)
    assert pdu.esm_class == 0x04
    assert pdu.data_coding == 0
    assert pdu.short_message == (
        b"id:4711 sub:001 dlvrd:001 submit date:1802260800 done date:1802260801 "
        b"stat:DELIVRD err:000 Text:Kode 1234"
    )
    assert pdu.tlvs == (
        Tlv(TlvTag.RECEIPTED_MESSAGE_ID, b"4711\0"),
        Tlv(TlvTag.MESSAGE_STATE, b"\x02"),
    )


@pytest.mark.parametrize(
    ("state", "error", "stat", "octet"),
    [
        (MessageState.UNDELIVERABLE, 13, b"UNDELIV err:013", 5),
        (MessageState.UNDELIVERABLE, 1, b"UNDELIV err:001", 5),
        (MessageState.EXPIRED, 27, b"EXPIRED err:027", 3),
        (MessageState.REJECTED, 32, b"REJECTD err:032", 8),
    ],
)
def test_receipt_of_a_failure(state: MessageState, error: int, stat: bytes, octet: int) -> None:
    pdu = deliver_sm(report(state, error), tlvs=True)
    assert b"dlvrd:000" in pdu.short_message
    assert b"stat:" + stat in pdu.short_message
    assert pdu.tlvs[1:] == (
        Tlv(TlvTag.MESSAGE_STATE, bytes((octet,))),
        Tlv(TlvTag.NETWORK_ERROR_CODE, bytes((3, 0, error))),
    )


@pytest.mark.parametrize("state", list(MessageState))
def test_every_state_has_a_receipt(state: MessageState) -> None:
    assert deliver_sm(report(state), tlvs=True).short_message


def test_receipt_is_in_the_default_alphabet_whatever_was_sent() -> None:
    pdu = deliver_sm(report(MessageState.DELIVERED, text="Привет é"), tlvs=True)
    assert pdu.data_coding == 0
    assert pdu.short_message.endswith(b"Text:?????? \x05")


def test_receipt_for_an_esme_without_tlvs() -> None:
    pdu = deliver_sm(report(MessageState.UNDELIVERABLE, 13), tlvs=False)
    assert pdu.tlvs == ()
    assert b"err:013" in pdu.short_message


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (CommandStatus.ESME_ROK, Taken.CONFIRMED),
        (CommandStatus.ESME_RX_T_APPN, Taken.LATER),
        (CommandStatus.ESME_RMSGQFUL, Taken.LATER),
        (CommandStatus.ESME_RTHROTTLED, Taken.LATER),
        (CommandStatus.ESME_RX_P_APPN, Taken.NEVER),
        (CommandStatus.ESME_RX_R_APPN, Taken.NEVER),
        (0x400, Taken.NEVER),
    ],
)
def test_what_an_answer_means(status: int, meaning: Taken) -> None:
    assert taken(DeliverSmResp(1, status)) == (meaning, status)


def test_answers_that_are_no_deliver_sm_resp() -> None:
    assert taken(GenericNack(1, 3)) == (Taken.NEVER, 3)
    assert taken(GenericNack(1, 0)) == (Taken.NEVER, 0)
    assert taken(GenericNack(1, CommandStatus.ESME_RTHROTTLED))[0] is Taken.LATER
    assert taken(Rejected(CommandStatus.ESME_RINVMSGID, 5, 1)) == (Taken.CONFIRMED, 0)


# ---- receipts as the account's SMSC writes them


def test_a_receipt_in_the_form_of_the_account() -> None:
    form = ReceiptForm(
        without=("text",),
        text_id=IdForm(IdBase.HEX_UPPER, 8),
        date=DateForm.SECONDS,
        esm_class=0,
        data_coding=3,
        extra_tlvs=(Tlv(0x1400, b"x"),),
    )
    pdu = deliver_sm(report(MessageState.DELIVERED), ReceiptWriter(form), tlvs=True)
    assert (pdu.esm_class, pdu.data_coding) == (0, 3)
    assert pdu.short_message == (
        b"id:00001267 sub:001 dlvrd:001 submit date:180226010000 done date:180226010101 "
        b"stat:DELIVRD err:000"
    )
    assert pdu.tlvs[-1] == Tlv(0x1400, b"x")


def test_other_messages_know_no_form() -> None:
    ucs2 = ReceiptWriter(ReceiptForm(data_coding=8, esm_class=0x20))
    assert deliver_sm(message(), ucs2, tlvs=True) == deliver_sm(message(), tlvs=True)


def test_a_receipt_that_is_too_long_in_its_alphabet_is_a_payload() -> None:
    ucs2 = ReceiptWriter(ReceiptForm(data_coding=8, text_length=40))
    pdu = deliver_sm(report(MessageState.DELIVERED, text="x" * 40), ucs2, tlvs=True)
    assert pdu.short_message == b""
    assert pdu.tlvs[-1].tag == TlvTag.MESSAGE_PAYLOAD
    assert pdu.tlvs[-1].value.decode("utf-16-be").endswith("Text:" + "x" * 40)


def test_an_intermediate_notification_with_the_reference_of_its_submit_sm() -> None:
    pdu = deliver_sm(report(MessageState.ENROUTE), tlvs=True, intermediate=True, reference=7)
    assert pdu.esm_class == 0x20
    assert b"stat:ENROUTE" in pdu.short_message
    assert pdu.tlvs[-2:] == (
        Tlv(TlvTag.MESSAGE_STATE, b"\x01"),
        Tlv(TlvTag.USER_MESSAGE_REFERENCE, b"\0\7"),
    )


def test_a_time_that_is_not_known_yet() -> None:
    early = message("", ReceiptOf(4711, MessageState.ENROUTE, 0, NOW, 0, ""))
    assert b"done date:0000000000" in deliver_sm(early, tlvs=True).short_message


def test_a_receipt_by_data_sm() -> None:
    pdu = data_sm(report(MessageState.UNDELIVERABLE, 13), DEFAULT_RECEIPTS, reference=7)
    same = deliver_sm(report(MessageState.UNDELIVERABLE, 13), tlvs=True, reference=7)
    assert pdu == DataSm(0, "", 3, 0, "4444", 2, 1, "081234567890", esm_class=4, tlvs=pdu.tlvs)
    assert pdu.tlvs == (*same.tlvs, Tlv(TlvTag.MESSAGE_PAYLOAD, same.short_message))
    assert decode(encode(pdu, 9)) == structs.replace(pdu, sequence_number=9)


def test_a_receipt_of_tlvs_alone_has_no_payload() -> None:
    bare = ReceiptWriter(ReceiptForm(template="", data_coding=8))
    pdu = data_sm(report(MessageState.EXPIRED, 27), bare, intermediate=True)
    assert [one.tag for one in pdu.tlvs] == [
        TlvTag.RECEIPTED_MESSAGE_ID,
        TlvTag.MESSAGE_STATE,
        TlvTag.NETWORK_ERROR_CODE,
    ]
    assert (pdu.esm_class, pdu.data_coding) == (0x20, 8)
