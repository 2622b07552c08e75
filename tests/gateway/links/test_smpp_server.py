"""The server over real sockets, seen by an ESME that knows nothing of gateway.smpp."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import Sequence
from typing import Any

import pytest
import smpplib.client

from gateway import flow
from gateway.config import Config, SmppConfig
from gateway.core.decision import Record
from gateway.links import smpp_server
from gateway.links.smpp_server import CannotListen
from gateway.store.memory import MemoryStore
from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TRX,
    BIND_TX,
    CANCEL_SM,
    DATA_SM,
    DEADLINE,
    ENQUIRE_LINK,
    NACK,
    NOW,
    QUERY_SM,
    REG,
    REPLACE_SM,
    RESP,
    SUBMIT_MULTI,
    SUBMIT_SM,
    UNBIND,
    Frame,
    RawEsme,
    Running,
    bind_body,
    c,
    pdu,
    running,
    submit_body,
)

HANDSET = "6281234567890"


# ---- binds


@pytest.mark.parametrize(
    ("kind", "version", "tlvs"),
    [
        (BIND_TRX, 0x34, b"\x02\x10\x00\x01\x34"),
        (BIND_TX, 0x34, b"\x02\x10\x00\x01\x34"),
        (BIND_RX, 0x50, b"\x02\x10\x00\x01\x34"),
        (BIND_TRX, 0x33, b""),
        (BIND_TX, 0x00, b""),
    ],
)
async def test_bind(kind: int, version: int, tlvs: bytes) -> None:
    async with running(system_id="SMSC4444") as parts:
        esme = await parts.esme()
        frame = await esme.ask(kind, bind_body("qa", "qa", version))
        assert frame == Frame(kind | RESP, 0, 1, c("SMSC4444") + tlvs)


@pytest.mark.parametrize(
    ("system_id", "password", "status"),
    [
        ("nobody", "qa", 0x0F),
        ("", "", 0x0F),
        ("a-system-id-of-21-octs", "qa", 0x0F),
        ("qa", "wrong", 0x0E),
        ("qa", "", 0x0E),
        ("qa", "qaqaqaqaqaqa", 0x0E),
        ("qa", "\xff\xfe", 0x0E),
    ],
)
async def test_bind_refused(system_id: str, password: str, status: int) -> None:
    async with running() as parts:
        esme = await parts.esme()
        assert (await esme.ask(BIND_TRX, bind_body(system_id, password))).status == status
        assert (await esme.ask(SUBMIT_SM, submit_body(HANDSET, "4444"))).status == 0x04
        assert (await esme.bind("qa")).status == 0
        assert parts.server.traffic()["qa"].sessions == 1


async def test_second_bind_and_wrong_states() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        assert (await esme.bind("qa")).status == 0x05
        receiver = await parts.esme("qa", BIND_RX)
        assert (await receiver.ask(SUBMIT_SM, submit_body(HANDSET, "4444"))).status == 0x04
        unbound = await parts.esme()
        assert (await unbound.ask(ENQUIRE_LINK)).status == 0
        assert (await unbound.ask(UNBIND)).status == 0x04


async def test_unbind_answers_then_closes() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        sequence = esme.send(UNBIND)
        assert await esme.closed() == pdu(UNBIND | RESP, sequence)
        await parts.until(lambda: parts.server.traffic()["qa"].sessions == 0)


async def test_fifty_connections() -> None:
    async with running() as parts:
        esmes = [await parts.esme("a2p") for _ in range(50)]
        frames = await asyncio.gather(
            *(esme.ask(SUBMIT_SM, submit_body("BANK", HANDSET, ton=(5, 1))) for esme in esmes)
        )
        assert [frame.status for frame in frames] == [0] * 50
        traffic = parts.server.traffic()["a2p"]
        assert (traffic.binds, traffic.sessions, traffic.submits) == (50, 50, 50)
        assert len(parts.server.peers) == 50


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
    ("registered", "delivered"), [(0, 0), (1, 1), (2, 0), (0x10, 0), (0x11, 1)]
)
async def test_receipt_only_when_asked(registered: int, delivered: int) -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        body = submit_body("BANK", HANDSET, "Kode 1234", ton=(5, 1), registered=registered)
        assert (await esme.ask(SUBMIT_SM, body)).status == 0
        for _ in range(delivered):
            receipt = await esme.deliver()
            assert receipt.source == (1, 1, HANDSET)
            assert receipt.destination == (5, 1, "BANK")
            assert receipt.receipt["stat"] == "DELIVRD"
            assert receipt.receipt["dlvrd"] == "001"
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
        (DATA_SM, c("") + b"\1\1" + c("1") + b"\1\1" + c(HANDSET) + bytes(3), 0x03),
        (QUERY_SM, c("1") + b"\1\1" + c("1"), 0x67),
        (CANCEL_SM, c("") + c("1") + b"\1\1" + c("1") + b"\1\1" + c(HANDSET), 0x11),
        (REPLACE_SM, c("1") + b"\1\1" + c("1") + c("") + c("") + bytes(3), 0x13),
        (
            SUBMIT_MULTI,
            c("")
            + b"\1\1"
            + c("1")
            + b"\1\1\1\1"
            + c(HANDSET)
            + bytes(3)
            + c("")
            + c("")
            + bytes(5),
            0x03,
        ),
        (0x7777, b"", 0x03),
    ],
)
async def test_what_is_not_offered_is_refused(command_id: int, body: bytes, status: int) -> None:
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


# ---- what is not SMPP


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        struct.pack(">I", 4),
        struct.pack(">IIII", 15, SUBMIT_SM, 0, 1),
        struct.pack(">IIII", 0xFFFFFFFF, SUBMIT_SM, 0, 1),
        struct.pack(">IIII", 65_537, SUBMIT_SM, 0, 1),
    ],
)
async def test_lost_framing(garbage: bytes) -> None:
    async with running() as parts:
        other = await parts.esme("qa")
        esme = await parts.esme("qa")
        esme.writer.write(garbage)
        assert await esme.closed() == pdu(NACK, 0, status=0x02)
        await other.nothing_but(ENQUIRE_LINK)


async def test_reset_in_the_middle_of_a_pdu() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        esme.writer.write(pdu(SUBMIT_SM, 1, submit_body(HANDSET, "4444", REG))[:40])
        own = esme.writer.get_extra_info("socket")
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        esme.writer.transport.abort()
        await parts.until(lambda: len(parts.server.peers) == 0)
        await parts.esme("qa")


async def test_noise_ends_no_session_but_its_own() -> None:
    noise = random.Random(4444)
    async with running() as parts:
        good = await parts.esme("qa")
        for _ in range(200):
            esme = await parts.esme("qa")
            command_id = noise.choice((SUBMIT_SM, 5, BIND_TRX, DATA_SM, SUBMIT_MULTI, QUERY_SM))
            for _ in range(50):
                whole = pdu(command_id, noise.getrandbits(32), noise.randbytes(noise.randrange(90)))
                esme.writer.write(whole)
            esme.writer.write(noise.randbytes(noise.randrange(64)))
            await esme.close()
        await good.nothing_but(ENQUIRE_LINK)
        await parts.until(lambda: len(parts.server.peers) == 1)


# ---- slow and silent


async def _flood(esme: RawEsme, block: bytes) -> None:
    """Write until the server takes no more: octets pile up in this client then."""
    while True:
        esme.writer.write(block)
        async with asyncio.timeout(1.0):
            await esme.writer.drain()


async def test_slow_reader_is_read_no_more() -> None:
    async with running() as parts:
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(slow, ("127.0.0.1", parts.port))
        esme = RawEsme(*await asyncio.open_connection(sock=slow, limit=4096))
        await esme.bind("sink")
        with pytest.raises(TimeoutError):
            await _flood(esme, pdu(SUBMIT_SM, 1, submit_body("1", "2", "x")) * 2000)
        (peer,) = parts.server.peers
        assert peer.unwritten < 1_000_000
        read = parts.server.traffic()["sink"].submits
        other = await parts.esme("qa")
        await other.nothing_but(ENQUIRE_LINK)
        # It goes on when the client reads.
        esme.writer.write(pdu(ENQUIRE_LINK, 4444))
        tail = b""
        while pdu(ENQUIRE_LINK | RESP, 4444) not in tail:
            async with asyncio.timeout(DEADLINE):
                tail = tail[-16:] + await esme.reader.read(1_000_000)
        assert parts.server.traffic()["sink"].submits > read
        esme.writer.transport.abort()


async def test_flow_without_room_stops_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "WAITING_MOST", 10)
    gate = asyncio.Event()

    class Slow(MemoryStore):
        async def commit(self, records: Sequence[Record]) -> None:
            await gate.wait()
            await super().commit(records)

    rules = Config().rules()
    async with running(Slow(rules.schedule, rules.ring_ms)) as parts:
        esme = await parts.esme("qa")
        body = submit_body(HANDSET, "4444", REG)
        total = 0
        while not parts.flow.full:
            esme.send(SUBMIT_SM, body)
            total += 1
            await esme.writer.drain()
            await asyncio.sleep(0)
        sequence = esme.send(ENQUIRE_LINK)
        await esme.writer.drain()
        gate.set()
        seen: set[int] = set()
        while len(seen) < total or sequence not in seen:
            frame = await esme.receive()
            if frame.command_id in (SUBMIT_SM | RESP, ENQUIRE_LINK | RESP):
                seen.add(frame.sequence)


async def test_silent_connection_is_closed() -> None:
    async with running(session_init_timeout=0.05) as parts:
        bound = await parts.esme("qa")
        silent = await parts.esme()
        assert await silent.closed() == b""
        await bound.nothing_but(ENQUIRE_LINK)


async def test_enquire_link_from_the_server() -> None:
    async with running(enquire_link_interval=0.05, response_timeout=0.2) as parts:
        esme = await parts.esme("qa")
        for _ in range(2):
            frame = await esme.receive()
            assert frame.command_id == ENQUIRE_LINK
            esme.answer(frame)
        assert (await esme.receive()).command_id == ENQUIRE_LINK
        assert await esme.closed() == b""


async def test_inactive_session_is_unbound() -> None:
    async with running(inactivity_timeout=0.05, enquire_link_interval=0) as parts:
        esme = await parts.esme("qa")
        frame = await esme.receive()
        assert frame.command_id == UNBIND
        esme.answer(frame)
        assert await esme.closed() == b""


# ---- start and stop


async def test_port_in_use() -> None:
    async with running() as parts:
        second = Running(SmppConfig(port=parts.port), None).server
        with pytest.raises(CannotListen, match=rf"\[smpp\] 127.0.0.1:{parts.port}.*in use") as line:
            await second.start()
        assert "\n" not in str(line.value)


async def test_stop_answers_unbinds_and_closes() -> None:
    async with running() as parts:
        unbound = await parts.esme()
        esme = await parts.esme("qa")
        esme.send(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        await parts.until(lambda: parts.server.traffic()["qa"].submits == 1)
        stopping = asyncio.create_task(parts.server.stop())
        frames = [await esme.receive() for _ in range(2)]
        assert (SUBMIT_SM | RESP, 0) in [frame[:2] for frame in frames]
        while frames[-1].command_id != UNBIND:
            frames.append(await esme.receive())
        late = esme.send(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        assert (await esme.receive())[:3] == (SUBMIT_SM | RESP, 0x04, late)
        esme.answer(frames[-1])
        assert await esme.closed() == b""
        assert await unbound.closed() == b""
        await stopping
        with pytest.raises(ConnectionRefusedError):
            await RawEsme.connect(parts.port)


async def test_stop_leaves_who_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp_server, "LINGER", 0.05)
    async with running() as parts:
        esme = await parts.esme("qa")
        await parts.server.stop()
        assert len(parts.server.peers) == 0
        assert (await esme.receive()).command_id == UNBIND
        assert await esme.closed() == b""


async def test_stop_without_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp_server, "_DECISIONS", 0.05)

    class Stuck(MemoryStore):
        async def commit(self, records: Sequence[Record]) -> None:
            await asyncio.Event().wait()

    rules = Config().rules()
    async with running(Stuck(rules.schedule, rules.ring_ms)) as parts:
        esme = await parts.esme("qa")
        esme.send(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        await parts.until(lambda: parts.server.traffic()["qa"].submits == 1)
        stopping = asyncio.create_task(parts.server.stop())
        frame = await esme.receive()
        assert frame.command_id == UNBIND
        esme.answer(frame)
        await esme.closed()
        await stopping


async def test_stop_before_start() -> None:
    await Running(SmppConfig(port=0), None).server.stop()


def test_on_uvloop() -> None:
    uvloop = pytest.importorskip("uvloop")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(test_registration_is_answered_by_the_desk())
        runner.run(test_lost_framing(b"GET / HTTP/1.1\r\n"))
        runner.run(test_stop_answers_unbinds_and_closes())


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
