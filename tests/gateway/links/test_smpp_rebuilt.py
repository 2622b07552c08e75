"""What the store keeps of a PDU gives the PDU again."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.config import AccountConfig
from gateway.config.receipts import ReceiptConfig
from gateway.core.events import MoSms, MtSms
from gateway.core.message import Message, MessageKind, MessageState, ReceiptOf, Receiver
from gateway.core.origin import Body, Esme, MessagingMode, SmeAddress
from gateway.links.smpp_mapping import Sender, event_of, senders
from gateway.links.smpp_rebuilt import Rebuilder
from gateway.smpp.codes import EsmClass, TlvTag
from gateway.smpp.exchange import Exchange, numbered
from gateway.smpp.message import text_of
from gateway.smpp.pdu import (
    AlertNotification,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    SubmitSm,
    SubmitSmResp,
    Tlv,
)
from gateway.smpp.receipt_form import Carrier
from gateway.smpp.septets import pack
from gateway.smpp.text import DefaultAlphabet
from gateway.smpp.tlvs import tlv

NOW = 1_519_606_800_000
NIK = "3201014107859001"
SUBMIT = SubmitSm(
    0, source_addr_ton=5, source_addr="BANK", dest_addr_ton=1, dest_addr_npi=1,
    destination_addr="6281290000001", registered_delivery=1, short_message=b"Kode 1234",
)  # fmt: skip


def config(**fields: object) -> AccountConfig:
    return AccountConfig(system_id="a2p", password="p", **fields)  # type: ignore[arg-type]  # whichever fields


def sender(of: AccountConfig) -> Sender:
    return senders([of], "4444")["a2p"]


def stored(pdu: SubmitSm | DataSm, of: AccountConfig) -> Message:
    event = event_of(pdu, sender(of), 3, NOW)
    assert isinstance(event, MoSms | MtSms), event
    assert isinstance(event.via, Esme)
    return Message(
        7, MessageKind.MT, SUBMIT.source_addr, SUBMIT.destination_addr, event.text,
        Receiver.PHONE, MessageState.ENROUTE, NOW, esme=event.via, body=event.body,
        part=event.part,
    )  # fmt: skip


def rebuilt(pdu: SubmitSm | DataSm, **fields: object) -> Exchange:
    of = config(**fields)
    (one,) = Rebuilder({"a2p": of}).exchanges(stored(pdu, of), clear=True)
    return one


def submit(**fields: object) -> SubmitSm:
    return structs.replace(SUBMIT, **fields)


@pytest.mark.parametrize(
    "pdu",
    [
        SUBMIT,
        submit(data_coding=8, short_message="Kodé ✓".encode("utf-16-be")),
        submit(data_coding=4, short_message=b"\0\xff\1"),
        submit(short_message=b"", tlvs=(Tlv(TlvTag.MESSAGE_PAYLOAD, b"x" * 300),)),
        submit(validity_period="000001020304000R", schedule_delivery_time="180227080000028+"),
        submit(priority_flag=2, service_type="WAP", replace_if_present_flag=1, protocol_id=1),
        submit(tlvs=(tlv(TlvTag.USER_MESSAGE_REFERENCE, 300), Tlv(0x1400, b"own"))),
        submit(esm_class=EsmClass.UDHI, short_message=b"\5\0\3\7\2\1halo"),
        submit(esm_class=EsmClass.UDHI | EsmClass.MODE_DATAGRAM, short_message=b"\6\5\4\1\2\3\4x"),
        submit(
            tlvs=(
                tlv(TlvTag.SAR_MSG_REF_NUM, 7),
                tlv(TlvTag.SAR_TOTAL_SEGMENTS, 2),
                tlv(TlvTag.SAR_SEGMENT_SEQNUM, 1),
            )
        ),
    ],
)
def test_a_submit_sm_comes_back_as_it_was(pdu: SubmitSm) -> None:
    assert rebuilt(pdu).request == pdu


@pytest.mark.parametrize("coding", [0, 1])
def test_each_alphabet_is_written_as_its_account_has_it(coding: int) -> None:
    latin = submit(data_coding=0, short_message="ongkos £1 é".encode("latin-1"), protocol_id=coding)
    assert rebuilt(latin, default_alphabet=DefaultAlphabet.LATIN_1).request == latin
    packed = submit(short_message=pack(b"halo apa kabar"), protocol_id=coding)
    assert rebuilt(packed, default_alphabet=DefaultAlphabet.GSM_PACKED).request == packed


def test_its_answer_has_the_message_id_as_the_account_writes_it() -> None:
    one = rebuilt(SUBMIT)
    assert one == Exchange("a2p", 3, True, NOW, SUBMIT, SubmitSmResp(0, 0, "7"))
    assert rebuilt(submit(esm_class=EsmClass.MODE_FORWARD)).answer is None


def test_only_data_sm_asks_to_be_told_of_a_phone_that_was_off() -> None:
    pdu = DataSm(
        0, source_addr_ton=5, source_addr="BANK", dest_addr_ton=1, dest_addr_npi=1,
        destination_addr="6281290000001",
        tlvs=(tlv(TlvTag.SET_DPF, 1), Tlv(TlvTag.MESSAGE_PAYLOAD, b"halo")),
    )  # fmt: skip
    one = rebuilt(pdu)
    assert (one.request, one.answer) == (pdu, DataSmResp(0, 0, "7"))
    long = structs.replace(
        pdu, tlvs=(tlv(TlvTag.SET_DPF, 1), Tlv(TlvTag.MESSAGE_PAYLOAD, b"x" * 300))
    )
    assert rebuilt(long).request == long


def test_a_reference_that_is_kept_alone_and_times_without_a_form() -> None:
    address = SmeAddress(1, 1, "6281290000001")
    esme = Esme("gone", 0, address, address, reference=9, validity=2**62, not_before=2**45)
    message = structs.replace(stored(SUBMIT, config()), esme=esme)
    (one,) = Rebuilder({}).exchanges(message, clear=True)
    assert isinstance(one.request, SubmitSm)
    assert one.request.tlvs == (tlv(TlvTag.USER_MESSAGE_REFERENCE, 9),)
    assert (one.request.validity_period, one.request.schedule_delivery_time) == ("", "")
    assert one.request.esm_class == EsmClass.MODE_DEFAULT
    assert esme.mode is MessagingMode.STORE_AND_FORWARD


# ---- towards an ESME

MO = Message(
    8, MessageKind.MO, "6281290000001", "1234", f"halo {NIK}", Receiver.ESME,
    MessageState.DELIVERED, NOW, ended_at=NOW + 5, account="a2p", session=4,
)  # fmt: skip


def test_a_message_of_a_phone_to_an_esme() -> None:
    (one,) = Rebuilder({"a2p": config()}).exchanges(MO, clear=True)
    assert isinstance(one.request, DeliverSm)
    assert (one.session, one.received, one.at, one.answer) == (4, False, NOW + 5, DeliverSmResp(0))
    assert text_of(one.request) == MO.text
    waiting = structs.replace(MO, state=MessageState.ENROUTE, ended_at=0)
    (one,) = Rebuilder({"a2p": config()}).exchanges(waiting, clear=True)
    assert (one.at, one.answer) == (0, None)


def test_it_is_masked_unless_it_is_to_be_clear() -> None:
    rebuilder = Rebuilder({"a2p": config()})
    masked = b"".join(one.seen.frame for one in numbered(rebuilder.exchanges(MO, clear=False)))
    assert NIK.encode() not in masked
    assert b"halo 3201********9001" in masked


def test_a_receipt_by_data_sm_and_an_alert() -> None:
    receipt = structs.replace(
        MO, kind=MessageKind.RECEIPT, receipt=ReceiptOf(5, MessageState.DELIVERED, 0, NOW, NOW, "")
    )
    of = config(receipt=ReceiptConfig(carrier=Carrier.DATA_SM))
    (one,) = Rebuilder({"a2p": of}).exchanges(receipt, clear=False)
    assert isinstance(one.request, DataSm)
    assert one.answer == DataSmResp(0)
    alert = structs.replace(MO, kind=MessageKind.ALERT)
    (one,) = Rebuilder({"a2p": of}).exchanges(alert, clear=False)
    assert isinstance(one.request, AlertNotification)
    assert one.answer is None


def test_what_no_pdu_carried() -> None:
    between_phones = structs.replace(MO, receiver=Receiver.PHONE, account="")
    assert Rebuilder({}).exchanges(between_phones, clear=False) == []
    joined = structs.replace(stored(SUBMIT, config()), parts=(5, 6), body=Body())
    assert Rebuilder({}).exchanges(joined, clear=False) == []
