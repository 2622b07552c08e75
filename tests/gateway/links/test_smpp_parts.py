"""How an ESME wrote a message: its body, its place in a long one, and the long one's text."""

from __future__ import annotations

import pytest

from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.origin import Body, Part, PartKey
from gateway.links.smpp_parts import body_of, joined, part_of, passed_on
from gateway.smpp.codes import TlvTag
from gateway.smpp.message import text_of
from gateway.smpp.pdu import DataSm, SubmitSm, Tlv
from gateway.smpp.text import DefaultAlphabet

HEADER = b"\x05\x00\x03\x2a\x02\x01"
VENDOR = 0x1400


def submit(octets: bytes = b"halo", **fields: object) -> SubmitSm:
    return SubmitSm(1, short_message=octets, **fields)  # type: ignore[arg-type]


def sar(reference: int, total: int, number: int) -> tuple[Tlv, ...]:
    return (
        Tlv(TlvTag.SAR_MSG_REF_NUM, reference.to_bytes(2, "big")),
        Tlv(TlvTag.SAR_TOTAL_SEGMENTS, bytes((total,))),
        Tlv(TlvTag.SAR_SEGMENT_SEQNUM, bytes((number,))),
    )


# ---- the body


@pytest.mark.parametrize(
    "pdu",
    [
        submit(),
        submit("halo \u20ac".encode("utf-16-be"), data_coding=8),
        # How hard the SMSC is to try is nobody else's affair.
        submit(esm_class=2),
        submit(tlvs=sar(1, 1, 1)),
        submit(tlvs=(Tlv(TlvTag.MORE_MESSAGES_TO_SEND, b"\x01"),)),
        DataSm(1, tlvs=(Tlv(TlvTag.MESSAGE_PAYLOAD, b"halo"), Tlv(TlvTag.SET_DPF, b"\x01"))),
    ],
)
def test_a_text_that_says_it_all_needs_no_body(pdu: SubmitSm | DataSm) -> None:
    assert body_of(pdu, text_of(pdu)) is None
    assert body_of(pdu, text_of(pdu), always=True) is not None


@pytest.mark.parametrize(
    ("pdu", "body"),
    [
        (submit(b"\x00\xff", data_coding=4), Body(4, octets=b"\x00\xff")),
        (submit(esm_class=0x80), Body(0, 0x80, octets=b"halo")),
        (submit(esm_class=0x08), Body(0, 0x08, octets=b"halo")),
        (submit(protocol_id=0x41), Body(0, 0, 0x41, octets=b"halo")),
        (submit(HEADER + b"halo", esm_class=0x43), Body(0, 0x40, 0, HEADER, b"halo")),
        (
            submit(tlvs=(Tlv(VENDOR, b"x"), Tlv(TlvTag.SET_DPF, b"\x01"))),
            Body(octets=b"halo", tlvs=((VENDOR, b"x"),)),
        ),
        (submit(b"\xd8\x3d", data_coding=8), Body(8, octets=b"\xd8\x3d")),
        (
            DataSm(1, data_coding=4, tlvs=(Tlv(TlvTag.MESSAGE_PAYLOAD, b"\1"),)),
            Body(4, octets=b"\1"),
        ),
    ],
)
def test_what_a_text_does_not_say_is_kept(pdu: SubmitSm | DataSm, body: Body) -> None:
    assert body_of(pdu, text_of(pdu)) == body


def test_a_header_that_is_broken_is_part_of_what_follows() -> None:
    pdu = submit(b"\xffhalo", esm_class=0x40)
    body = body_of(pdu, text_of(pdu))
    assert body is not None
    assert body.header == b""


def test_an_alphabet_of_the_sender_s_own_is_kept_in_the_network_s() -> None:
    pdu = submit("caf\xe9 ".encode("latin-1"), protocol_id=1)
    body = body_of(pdu, "caf\xe9 ", DefaultAlphabet.LATIN_1)
    assert body == Body(0, 0, 1, octets=b"caf\x05 ")
    foreign = body_of(submit(b"\xff", protocol_id=1), "\xff", DefaultAlphabet.LATIN_1)
    assert foreign == Body(8, 0, 1, octets=b"\x00\xff")


# ---- the place


