"""Frames: cut, merged, false in their length, unknown, numbered oddly."""

from __future__ import annotations

import struct
import tracemalloc

from tests.gateway.links.esme import (
    BIND_TRX,
    ENQUIRE_LINK,
    NACK,
    RESP,
    SUBMIT_SM,
    Frame,
    bind_body,
    pdu,
    running,
)
from tests.wire.bar import case
from tests.wire.speaking import (
    RINVCMDID,
    RINVCMDLEN,
    ROK,
    accepted,
    drips,
    lives,
    mt,
    nack_and_close,
    reset,
)


async def _nacked(command_id: int) -> None:
    async with running() as parts:
        for bound in (False, True):
            esme = await parts.esme("a2p" if bound else "")
            esme.writer.write(pdu(command_id, 4711, b"whatever"))
            assert await esme.receive() == Frame(NACK, RINVCMDID, 4711, b"")
            await lives(esme)


@case("unknown_cmd")
async def unknown_cmd() -> None:
    await _nacked(0x00000FFF)
    await _nacked(0x7FFFFFFF)
    await _nacked(0)


@case("broadcast_v5")
async def broadcast_v5() -> None:
    await _nacked(0x00000111)


async def _echoed(sequence: int) -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        esme.writer.write(pdu(ENQUIRE_LINK, sequence))
        assert await esme.receive() == Frame(ENQUIRE_LINK | RESP, ROK, sequence, b"")
        esme.writer.write(pdu(SUBMIT_SM, sequence, mt()))
        frame = await esme.receive()
        assert frame[:3] == (SUBMIT_SM | RESP, ROK, sequence)


@case("seq_zero")
async def seq_zero() -> None:
    await _echoed(0)


@case("seq_high")
async def seq_high() -> None:
    for sequence in (0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
        await _echoed(sequence)


@case("pipelined_50")
async def pipelined_50() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        esme.writer.write(b"".join(pdu(SUBMIT_SM, 100 + number, mt()) for number in range(50)))
        frames = [await esme.receive() for _ in range(50)]
        assert {frame.command_id for frame in frames} == {SUBMIT_SM | RESP}
        assert {frame.status for frame in frames} == {ROK}
        assert [frame.sequence for frame in frames] == [100 + number for number in range(50)]
        assert len({frame.body for frame in frames}) == 50
        await lives(esme)


@case("bytewise")
async def bytewise() -> None:
    async with running() as parts:
        esme = await parts.esme()
        await drips(esme, pdu(BIND_TRX, 1, bind_body("a2p", "a2p")))
        assert (await esme.receive()).status == ROK
        await drips(esme, pdu(SUBMIT_SM, 2, mt()))
        frame = await esme.receive()
        assert frame[:3] == (SUBMIT_SM | RESP, ROK, 2)


async def _lost(garbage: bytes) -> None:
    """The framing is lost, before a bind and after one; nobody else notices."""
    async with running() as parts:
        other = await parts.esme("a2p")
        for bound in (False, True):
            esme = await parts.esme("a2p" if bound else "")
            # What came before it is answered; what comes behind it is not looked at.
            esme.writer.write(pdu(ENQUIRE_LINK, 50) + garbage + pdu(ENQUIRE_LINK, 51))
            assert await esme.receive() == Frame(ENQUIRE_LINK | RESP, ROK, 50, b"")
            await nack_and_close(esme, RINVCMDLEN)
        await accepted(other, mt())


@case("http_garbage")
async def http_garbage() -> None:
    await _lost(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")


@case("cmdlen_4")
async def cmdlen_4() -> None:
    await _lost(struct.pack(">I", 4))
    await _lost(struct.pack(">IIII", 15, ENQUIRE_LINK, 0, 1))
    await _lost(struct.pack(">IIII", 0, ENQUIRE_LINK, 0, 1))


@case("cmdlen_huge")
async def cmdlen_huge() -> None:
    tracemalloc.start()
    try:
        for length in (65_537, 0x7FFFFFFF, 0xFFFFFFFF):
            async with running() as parts:
                esme = await parts.esme("a2p")
                before = tracemalloc.get_traced_memory()[0]
                tracemalloc.reset_peak()
                esme.writer.write(struct.pack(">IIII", length, SUBMIT_SM, 0, 1) + b"x" * 1000)
                await nack_and_close(esme, RINVCMDLEN)
                assert tracemalloc.get_traced_memory()[1] - before < 1_000_000
    finally:
        tracemalloc.stop()


@case("rst_mid_pdu")
async def rst_mid_pdu() -> None:
    async with running() as parts:
        other = await parts.esme("a2p")
        for cut in (1, 3, 4, 15, 16, 30):
            esme = await parts.esme("a2p")
            esme.writer.write(pdu(SUBMIT_SM, 2, mt())[:cut])
            await esme.writer.drain()
            reset(esme)
        await parts.until(lambda: len(parts.server.peers) == 1)
        await accepted(other, mt())
        await accepted(await parts.esme("a2p"), mt())
