from __future__ import annotations

from typing import Any

import pytest

from gateway.config import AccountConfig
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.origin import Body, Esme, SmeAddress
from gateway.links.smpp_delivery import deliver_sm
from gateway.links.smpp_parts import body_of, joined, kept_header
from gateway.links.smpp_segments import deliver_sms
from gateway.smpp.codes import EsmClass, TlvTag
from gateway.smpp.message import part_of, ports_of, segment_of, text_of, user_data, whole_text
from gateway.smpp.pdu import DeliverSm, SubmitSm, Tlv
from gateway.smpp.reassembly import Complete, Reassembly
from gateway.smpp.segmentation import segments
from gateway.smpp.septets import pack
from gateway.smpp.text import DefaultAlphabet, encode_text
from gateway.smpp.udh import Concatenation, LongForm, Ports, concatenation_header, split_udh

GSM, PACKED, LATIN_1, ASCII = DefaultAlphabet
PAYLOAD, UDH_8, UDH_16, SAR = LongForm
PORTS = b"\x06\x05\x04\x0b\x84\x23\xf0"


def message(text: str, **more: Any) -> Message:
    return Message(
        id=0x10107,
        kind=MessageKind.REPLY,
        source="4444",
        destination="6281290000001",
        text=text,
        receiver=Receiver.ESME,
        state=MessageState.ENROUTE,
        accepted_at=0,
        **more,
    )


def together(pdus: tuple[DeliverSm, ...], alphabet: DefaultAlphabet) -> str:
    """Read what was sent as an ESME does, the last segment first."""
    if len(pdus) == 1:
        return text_of(pdus[0], alphabet)
    held: Reassembly[None] = Reassembly()
    for pdu in reversed(pdus):
        place = part_of(pdu)
        assert place is not None
        outcome = held.add(*segment_of(pdu, place, None, alphabet), 0)
    assert isinstance(outcome, Complete)
    return whole_text(outcome.parts, alphabet)


def test_an_account_s_defaults_are_what_deliver_sm_does() -> None:
    account = AccountConfig(system_id="a", password="b")
    for text in ("Terima kasih", "a" * 254, "あ" * 200):
        [pdu] = deliver_sms(
            message(text), account.default_alphabet, account.long_messages, tlvs=True
        )
        assert pdu == deliver_sm(message(text), tlvs=True)


def test_addresses_go_back_as_the_esme_wrote_them() -> None:
    source, destination = SmeAddress(3, 0, "4444"), SmeAddress(2, 1, "081290000001")
    known = message("a" * 200, source_as=source, destination_as=destination)
    for pdu in deliver_sms(known, GSM, UDH_8, tlvs=True):
        assert (pdu.source_addr_ton, pdu.source_addr) == (3, "4444")
        assert (pdu.dest_addr_ton, pdu.destination_addr) == (2, "081290000001")


@pytest.mark.parametrize("tlvs", [True, False])
@pytest.mark.parametrize("form", LongForm)
@pytest.mark.parametrize("alphabet", DefaultAlphabet)
@pytest.mark.parametrize("text", ["", "Kode Anda [1234] € ", "雅加达 😀 "])
def test_the_esme_reads_the_whole_text(
    text: str, alphabet: DefaultAlphabet, form: LongForm, tlvs: bool
) -> None:
    for times in (1, 30):
        pdus = deliver_sms(message(text * times), alphabet, form, tlvs=tlvs)
        assert together(pdus, alphabet) == text * times
        assert tlvs or not any(pdu.tlvs for pdu in pdus)


