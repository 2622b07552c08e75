"""The inbox: search, wait, stream, tags, clear."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from gateway.console import inbox
from gateway.console.polling import MessagePolls
from gateway.core.message import Message
from gateway.core.numbers import Msisdn
from gateway.store.retention import Retention
from gateway.store.sqlite import SqliteStore
from gateway.testing import Simulator
from tests.turns import until

from .small_gateway import SmallGateway

SITI, BUDI = "6281290000001", "6285690000002"
DEADLINE_S = 5.0


async def texts(client: httpx.AsyncClient, q: str, **more: object) -> list[str]:
    answer = await client.get("/api/v1/messages/search", params={"q": q, **more})  # type: ignore[dict-item]
    assert answer.status_code == 200, answer.text
    return [one["text"] for one in answer.json()["messages"]]


async def test_the_newest_come_first_page_by_page(
    client: httpx.AsyncClient, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_IDS", 2)
    for number in range(5):
        await gateway.sms(SITI, BUDI, f"halo {number}", f"r{number}")
    assert await texts(client, "halo") == [f"halo {number}" for number in (4, 3, 2, 1, 0)]
    assert await texts(client, f"with:{BUDI} -text:3", limit=2) == ["halo 4", "halo 2"]
    page = (await client.get("/api/v1/messages/search", params={"limit": 2})).json()
    assert await texts(client, "", before=page["before"], limit=2) == ["halo 2", "halo 1"]
    assert await texts(client, "", after=page["before"]) == ["halo 4"]
    monkeypatch.setattr(inbox, "_WINDOWS_MOST", 1)
    page = (await client.get("/api/v1/messages/search", params={"q": "text:0"})).json()
    assert page["messages"] == []
    assert int(page["before"]) > 1
    assert await texts(client, "halo", before=2) == ["halo 0"]
    monkeypatch.setattr(inbox, "_WINDOWS_MOST", 50)
    monkeypatch.setattr(inbox, "_SEARCH_S", 0.0)
    page = (await client.get("/api/v1/messages/search", params={"q": "text:0"})).json()
    assert (page["messages"], int(page["before"]) > 1) == ([], True)


async def test_a_wrong_query_is_a_problem_with_its_remedy(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/messages/search", params={"q": "form:4444"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith('q: "form:4444": there is no such field; use from')


async def test_by_stage_tag_and_what_is_known_of_one(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    await gateway.sms(SITI, BUDI, "halo")
    assert await texts(client, "stage:open") == ["halo"]
    await gateway.set_clock(gateway.clock.now() + 5 * 86_400_000, None)
    assert await texts(client, "stage:open") == []
    assert await texts(client, "stage:outgoing_barred") == ["halo"]
    tagged = await client.put("/api/v1/messages/1/tags", json={"tags": ["smoke", "smoke", "x"]})
    assert tagged.json()["tags"] == ["smoke", "x"]
    assert await texts(client, "tag:SMOKE") == ["halo"]
    assert (await client.get("/api/v1/messages/1")).json() == tagged.json()
    await client.put("/api/v1/messages/1/tags", json={"tags": []})
    assert await texts(client, "tag:smoke") == []
    assert (await client.get("/api/v1/messages/9")).status_code == 404
    assert (await client.put("/api/v1/messages/9/tags", json={"tags": []})).status_code == 404
    wrong = await client.put("/api/v1/messages/1/tags", json={"tags": ["a b"]})
    assert wrong.status_code == 422


async def test_tags_are_bounded(gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.store.annotations.TAGGED_MOST", 2)
    box = inbox.Inbox(gateway)
    for id_ in (1, 2, 3):
        await box.tag(id_, ["a"])
    assert [box.tags(id_) for id_ in (1, 2, 3)] == [(), ("a",), ("a",)]
    assert box.known.stage(Msisdn(SITI)) is None


async def test_what_was_cleared_is_not_found(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    await gateway.sms(SITI, BUDI, "alt")
    assert (await client.delete("/api/v1/messages")).json() == {"cleared": "1"}
    assert await texts(client, "") == []
    await gateway.sms(SITI, BUDI, "neu", "r2")
    assert await texts(client, "") == ["neu"]
    listed = (await client.get("/api/v1/messages")).json()["messages"]
    assert [one["text"] for one in listed] == ["alt", "neu"]


async def test_waiting_takes_what_is_there_or_comes(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    await gateway.sms(SITI, BUDI, "satu")
    wait = "/api/v1/messages/wait"
    found = (await client.get(wait, params={"q": "satu"})).json()
    assert [one["text"] for one in found["messages"]] == ["satu"]
    assert (await client.get(wait, params={"q": "dua", "wait": 0})).json()["messages"] == []
    gateway.feed.watched.clear()
    waiting = asyncio.ensure_future(client.get(wait, params={"q": "dua", "after": 1}))
    await asyncio.wait_for(gateway.feed.watched.wait(), DEADLINE_S)
    await gateway.sms(SITI, BUDI, "tiga", "r2")
    await gateway.sms(SITI, BUDI, "dua", "r3")
    found = (await asyncio.wait_for(waiting, DEADLINE_S)).json()
    assert [one["text"] for one in found["messages"]] == ["dua"]


async def test_an_end_is_waited_for_over_a_real_gateway() -> None:
    async with Simulator() as sms, httpx.AsyncClient(base_url=sms.http) as client:
        siti, budi = await sms.handset(SITI), await sms.handset(BUDI)
        await budi.off()
        await siti.sms(budi, "halo")
        query: dict[str, str | float] = {"q": "halo state:delivered", "wait": 5}
        waiting = asyncio.ensure_future(client.get("/api/v1/messages/wait", params=query))
        early = await client.get("/api/v1/messages/wait", params={**query, "wait": 0.05})
        assert early.json()["messages"] == []
        await budi.on()
        (found,) = (await asyncio.wait_for(waiting, DEADLINE_S)).json()["messages"]
        assert (found["state"], found["to"]) == ("DELIVERED", BUDI)


async def test_the_stream_follows_and_replays_and_ends_with_the_gateway() -> None:
    got: list[tuple[int, str]] = []

    async def follow(client: httpx.AsyncClient, connected: asyncio.Event) -> None:
        headers = {"last-event-id": "0"}
        url = "/api/v1/messages/stream"
        async with client.stream("GET", url, params={"q": "halo"}, headers=headers) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    one = json.loads(line.removeprefix("data: "))
                    got.append((int(one["id"]), one["state"]))
                    connected.set()

    async with httpx.AsyncClient(timeout=DEADLINE_S) as client:
        async with Simulator() as sms:
            client.base_url = httpx.URL(sms.http)
            siti, budi = await sms.handset(SITI), await sms.handset(BUDI)
            await siti.sms(budi, "halo 1")
            await budi.expect("halo 1")
            connected = asyncio.Event()
            following = asyncio.ensure_future(follow(client, connected))
            await asyncio.wait_for(connected.wait(), DEADLINE_S)
            await siti.sms(budi, "lain")
            await siti.sms(budi, "halo 3")
            await until(lambda: (3, "DELIVERED") in got)
        await asyncio.wait_for(following, DEADLINE_S)
    assert got[0][0] == 1
    assert {id_ for id_, _ in got} == {1, 3}
    assert (3, "ENROUTE") in got


async def test_a_slow_reader_is_told_what_it_missed(
    gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_BEHIND_MOST", 1)
    polls = MessagePolls()
    changes = inbox.Inbox(gateway).changes(polls, DEADLINE_S)
    first = asyncio.ensure_future(anext(changes))
    await asyncio.wait_for(gateway.feed.watched.wait(), DEADLINE_S)
    await gateway.sms(SITI, BUDI, "satu")
    assert isinstance(await first, Message)
    for number in range(3):
        await gateway.sms(SITI, BUDI, "lagi", f"x{number}")
    assert await anext(changes) == inbox.Missed(2)
    assert isinstance(await anext(changes), Message)
    polls.end()
    assert [one async for one in changes] == []


async def test_it_is_told_that_older_ones_were_deleted(
    client: httpx.AsyncClient, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.store._keep = Retention(messages_most=2)
    for number in range(5):
        await gateway.sms(SITI, "4444", f"halo {number}", f"r{number}")
    page = (await client.get("/api/v1/messages/search")).json()
    assert (page["deleted"], page["deleted_up_to"]) == (0, None)
    await gateway.store.prune()
    # What is gone costs a search nothing, even where it may look at two ids only.
    monkeypatch.setattr(inbox, "_IDS", 2)
    monkeypatch.setattr(inbox, "_WINDOWS_MOST", 1)
    page = (await client.get("/api/v1/messages/search", params={"q": "kind:mo"})).json()
    assert page["deleted"] > 0
    ids = [int(one["id"]) for one in page["messages"]]
    assert ids
    assert min(ids) > int(page["deleted_up_to"])
    gone = page["deleted_up_to"]
    assert (await client.get(f"/api/v1/messages/{gone}")).status_code == 404


async def test_tags_and_what_was_cleared_are_there_after_a_restart(tmp_path: Path) -> None:
    sets = (f"store.path={tmp_path / 'g.sqlite3'}", "clock.speed=0")
    async with Simulator(*sets) as sms, httpx.AsyncClient(base_url=sms.http) as client:
        await (await sms.handset(SITI)).sms("4444", "satu")
        cleared = (await client.delete("/api/v1/messages")).json()["cleared"]
        sent = await (await sms.handset(SITI)).sms("4444", "dua")
        url = f"/api/v1/messages/{sent.id}/tags"
        assert (await client.put(url, json={"tags": ["smoke"]})).status_code == 200
    async with Simulator(*sets) as sms, httpx.AsyncClient(base_url=sms.http) as client:
        assert await texts(client, "tag:smoke") == ["dua"]
        assert await texts(client, "kind:mo") == ["dua"]
        assert (await client.get(f"/api/v1/messages/{cleared}")).status_code == 200


async def test_a_tag_that_cannot_be_kept_is_a_problem_with_its_remedy(tmp_path: Path) -> None:
    async with (
        Simulator(f"store.path={tmp_path / 'g.sqlite3'}") as sms,
        httpx.AsyncClient(base_url=sms.http) as client,
    ):
        sent = await (await sms.handset(SITI)).sms("4444", "satu")
        store = sms.gateway.store
        assert isinstance(store, SqliteStore)
        await sms.home.run(store._fetch_write("PRAGMA query_only = 1"))
        url = f"/api/v1/messages/{sent.id}/tags"
        for answer in (
            await client.put(url, json={"tags": ["smoke"]}),
            await client.delete("/api/v1/messages"),
        ):
            assert answer.status_code == 503
            assert "make the file and its folder writable" in answer.json()["detail"]
        await sms.home.run(store._fetch_write("PRAGMA query_only = 0"))
