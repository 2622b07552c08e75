"""What the console's page is told twice, or late: nothing is lost, nothing goes back."""

from __future__ import annotations

import asyncio
from typing import Any

from gateway.testing import Simulator
from tests.interop.chromium import IN_CHROMIUM, opened

pytestmark = IN_CHROMIUM


class Held:
    """Answers of the gateway that reach the page when they are let go; `marked` changes them."""

    def __init__(self) -> None:
        self.came = asyncio.Event()
        self.let_go = asyncio.Event()

    async def __call__(self, route: Any) -> None:
        answer = await route.fetch()
        self.came.set()
        await self.let_go.wait()
        await route.fulfill(response=answer, json=self.marked(await answer.json()))

    def marked(self, told: dict[str, Any]) -> dict[str, Any]:
        return told


class HeldAndMarked(Held):
    """Says in the schedule's name that the page has taken the answer."""

    def marked(self, told: dict[str, Any]) -> dict[str, Any]:
        return told | {"schedule": told["schedule"] | {"name": "an answer from before"}}


async def test_a_step_may_be_pressed_when_the_page_shows_the_last_one_as_done(
    sim: Simulator, browser: Any
) -> None:
    watched = await opened(browser, f"{sim.http}/")
    page = watched.page
    await page.click("#lesson-formats")
    await page.get_by_text("0 dari", exact=False).wait_for()
    held = Held()
    await page.route("**/console/lesson/step", held)
    await page.press("#lesson-step", "Enter")
    # All viewers are told, the one who pressed too; the answer to the press is not here yet.
    await page.get_by_text("1 dari", exact=False).wait_for()
    await held.came.wait()
    await page.press("#lesson-step", "Enter")
    await page.press("#lesson-step", "Enter")
    held.let_go.set()
    await page.get_by_text("2 dari", exact=False).wait_for()
    # A press of what is under way plays it once.
    async with page.expect_response("**/console/lesson/step"):
        await page.press("#lesson-step", "Enter")
    await page.get_by_text("3 dari", exact=False).wait_for()
    assert watched.complaints == []


async def test_an_answer_from_before_changes_nothing_back(sim: Simulator, browser: Any) -> None:
    watched = await opened(browser, f"{sim.http}/")
    page = watched.page
    await page.click("#lesson-formats")
    await page.get_by_text("0 dari", exact=False).wait_for()
    await page.locator(".phone.on").first.wait_for()
    held = HeldAndMarked()
    await page.route("**/api/v1/console", held)
    await page.press("#handle", "ArrowRight")
    await held.came.wait()
    await page.press("#lesson-step", "Enter")
    await page.get_by_text("1 dari", exact=False).wait_for()
    phones = await page.locator(".phone.on").count()
    await page.get_by_role("switch", name="Nyala").first.uncheck()
    await page.locator(".phone:not(.on)").wait_for()
    held.let_go.set()
    await page.get_by_text("an answer from before", exact=False).wait_for()
    place = await page.locator("#lesson-place").inner_text()
    assert place.startswith("1 dari")
    assert await page.locator(".phone.on").count() == phones - 1
    assert watched.complaints == []