@pytest.mark.parametrize(
    ("form", "tlvs", "count", "esm_class", "place"),
    [
        (PAYLOAD, True, 1, 0, None),
        (PAYLOAD, False, 2, EsmClass.UDHI, (0x07, UDH_8)),
        (UDH_8, True, 2, EsmClass.UDHI, (0x07, UDH_8)),
        (UDH_16, False, 2, EsmClass.UDHI, (0x107, UDH_16)),
        (SAR, True, 2, 0, (0x107, SAR)),
        (SAR, False, 2, EsmClass.UDHI, (0x07, UDH_8)),
    ],
)
def test_long_messages_go_in_the_account_s_form(
    form: LongForm, tlvs: bool, count: int, esm_class: int, place: tuple[int, LongForm] | None
) -> None:
    pdus = deliver_sms(message("a" * 300), GSM, form, tlvs=tlvs)
    assert [pdu.esm_class for pdu in pdus] == [esm_class] * count
    first = part_of(pdus[0])
    assert (first and (first.reference, first.form)) == place


def test_what_short_message_holds_needs_no_tlvs() -> None:
    [pdu] = deliver_sms(message("a" * 254), GSM, PAYLOAD, tlvs=False)
    assert (pdu.short_message, pdu.tlvs) == (b"a" * 254, ())


