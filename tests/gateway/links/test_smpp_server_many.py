"""Thousands of connections at once: idle, silent, with wrong passwords, gone without a word."""

from __future__ import annotations

import asyncio
import gc
import resource
import socket
import time
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TRX,
    DEADLINE,
    ENQUIRE_LINK,
    REG,
    RESP,
    SUBMIT_SM,
    RawEsme,
    Running,
    bind_body,
    pdu,
    running,
    submit_body,
)

HANDSET = "6281234567890"
IDLE = 2_000
# Octets of memory that an idle session may cost, its client's socket in this process included;
# measured: 9,000.
PER_SESSION = 16_000


@pytest.fixture(autouse=True)
def enough_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * IDLE + 500
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"needs {wanted} open files, the limit is {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def memory() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


class Crowd:
    """Many plain sockets to one server."""

    def __init__(self, parts: Running) -> None:
        self._port = parts.port
        self.members: list[socket.socket] = []

    async def join(self, count: int, say: bytes = b"", answers: int = 0) -> None:
        """Connect so many more, a hundred at a time; each says this and takes its answers."""
        async with asyncio.timeout(30.0):
            while count > 0:
                await asyncio.gather(*(self._one(say, answers) for _ in range(min(count, 100))))
                count -= 100

    async def _one(self, say: bytes, answers: int) -> None:
        loop = asyncio.get_running_loop()
        member = socket.socket()
        member.setblocking(False)
        self.members.append(member)
        await loop.sock_connect(member, ("127.0.0.1", self._port))
        await loop.sock_sendall(member, say)
        heard = b""
        while heard.count(RESP.to_bytes(4, "big")[:1]) < answers:
            heard += await loop.sock_recv(member, 1000)

    def leave(self) -> None:
        for member in self.members:
            member.close()
        self.members.clear()


@asynccontextmanager
async def crowd(parts: Running) -> AsyncIterator[Crowd]:
    found = Crowd(parts)
    try:
        yield found
    finally:
        found.leave()


async def answered_soon(esme: RawEsme) -> float:
    """Submit and give the seconds until the answer."""
    before = time.perf_counter()
    esme.send(SUBMIT_SM, submit_body(HANDSET, "5555", "halo"))
    frame = await esme.receive()
    assert frame.command_id in (SUBMIT_SM | RESP,)
    return time.perf_counter() - before


async def test_two_thousand_idle_sessions() -> None:
    bind = pdu(BIND_TRX, 1, bind_body("a2p", "a2p"))
    async with running() as parts, crowd(parts) as idle:
        other = await parts.esme("sink")
        await idle.join(200, bind, 1)
        before = memory()
        await idle.join(IDLE - 200, bind, 1)
        each = (memory() - before) / (IDLE - 200)
        assert each < PER_SESSION
        assert parts.server.traffic()["a2p"].sessions == IDLE
        assert await answered_soon(other) < 1.0
        left = [
            weakref.ref(part)
            for peer in parts.server.peers
            for part in (peer, peer._session, peer._bound)
        ]
        idle.leave()
        await parts.until(lambda: len(parts.server.peers) == 1)
        assert parts.server.traffic()["a2p"].sessions == 0
        gc.collect()
        assert sum(part() is not None for part in left) == 3


async def test_a_flood_of_wrong_passwords() -> None:
    wrong = pdu(BIND_TRX, 1, bind_body("a2p", "wrong"))
    with capture_logs() as logs:
        async with running(bind_attempts=1) as parts, crowd(parts) as flood:
            other = await parts.esme("sink")
            times = []
            for _ in range(10):
                await flood.join(100, wrong, 1)
                times.append(await answered_soon(other))
            assert max(times) < 1.0
            await parts.until(lambda: len(parts.server.peers) == 1)
            assert parts.server.traffic()["a2p"].binds_refused == 1_000
    told = [entry for entry in logs if entry["log_level"] != "debug"]
    assert len(told) < 20
    first, *_, summed = [entry for entry in told if entry["event"].startswith("bind refused")]
    assert first["why"] == "ESME_RINVPASWD: wrong password for a2p"
    assert summed["reasons"] == {"ESME_RINVPASWD: wrong password for a2p": 999}


async def test_a_flood_of_binds_is_slowed_down_for_its_account_alone() -> None:
    async with running(binds_per_second=50.0, bind_attempts=0) as parts:
        flood = await parts.esme()
        statuses = [(await flood.bind("a2p", "wrong")).status for _ in range(200)]
        assert statuses[:50] == [0x0E] * 50
        assert statuses.count(0x58) > 50
        assert (await flood.bind("qa")).status == 0


async def test_binds_that_never_come() -> None:
    with capture_logs() as logs:
        async with running(session_init_timeout=1.0) as parts, crowd(parts) as silent:
            other = await parts.esme("sink")
            await silent.join(500)
            # enquire_link is no bind.
            await silent.join(100, pdu(ENQUIRE_LINK, 1), 1)
            assert await answered_soon(other) < 1.0
            await parts.until(lambda: len(parts.server.peers) == 1)
            assert await answered_soon(other) < 1.0
    told = [entry for entry in logs if entry["event"].startswith("silent for too long")]
    assert 0 < len(told) < 10


async def test_a_session_that_is_gone_without_a_word() -> None:
    async with running(enquire_link_interval=0.3, response_timeout=0.3) as parts:
        gone = await parts.esme("qa", BIND_RX)
        sender = await parts.esme("qa", 2)
        await parts.until(lambda: parts.server.traffic()["qa"].sessions == 2)
        sender.send(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        assert (await sender.receive()).status == 0
        lost = await gone.deliver()
        # It does not answer any more, neither that nor enquire_link.
        sender.send(ENQUIRE_LINK)
        await parts.until(lambda: parts.server.traffic()["qa"].sessions < 2)
        back = await parts.esme()
        bound = await back.bind("qa", kind=BIND_RX)
        assert bound.status == 0
        async with asyncio.timeout(DEADLINE):
            again = await back.deliver()
        assert again.text == lost.text
        back.answer(again)
        await back.nothing_but(ENQUIRE_LINK)