@pytest.mark.parametrize(
    ("pdu", "kind", "reference", "total", "number"),
    [
        (submit(HEADER + b"x", esm_class=0x40), "8 bits", 0x2A, 2, 1),
        (submit(b"\x06\x08\x04\x01\x02\x03\x02x", esm_class=0x40), "16 bits", 0x102, 3, 2),
        (submit(tlvs=sar(7, 4, 4)), "sar", 7, 4, 4),
        (DataSm(1, tlvs=sar(7, 4, 1)), "sar", 7, 4, 1),
        (submit(b"\x0b\x05\x04\x0b\x84\x23\xf0" + HEADER[1:], esm_class=0x40), "8 bits", 42, 2, 1),
    ],
)
def test_the_place_of_a_part(
    pdu: SubmitSm | DataSm, kind: str, reference: int, total: int, number: int
) -> None:
    key = PartKey("a2p", "BANK", "6281", kind, reference, total)
    assert part_of(pdu, "a2p", "BANK", "6281") == Part(key, number)


@pytest.mark.parametrize(
    "pdu",
    [
        submit(),
        submit(HEADER + b"x"),
        submit(b"\x05\x00\x03\x2a\x01\x01x", esm_class=0x40),
        submit(b"\x05\x00\x03\x2a\x02\x03x", esm_class=0x40),
        submit(b"\x05\x00\x03\x2a\x02\x00x", esm_class=0x40),
        submit(b"\x06\x05\x04\x0b\x84\x23\xf0x", esm_class=0x40),
        submit(b"\xff", esm_class=0x40),
        submit(b"", esm_class=0x40),
        submit(tlvs=sar(7, 1, 1)),
        submit(tlvs=sar(7, 2, 3)),
        submit(tlvs=sar(7, 2, 1)[:2]),
    ],
)
def test_what_is_whole_by_itself(pdu: SubmitSm) -> None:
    assert part_of(pdu, "a2p", "BANK", "6281") is None


# ---- the whole


def parts(*pdus: SubmitSm) -> list[Message]:
    return [
        Message(
            id_,
            MessageKind.MT,
            "BANK",
            "6281",
            text_of(pdu),
            Receiver.PARTS,
            MessageState.ENROUTE,
            1,
            body=body_of(pdu, text_of(pdu), always=True),
        )
        for id_, pdu in enumerate(pdus, 1)
    ]


def test_texts_are_joined() -> None:
    assert joined(parts(submit(b"Promo "), submit(b"besar"))) == "Promo besar"


@pytest.mark.parametrize("cut", [1, 3, 5, 7, 9])
def test_a_character_that_was_cut_in_two_is_whole_again(cut: int) -> None:
    octets = "a\U0001f600\u20acz".encode("utf-16-be")
    pdus = [submit(octets[:cut], data_coding=8), submit(octets[cut:], data_coding=8)]
    assert joined(parts(*pdus)) == "a\U0001f600\u20acz"


def test_parts_in_different_alphabets_are_joined() -> None:
    first = submit("a\U0001f600".encode("utf-16-be")[:4], data_coding=8)
    second = submit(b"halo")
    assert joined(parts(first, second)).endswith("halo")


def test_parts_without_bodies_are_joined_as_their_texts() -> None:
    one, two = parts(submit(b"\xd8\x3d", data_coding=8), submit(b"halo"))
    plain = Message(3, MessageKind.MT, "BANK", "6281", "x", Receiver.PARTS, MessageState.ENROUTE, 1)
    assert joined([one, two, plain]) == one.text + "halox"


# ---- passed on


@pytest.mark.parametrize(
    ("tag", "passes"),
    [
        (TlvTag.USER_MESSAGE_REFERENCE, True),
        (TlvTag.SOURCE_PORT, True),
        (TlvTag.CALLBACK_NUM, True),
        (TlvTag.LANGUAGE_INDICATOR, True),
        (VENDOR, True),
        (0x3FFF, True),
        (TlvTag.DEST_TELEMATICS_ID, False),
        (TlvTag.MS_VALIDITY, False),
        (TlvTag.ALERT_ON_MESSAGE_DELIVERY, False),
    ],
)
def test_what_deliver_sm_may_carry_goes_on(tag: int, passes: bool) -> None:
    assert passed_on(Body(tlvs=((int(tag), b"x"),))) == ((Tlv(int(tag), b"x"),) if passes else ())
