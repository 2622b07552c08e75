"""Each lesson goes as it tells, on a whole gateway, one after the other and again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway.console import lesson_steps
from gateway.console.lesson_backstage import Result
from gateway.console.lesson_steps import Staging
from gateway.console.lessons import Step, lessons
from gateway.testing import Simulator

CONSOLE = "/api/v1/console"


@pytest.fixture
async def page() -> AsyncIterator[httpx.AsyncClient]:
    async with (
        Simulator() as sim,
        httpx.AsyncClient(base_url=sim.http + CONSOLE, timeout=10, follow_redirects=True) as client,
    ):
        yield client


async def play(page: httpx.AsyncClient, name: str) -> dict[str, Any]:
    lesson: dict[str, Any] = (await page.post(f"/lessons/{name}")).json()
    for position in range(len(lesson["steps"])):
        lesson = (await page.post("/lesson/step", json={"position": position})).json()
    assert lesson["position"] == len(lesson["steps"])
    return lesson


def wrong(lesson: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for step in lesson["steps"] if not step["well"]]


@pytest.mark.parametrize("name", lessons())
async def test_a_lesson_goes_as_it_tells(page: httpx.AsyncClient, name: str) -> None:
    lesson = await play(page, name)
    assert not wrong(lesson)
    shown = (await page.get("")).json()
    assert shown["lesson"] == lesson
    assert len(shown["phones"]) == len(lessons()[name].phones)
    assert (await page.delete("/lesson")).json() == {"name": ""}
    assert (await page.post("/lesson/step", json={"position": 0})).status_code == 409


async def test_lessons_follow_one_another_and_stages_come_once(
    page: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not wrong(await play(page, "barring"))
    listed = {one["name"]: one for one in (await page.get("/lessons")).json()}
    assert 'clock.now="2018-02-26T08:00:00+07:00"' in listed["barring"]["remedy"]
    assert listed["formats"]["remedy"] == ""
    offers = {name: one["too_late"] for name, one in listed.items()}
    assert {name for name, late in offers.items() if late} == {"barring", "rescue", "bank-code"}
    assert not wrong(await play(page, "formats"))
    assert not wrong(await play(page, "formats"))
    monkeypatch.setattr(lesson_steps, "WITHIN_S", 0.1)
    # Whoever plays it all the same is told where it is not so.
    assert wrong(await play(page, "barring"))
    assert (await page.post("/lessons/nothing")).status_code == 404


async def test_two_trainers_do_not_play_a_step_twice(page: httpx.AsyncClient) -> None:
    await page.post("/lessons/formats")
    first = (await page.post("/lesson/step", json={"position": 0})).json()
    again = (await page.post("/lesson/step", json={"position": 0})).json()
    assert first == again
    assert again["position"] == 1


async def test_a_step_that_goes_otherwise_says_so(
    page: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lesson_steps, "WITHIN_S", 0.05)
    lesson = (await page.post("/lessons/formats")).json()
    number = next(iter((await page.get("")).json()["phones"]))
    await page.put(f"/phones/{number}", json={"on": False})
    lesson = (await page.post("/lesson/step", json={"position": 0})).json()
    assert lesson["steps"][0]["well"] is False


async def test_a_lesson_may_be_left_while_a_step_is_played(
    page: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    playing, left = asyncio.Event(), asyncio.Event()

    async def play_slowly(_: Staging, step: Step) -> Result:
        playing.set()
        await left.wait()
        return True, ""

    await page.post("/lessons/formats")
    monkeypatch.setattr(Staging, "play", play_slowly)
    stepping = asyncio.create_task(page.post("/lesson/step", json={"position": 0}))
    await playing.wait()
    assert (await page.delete("/lesson")).json() == {"name": ""}
    left.set()
    assert (await stepping).status_code == 409
    assert (await page.get("")).json()["lesson"] is None
