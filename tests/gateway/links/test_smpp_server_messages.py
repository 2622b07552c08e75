"""Messages through the server over real sockets: registrations, receipts, refusals."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import smpplib.client

from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TRX,
    BIND_TX,
    CANCEL_SM,
    ENQUIRE_LINK,
    NOW,
    QUERY_SM,
    REG,
    REPLACE_SM,
    RESP,
    SUBMIT_SM,
    bind_body,
    c,
    pdu,
    running,
    submit_body,
)

SUBMITTED = (SUBMIT_SM | RESP).to_bytes(4, "big")
HANDSET = "6281234567890"


# ---- messages


async def test_registration_is_answered_by_the_desk() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        body = submit_body("081234567890", "4444", REG, ton=(2, 3), registered=1)
        frame = await esme.ask(SUBMIT_SM, body)
        assert frame.status == 0
        message_id = frame.body.rstrip(b"\0").decode()
        assert message_id.isdecimal()
        receipt, reply = await esme.deliver(), await esme.deliver()
        if receipt.esm_class == 0:
            receipt, reply = reply, receipt
        assert reply.source == (3, 1, "4444")
        assert reply.destination == (2, 1, "081234567890")
        assert reply.text.startswith(b"Selamat, nomor")
        assert reply.data_coding == 0
        assert receipt.esm_class == 0x04
        assert receipt.receipt["id"] == message_id
        assert receipt.receipt["stat"] == "DELIVRD"
        assert receipt.tlvs == {0x1E: c(message_id), 0x427: b"\x02"}
        esme.answer(reply)
        esme.answer(receipt)
        await parts.until(lambda: not parts.courier.waiting())
        assert not parts.store.pending()
        assert parts.server.traffic()["qa"].delivers == 2


@pytest.mark.parametrize(
    ("registered", "stats"),
    [
        (0, []),
        (1, ["DELIVRD"]),
        (2, []),
        (0x10, ["ENROUTE"]),
        (0x11, ["ENROUTE", "DELIVRD"]),
    ],
)
async def test_receipt_only_when_asked(registered: int, stats: list[str]) -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        body = submit_body("BANK", HANDSET, "Kode 1234", ton=(5, 1), registered=registered)
        assert (await esme.ask(SUBMIT_SM, body)).status == 0
        for stat in stats:
            receipt = await esme.deliver()
            assert receipt.source == (1, 1, HANDSET)
            assert receipt.destination == (5, 1, "BANK")
            assert receipt.receipt["stat"] == stat
            assert receipt.receipt["dlvrd"] == ("001" if stat == "DELIVRD" else "000")
            assert receipt.receipt["submit date"] == "1802260800"
            assert receipt.receipt["Text"] == "Kode 1234"
        await esme.nothing_but(ENQUIRE_LINK)


async def test_message_to_a_barred_number() -> None:
    async with running() as parts:
        parts.clock.set(NOW + 53 * 86_400_000, 1.0)  # 20 April 2018: incoming is barred
        esme = await parts.esme("a2p")
        body = submit_body("BANK", HANDSET, "Kode", ton=(5, 1), registered=2)
        frame = await esme.ask(SUBMIT_SM, body)
        message_id = frame.body.rstrip(b"\0")
        receipt = await esme.deliver()
        assert receipt.receipt["stat"] == "UNDELIV"
        assert receipt.receipt["err"] == "013"
        assert receipt.receipt["dlvrd"] == "000"
        assert receipt.receipt["done date"] == "1804200800"
        assert receipt.tlvs == {
            0x1E: message_id + b"\0",
            0x427: b"\x05",
            0x423: b"\x03\x00\x0d",
        }


async def test_receipt_without_tlvs_for_an_old_esme() -> None:
    async with running() as parts:
        esme = await parts.esme()
        await esme.ask(BIND_TRX, bind_body("a2p", "a2p", 0x33))
        await esme.ask(SUBMIT_SM, submit_body("BANK", HANDSET, ton=(5, 1), registered=1))
        receipt = await esme.deliver()
        assert receipt.tlvs == {}
        assert receipt.receipt["stat"] == "DELIVRD"


async def test_receipt_goes_to_the_receiver_bind() -> None:
    async with running() as parts:
        sender = await parts.esme("a2p", BIND_TX)
        receiver = await parts.esme("a2p", BIND_RX)
        await sender.ask(SUBMIT_SM, submit_body("BANK", HANDSET, ton=(5, 1), registered=1))
        assert (await receiver.deliver()).esm_class == 0x04
        await sender.nothing_but(ENQUIRE_LINK)


async def test_receipt_waits_for_a_bind() -> None:
    async with running() as parts:
        sender = await parts.esme("a2p", BIND_TX)
        await sender.ask(SUBMIT_SM, submit_body("BANK", HANDSET, ton=(5, 1), registered=1))
        await sender.close()
        receiver = await parts.esme("a2p", BIND_RX)
        assert (await receiver.deliver()).esm_class == 0x04


async def test_refused_submits_leave_the_session_alone() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        cases = [
            (submit_body("BANK", "", ton=(5, 1)), 0x0B),
            (submit_body("BANK", "12x", ton=(5, 1)), 0x0B),
            (submit_body("4444", HANDSET, ton=(3, 1)), 0x0A),
            (submit_body("BANK", HANDSET, ton=(5, 1), esm_class=0x3C), 0x43),
            (submit_body("BANK", HANDSET, ton=(5, 1), validity="170101000000000+"), 0x62),
            (submit_body("BANK", HANDSET, ton=(5, 1), schedule="soon"), 0x61),
            (submit_body("BANK", HANDSET, ton=(5, 1)), 0),
        ]
        for body, status in cases:
            assert (await esme.ask(SUBMIT_SM, body)).status == status
        traffic = parts.server.traffic()["a2p"]
        assert (traffic.submits, traffic.refused) == (7, 6)


async def test_barred_handset_is_told_at_submit() -> None:
    async with running() as parts:
        parts.clock.set(NOW + 10 * 86_400_000, 1.0)
        esme = await parts.esme("qa")
        body = submit_body(HANDSET, "6281298765432", "halo", ton=(1, 1))
        assert (await esme.ask(SUBMIT_SM, body)).status == 0x45


@pytest.mark.parametrize(
    ("command_id", "body", "status"),
    [
        (QUERY_SM, c("1") + b"\1\1" + c("1"), 0x67),
        (CANCEL_SM, c("") + c("1") + b"\1\1" + c("1") + b"\1\1" + c(HANDSET), 0x11),
        (REPLACE_SM, c("1") + b"\1\1" + c("1") + c("") + c("") + bytes(3), 0x13),
        (0x7777, b"", 0x03),
    ],
)
async def test_orders_for_nothing_fail(command_id: int, body: bytes, status: int) -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        assert (await esme.ask(command_id, body)).status == status
        assert (await esme.ask(ENQUIRE_LINK)).status == 0


# ---- shapes of traffic


async def test_pipelined_submits() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        body = submit_body(HANDSET, "4444", REG)
        esme.writer.write(b"".join(pdu(SUBMIT_SM, 1000 + n, body) for n in range(50)))
        answered: set[int] = set()
        replies = 0
        while len(answered) < 50 or replies < 50:
            frame = await esme.receive()
            if frame.command_id == SUBMIT_SM | RESP:
                assert frame.status == 0
                answered.add(frame.sequence)
            else:
                replies += 1
                esme.answer(frame)
        assert answered == set(range(1000, 1050))
        await parts.until(lambda: not parts.store.pending())


async def test_bytewise() -> None:
    async with running() as parts:
        esme = await parts.esme()
        for octet in pdu(BIND_TRX, 1, bind_body("qa", "qa")) + pdu(
            SUBMIT_SM, 2, submit_body(HANDSET, "4444", REG)
        ):
            esme.writer.write(bytes((octet,)))
            await esme.writer.drain()
        assert (await esme.receive()).status == 0
        assert (await esme.receive())[:3] == (SUBMIT_SM | RESP, 0, 2)


async def test_counting_account() -> None:
    async with running() as parts:
        esme = await parts.esme("sink")
        body = submit_body("BANK", "anything", ton=(5, 1), registered=1)
        esme.writer.write(b"".join(pdu(SUBMIT_SM, n, body) for n in range(1, 101)))
        frames = [await esme.receive() for _ in range(100)]
        assert [frame.sequence for frame in frames] == list(range(1, 101))
        assert len({frame.body for frame in frames}) == 100
        assert parts.server.traffic()["sink"].submits == 100
        assert parts.records == []


# ---- a client of somebody else's making


def _with_smpplib(port: int) -> list[tuple[bytes, bytes]]:
    """Register a number and send an SMS; gives (source, text) of what was delivered."""
    got: list[tuple[bytes, bytes]] = []
    client = smpplib.client.Client("127.0.0.1", port, timeout=5, allow_unknown_opt_params=True)

    def received(pdu: Any) -> int:
        got.append((pdu.source_addr, pdu.short_message))
        return 0

    client.set_message_received_handler(received)
    client.connect()
    client.bind_transceiver(system_id="qa", password="qa")
    for source, destination, text in (
        (HANDSET, "4444", REG),
        ("6281111111111", "6282222222222", "halo"),
    ):
        client.send_message(
            source_addr_ton=1,
            source_addr=source,
            dest_addr_ton=1,
            destination_addr=destination,
            short_message=text.encode(),
            registered_delivery=1,
        )
    while len(got) < 3:
        client.read_once()
    client.unbind()
    client.disconnect()
    return got


async def test_smpplib() -> None:
    async with running() as parts:
        got = await asyncio.to_thread(_with_smpplib, parts.port)
        assert sorted(source for source, _ in got) == [b"4444", b"4444", b"6282222222222"]
        assert sum(b"stat:DELIVRD" in text for _, text in got) == 2
        assert sum(text.startswith(b"Selamat") for _, text in got) == 1
        await parts.until(lambda: not parts.store.pending())


def test_on_uvloop() -> None:
    uvloop = pytest.importorskip("uvloop")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(test_registration_is_answered_by_the_desk())


async def test_an_esme_that_shuts_its_sending_side_is_answered() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        for _ in range(20):
            esme.send(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        esme.writer.write_eof()
        heard = await esme.closed()
        answers = [
            heard[at : at + 16] for at in range(len(heard)) if heard[at : at + 4] == SUBMITTED
        ]
        assert len(answers) == 20
        assert {answer[4:8] for answer in answers} == {bytes(4)}
