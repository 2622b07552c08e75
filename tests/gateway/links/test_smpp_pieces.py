"""A message to the PDUs that carry it, and how several are confirmed as one."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.config import AccountConfig
from gateway.config.receipts import ReceiptConfig
from gateway.core.events import Acknowledged, Refused
from gateway.core.message import Message, MessageKind, MessageState, ReceiptOf, Receiver
from gateway.core.origin import Body, SmeAddress
from gateway.links.smpp_account import Account
from gateway.links.smpp_mapping import senders
from gateway.links.smpp_pieces import Pieces, alert_of, ends_of, late, pieces_of
from gateway.smpp.codes import CommandStatus, TlvTag
from gateway.smpp.items import Answered
from gateway.smpp.pdu import DataSm, DeliverSm, DeliverSmResp, Tlv
from gateway.smpp.receipt_form import Carrier

NOW = 1_519_606_800_000
PHONE = "6281234567890"
MO = Message(
    7,
    MessageKind.MO,
    PHONE,
    "1234",
    "halo",
    Receiver.ESME,
    MessageState.ENROUTE,
    NOW,
    account="shop",
)
RECEIPT = structs.replace(
    MO,
    kind=MessageKind.RECEIPT,
    receipt=ReceiptOf(5, MessageState.DELIVERED, 0, NOW, NOW, "halo", False, 300),
)


def account(**fields: object) -> Account:
    config = AccountConfig(system_id="shop", password="p", **fields)  # type: ignore[arg-type]
    return Account(config, senders([config], "4444")["shop"], 0.0)


def test_a_plain_message() -> None:
    (pdu,) = pieces_of(MO, account(), tlvs=True)
    assert isinstance(pdu, DeliverSm)
    assert (pdu.source_addr, pdu.destination_addr, pdu.short_message) == (PHONE, "1234", b"halo")


def test_a_message_goes_as_it_was_written() -> None:
    body = Body(
        data_coding=4,
        esm_class=0x48,
        protocol_id=1,
        header=b"\x06\x05\x04\x0b\x84\x23\xf0",
        octets=b"\xff\x00",
        tlvs=(
            (TlvTag.USER_MESSAGE_REFERENCE, b"\0\7"),
            (TlvTag.DISPLAY_TIME, b"\1"),
            (0x1400, b"v"),
        ),
    )
    (pdu,) = pieces_of(structs.replace(MO, body=body), account(), tlvs=True)
    assert isinstance(pdu, DeliverSm)
    assert (pdu.data_coding, pdu.esm_class, pdu.protocol_id) == (4, 0x48, 1)
    assert pdu.short_message == body.header + body.octets
    # display_time is not deliver_sm's (§4.6.1); a vendor's TLV goes on.
    assert pdu.tlvs == (Tlv(TlvTag.USER_MESSAGE_REFERENCE, b"\0\7"), Tlv(0x1400, b"v"))
    (old,) = pieces_of(structs.replace(MO, body=body), account(), tlvs=False)
    assert isinstance(old, DeliverSm)
    assert old.tlvs == ()


def test_what_short_message_cannot_hold_is_a_payload() -> None:
    body = Body(data_coding=4, octets=b"x" * 255)
    (pdu,) = pieces_of(structs.replace(MO, body=body), account(), tlvs=True)
    assert isinstance(pdu, DeliverSm)
    assert pdu.short_message == b""
    assert pdu.tlvs == (Tlv(TlvTag.MESSAGE_PAYLOAD, b"x" * 255),)


def test_a_receipt_echoes_the_reference() -> None:
    (pdu,) = pieces_of(RECEIPT, account(), tlvs=True)
    assert isinstance(pdu, DeliverSm)
    assert pdu.esm_class == 0x04
    assert Tlv(TlvTag.USER_MESSAGE_REFERENCE, b"\x01\x2c") in pdu.tlvs


def test_an_intermediate_notification() -> None:
    assert RECEIPT.receipt is not None
    early = structs.replace(
        RECEIPT,
        receipt=structs.replace(
            RECEIPT.receipt, state=MessageState.ENROUTE, intermediate=True, reference=-1
        ),
    )
    (pdu,) = pieces_of(early, account(), tlvs=True)
    assert isinstance(pdu, DeliverSm)
    assert pdu.esm_class == 0x20
    assert b"stat:ENROUTE" in pdu.short_message


@pytest.mark.parametrize(("tlvs", "kind"), [(True, DataSm), (False, DeliverSm)])
def test_receipts_by_data_sm_to_who_knows_tlvs(tlvs: bool, kind: type) -> None:
    (pdu,) = pieces_of(RECEIPT, account(receipt=ReceiptConfig(carrier=Carrier.DATA_SM)), tlvs=tlvs)
    assert type(pdu) is kind


def test_alerts() -> None:
    alert = structs.replace(MO, kind=MessageKind.ALERT, destination="BANK")
    pdu = alert_of(structs.replace(alert, destination_as=SmeAddress(5, 0, "BANK")), tlvs=True)
    assert (pdu.source_addr_ton, pdu.source_addr) == (1, PHONE)
    assert (pdu.esme_addr_ton, pdu.esme_addr) == (5, "BANK")
    assert pdu.tlvs == (Tlv(TlvTag.MS_AVAILABILITY_STATUS, b"\0"),)
    assert alert_of(alert, tlvs=False).tlvs == ()


# ---- how they end

OK, LATER, NEVER = (
    DeliverSmResp(1, status)
    for status in (0, CommandStatus.ESME_RX_T_APPN, CommandStatus.ESME_RX_R_APPN)
)


def test_ordinary_answers() -> None:
    answers = [Answered(1, OK), Answered(2, LATER), Answered(3, NEVER), Answered(4, OK)]
    ends, again = ends_of("shop", answers)
    assert ends == [Refused("shop", 3, 0x66), Acknowledged("shop", (1, 4))]
    assert again == [2]


def test_several_pieces_are_confirmed_by_the_last() -> None:
    several = Pieces(9, 3)
    assert ends_of("shop", [Answered(several, OK)] * 2) == ([], [])
    assert ends_of("shop", [Answered(several, OK)]) == ([Acknowledged("shop", (9,))], [])


def test_the_first_piece_that_fails_decides() -> None:
    several = Pieces(9, 3)
    assert ends_of("shop", [Answered(several, LATER), Answered(several, OK)]) == ([], [9])
    assert several.failed
    assert ends_of("shop", [Answered(several, NEVER)]) == ([], [])


def test_what_had_no_answer_is_named_once() -> None:
    several = Pieces(9, 3)
    assert late([1, several, several, 2]) == [1, 9, 2]