@pytest.mark.parametrize(
    ("form", "tlvs", "count", "octets"),
    [
        (PAYLOAD, True, 1, 65_534),
        (UDH_8, True, 1, 65_534),
        (SAR, True, 1, 65_534),
        (PAYLOAD, False, 255, 255 * 134),
        (SAR, False, 255, 255 * 134),
        (UDH_16, False, 255, 255 * 132),
    ],
)
def test_nothing_is_too_long(form: LongForm, tlvs: bool, count: int, octets: int) -> None:
    pdus = deliver_sms(message("あ" * 70_000), GSM, form, tlvs=tlvs)
    assert len(pdus) == count
    assert together(pdus, GSM) == "あ" * (octets // 2)


def test_a_long_text_that_fits_keeps_its_form() -> None:
    pdus = deliver_sms(message("a" * 39_000), GSM, UDH_8, tlvs=True)
    assert len(pdus) == 255


# ---- what a sender wrote otherwise than as plain text


def test_flash_and_binary_go_on_as_they_were_written() -> None:
    flash = message("hi", body=Body(0x10, EsmClass.REPLY_PATH, 0x41, octets=b"hi"))
    [pdu] = deliver_sms(flash, GSM, UDH_8, tlvs=True)
    assert (pdu.data_coding, pdu.esm_class, pdu.protocol_id) == (0x10, EsmClass.REPLY_PATH, 0x41)
    binary = message("\xff" * 300, body=Body(4, octets=b"\xff" * 300))
    pdus = deliver_sms(binary, ASCII, UDH_16, tlvs=True)
    assert [len(pdu.short_message) for pdu in pdus] == [140, 140, 41]
    assert together(pdus, ASCII) == "\xff" * 300


def test_the_sender_s_tlvs_go_to_who_knows_tlvs() -> None:
    body = Body(tlvs=((TlvTag.USER_MESSAGE_REFERENCE, b"\0\1"), (0x1401, b"x")), octets=b"hi")
    [pdu] = deliver_sms(message("hi", body=body), GSM, UDH_8, tlvs=True)
    assert pdu.tlvs == (Tlv(TlvTag.USER_MESSAGE_REFERENCE, b"\0\1"), Tlv(0x1401, b"x"))
    [pdu] = deliver_sms(message("hi", body=body), GSM, UDH_8, tlvs=False)
    assert pdu.tlvs == ()


@pytest.mark.parametrize("receiver", DefaultAlphabet)
@pytest.mark.parametrize("sender", DefaultAlphabet)
@pytest.mark.parametrize("text", ["caf\u00e9 [1]", "abcdefg@", "\u3042 \u20ac", "\xe7"])
def test_sender_and_receiver_may_have_different_default_alphabets(
    sender: DefaultAlphabet, receiver: DefaultAlphabet, text: str
) -> None:
    coding, octets = encode_text(text, sender)
    header = b"" if text == "\xe7" else PORTS
    if header and sender is PACKED and coding == 0:
        octets = pack(encode_text(text)[1])
    submitted = SubmitSm(
        esm_class=EsmClass.UDHI if header else 0,
        data_coding=coding,
        short_message=header + octets,
        tlvs=(Tlv(0x1401, b"x"),),
    )
    read = text_of(submitted, sender)
    assert read == text
    body = body_of(submitted, read, sender)
    assert body is not None
    [pdu] = deliver_sms(message(read, body=body), receiver, UDH_8, tlvs=True)
    assert text_of(pdu, receiver) == text
    assert ports_of(pdu) == (Ports(2948, 9200) if header else None)


@pytest.mark.parametrize("form", LongForm)
def test_a_long_message_s_ports_are_in_each_piece(form: LongForm) -> None:
    push = [
        SubmitSm(
            esm_class=EsmClass.UDHI,
            data_coding=4,
            short_message=concatenation_header(Concatenation(9, 2, number), PORTS[1:]) + bytes(120),
        )
        for number in (1, 2)
    ]
    bodies = [body_of(one, text_of(one)) for one in push]
    assert bodies[0] is not None
    whole = Body(4, EsmClass.UDHI, 0, kept_header(bodies[0]), bytes(240))
    pieces = deliver_sms(message("", body=whole), GSM, form, tlvs=True)
    assert len(pieces) == (1 if form is LongForm.PAYLOAD else 2)
    read = b""
    for pdu in pieces:
        udh, rest = split_udh(user_data(pdu))
        assert udh is not None
        assert udh.ports == Ports(0x0B84, 0x23F0)
        assert pdu.esm_class & EsmClass.UDHI
        read += rest
    assert read == bytes(240)


def test_a_broken_header_stays_where_it_is() -> None:
    submitted = SubmitSm(esm_class=EsmClass.UDHI, short_message=b"\x7fhi")
    body = body_of(submitted, text_of(submitted))
    assert body is not None
    [pdu] = deliver_sms(message(text_of(submitted), body=body), GSM, UDH_8, tlvs=True)
    assert (pdu.esm_class, user_data(pdu)) == (EsmClass.UDHI, b"\x7fhi")


@pytest.mark.parametrize("alphabet", DefaultAlphabet)
def test_parts_that_cut_characters_are_read_together(alphabet: DefaultAlphabet) -> None:
    cut = [b"\xd8\x3d", b"\xde\x00"]
    parts = [
        message(text, body=Body(8, octets=octets))
        for text, octets in zip(["\ufffd", "\ufffd"], cut, strict=True)
    ]
    assert joined(parts) == "😀"
    wide = segments("a" * 200, 7, form=UDH_16, alphabet=alphabet)
    submits = [SubmitSm(esm_class=one.esm_class, short_message=one.short_message) for one in wide]
    texts = [text_of(one, alphabet) for one in submits]
    bodies = [body_of(one, text, alphabet) for one, text in zip(submits, texts, strict=True)]
    messages = [message(text, body=body) for text, body in zip(texts, bodies, strict=True)]
    assert joined(messages) == "a" * 200


def test_a_cut_escape_is_read_by_the_language_that_the_header_names() -> None:
    header = b"\x03\x24\x01\x02"
    parts = [
        message("\ufffd", body=Body(0, EsmClass.UDHI, header=header, octets=b"\x1b")),
        message("a", body=Body(0, EsmClass.UDHI, header=header, octets=b"a")),
    ]
    assert joined(parts) == "á"


def test_what_an_esme_asks_of_the_receiver_goes_along() -> None:
    me = SmeAddress(1, 1, "6281234567890")
    esme = Esme("qa", 1, me, SmeAddress(0, 1, "4444"), 0x1D, priority=2, service_type="WAP")
    for text in ("halo", "a" * 200):
        for pdu in deliver_sms(message(text, esme=esme), GSM, UDH_8, tlvs=True):
            # Acknowledgements, not the receipts that are the SMSC's own (§5.2.17).
            asked = pdu.registered_delivery, pdu.priority_flag, pdu.service_type
            assert asked == (0x0C, 2, "WAP")
        for pdu in deliver_sms(message(text), GSM, UDH_8, tlvs=True):
            asked = pdu.registered_delivery, pdu.priority_flag, pdu.service_type
            assert asked == (0, 0, "")
