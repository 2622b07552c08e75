"""The trainers' console in a real Chromium: what its tests share."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
WIDTHS = {"wide": (1280, 900), "narrow": (390, 844)}

IN_CHROMIUM = [
    pytest.mark.interop,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)"),
    pytest.mark.skipif(find_spec("playwright") is None, reason="playwright is not installed"),
]
"""The marks of a file of such tests."""


class Watched:
    """A page, and what its console complained of."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))

    def _heard(self, line: Any) -> None:
        if line.type in ("error", "warning"):
            self.complaints.append(line.text)

    def _asked(self, url: str) -> None:
        if not url.startswith("http://127.0.0.1:"):
            self.complaints.append(f"asks elsewhere: {url}")


async def opened(browser: Any, url: str, language: str = "id-ID") -> Watched:
    width, height = WIDTHS["wide"]
    page = await browser.new_page(
        viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce"
    )
    page.set_default_timeout(15_000)
    watched = Watched(page)
    await page.goto(url)
    await page.locator(".phone").first.wait_for()
    return watched


async def photographed(page: Any, name: str) -> None:
    """Take a screenshot at each width; nothing may be wider than the page."""
    folder = os.environ.get("CONSOLE_SCREENSHOTS")
    for width in WIDTHS:
        wide, high = WIDTHS[width]
        await page.set_viewport_size({"width": wide, "height": high})
        await page.evaluate("() => scrollTo(0, 0)")
        assert await page.evaluate("() => document.documentElement.scrollWidth") <= wide
        if folder:
            path = Path(folder) / f"{name}-{width}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=str(path), full_page=True)
