"""ESMEs of other interface versions (SMPP 3.4 §3.3, §5.2.4): no TLVs below 3.4, all above alike."""

from __future__ import annotations

import struct

import pytest

from gateway.config import AccountConfig
from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TRX,
    BIND_TX,
    QUERY_SM,
    RESP,
    SUBMIT_SM,
    Deliver,
    Frame,
    RawEsme,
    Running,
    bind_body,
    c,
    running,
    submit_body,
)

HANDSET = "6281234567890"
ACCOUNTS = (
    AccountConfig(system_id="qa", password="qa", speaks_for_handsets=True),
    AccountConfig(system_id="bank", password="bank", serves=("5555",)),
)
PAYLOAD = 0x0424
SC_VERSION = b"\x02\x10\x00\x01\x34"
# A vendor's TLV and one of SMPP 5.0 (congestion_state).
EXTRA = b"\x14\x00\x00\x02\xab\xcd\x04\x28\x00\x01\x05"


async def bound(parts: Running, version: int, kind: int = BIND_TRX, extra: bytes = b"") -> RawEsme:
    esme = await parts.esme()
    frame = await esme.ask(kind, bind_body("bank", "bank", version) + extra)
    assert frame == Frame(
        kind | RESP, 0, 1, c("SMSC4444") + (SC_VERSION if version > 0x33 else b"")
    )
    return esme


async def all_deliveries(parts: Running, esme: RawEsme) -> list[Deliver]:
    """Have a receipt and a long message from a phone delivered; gives all PDUs of them."""
    esme.send(SUBMIT_SM, submit_body("5555", HANDSET, registered=1))
    assert (await esme.receive()).status == 0
    found = [await esme.deliver()]
    esme.answer(found[0])
    phone = await parts.esme("qa", BIND_TX)
    text = b"x" * 500
    long = submit_body(HANDSET, "5555", b"", tlvs=struct.pack(">HH", PAYLOAD, len(text)) + text)
    assert (await phone.ask(SUBMIT_SM, long)).status == 0
    octets = 0
    while octets < len(text):
        found.append(await esme.deliver())
        esme.answer(found[-1])
        octets += found[-1].text.count(b"x") + found[-1].tlvs.get(PAYLOAD, b"").count(b"x")
    return found


@pytest.mark.parametrize("version", [0x00, 0x32, 0x33])
async def test_an_old_esme_is_sent_no_tlvs(version: int) -> None:
    async with running(accounts=ACCOUNTS) as parts:
        esme = await bound(parts, version)
        receipt, *segments = await all_deliveries(parts, esme)
        assert receipt.receipt["stat"] == "DELIVRD"
        assert len(segments) > 1
        assert [one.tlvs for one in (receipt, *segments)] == [{}] * (len(segments) + 1)
        # The segments say by their headers what they are.
        assert all(one.esm_class & 0x40 for one in segments)
        refused = await esme.ask(QUERY_SM, c("999") + bytes(2) + c(""))
        assert (refused.status, refused.body) == (0x67, b"")


@pytest.mark.parametrize("version", [0x34, 0x35, 0x50, 0x51, 0xFF])
async def test_later_versions_are_served_as_3_4(version: int) -> None:
    async with running(accounts=ACCOUNTS) as parts:
        esme = await bound(parts, version, extra=EXTRA)
        receipt, *_ = await all_deliveries(parts, esme)
        assert receipt.tlvs[0x001E]
        assert receipt.tlvs[0x0427] == b"\x02"
        # What a later version adds is read over.
        body = submit_body("5555", HANDSET, tlvs=EXTRA)
        assert (await esme.ask(SUBMIT_SM, body)).status == 0


@pytest.mark.parametrize("kind", [BIND_TRX, BIND_TX, BIND_RX])
async def test_an_old_esme_may_bind_in_every_way(kind: int) -> None:
    """3.3 has no bind_transceiver; who sends it understands it, and no section forbids it."""
    async with running(accounts=ACCOUNTS) as parts:
        await bound(parts, 0x33, kind)
