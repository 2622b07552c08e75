"""From one ESME to another: what goes along with the text, as octets on both sides."""

from __future__ import annotations

import pytest

from gateway.config import AccountConfig
from tests.gateway.links.esme import (
    BIND_TRX,
    DELIVER_SM,
    SUBMIT_SM,
    Frame,
    RawEsme,
    bind_body,
    c,
    running,
    submit_body,
)
from tests.wire.speaking import (
    HANDSET,
    MESSAGE_PAYLOAD,
    RINVREGDLVFLG,
    ROK,
    accepted,
    lives,
    mt,
    refused,
    strings,
    tlv,
    tlvs_of,
)

CODE = "1234"
ACCOUNTS = (
    AccountConfig(system_id="app", password="app", serves=(CODE,)),
    AccountConfig(system_id="qa", password="qa", speaks_for_handsets=True),
)
USER_MESSAGE_REFERENCE, VENDOR, MS_VALIDITY, SET_DPF = 0x0204, 0x1400, 0x1204, 0x0421


class Delivered:
    """A deliver_sm read by hand, every mandatory field of it (§4.6.1)."""

    def __init__(self, frame: Frame) -> None:
        assert (frame.command_id, frame.status) == (DELIVER_SM, ROK)
        (self.service_type,), rest = strings(frame.body, 1)
        (self.source,), rest = strings(rest[2:], 1)
        (self.destination,), rest = strings(rest[2:], 1)
        self.esm_class, self.protocol_id, self.priority_flag = rest[:3]
        self.times, rest = strings(rest[3:], 2)
        self.registered_delivery, self.replace, self.data_coding, self.default, size = rest[:5]
        self.text = rest[5 : 5 + size]
        self.tlvs = tlvs_of(rest[5 + size :])


async def _through(body: bytes, version: int = 0x34) -> Delivered:
    """Submit as a handset to a code; gives what the application that serves it gets."""
    async with running(accounts=ACCOUNTS) as parts:
        application = await parts.esme()
        bound = await application.ask(BIND_TRX, bind_body("app", "app", version))
        assert bound.status == ROK
        handset: RawEsme = await parts.esme("qa")
        frame = await handset.ask(SUBMIT_SM, body)
        assert frame.status == ROK
        given = await application.receive()
        application.answer(given)
        await parts.until(lambda: parts.server.traffic()["app"].delivers == 1)
        await lives(application)
        return Delivered(given)


def mo(text: bytes = b"REG 1#2#", **fields: object) -> bytes:
    return submit_body(HANDSET, CODE, text, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "passed"), [(0, 0), (0x01, 0), (0x04, 0x04), (0x08, 0x08), (0x1D, 0x0C)]
)
async def test_acknowledgements_are_asked_of_the_receiver(asked: int, passed: int) -> None:
    # Receipts and notifications are the SMSC's; acknowledgements the receiving ESME's (§5.2.17).
    given = await _through(mo(registered=asked))
    assert given.registered_delivery == passed
    assert (given.source, given.destination, given.text) == (HANDSET, CODE, b"REG 1#2#")
    assert given.times == ["", ""]


async def test_tlvs_go_along_as_they_are() -> None:
    sent = {
        USER_MESSAGE_REFERENCE: b"\x12\x34",
        VENDOR: b"\x00\xff",
        0x020A: b"\x0b\x84",
        0x0202: b"\xa0\xff\x00",
    }
    given = await _through(mo(tlvs=b"".join(tlv(*one) for one in sent.items())))
    assert given.tlvs == sent
    # What is the SMSC's to act on, or of no deliver_sm, stays (§4.6.1).
    given = await _through(mo(tlvs=tlv(SET_DPF, b"\1") + tlv(MS_VALIDITY, b"\0")))
    assert given.tlvs == {}


async def test_no_tlvs_for_an_esme_of_version_33() -> None:
    given = await _through(mo(tlvs=tlv(VENDOR, b"x")), version=0x33)
    assert given.tlvs == {}
    assert given.text == b"REG 1#2#"


@pytest.mark.parametrize("coding", [0x04, 0xF5, 0x08, 0xE0])
async def test_data_coding_and_octets_go_along(coding: int) -> None:
    given = await _through(mo(b"\x00\x41\xff\x42", data_coding=coding))
    assert (given.data_coding, given.text) == (coding, b"\x00\x41\xff\x42")


async def test_a_port_addressed_message_keeps_its_header() -> None:
    octets = b"\x06\x05\x04\x0b\x84\x23\xf0" + b"BEGIN:VCARD"
    given = await _through(mo(octets, esm_class=0x40, data_coding=0x04))
    assert (given.esm_class, given.text) == (0x40, octets)


async def test_a_payload_that_fits_no_short_message_stays_one() -> None:
    text = b"x" * 300
    given = await _through(mo(b"", tlvs=tlv(MESSAGE_PAYLOAD, text)))
    assert (given.text, given.tlvs) == (b"", {MESSAGE_PAYLOAD: text})


async def test_service_type_and_priority_go_along() -> None:
    head = c("WAP") + b"\1\1" + c(HANDSET) + b"\0\1" + c(CODE)
    given = await _through(head + b"\0\0\2" + c("") + c("") + b"\0\0\0\0\2Hi")
    assert (given.service_type, given.priority_flag, given.text) == ("WAP", 2, b"Hi")


async def test_reserved_bits_of_registered_delivery_are_refused() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        for registered in (0x20, 0x40, 0x80, 0xFF):
            await refused(esme, mt(registered=registered), RINVREGDLVFLG)


async def test_a_receipt_on_success_only() -> None:
    # 3 is SMPP 5.0's: delivered is told, undelivered is not.
    async with running() as parts:
        esme = await parts.esme("a2p")
        message_id = await accepted(esme, mt(registered=3))
        receipt = await esme.deliver()
        assert (receipt.receipt["id"], receipt.receipt["stat"]) == (message_id, "DELIVRD")
        esme.answer(receipt)
        await parts.until(lambda: not parts.store.pending())
        parts.clock.set(1_524_000_000_000, 1.0)  # 2018-04-18: incoming SMS are barred
        await accepted(esme, mt(registered=3))
        await parts.until(lambda: not parts.store.pending())
        await lives(esme)
