"""A browser shows its token once."""

from __future__ import annotations

import httpx
import pytest

from gateway.console import login_api
from gateway.console.api import create_app
from gateway.console.login_api import WRONG_MOST, WrongTokens
from gateway.console.tokens import NO_TOKENS, Tokens

from .small_gateway import SmallGateway

READ, ACT = "reading-is-enough", "trainers-may-act-"
LOGIN, CLOCK = "/api/v1/login", "/api/v1/clock"


def client_of(gateway: SmallGateway, tokens: Tokens) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=create_app(gateway, tokens=tokens))
    return httpx.AsyncClient(transport=transport, base_url="http://gateway")


@pytest.mark.parametrize(("token", "acts"), [(READ, False), (f" {ACT}\n", True)])
async def test_in_and_out(gateway: SmallGateway, token: str, acts: bool) -> None:
    async with client_of(gateway, Tokens(READ, ACT)) as client:
        nobody = {"wanted": True, "may_read": False, "may_act": False}
        assert (await client.get(LOGIN)).json() == nobody
        assert (await client.get(CLOCK)).status_code == 401
        answer = await client.post(LOGIN, json={"token": token})
        assert answer.json() == {"wanted": True, "may_read": True, "may_act": acts}
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Secure" not in cookie
        assert (await client.get(CLOCK)).status_code == 200
        assert (await client.get(LOGIN)).json() == answer.json()
        moved = await client.put(CLOCK, json={"advance": "1d"})
        assert moved.status_code == (200 if acts else 403)
        assert (await client.delete(LOGIN)).json() == nobody
        assert (await client.get(CLOCK)).status_code == 401


async def test_over_https_the_cookie_stays_there(gateway: SmallGateway) -> None:
    async with client_of(gateway, Tokens(act=ACT)) as client:
        answer = await client.post(f"https://gateway{LOGIN}", json={"token": ACT})
        assert "Secure" in answer.headers["set-cookie"]


async def test_wrong_tokens_and_too_many_of_them(
    gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(login_api, "monotonic", lambda: now)
    async with client_of(gateway, Tokens(READ, ACT)) as client:
        for _ in range(WRONG_MOST):
            answer = await client.post(LOGIN, json={"token": "guessed"})
            assert answer.status_code == 401
            assert answer.json()["detail"].startswith("this is no token of the gateway")
            assert "set-cookie" not in answer.headers
        answer = await client.post(LOGIN, json={"token": ACT})
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "61"
        assert answer.json()["detail"] == "10 wrong tokens in a minute: wait 61 seconds"
        now += 60.0
        assert (await client.post(LOGIN, json={"token": ACT})).status_code == 200


async def test_without_tokens_nobody_has_to(gateway: SmallGateway) -> None:
    async with client_of(gateway, NO_TOKENS) as client:
        everything = {"wanted": False, "may_read": True, "may_act": True}
        assert (await client.get(LOGIN)).json() == everything
        answer = await client.post(LOGIN, json={"token": "whatever"})
        assert answer.json() == everything
        assert "set-cookie" not in answer.headers


def test_only_so_many_addresses_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_api, "_ADDRESSES_MOST", 2)
    wrong = WrongTokens()
    for address in ("a", "b", "a", "c"):
        for _ in range(WRONG_MOST):
            wrong.note(address, 1.0)
    assert [bool(wrong.pause(address, 2.0)) for address in ("a", "b", "c")] == [True, False, True]
    assert wrong.pause("a", 62.0) == 0
