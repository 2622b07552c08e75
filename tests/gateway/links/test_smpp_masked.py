"""Messages without NIK and KK: nothing moves, nothing is left."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.message import Message, MessageKind, MessageState, ReceiptOf, Receiver
from gateway.core.origin import Body, Esme, Part, PartKey, SmeAddress
from gateway.links.smpp_masked import masked, masked_text
from gateway.smpp.codes import TlvTag

NIK, KK = "3201014107859001", "3201010101101234"
HIDDEN = "3201********9001"
PLAIN = Message(
    7, MessageKind.MO, "6281290000001", "4444", f"ULANG {NIK}#{KK}#", Receiver.DESK,
    MessageState.DELIVERED, 1,
)  # fmt: skip


def body_of(message: Message) -> Body:
    assert message.body is not None
    return message.body


@pytest.mark.parametrize(
    ("text", "cut", "hidden"),
    [
        (f"ULANG {NIK}#", False, f"ULANG {HIDDEN}#"),
        ("kode 123456, hub 081290000001", False, "kode 123456, hub 081290000001"),
        ("3 2 0 1,0 1 4 1.0 7 8 5 9 0 0 1", False, "* * * *,* * * *.* * * * * * * *"),
        ("ULANG 320101410785", True, "ULANG ************"),
        ("9001#halo", True, "****#halo"),
        ("halo 123", True, "halo 123"),
    ],
)
def test_texts(text: str, cut: bool, hidden: str) -> None:
    assert masked_text(text, cut=cut) == hidden
    assert len(hidden) == len(text)


def test_what_needs_no_mask_stays_as_it_is() -> None:
    message = structs.replace(PLAIN, text="halo", body=Body(octets=b"halo"))
    assert masked(message) == message


def test_the_text_is_masked_in_its_octets_too() -> None:
    text = f"ULANG {NIK}#"
    for body in (
        Body(octets=text.encode()),
        Body(data_coding=8, octets=text.encode("utf-16-be")),
        Body(data_coding=3, octets=text.encode("latin-1")),
    ):
        hidden = body_of(masked(structs.replace(PLAIN, body=body)))
        assert len(hidden.octets) == len(body.octets)
        assert hidden.octets.replace(b"\0", b"") == f"ULANG {HIDDEN}#".encode()


def test_octets_that_are_no_text_are_hidden() -> None:
    hidden = body_of(masked(structs.replace(PLAIN, body=Body(data_coding=4, octets=b"\1\2\3"))))
    assert hidden.octets == b"***"


def test_a_text_that_cannot_be_written_again_is_hidden_whole() -> None:
    octets = f"{NIK}".encode("utf-16-be") + b"\0"
    hidden = body_of(masked(structs.replace(PLAIN, body=Body(data_coding=8, octets=octets))))
    assert len(hidden.octets) == len(octets)
    assert NIK[4:12].encode() not in hidden.octets.replace(b"\0", b"")


def test_a_part_and_a_receipt_end_within_an_identity() -> None:
    key = PartKey("qa", "6281290000001", "4444", "8 bits", 1, 2)
    part = masked(
        structs.replace(
            PLAIN,
            text="ULANG 32010141",
            part=Part(key, 1),
            body=Body(octets=b"ULANG 32010141"),
        )
    )
    assert (part.text, body_of(part).octets) == ("ULANG ********", b"ULANG ********")
    receipt = ReceiptOf(5, MessageState.DELIVERED, 0, 1, 2, "ULANG 32010141078590")
    told = masked(structs.replace(PLAIN, kind=MessageKind.RECEIPT, text="", receipt=receipt))
    assert told.receipt is not None
    assert told.receipt.text == "ULANG **************"


def test_tlvs_and_the_header() -> None:
    tlvs = (
        (TlvTag.USER_MESSAGE_REFERENCE, b"\0\7"),
        (TlvTag.RECEIPTED_MESSAGE_ID, NIK.encode() + b"\0"),
        (0x1400, NIK.encode()),
        (0x1401, b"\1\2"),
    )
    header = bytes((18, 0x70, 16)) + NIK.encode()
    body = Body(esm_class=0x40, header=header, octets=b"halo", tlvs=tlvs)
    hidden = body_of(masked(structs.replace(PLAIN, body=body)))
    assert hidden.tlvs == (
        (TlvTag.USER_MESSAGE_REFERENCE, b"\0\7"),
        (TlvTag.RECEIPTED_MESSAGE_ID, HIDDEN.encode() + b"\0"),
        (0x1400, b"*" * 16),
        (0x1401, b"\1\2"),
    )
    assert hidden.header == header[:3] + HIDDEN.encode()


def test_addresses() -> None:
    written = SmeAddress(5, 0, NIK)
    message = structs.replace(
        PLAIN,
        source=NIK,
        esme=Esme("qa", 1, written, SmeAddress(1, 1, "4444")),
        source_as=written,
        destination_as=SmeAddress(1, 1, "6281290000001"),
    )
    hidden = masked(message)
    assert NIK not in repr(structs.replace(hidden, text=""))
    assert hidden.destination_as == message.destination_as
