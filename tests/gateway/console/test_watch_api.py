from __future__ import annotations

import httpx
import pytest

from gateway.smpp.pdu import EnquireLink

from .small_gateway import SmallGateway
from .watched_esme import NIK, REG, speaks, submit


async def test_the_lint_of_all_accounts_or_of_one(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    speaks(gateway.watching, "qa", submit(2, b"abc", data_coding=8))
    answer = (await client.get("/api/v1/smpp/lint")).json()
    names = [account["account"] for account in answer["accounts"]]
    assert names == ["qa", "a2p", "reg4444", "(not bound)"]
    one = (await client.get("/api/v1/smpp/lint", params={"account": "qa"})).json()
    (account,) = one["accounts"]
    assert [finding["rule"] for finding in account["findings"]] == ["ucs2_odd", "no_unbind"]
    assert account["findings"][0]["examples"][0]["session"] == 7


async def test_a_new_run_begins_with_the_findings_given_and_forgotten(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    speaks(gateway.watching, "qa")
    given = (await client.delete("/api/v1/smpp/lint", params={"account": "qa"})).json()
    assert len(given["accounts"][0]["findings"]) == 1
    left = (await client.get("/api/v1/smpp/lint", params={"account": "qa"})).json()
    assert left["accounts"][0]["findings"] == []


async def test_the_pdu_log_is_switched_and_read(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    speaks(gateway.watching, "qa", EnquireLink(2))
    before = (await client.get("/api/v1/smpp/pdus", params={"account": "qa"})).json()
    assert before == {"account": "qa", "logging": False, "pdus": []}
    answer = await client.put("/api/v1/smpp/accounts/qa/pdu-log", json={"on": True})
    assert answer.json() == {"account": "qa", "on": True}
    speaks(gateway.watching, "qa", submit(2, REG.encode()))
    found = await client.get("/api/v1/smpp/pdus", params={"account": "qa", "limit": 2})
    after = found.json()
    assert after["logging"] is True
    assert [one["line"].split(" ")[0] for one in after["pdus"]] == [
        "bind_transceiver_resp",
        "submit_sm",
    ]
    assert after["pdus"][1]["octets"] is None
    assert NIK not in found.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "smpp/lint?account=x", None),
        ("DELETE", "smpp/lint?account=x", None),
        ("GET", "smpp/pdus?account=x", None),
        ("PUT", "smpp/accounts/x/pdu-log", {"on": True}),
    ],
)
async def test_an_account_that_there_is_not(
    client: httpx.AsyncClient, method: str, path: str, body: object
) -> None:
    answer = await client.request(method, f"/api/v1/{path}", json=body)
    assert answer.status_code == 404
    assert answer.json()["detail"] == ('there is no account "x"; GET /api/v1/smpp lists them')
