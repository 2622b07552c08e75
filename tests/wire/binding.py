"""Binds, the session's life, and what is said in the wrong state."""

from __future__ import annotations

import asyncio
import struct

from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TRX,
    BIND_TX,
    ENQUIRE_LINK,
    NACK,
    RESP,
    SUBMIT_SM,
    UNBIND,
    Frame,
    bind_body,
    c,
    pdu,
    running,
)
from tests.wire.bar import case
from tests.wire.speaking import (
    RALYBND,
    RINVBNDSTS,
    RINVCMDLEN,
    RINVPASWD,
    RINVSYSID,
    ROK,
    SC_INTERFACE_VERSION,
    accepted,
    lives,
    mt,
    strings,
    tlvs_of,
)


async def _bound(kind: int) -> None:
    async with running() as parts:
        esme = await parts.esme()
        frame = await esme.ask(kind, bind_body("a2p", "a2p"))
        assert (frame.command_id, frame.status) == (kind | RESP, ROK)
        (system_id,), rest = strings(frame.body, 1)
        assert system_id == "SMSC4444"
        assert tlvs_of(rest) == {SC_INTERFACE_VERSION: b"\x34"}
        await lives(esme)


@case("bind_trx")
async def bind_trx() -> None:
    await _bound(BIND_TRX)


@case("bind_tx")
async def bind_tx() -> None:
    await _bound(BIND_TX)


@case("bind_rx")
async def bind_rx() -> None:
    await _bound(BIND_RX)


async def _bind_refused(body: bytes, status: int) -> None:
    """Every kind of bind is refused alike, without a body (§4.1.2); a sound bind may follow."""
    async with running() as parts:
        for kind in (BIND_TX, BIND_RX, BIND_TRX):
            esme = await parts.esme()
            frame = await esme.ask(kind, body)
            assert frame == Frame(kind | RESP, status, 1, b"")
            assert (await esme.bind("a2p")).status == ROK
            await lives(esme)


@case("bind_badpw")
async def bind_badpw() -> None:
    await _bind_refused(bind_body("a2p", "wrong"), RINVPASWD)
    await _bind_refused(bind_body("a2p", ""), RINVPASWD)
    # Octets that are no text, and a password longer than the field, as real ESMEs send them.
    await _bind_refused(bind_body("a2p", "\xff\xfe"), RINVPASWD)
    await _bind_refused(bind_body("a2p", "a2pa2pa2pa2p"), RINVPASWD)


@case("bind_badsid")
async def bind_badsid() -> None:
    await _bind_refused(bind_body("nobody", "a2p"), RINVSYSID)
    await _bind_refused(bind_body("", ""), RINVSYSID)
    await _bind_refused(bind_body("\xe92p", "a2p"), RINVSYSID)


@case("bind_sid_too_long")
async def bind_sid_too_long() -> None:
    await _bind_refused(bind_body("a2p" * 10, "a2p"), RINVSYSID)
    await _bind_refused(bind_body("s" * 16, "a2p"), RINVSYSID)


@case("bind_truncated")
async def bind_truncated() -> None:
    whole = bind_body("a2p", "a2p")
    for cut in (0, 3, 5, len(whole) - 1):
        await _bind_refused(whole[:cut], RINVCMDLEN)


@case("bind_twice")
async def bind_twice() -> None:
    async with running() as parts:
        for kind in (BIND_TX, BIND_RX, BIND_TRX):
            esme = await parts.esme("a2p")
            frame = await esme.ask(kind, bind_body("a2p", "a2p"))
            assert frame == Frame(kind | RESP, RALYBND, 2, b"")
            await accepted(esme, mt())


