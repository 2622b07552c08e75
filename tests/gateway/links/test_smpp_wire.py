"""The wire behaviour that peers.md section 1 asks of an SMPP 3.4 server, case by case."""

from __future__ import annotations

import struct

import pytest

from tests.gateway.links.esme import (
    BIND_TRX,
    DELIVER_SM,
    ENQUIRE_LINK,
    NACK,
    RESP,
    SUBMIT_SM,
    RawEsme,
    bind_body,
    c,
    pdu,
    running,
    submit_body,
)

HANDSET = "6281234567890"


def sms(**fields: object) -> bytes:
    return submit_body("BANK", HANDSET, ton=(5, 1), **fields)  # type: ignore[arg-type]


def tlv(tag: int, value: bytes, size: int | None = None) -> bytes:
    return struct.pack(">HH", tag, len(value) if size is None else size) + value


PAYLOAD, VENDOR = 0x0424, 0x1400
LONG = b"a" * 255


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(sms(), 0, id="submit_ok"),
        pytest.param(sms(text=b""), 0, id="submit_empty_text"),
        pytest.param(sms(text="😀".encode("utf-16-be"), data_coding=8), 0, id="submit_ucs2"),
        pytest.param(sms(data_coding=0xF0), 0, id="submit_class_0"),
        pytest.param(sms(text=b"", tlvs=tlv(PAYLOAD, LONG)), 0, id="submit_payload_tlv"),
        pytest.param(sms(tlvs=tlv(PAYLOAD, LONG)), 0xC1, id="submit_sm_and_payload"),
        pytest.param(sms(text=LONG), 0x01, id="submit_smlen_255"),
        pytest.param(sms(text=b"a" * 50)[:-20], 0x01, id="submit_smlen_lies"),
        pytest.param(sms()[:20], 0x02, id="submit_truncated"),
        pytest.param(b"", 0x02, id="submit_no_body"),
        pytest.param(sms(tlvs=tlv(VENDOR, b"x", 60)), 0xC2, id="submit_bad_tlv"),
        pytest.param(sms(tlvs=b"\x14\x00\x00"), 0xC0, id="submit_half_tlv"),
        pytest.param(sms(tlvs=tlv(VENDOR, b"x")), 0, id="submit_vendor_tlv"),
        pytest.param(sms(tlvs=tlv(0x0204, b"xyz")), 0, id="submit_odd_tlv"),
        pytest.param(submit_body("BANK", ""), 0x0B, id="submit_empty_dst"),
        pytest.param(submit_body("BANK", "6" * 25), 0x0B, id="submit_dst_25"),
        pytest.param(submit_body("B" * 25, HANDSET), 0x0A, id="submit_src_25"),
        pytest.param(sms(schedule="tomorrow"), 0x61, id="submit_bad_sched"),
        pytest.param(sms(validity="170101000000000+"), 0x62, id="submit_past_valid"),
        pytest.param(sms(validity="0" * 17), 0x62, id="submit_long_valid"),
        pytest.param(sms(esm_class=0x3C), 0x43, id="submit_bad_esm"),
        pytest.param(submit_body("BANK", HANDSET, ton=(7, 255)), 0, id="submit_odd_ton"),
    ],
)
async def test_submit(body: bytes, status: int) -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        assert (await esme.ask(SUBMIT_SM, body)).status == status
        assert (await esme.ask(SUBMIT_SM, sms())).status == 0


@pytest.mark.parametrize("sequence", [0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
async def test_sequence_numbers_are_echoed(sequence: int) -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        esme.writer.write(pdu(SUBMIT_SM, sequence, sms()))
        assert (await esme.receive())[:3] == (SUBMIT_SM | RESP, 0, sequence)


@pytest.mark.parametrize("command_id", [0x111, 0x112, 0x7FFFFFFF, 0])
async def test_unknown_commands_are_nacked(command_id: int) -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        frame = await esme.ask(command_id, b"whatever")
        assert frame[:2] == (NACK, 0x03)
        await esme.nothing_but(ENQUIRE_LINK)


@pytest.mark.parametrize(
    "response",
    [
        pdu(DELIVER_SM | RESP, 77, c("")),
        pdu(SUBMIT_SM | RESP, 77, c("1")),
        pdu(NACK, 77, status=3),
        pdu(ENQUIRE_LINK | RESP, 0),
        pdu(0x80007777, 5, b"x"),
    ],
)
async def test_responses_to_nothing_are_passed_over(response: bytes) -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        esme.writer.write(response)
        await esme.nothing_but(ENQUIRE_LINK)


async def test_truncated_bind() -> None:
    async with running() as parts:
        esme = await parts.esme()
        frame = await esme.ask(BIND_TRX, b"qa")
        assert frame.status == 0x02
        assert (await esme.bind("qa")).status == 0


async def test_wrong_direction() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        assert (await esme.ask(DELIVER_SM, sms())).status == 0x04
        await esme.nothing_but(ENQUIRE_LINK)


async def test_silent_peer_holds_nobody_up() -> None:
    async with running() as parts:
        silent = [await parts.esme() for _ in range(20)]
        half = await parts.esme()
        half.writer.write(pdu(BIND_TRX, 1, bind_body("qa", "qa"))[:10])
        esme = await parts.esme("a2p")
        assert (await esme.ask(SUBMIT_SM, sms())).status == 0
        assert len(silent) == 20


async def test_leaving_right_after_the_bind() -> None:
    async with running() as parts:
        for _ in range(20):
            esme = await RawEsme.connect(parts.port)
            esme.send(BIND_TRX, bind_body("qa", "qa"))
            esme.writer.transport.abort()
        await parts.esme("qa")
        await parts.until(lambda: len(parts.server.peers) == 1)
