"""Peers that are slow, silent or no SMPP at all, over real sockets."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import Sequence

import pytest

from gateway import flow
from gateway.config import Config
from gateway.core.decision import Record
from gateway.store.memory import MemoryStore
from tests.gateway.links.esme import (
    BIND_TRX,
    DATA_SM,
    DEADLINE,
    ENQUIRE_LINK,
    NACK,
    QUERY_SM,
    REG,
    RESP,
    SUBMIT_MULTI,
    SUBMIT_SM,
    UNBIND,
    RawEsme,
    pdu,
    running,
    submit_body,
)
from tests.turns import turn

HANDSET = "6281234567890"


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
        assert peer._pipe.transport.get_write_buffer_size() < 1_000_000
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
            await turn()
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
