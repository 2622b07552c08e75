"""The page's files: all from the package, nothing from elsewhere."""

from __future__ import annotations

import re

import httpx

from gateway.console.pages_files import PAGES, files


async def test_the_page_and_its_files_are_served(client: httpx.AsyncClient) -> None:
    page = await client.get("/console/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for name in re.findall(r'(?:href|src)="([\w.]+)"', page.text):
        assert (await client.get(f"/console/{name}")).status_code == 200, name
    assert (await client.get("/console/app.js")).headers["content-type"].startswith("text/java")
    assert (await client.get("/console")).headers["location"] == "/console/"
    for missing in ("nothing.js", "..%2fapi.py"):
        assert (await client.get(f"/console/{missing}")).status_code == 404


def test_nothing_comes_from_elsewhere_and_files_are_short() -> None:
    for name, content in files().items():
        text = content.decode()
        # The namespace of SVG is a name, not an address that is fetched.
        found = re.findall(r"https?://[^\s\"'`]+", text)
        assert set(found) <= {"http://www.w3.org/2000/svg"}, name
        assert len(text.splitlines()) <= 300, name


def test_every_module_that_is_imported_is_there() -> None:
    for path in PAGES.glob("*.js"):
        for name in re.findall(r'from "\./([\w.]+)"', path.read_text()):
            assert (PAGES / name).exists(), f"{path.name}: {name}"


def test_every_word_is_in_both_languages() -> None:
    words = (PAGES / "words.js").read_text()
    keys = set(re.findall(r"(\w+): \[\"", words))
    assert len(keys) > 100
    for path in PAGES.glob("*.js"):
        used = set(re.findall(r"\bt\(\"(\w+)\"", path.read_text()))
        assert used <= keys, path.name
    used = set(re.findall(r'data-(?:t|label)="(\w+)"', (PAGES / "index.html").read_text()))
    assert used <= keys
