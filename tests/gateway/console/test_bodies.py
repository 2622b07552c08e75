from __future__ import annotations

import httpx
import pytest


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain", "application/json", None]
)
async def test_a_body_is_json_whatever_it_is_called(
    client: httpx.AsyncClient, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    answer = await client.put("/api/v1/clock", content='{"now":"2018-04-20"}', headers=headers)
    assert answer.status_code == 200
    assert answer.json()["now"] == "2018-04-20T00:00:00+07:00"
