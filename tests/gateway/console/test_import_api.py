"""A CSV file becomes subscribers; what is no subscriber is told by its line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.core.numbers import Msisdn
from gateway.core.subscriber import Status
from gateway.store.protocol import NotCommitted
from tests.gateway.core.network import SITI

from .small_gateway import SmallGateway

IMPORT = "/api/v1/import/subscribers"


async def test_a_file_is_imported(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    file = (
        "msisdn,status,nik,kk\r\n"
        f"081290000001,registered,{SITI.nik.digits},{SITI.kk.digits}\r\n"
        "\r\n"
        "081290000002,,,\r\n"
        "081290000003,registered,,\r\n"
        "0812,,,\r\n"
        "081290000004,new,,"
    )
    answer = await client.post(IMPORT, content=file)
    assert answer.status_code == 200
    assert answer.json() == {
        "made": 3,
        "updated": 0,
        "refused_rows": 2,
        "refused": [
            {"line": 5, "reason": "nik, kk: both are needed for a registered number"},
            {
                "line": 6,
                "reason": 'msisdn: "0812" is no mobile number; write 9 to 12 digits after the '
                "country code: 081234567890",
            },
        ],
    }
    found = gateway.store.subscriber(Msisdn("6281290000001"))
    assert found is not None
    assert (found.status, found.nik) == (Status.REGISTERED, SITI.nik)


async def test_known_numbers_are_refused_or_updated(client: httpx.AsyncClient) -> None:
    file = "msisdn,status\n081290000001,new\n"
    await client.post(IMPORT, content=file)
    again = (await client.post(IMPORT, content=file, params={"first_line": 100})).json()
    assert again["refused"] == [
        {"line": 100, "reason": "msisdn: is known already; updates must be asked for"}
    ]
    updated = (await client.post(IMPORT, content=file, params={"update": True})).json()
    assert (updated["made"], updated["updated"], updated["refused_rows"]) == (0, 1, 0)


async def test_many_rows_are_several_events_and_let_others_in_between(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    events: list[str] = []
    gateway.feed.watch(lambda records: events.extend(type(one.event).__name__ for one in records))

    async def body() -> AsyncIterator[bytes]:
        yield b"msis"
        yield b"dn\n"
        for start in range(0, 1000, 10):
            yield "".join(f"0812{start + index:08}\n" for index in range(10)).encode()
            if start == 400:
                await gateway.sms("6281290000009", "4444", "INFO")

    answer = (await client.post(IMPORT, content=body())).json()
    assert answer["made"] == 1000
    assert events.count("SubscribersImported") == 20
    assert events.index("MoSms") < 12


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", 'a column ""'),
        (b"name\nx\n", 'a column "name"'),
        (b"msisdn\n" + b"1" * 5000, "longer than 4096"),
        (b"\x89PNG\xff\xfe\n", "a column"),
    ],
)
async def test_what_is_no_such_file_is_refused(
    client: httpx.AsyncClient, file: bytes, reason: str
) -> None:
    answer = await client.post(IMPORT, content=file)
    assert answer.status_code == 422
    assert reason in answer.json()["detail"]


async def test_a_store_that_takes_nothing_is_told_with_the_line(
    client: httpx.AsyncClient, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_: object) -> None:
        await asyncio.sleep(0)
        raise NotCommitted("disk full")

    monkeypatch.setattr(gateway.store, "commit", full)
    answer = await client.post(IMPORT, content="msisdn\n081290000001\n")
    assert answer.status_code == 503
    assert answer.json()["detail"] == (
        "not stored, send again: disk full; the rows from line 2 on are not imported"
    )
