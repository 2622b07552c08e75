"""What was seen to break or mislead in other servers, each against ours.

The 255-octet short_message, sm_length beyond the PDU, a TLV past the end and one silent peer are
cases of the bar itself; here they come from many sides at once.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from gateway.config import Config
from gateway.store.sqlite import SqliteStore
from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TRX,
    BIND_TX,
    ENQUIRE_LINK,
    RESP,
    SUBMIT_SM,
    RawEsme,
    bind_body,
    c,
    pdu,
    running,
)
from tests.wire.speaking import (
    BANK,
    RECEIPTED_MESSAGE_ID,
    RINVMSGLEN,
    RINVPARLEN,
    ROK,
    accepted,
    lives,
    lying,
    mt,
    reset,
    tlv,
)


async def test_a_255_octet_message_between_good_ones_in_one_segment() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        for bad, status in (
            (mt("x" * 255), RINVMSGLEN),
            (lying(mt("abcdef"), b"abcdef", 250), RINVMSGLEN),
            (mt(tlvs=b"\x14\x00\x7f\xff"), RINVPARLEN),
        ):
            bodies = [mt(), bad, mt(), bad, mt()]
            esme.writer.write(b"".join(pdu(SUBMIT_SM, n, body) for n, body in enumerate(bodies)))
            frames = {frame.sequence: frame for frame in [await esme.receive() for _ in bodies]}
            assert [frames[n].status for n in range(5)] == [ROK, status, ROK, status, ROK]
        await lives(esme)


@pytest.mark.parametrize("seed", range(5))
async def test_segments_split_and_merged_anywhere(seed: int) -> None:
    cuts = random.Random(seed)
    async with running() as parts:
        esme = await parts.esme()
        stream = pdu(BIND_TRX, 1, bind_body("a2p", "a2p"))
        esme.writer.write(stream[:7])
        await esme.writer.drain()
        esme.writer.write(stream[7:])
        assert (await esme.receive()).status == ROK
        stream = b"".join(pdu(SUBMIT_SM, 2 + n, mt("x" * n)) for n in range(60))
        while stream:
            size = cuts.choice((1, 2, 3, 15, 16, 17, 60, 500, 3000))
            esme.writer.write(stream[:size])
            stream = stream[size:]
            await esme.writer.drain()
        frames = [await esme.receive() for _ in range(60)]
        assert {frame.status for frame in frames} == {ROK}
        assert [frame.sequence for frame in frames] == list(range(2, 62))


@pytest.mark.parametrize("source", [(5, 0, BANK), (1, 1, "6281100000000"), (3, 0, "9999")])
async def test_a_receipt_goes_from_the_handset_to_the_esme(source: tuple[int, int, str]) -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        ton, npi, address = source
        head = c("") + bytes((ton, npi)) + c(address) + bytes((2, 1)) + c("081234567890")
        body = head + b"\0\0\0" + c("") + c("") + b"\1\0\0\0\4Halo"
        message_id = await accepted(esme, body)
        receipt = await esme.deliver()
        # Each as the ESME wrote it, and not the other way about.
        assert receipt.source == (2, 1, "081234567890")
        assert receipt.destination == source
        assert receipt.receipt["id"] == message_id


async def test_an_id_is_written_alike_in_response_and_receipt() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        # Beyond 9 and beyond 15, so that hexadecimal would show.
        for _ in range(40):
            message_id = await accepted(esme, mt())
        message_id = await accepted(esme, mt(registered=1))
        receipt = await esme.deliver()
        assert receipt.receipt["id"] == message_id
        assert receipt.tlvs[RECEIPTED_MESSAGE_ID] == c(message_id)


async def test_a_transmitter_gets_no_receipt_however_long_it_waits() -> None:
    async with running() as parts:
        sends = [await parts.esme("a2p", BIND_TX) for _ in range(3)]
        ids = [await accepted(esme, mt(registered=1)) for esme in sends]
        for esme in sends:
            await lives(esme)
        # They are kept, and the first that may receive gets them all.
        receives = await parts.esme("a2p", BIND_RX)
        assert sorted([(await receives.deliver()).receipt["id"] for _ in ids]) == sorted(ids)
        for esme in sends:
            await lives(esme)


async def test_ids_go_on_after_a_restart(tmp_path: Path) -> None:
    rules = Config().rules()
    ids: list[str] = []
    for _ in range(3):
        store: Any = SqliteStore(
            tmp_path / "gateway.sqlite3",
            full=False,
            schedule=rules.schedule,
            ring_ms=rules.ring_ms,
        )
        await store.open()
        keeping = asyncio.create_task(store.run())
        try:
            async with running(store) as parts:
                esme = await parts.esme("a2p")
                ids += [await accepted(esme, mt()) for _ in range(5)]
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await store.close()
    assert len(set(ids)) == 15
    assert sorted(ids, key=int) == ids


async def test_silent_peers_hold_up_nobody() -> None:
    async with running() as parts:
        beginnings = (b"", b"\0", pdu(ENQUIRE_LINK, 1)[:15], pdu(BIND_TRX, 1, b"a2p\0")[:17])
        for number in range(100):
            silent = await parts.esme()
            silent.writer.write(beginnings[number % len(beginnings)])
        esme = await parts.esme("a2p")
        await accepted(esme, mt())
        assert len(parts.server.peers) == 101


@pytest.mark.parametrize("leave", ["close", "reset", "half"])
async def test_who_leaves_right_after_binding_takes_nobody_along(leave: str) -> None:
    async with running() as parts:
        stays = await parts.esme("a2p")
        for asked in range(30):
            esme = await RawEsme.connect(parts.port)
            esme.writer.write(pdu(BIND_TRX, 1, bind_body("a2p", "a2p")))
            if asked % 2:
                # With a submit on its way, too.
                esme.writer.write(pdu(SUBMIT_SM, 2, mt(registered=1)))
            match leave:
                case "close":
                    await esme.close()
                case "reset":
                    await esme.writer.drain()
                    reset(esme)
                case _:
                    # Says that it will write no more, and reads to the end.
                    esme.writer.write_eof()
                    await esme.closed()
                    await esme.close()
        await parts.until(lambda: len(parts.server.peers) == 1)
        assert parts.server.traffic()["a2p"].sessions == 1
        sequence = stays.send(ENQUIRE_LINK)
        frame = await stays.receive()
        while frame.sequence != sequence or frame.command_id != ENQUIRE_LINK | RESP:
            # A receipt of those that left may go to who stayed.
            assert frame.status == ROK
            frame = await stays.receive()
        assert (await (await parts.esme()).bind("a2p")).status == ROK


async def test_a_vendors_tlv_and_a_payload_above_64_kib_are_told_apart() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        # As large as a PDU may be; one octet more loses the framing.
        most = 65_536 - 16 - len(mt("")) - 4
        await accepted(esme, mt("", tlvs=tlv(0x1400, b"x" * most)))
        await lives(esme)
        esme.writer.write(pdu(SUBMIT_SM, 9, mt("", tlvs=tlv(0x1400, b"x" * (most + 1)))))
        assert (await esme.closed())[:8] == b"\0\0\0\x10\x80\0\0\0"
