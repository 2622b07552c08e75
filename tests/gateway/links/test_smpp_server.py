"""The server from start to stop, and its binds, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
import structlog

from gateway.config import AccountConfig, Config, LimitsConfig, OnLimit, SmppConfig
from gateway.core.decision import Record
from gateway.links import smpp_server
from gateway.links.smpp_server import CannotListen
from gateway.store.memory import MemoryStore
from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TRX,
    BIND_TX,
    ENQUIRE_LINK,
    REG,
    RESP,
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


async def _goes(esme: RawEsme, parts: Running) -> None:
    await esme.close()


async def _unbinds(esme: RawEsme, parts: Running) -> None:
    esme.send(UNBIND)
    await esme.closed()


async def _is_sent_away(esme: RawEsme, parts: Running) -> None:
    stopping = asyncio.create_task(parts.server.stop())
    esme.answer(await esme.receive())
    await esme.closed()
    await stopping


async def _talks_nonsense(esme: RawEsme, parts: Running) -> None:
    esme.writer.write(b"GET / HTTP/1.1\r\n\r\n")
    await esme.closed()


@pytest.mark.parametrize(
    ("ends", "why"),
    [
        (_goes, "closed without unbind"),
        (_unbinds, "unbound"),
        (_is_sent_away, "unbound from here"),
        (_talks_nonsense, "not SMPP"),
    ],
)
async def test_the_log_says_how_a_session_ended(
    ends: Callable[[RawEsme, Running], Awaitable[None]], why: str
) -> None:
    with structlog.testing.capture_logs() as lines:
        async with running() as parts:
            await ends(await parts.esme("qa"), parts)
            await parts.until(lambda: parts.server.traffic()["qa"].sessions == 0)
    assert [line["why"] for line in lines if line["event"] == "session over"] == [why]


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


async def test_one_connection_too_many_is_closed() -> None:
    async with running(max_connections=2) as parts:
        first = await parts.esme("qa")
        await parts.esme()
        assert await (await parts.esme()).closed() == b""
        await first.close()
        await parts.until(lambda: len(parts.server.peers) == 1)
        await parts.esme("qa")


async def test_a_session_too_many_takes_the_place_of_the_oldest() -> None:
    limits = LimitsConfig(max_sessions=1, on_limit=OnLimit.REPLACE_OLDEST)
    account = AccountConfig(system_id="qa", password="qa", limits=limits)
    async with running(accounts=(account,)) as parts:
        first = await parts.esme("qa")
        second = await parts.esme("qa")
        frame = await first.receive()
        assert frame.command_id == UNBIND
        first.answer(frame)
        assert await first.closed() == b""
        await second.nothing_but(ENQUIRE_LINK)
        assert parts.server.traffic()["qa"].sessions == 1


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
        runner.run(test_stop_answers_unbinds_and_closes())
