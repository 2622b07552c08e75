from __future__ import annotations

import httpx
import pytest
import structlog
from fastapi import FastAPI, HTTPException

from gateway.console.problems import install

from .small_gateway import SmallGateway


async def test_nothing_there(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "nothing is at /api/v1/nowhere; see /docs for what there is",
        "instance": "/api/v1/nowhere",
    }


async def test_wrong_method(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/api/v1/clock")
    assert answer.status_code == 405
    assert answer.headers["allow"]
    assert answer.json()["detail"] == "DELETE is not for /api/v1/clock; see /docs"


async def test_other_refusals_keep_their_status_and_headers() -> None:
    app = FastAPI()
    install(app)

    @app.get("/")
    async def refuse() -> None:
        raise HTTPException(401, "say who you are", {"www-authenticate": "Basic"})

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        answer = await client.get("/")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Basic"
    assert answer.json()["detail"] == "say who you are"


async def test_identities_are_masked_in_problems(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/subscribers/3201014107859001")
    assert answer.status_code == 422
    assert "3201014107859001" not in answer.text
    assert "3201********9001" in answer.text


async def test_our_own_failure_is_logged_not_shown(
    client: httpx.AsyncClient, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> dict[str, str]:
        raise KeyError("3201014107859001")

    monkeypatch.setattr(gateway, "links", broken)
    with structlog.testing.capture_logs() as lines:
        answer = await client.get("/api/v1/health")
    assert answer.status_code == 500
    assert answer.json()["detail"] == "the gateway failed to answer; its log says more"
    assert "KeyError" not in answer.text
    assert lines[0]["log_level"] == "error"
    assert lines[0]["error"] == "KeyError: '3201********9001'"


async def test_every_method_of_a_path_is_allowed(client: httpx.AsyncClient) -> None:
    answer = await client.options("/api/v1/clock")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PUT")
    answer = await client.options("/api/v1/messages/3")
    assert answer.headers["allow"] == "GET"


async def test_octets_that_are_no_text_are_no_json(client: httpx.AsyncClient) -> None:
    answer = await client.put("/api/v1/clock", content=b"\x80\xe9i\xf3")
    assert answer.status_code == 422
    assert answer.json()["title"] == "Unprocessable Entity"
