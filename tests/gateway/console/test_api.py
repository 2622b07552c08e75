from __future__ import annotations

from typing import Any

import httpx
import pytest

PATHS = {
    "/api/v1/console": {"get"},
    "/api/v1/console/stream": {"get"},
    "/api/v1/console/totals": {"get"},
    "/api/v1/console/phones/{msisdn}": {"put", "delete"},
    "/api/v1/console/phones/{msisdn}/sms": {"post"},
    "/api/v1/console/phones/{msisdn}/call": {"post"},
    "/api/v1/console/phones/{msisdn}/data": {"post"},
    "/api/v1/console/phones/{msisdn}/ussd": {"post"},
    "/api/v1/console/lessons": {"get"},
    "/api/v1/console/lessons/{name}": {"post"},
    "/api/v1/console/lesson": {"delete"},
    "/api/v1/console/lesson/step": {"post"},
    "/api/v1/registrations": {"post"},
    "/api/v1/sweep": {"get"},
    "/api/v1/campaigns": {"get", "post"},
    "/api/v1/campaigns/{name}": {"delete"},
    "/api/v1/registrations/differences": {"get"},
    "/api/v1/registrations/outlet": {"post"},
    "/api/v1/report/outlets": {"get"},
    "/api/v1/subscribers/{msisdn}": {"get", "patch"},
    "/api/v1/messages": {"get", "delete"},
    "/api/v1/messages/search": {"get"},
    "/api/v1/messages/wait": {"get"},
    "/api/v1/messages/stream": {"get"},
    "/api/v1/messages/{id}": {"get"},
    "/api/v1/messages/{id}/tags": {"put"},
    "/api/v1/messages/{id}/pdu": {"get"},
    "/api/v1/messages.pcap": {"get"},
    "/api/v1/messages/{id}/resend": {"post"},
    "/api/v1/webhooks": {"get"},
    "/api/v1/login": {"get", "post", "delete"},
    "/api/v1/sms": {"post"},
    "/api/v1/snapshots": {"get"},
    "/api/v1/snapshots/{name}": {"put", "delete"},
    "/api/v1/snapshots/{name}/restore": {"post"},
    "/api/v1/calls": {"post"},
    "/api/v1/calls/{id}": {"post"},
    "/api/v1/data": {"post"},
    "/api/v1/ussd": {"post"},
    "/api/v1/clock": {"get", "put"},
    "/api/v1/citizens": {"get"},
    "/api/v1/registry": {"get"},
    "/api/v1/registry/verify": {"post"},
    "/api/v1/health": {"get"},
    "/api/v1/health/live": {"get"},
    "/api/v1/health/ready": {"get"},
    "/api/v1/smpp": {"get"},
    "/api/v1/smpp/lint": {"get", "delete"},
    "/api/v1/smpp/pdus": {"get"},
    "/api/v1/smpp/accounts/{account}/pdu-log": {"put"},
    "/api/v1/smpp/sessions": {"get"},
    "/api/v1/smpp/sessions/{number}": {"delete"},
    "/api/v1/faults": {"get", "put", "post", "delete"},
    "/api/v1/faults/{name}": {"delete"},
    "/api/v1/fault-profiles": {"get"},
    "/api/v1/import/subscribers": {"post"},
    "/api/v1/export/subscribers": {"get"},
    "/api/v1/export/messages": {"get"},
    "/api/v1/export/journal": {"get"},
    "/api/v1/report": {"get"},
    "/api/v1/report.csv": {"get"},
    "/api/v1/report.html": {"get"},
    "/api/v1/export/cdr": {"get"},
    "/api/v1/fault-profiles/{name}": {"put", "delete"},
}


@pytest.fixture
async def openapi(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


def references(part: object) -> set[str]:
    if isinstance(part, dict):
        found = {value for key, value in part.items() if key == "$ref"}
        return found.union(*(references(value) for value in part.values()))
    if isinstance(part, list):
        return set().union(*(references(value) for value in part))
    return set()


def test_everything_is_described(openapi: dict[str, Any]) -> None:
    assert {path: set(methods) for path, methods in openapi["paths"].items()} == PATHS
    for methods in openapi["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            assert all(one["description"] for one in operation.get("parameters", []))


def test_every_reference_leads_somewhere(openapi: dict[str, Any]) -> None:
    schemas = openapi["components"]["schemas"]
    assert {reference.rsplit("/", 1)[1] for reference in references(openapi)} <= set(schemas)
    assert "ProblemAnswer" in schemas


async def test_the_description_stays_the_same(
    client: httpx.AsyncClient, openapi: dict[str, Any]
) -> None:
    assert (await client.get("/openapi.json")).json() == openapi


async def test_the_root_leads_to_the_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert answer.status_code == 307
    assert answer.headers["location"] == "/console/"