@case("bind_v33_no_tlv")
async def bind_v33_no_tlv() -> None:
    async with running() as parts:
        for version in (0x00, 0x33):
            esme = await parts.esme()
            frame = await esme.ask(BIND_TRX, bind_body("a2p", "a2p", version))
            assert frame == Frame(BIND_TRX | RESP, ROK, 1, c("SMSC4444"))
        # A version above ours is told what we speak.
        esme = await parts.esme()
        frame = await esme.ask(BIND_TRX, bind_body("a2p", "a2p", 0x50))
        assert tlvs_of(frame.body[9:]) == {SC_INTERFACE_VERSION: b"\x34"}


@case("submit_unbound")
async def submit_unbound() -> None:
    async with running() as parts:
        esme = await parts.esme()
        assert await esme.ask(SUBMIT_SM, mt()) == Frame(SUBMIT_SM | RESP, RINVBNDSTS, 1, b"")
        assert (await esme.bind("a2p")).status == ROK
        await accepted(esme, mt())


@case("submit_on_rx")
async def submit_on_rx() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p", BIND_RX)
        assert await esme.ask(SUBMIT_SM, mt()) == Frame(SUBMIT_SM | RESP, RINVBNDSTS, 2, b"")
        await lives(esme)


@case("enquire_unbound")
async def enquire_unbound() -> None:
    for answers, status in ((True, ROK), (False, RINVBNDSTS)):
        async with running(enquire_before_bind=answers) as parts:
            esme = await parts.esme()
            frame = await esme.ask(ENQUIRE_LINK)
            assert frame == Frame(ENQUIRE_LINK | RESP, status, 1, b"")
            assert (await esme.bind("a2p")).status == ROK


@case("enquire_bound")
async def enquire_bound() -> None:
    async with running() as parts:
        for kind in (BIND_TX, BIND_RX, BIND_TRX):
            await lives(await parts.esme("a2p", kind))


@case("unbind")
async def unbind() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        esme.writer.write(pdu(UNBIND, 77))
        # The response, then the end, and nothing between.
        assert await esme.closed() == struct.pack(">IIII", 16, UNBIND | RESP, ROK, 77)
        await parts.until(lambda: not parts.server.peers)
        # What was submitted before it is answered before it.
        esme = await parts.esme("a2p")
        esme.writer.write(pdu(SUBMIT_SM, 8, mt()) + pdu(UNBIND, 9))
        first, second = await esme.receive(), await esme.receive()
        assert (first.command_id, first.status, first.sequence) == (SUBMIT_SM | RESP, ROK, 8)
        assert second == Frame(UNBIND | RESP, ROK, 9, b"")
        assert await esme.closed() == b""


@case("idle_peer_blocks")
async def idle_peer_blocks() -> None:
    async with running() as parts:
        # Silent ones: before anything, within a header, within a body, after a bind.
        idle = [await parts.esme() for _ in range(4)]
        idle[1].writer.write(pdu(BIND_TRX, 1, bind_body("a2p", "a2p"))[:3])
        idle[2].writer.write(pdu(BIND_TRX, 1, bind_body("a2p", "a2p"))[:20])
        assert (await idle[3].bind("a2p")).status == ROK
        began = asyncio.get_running_loop().time()
        esme = await parts.esme("a2p")
        await accepted(esme, mt())
        # Nothing of it waited for a timer; the least of them has 30 s.
        assert asyncio.get_running_loop().time() - began < 5.0
        assert len(parts.server.peers) == 5


@case("50_connections")
async def fifty_connections() -> None:
    async with running() as parts:
        esmes = await asyncio.gather(*(parts.esme("a2p") for _ in range(50)))
        ids = await asyncio.gather(*(accepted(esme, mt()) for esme in esmes))
        assert len(set(ids)) == 50


@case("unsolicited_resp")
async def unsolicited_resp() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        for command_id in (SUBMIT_SM | RESP, ENQUIRE_LINK | RESP, UNBIND | RESP, BIND_TRX | RESP):
            esme.send(command_id, c("1"))
        # No bound, no unbound, no unheard-of response and no nack is answered (§4.3).
        esme.send(0x80000111, b"")
        esme.send(NACK, b"", 0x08)
        await lives(esme)
        await accepted(esme, mt())
