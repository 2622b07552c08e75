"""/console: the page's own files, as they are in the package; nothing comes from elsewhere."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse, Response

from gateway.console.problems import Problem

PAGES = FilePath(__file__).parent / "pages"

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}

router = APIRouter(include_in_schema=False)


@cache
def files() -> dict[str, bytes]:
    """Read all files of the page, by name, once."""
    return {path.name: path.read_bytes() for path in PAGES.iterdir() if path.suffix in _TYPES}


@router.get("/console")
async def without_slash() -> RedirectResponse:
    """Lead to the page, below which its files are."""
    return RedirectResponse("/console/")


@router.get("/console/")
async def index() -> Response:
    """Give the page."""
    return _file("index.html")


@router.get("/console/{name}")
async def file(name: Annotated[str, Path()]) -> Response:
    """Give one of its files."""
    return _file(name)


def _file(name: str) -> Response:
    content = files().get(name)
    if content is None:
        raise Problem(HTTPStatus.NOT_FOUND, f'the console has no file "{name[:60]}"')
    return Response(content, media_type=_TYPES[FilePath(name).suffix], headers=_HEADERS)
