"""Delivery receipts: when they come, what they say, and to which session."""

from __future__ import annotations

from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TRX,
    BIND_TX,
    RESP,
    UNBIND,
    Deliver,
    RawEsme,
    Running,
    c,
    running,
)
from tests.wire.bar import case
from tests.wire.speaking import (
    BANK,
    HANDSET,
    MESSAGE_STATE,
    RECEIPTED_MESSAGE_ID,
    ROK,
    accepted,
    lives,
    mt,
)

RECEIPT, NOTIFICATION = 0x04, 0x20
ENROUTE, DELIVERED, UNDELIVERABLE = b"\1", b"\2", b"\5"
BARRED_MS = 1_524_000_000_000  # 2018-04-18: incoming SMS are barred from 15 April on


async def _answered(parts: Running, esme: RawEsme, deliver: Deliver) -> None:
    """Confirm, and wait until nothing is left to deliver."""
    esme.answer(deliver)
    await parts.until(lambda: not parts.store.pending())


@case("dlr_success")
async def dlr_success() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        message_id = await accepted(esme, mt(registered=1))
        receipt = await esme.deliver()
        assert receipt.esm_class == RECEIPT
        assert receipt.tlvs == {RECEIPTED_MESSAGE_ID: c(message_id), MESSAGE_STATE: DELIVERED}
        assert receipt.receipt["id"] == message_id
        assert receipt.receipt["stat"] == "DELIVRD"
        # From the handset to the ESME, as each was written: not the other way about.
        assert receipt.source == (1, 1, HANDSET)
        assert receipt.destination == (5, 1, BANK)
        await _answered(parts, esme, receipt)
        await lives(esme)


async def _none(registered: int) -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        await accepted(esme, mt(registered=registered))
        await parts.until(lambda: not parts.store.pending())
        await lives(esme)


@case("dlr_none_when_0")
async def dlr_none_when_0() -> None:
    await _none(0x00)


@case("dlr_failonly_2")
async def dlr_failonly_2() -> None:
    await _none(0x02)
    # A failure is told: incoming SMS of the receiver are barred by then.
    async with running() as parts:
        parts.clock.set(BARRED_MS, 1.0)
        esme = await parts.esme("a2p")
        message_id = await accepted(esme, mt(registered=2))
        receipt = await esme.deliver()
        assert receipt.receipt["stat"] == "UNDELIV"
        assert receipt.tlvs[RECEIPTED_MESSAGE_ID] == c(message_id)
        assert receipt.tlvs[MESSAGE_STATE] == UNDELIVERABLE
        await _answered(parts, esme, receipt)
        await lives(esme)


@case("dlr_intermediate_10")
async def dlr_intermediate_10() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        message_id = await accepted(esme, mt(registered=0x10))
        told = await esme.deliver()
        assert told.esm_class == NOTIFICATION
        assert told.receipt["stat"] == "ENROUTE"
        assert told.tlvs[RECEIPTED_MESSAGE_ID] == c(message_id)
        assert told.tlvs[MESSAGE_STATE] == ENROUTE
        await _answered(parts, esme, told)
        await lives(esme)


@case("dlr_after_rebind")
async def dlr_after_rebind() -> None:
    for kind in (BIND_RX, BIND_TRX):
        async with running() as parts:
            esme = await parts.esme("a2p", BIND_TX)
            message_id = await accepted(esme, mt(registered=1))
            frame = await esme.ask(UNBIND)
            assert (frame.command_id, frame.status) == (UNBIND | RESP, ROK)
            assert await esme.closed() == b""
            again = await parts.esme("a2p", kind)
            receipt = await again.deliver()
            assert receipt.receipt["id"] == message_id
            await _answered(parts, again, receipt)
            await lives(again)


@case("dlr_to_rx_session")
async def dlr_to_rx_session() -> None:
    async with running() as parts:
        sends = await parts.esme("a2p", BIND_TX)
        receives = await parts.esme("a2p", BIND_RX)
        ids = {await accepted(sends, mt(registered=1)) for _ in range(5)}
        receipts = [await receives.deliver() for _ in ids]
        assert {one.receipt["id"] for one in receipts} == ids
        for receipt in receipts:
            receives.answer(receipt)
        await parts.until(lambda: not parts.store.pending())
        # Nothing came to the transmitter, nothing twice to the receiver.
        await lives(sends)
        await lives(receives)
