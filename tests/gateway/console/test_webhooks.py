"""Webhooks: posted in order, repeated, signed, and gone on with after a restart."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.console import webhooks
from gateway.testing import Simulator
from tests.turns import until

SITI, BUDI = "081290000001", "085690000002"


class Receiver:
    """A small HTTP server that answers as it is told."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
                headers = {
                    name.lower(): value
                    for name, _, value in (line.partition(": ") for line in head[1:] if line)
                }
                body = await reader.readexactly(int(headers["content-length"]))
                status = self.statuses.pop(0) if self.statuses else 204
                if status < 300:
                    self.got.append((headers, body))
                writer.write(f"HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n".encode())
        writer.close()

    def said(self) -> list[tuple[str, str]]:
        bodies = [json.loads(body) for _, body in self.got]
        return [(one["text"], one["state"]) for one in bodies]


@pytest.fixture
async def receiver(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Receiver]:
    monkeypatch.setattr(webhooks, "_PAUSES_S", (0.0,))
    receiver = Receiver()
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    receiver.url = f"http://{host}:{port}/sms"
    yield receiver
    server.close()


def row(receiver: Receiver, **more: object) -> str:
    values = {"name": "ci", "url": receiver.url, **more}
    inside = ", ".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
    return f"webhooks=[{{{inside}}}]"


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
