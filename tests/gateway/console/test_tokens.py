"""Who may read, who may act, and what everybody else is told."""

from __future__ import annotations

import httpx
import pytest

from gateway.console.api import create_app
from gateway.console.tokens import NO_TOKENS, OPEN, Tokens

from .small_gateway import SmallGateway

READ, ACT = "read-0123456789abcdef", "act-0123456789abcdef"
CLOCK = "/api/v1/clock"


def client_of(gateway: SmallGateway, tokens: Tokens) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=create_app(gateway, tokens=tokens))
    return httpx.AsyncClient(transport=transport, base_url="http://gateway")


@pytest.mark.parametrize(
    ("shown", "reads", "acts"),
    [
        ({}, 401, 401),
        ({"authorization": "Bearer wrong"}, 401, 401),
        ({"authorization": f"Basic {ACT}"}, 401, 401),
        ({"authorization": f"Bearer {READ}"}, 200, 403),
        ({"authorization": f"bearer  {ACT}"}, 200, 200),
        ({"cookie": f"a=b; gateway_token={READ}"}, 200, 403),
        ({"cookie": f"gateway_token={ACT}"}, 200, 200),
        ({"cookie": "\x01=;;"}, 401, 401),
        ({"authorization": "Bearer é".encode()}, 401, 401),
    ],
)
async def test_tokens(
    gateway: SmallGateway, shown: dict[str, str | bytes], reads: int, acts: int
) -> None:
    async with client_of(gateway, Tokens(READ, ACT)) as client:
        assert (await client.get(CLOCK, headers=shown)).status_code == reads  # type: ignore[arg-type]
        answer = await client.put(CLOCK, headers=shown, json={"speed": 2})  # type: ignore[arg-type]
        assert answer.status_code == acts
        if acts != 200:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert answer.json()["instance"] == CLOCK


async def test_with_one_token_there_is_no_other_way(gateway: SmallGateway) -> None:
    async with client_of(gateway, Tokens(read=READ)) as client:
        headers = {"authorization": f"Bearer {READ}"}
        assert (await client.get("/metrics", headers=headers)).status_code == 200
        assert (await client.put(CLOCK, headers=headers, json={})).status_code == 403
        assert (await client.get("/docs")).status_code == 401
    async with client_of(gateway, Tokens(act=ACT)) as client:
        headers = {"authorization": f"Bearer {ACT}"}
        assert (await client.get(CLOCK, headers=headers)).status_code == 200
        assert (await client.get(CLOCK, headers={"authorization": "Bearer"})).status_code == 401


async def test_health_needs_none(gateway: SmallGateway) -> None:
    async with client_of(gateway, Tokens(READ, ACT)) as client:
        assert (await client.get(OPEN[0])).status_code == 200


async def test_without_tokens_nothing_is_asked(gateway: SmallGateway) -> None:
    assert not NO_TOKENS.wanted
    async with client_of(gateway, NO_TOKENS) as client:
        assert (await client.put(CLOCK, json={"speed": 2})).status_code == 200
