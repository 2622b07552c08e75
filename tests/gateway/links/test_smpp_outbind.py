"""An ESME that listens and is asked to bind."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from gateway.config import AccountConfig, OutbindConfig, OutbindWhen
from gateway.links import smpp_outbind
from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TX,
    DEADLINE,
    ENQUIRE_LINK,
    SUBMIT_SM,
    UNBIND,
    RawEsme,
    Running,
    bind_body,
    c,
    running,
    submit_body,
)

OUTBIND = 0x0B
HANDSET = "6281234567890"
ACCOUNTS = (
    AccountConfig(system_id="a2p", password="a2p"),
    AccountConfig(system_id="qa", password="qa"),
)


class ListeningEsme:
    """Gives each connection that the SMSC opens as an ESME."""

    def __init__(self) -> None:
        self._came: asyncio.Queue[RawEsme] = asyncio.Queue()
        self.esmes: list[RawEsme] = []
        self.port = 0

    async def came(self) -> RawEsme:
        async with asyncio.timeout(DEADLINE):
            return await self._came.get()

    def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.esmes.append(RawEsme(reader, writer))
        self._came.put_nowait(self.esmes[-1])

    def nobody_came(self) -> bool:
        return self._came.empty()


@asynccontextmanager
async def listening() -> AsyncIterator[ListeningEsme]:
    found = ListeningEsme()
    server = await asyncio.start_server(found.take, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        for esme in found.esmes:
            await esme.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp_outbind, "PAUSES", (0.01, 0.02))
    monkeypatch.setattr(smpp_outbind, "_LOOK", 0.01)


def row(port: int, when: OutbindWhen = OutbindWhen.ALWAYS, **values: str) -> OutbindConfig:
    return OutbindConfig(host="127.0.0.1", port=port, account="a2p", when=when, **values)


async def submit(parts: Running) -> None:
    """Have a receipt wait for the account."""
    sender = await parts.esme("a2p", BIND_TX)
    sender.send(SUBMIT_SM, submit_body("BANK", HANDSET, ton=(5, 1), registered=1))
    assert (await sender.receive()).status == 0


async def test_always() -> None:
    async with listening() as there:
        outbinds = (row(there.port, system_id="OPERATOR", password="secret"),)
        async with running(accounts=ACCOUNTS, outbinds=outbinds) as parts:
            esme = await there.came()
            frame = await esme.receive()
            assert frame == (OUTBIND, 0, 1, c("OPERATOR") + c("secret"))
            assert (await esme.bind("a2p", kind=BIND_RX)).status == 0
            await submit(parts)
            receipt = await esme.deliver()
            esme.answer(receipt)
            await esme.nothing_but(ENQUIRE_LINK)
            # It unbinds, and is asked again.
            await esme.ask(UNBIND)
            again = await there.came()
            assert (await again.receive()).command_id == OUTBIND
            assert (await again.bind("a2p", kind=BIND_RX)).status == 0


async def test_when_messages_wait() -> None:
    async with listening() as there:
        outbinds = (row(there.port, OutbindWhen.MESSAGES_WAIT),)
        async with running(accounts=ACCOUNTS, outbinds=outbinds) as parts:
            receiver = await parts.esme("a2p", BIND_RX)
            await submit(parts)
            receiver.answer(await receiver.deliver())
            await receiver.nothing_but(ENQUIRE_LINK)
            assert there.nobody_came()
            await receiver.ask(UNBIND)
            await submit(parts)
            esme = await there.came()
            assert (await esme.receive()).body == c("SMSC4444") + c("")
            assert (await esme.bind("a2p", kind=BIND_RX)).status == 0
            esme.answer(await esme.deliver())
            await esme.nothing_but(ENQUIRE_LINK)


async def test_only_the_account_that_was_asked_may_bind() -> None:
    async with (
        listening() as there,
        running(accounts=ACCOUNTS, outbinds=(row(there.port),)) as parts,
    ):
        esme = await there.came()
        await esme.receive()
        with capture_logs() as logs:
            assert (await esme.bind("qa", kind=BIND_RX)).status == 0x0D
        assert logs[0]["why"] == "ESME_RBINDFAIL: the outbind was for a2p, not for 'qa'"
        assert (await esme.ask(BIND_RX, bind_body("a2p", "wrong"))).status == 0x0E
        assert (await esme.bind("a2p", kind=BIND_RX)).status == 0
        assert parts.server.traffic()["qa"].binds == 0


async def test_who_does_not_bind_is_asked_again() -> None:
    async with listening() as there:
        outbinds = (row(there.port),)
        with capture_logs() as logs:
            async with running(session_init_timeout=0.05, accounts=ACCOUNTS, outbinds=outbinds):
                for _ in range(3):
                    esme = await there.came()
                    assert (await esme.receive()).command_id == OUTBIND
                    assert await esme.closed() == b""
    told = [entry for entry in logs if entry["event"] == "the ESME did not bind after outbind"]
    assert len(told) >= 2
    assert (told[0]["account"], told[0]["port"]) == ("a2p", there.port)


async def test_nobody_listens_yet() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with capture_logs() as logs:
            async with running(accounts=ACCOUNTS, outbinds=(row(port),)) as parts:
                await parts.until(lambda: len(logs) >= 3)
                await parts.esme("qa")
    first = logs[0]
    assert (first["event"], first["why"]) == ("outbind cannot connect", "Connection refused")


async def test_a_stop_ends_it() -> None:
    async with (
        listening() as there,
        running(accounts=ACCOUNTS, outbinds=(row(there.port),)) as parts,
    ):
        esme = await there.came()
        await esme.receive()
        await esme.bind("a2p", kind=BIND_RX)
        stopping = asyncio.create_task(parts.server.stop())
        frame = await esme.receive()
        assert frame.command_id == UNBIND
        esme.answer(frame)
        assert await esme.closed() == b""
        await stopping
        assert there.nobody_came()
