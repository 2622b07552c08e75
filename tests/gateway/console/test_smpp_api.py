"""/api/v1/smpp."""

from __future__ import annotations

import httpx
import pytest

SESSIONS = "/api/v1/smpp/sessions"


async def test_accounts(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/smpp")
    first, second = answer.json()["accounts"]
    assert first == {
        "system_id": "qa",
        "counters": {
            "binds": 3, "binds_refused": 1, "sessions": 2, "submits": 10, "delivers": 8,
        },
        "statuses": {"ESME_ROK": 7, "ESME_RTHROTTLED": 1},
    }  # fmt: skip
    assert second["system_id"] == "other/bank"


async def test_sessions(client: httpx.AsyncClient) -> None:
    found = (await client.get(SESSIONS)).json()["sessions"]
    assert [one["id"] for one in found] == [3, 4, 5]
    assert found[0] == {
        "id": 3,
        "account": "qa",
        "smsc": "smpp",
        "peer": "127.0.0.1:4000",
        "tls": True,
        "bind": "transceiver",
        "interface_version": "3.4",
        "address_range": "^62812",
        "system_type": "",
        "since": "2018-02-26T08:00:00+07:00",
        "seconds": 12.346,
        "outstanding": 1,
        "window": 100,
        "unanswered": 2,
        "submit_window": 0,
        "requests": 10,
        "delivers": 4,
    }
    assert found[1]["interface_version"] == "3.3"


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"account": "qa"}, [3, 4]),
        ({"smsc": "other"}, [5]),
        ({"account": "qa", "smsc": "other"}, []),
    ],
)
async def test_some_sessions(
    client: httpx.AsyncClient, query: dict[str, str], ids: list[int]
) -> None:
    found = (await client.get(SESSIONS, params=query)).json()["sessions"]
    assert [one["id"] for one in found] == ids


async def test_a_session_is_ended_once(client: httpx.AsyncClient) -> None:
    answer = await client.delete(f"{SESSIONS}/4")
    assert answer.status_code == 200
    assert answer.json()["bind"] == "receiver"
    again = await client.delete(f"{SESSIONS}/4")
    assert again.status_code == 404
    assert again.json()["detail"] == "no session 4 is bound"
    left = (await client.get(SESSIONS)).json()["sessions"]
    assert [one["id"] for one in left] == [3, 5]
