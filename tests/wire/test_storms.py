"""Malformed input in masses on bound sessions, while a healthy account's traffic goes on."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import struct
import tracemalloc
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TRX,
    BIND_TX,
    DELIVER_SM,
    RESP,
    SUBMIT_SM,
    Deliver,
    RawEsme,
    Running,
    pdu,
    read_deliver,
    running,
)
from tests.wire.speaking import ROK, accepted, lives, mt, reset

SESSIONS = 200
KINDS = (BIND_TX, BIND_RX, BIND_TRX)
REQUESTS = (1, 2, 3, 4, 5, 7, 8, 9, 0x0B, 0x21, 0x102, 0x103, 0x111, 0x999)


# ---- what a storm is made of: all of it from a seed, so that it can be played again


def noise(chance: random.Random) -> bytes:
    """Give octets that are nothing; four of a hundred lengths in them are credible."""
    return chance.randbytes(chance.randrange(1, 400))


def framed_noise(chance: random.Random) -> bytes:
    """Give PDUs of true length, of any command, with bodies that are nothing."""
    return b"".join(
        pdu(
            chance.choice(REQUESTS) | chance.choice((0, 0, 0, RESP)),
            chance.getrandbits(32),
            chance.randbytes(chance.randrange(120)),
            chance.choice((0, 0, chance.getrandbits(32))),
        )
        for _ in range(chance.randrange(1, 20))
    )


def damaged_submits(chance: random.Random) -> bytes:
    """Give submit_sm that were sound until some octets of their bodies changed."""
    found = []
    for _ in range(chance.randrange(1, 20)):
        body = bytearray(mt("Kode 1234", registered=chance.randrange(256)))
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(body))
            body[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
        found.append(pdu(SUBMIT_SM, chance.getrandbits(31), bytes(body)))
    return b"".join(found)


def half_a_pdu(chance: random.Random) -> bytes:
    """Give the beginning of a sound PDU, and nothing more."""
    whole = pdu(SUBMIT_SM, 5, mt("x" * 200))
    return whole[: chance.randrange(1, len(whole))]


def huge_length(chance: random.Random) -> bytes:
    """Give a header that promises more than may be."""
    length = chance.choice((65_537, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 15, 1, 0))
    return struct.pack(">IIII", length, SUBMIT_SM, 0, 1) + chance.randbytes(200)


STORMS: tuple[Callable[[random.Random], bytes], ...] = (
    noise,
    framed_noise,
    damaged_submits,
    half_a_pdu,
    huge_length,
)


@contextlib.asynccontextmanager
async def nothing_escapes() -> AsyncIterator[None]:
    """Fail if an exception reaches the event loop: it would have ended somebody's session."""
    escaped: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: escaped.append(context))
    try:
        yield
    finally:
        loop.set_exception_handler(None)
    assert not escaped, escaped


async def storm(parts: Running, number: int, seed: int) -> None:
    """One bad client: binds, pours out what is no SMPP, and goes as bad clients go."""
    chance = random.Random(f"{seed} {number}")
    esme = await RawEsme.connect(parts.port)
    frame = await esme.bind("qa", kind=chance.choice(KINDS))
    assert frame.status == ROK
    with contextlib.suppress(ConnectionError):
        for _ in range(chance.randrange(1, 8)):
            esme.writer.write(chance.choice(STORMS)(chance))
            await esme.writer.drain()
        match chance.randrange(3):
            case 0:
                reset(esme)
            case 1:
                esme.writer.write_eof()
                await esme.closed()
    await esme.close()


async def steady(parts: Running, done: asyncio.Event) -> list[float]:
    """A healthy account: one message after the other, each with its receipt; gives the waits."""
    esme = await parts.esme("a2p")
    loop = asyncio.get_running_loop()
    waits: list[float] = []
    while not done.is_set() or len(waits) < 20:
        began = loop.time()
        sequence = esme.send(SUBMIT_SM, mt(registered=1))
        frames = [await esme.receive(), await esme.receive()]
        frames.sort(key=lambda frame: frame.command_id)
        receipt, response = frames
        assert response[:3] == (SUBMIT_SM | RESP, ROK, sequence)
        told: Deliver = read_deliver(receipt)
        assert told.receipt["id"] == response.body.rstrip(b"\0").decode()
        esme.answer(told)
        waits.append(loop.time() - began)
    await lives(esme)
    return waits


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_healthy_account_notices_nothing_of_200_bad_ones(seed: int) -> None:
    async with nothing_escapes(), running() as parts:
        over = asyncio.Event()
        healthy = asyncio.create_task(steady(parts, over), name="healthy")
        bad = [storm(parts, number, seed) for number in range(SESSIONS)]
        try:
            await asyncio.gather(*bad)
        finally:
            over.set()
        waits = await healthy
        # Everything is in one process here, the clients too; still nobody waits for a timer.
        assert max(waits) < 5.0
        await parts.until(lambda: len(parts.server.peers) == 1)
        assert parts.server.traffic()["qa"].sessions == 0
        # And whoever comes next is served; the bad ones' own account gets the receipts it earned.
        await accepted(await parts.esme("reg4444"), mt())
        assert (await (await parts.esme()).bind("qa")).status == ROK


async def test_halves_of_pdus_cost_what_they_are() -> None:
    async with nothing_escapes(), running() as parts:
        gc.collect()
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            esmes = [await parts.esme("sink") for _ in range(SESSIONS)]
            # The largest PDU there may be, but for its end; the client keeps nothing of it.
            part = struct.pack(">IIII", 65_536, SUBMIT_SM, 0, 1) + bytes(60_000)
            for esme in esmes:
                esme.writer.write(part)
                await esme.writer.drain()
            await lives(await parts.esme("a2p"))
            held = tracemalloc.get_traced_memory()[0] - before
            assert held < SESSIONS * 2 * len(part)
            for esme in esmes:
                reset(esme)
            await parts.until(lambda: len(parts.server.peers) == 1)
            gc.collect()
            assert tracemalloc.get_traced_memory()[0] - before < SESSIONS * 10_000
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("seed", [1, 2])
async def test_garbage_for_an_answer_loses_nothing_and_ends_no_session(seed: int) -> None:
    chance = random.Random(seed)
    async with nothing_escapes(), running() as parts:
        sends = await parts.esme("a2p", BIND_TX)
        receives = await parts.esme("a2p", BIND_RX)
        for _ in range(50):
            message_id = await accepted(sends, mt(registered=1))
            receipt = await receives.deliver()
            assert receipt.receipt["id"] == message_id
            # Answers to nothing, of the wrong kind, and at last one with this number.
            for _ in range(chance.randrange(4)):
                answer = chance.choice((SUBMIT_SM, DELIVER_SM, 0x15, 0x103, 0x999)) | RESP
                body = chance.randbytes(chance.randrange(80))
                receives.writer.write(pdu(answer, chance.getrandbits(32) | 1 << 30, body))
            body = chance.randbytes(chance.randrange(80))
            receives.writer.write(pdu(DELIVER_SM | RESP, receipt.sequence, body))
            await parts.until(lambda: not parts.store.pending())
        await lives(receives)
        await lives(sends)
