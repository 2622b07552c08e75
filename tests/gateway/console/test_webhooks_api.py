"""How the webhooks do."""

from __future__ import annotations

import httpx
import pytest

from gateway.console import webhooks
from gateway.testing import Simulator
from tests.turns import until

from .hook_receiver import receiving, row


async def test_counts_and_newest_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "_PAUSES_S", (0.0,))
    async with receiving() as receiver:
        receiver.statuses = [500, 204, 500, 500]
        receiver.url = f"{receiver.url.replace('//', '//user:secret@')}?key=secret"
        async with (
            Simulator(row(receiver, search="from:BANK", attempts=2)) as sms,
            httpx.AsyncClient(base_url=f"{sms.http}/api/v1") as client,
        ):
            bank = await sms.esme("a2p")
            for text in ("satu", "dua", "tiga"):
                await bank.submit("BANK", "085690000002", text)
            await until(lambda: len(receiver.got) == 2)
            (hook,) = (await client.get("webhooks")).json()["webhooks"]
    assert (hook["name"], hook["search"], hook["attempts"]) == ("ci", "from:BANK", 2)
    assert "secret" not in str(hook)
    assert hook["url"].endswith("/sms")
    assert (hook["posted"], hook["given_up"], hook["behind"]) == (2, 1, False)
    attempts = [(one["message"], one["attempt"], one["why"]) for one in hook["newest"]]
    assert [(attempt, why) for _, attempt, why in reversed(attempts)] == [
        (1, "answered 500"),
        (2, ""),
        (1, "answered 500"),
        (2, "answered 500"),
        (1, ""),
    ]
    assert len({message for message, _, _ in attempts}) == 3


async def test_without_any(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/webhooks")).json() == {"webhooks": []}
