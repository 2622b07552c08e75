"""Webhooks: posted in order, repeated, signed, and gone on with after a restart."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.console import webhooks
from gateway.testing import Simulator
from tests.turns import until

from .hook_receiver import Receiver, receiving, row

SITI, BUDI = "081290000001", "085690000002"


@pytest.fixture
async def receiver(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Receiver]:
    monkeypatch.setattr(webhooks, "_PAUSES_S", (0.0,))
    async with receiving() as receiver:
        yield receiver


async def test_what_fits_is_posted_signed_and_again_when_it_ends(receiver: Receiver) -> None:
    async with Simulator(row(receiver, search="halo", secret="geheim")) as sms:
        siti, budi = await sms.handset(SITI), await sms.handset(BUDI)
        await siti.sms(budi, "lain")
        await siti.sms(budi, "halo")
        await until(lambda: ("halo", "DELIVERED") in receiver.said())
    assert ("halo", "ENROUTE") in receiver.said()
    assert {text for text, _ in receiver.said()} == {"halo"}
    headers, body = receiver.got[0]
    digest = hmac.new(b"geheim", body, hashlib.sha256).hexdigest()
    assert headers["x-gateway-signature"] == f"sha256={digest}"
    assert headers["x-gateway-webhook"] == "ci"
    assert len({one["x-gateway-delivery"] for one, _ in receiver.got}) == len(receiver.got)


async def test_what_is_not_taken_is_repeated_then_given_up(receiver: Receiver) -> None:
    receiver.statuses = [500, 503, 204, 500, 500, 500]
    with capture_logs() as logs:
        async with Simulator(row(receiver, search="from:BANK", attempts=3)) as sms:
            bank = await sms.esme("a2p")
            for text in ("satu", "dua", "tiga"):
                await bank.submit("BANK", BUDI, text)
            await until(lambda: len(receiver.got) == 2)
    assert [text for text, _ in receiver.said()] == ["satu", "tiga"]
    assert [one["event"] for one in logs if "webhook" in one["event"]] == [
        "webhook: not taken, tried again",
        "webhook: not taken, tried again",
        "webhook: given up",
    ]


async def test_after_a_restart_it_goes_on_where_it_was(receiver: Receiver, tmp_path: Path) -> None:
    store = tmp_path / "own.sqlite3"
    wanted = row(receiver, search="from:BANK")
    async with Simulator(wanted, store=store) as sms:
        bank = await sms.esme("a2p")
        await bank.submit("BANK", BUDI, "satu")
        await until(lambda: len(receiver.got) == 1)
        await until((tmp_path / "own.sqlite3.webhooks").exists)
    # Without the webhook: what comes now is posted when it is back.
    async with Simulator(store=store) as sms:
        bank = await sms.esme("a2p")
        await bank.submit("BANK", BUDI, "dua")
    async with Simulator(wanted, store=store):
        await until(lambda: len(receiver.got) >= 2)
    assert [text for text, _ in receiver.said()] == ["satu", "dua"]


async def test_nobody_there_and_a_file_that_is_none(tmp_path: Path) -> None:
    store = tmp_path / "own.sqlite3"
    (tmp_path / "own.sqlite3.webhooks").write_text("[]")
    gone = 'webhooks=[{name="ci", url="http://127.0.0.1:1/", attempts=1}]'
    with capture_logs() as logs:
        async with Simulator(gone, store=store) as sms:
            await (await sms.esme("a2p")).submit("BANK", BUDI, "satu")
            await until(lambda: any(one["event"] == "webhook: given up" for one in logs))
    assert any("their places cannot be read" in one["event"] for one in logs)
