from __future__ import annotations

import re
from html import unescape
from http import HTTPStatus

import httpx

from gateway.console.docs_page import docs_page


async def test_the_page_shows_every_request_and_needs_nothing_from_outside(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = answer.text
    assert "GET /api/v1/messages" in page
    assert "PUT /api/v1/clock" in page
    assert not re.search(r"(src|href)=\"?https?:", page)
    text = unescape(page)
    assert "curl http://gateway/api/v1/subscribers/081190000001" in text
    assert (
        "curl -X PUT http://gateway/api/v1/clock -H 'content-type: application/json' "
        '-d \'{"now": "2018-03-05"}\''
    ) in text
    assert '"operator": "telkomsel"' in text
    # Pythons differ in the phrase.
    assert f"Refusals: 422 {HTTPStatus(422).phrase}, 404 Not Found" in text


def test_what_is_written_is_escaped() -> None:
    page = docs_page({"info": {"title": "<b>"}, "paths": {}}, "http://x/")
    assert "<h1>&lt;b&gt;</h1>" in page


async def test_files_are_shown_as_files(client: httpx.AsyncClient) -> None:
    text = unescape((await client.get("/docs")).text)
    assert "curl -X POST http://gateway/api/v1/import/subscribers --data-binary @FILE" in text
    assert "text/csv or application/x-ndjson: one line each" in text
