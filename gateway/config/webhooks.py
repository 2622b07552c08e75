"""[[webhooks]]: where messages that fit a search are posted to."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from gateway.config.notes import Notes
from gateway.core.search import BadQuery, parse_query

_NAME_MOST = 40
_ATTEMPTS_MOST = 100


class WebhookConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[webhooks]]; `timeout` in seconds, `attempts` before a message is given up."""

    name: str
    url: str
    search: str = ""
    secret: str = ""
    attempts: int = 10
    timeout: float = 10.0


def check_webhooks(rows: Sequence[WebhookConfig], notes: Notes) -> None:
    """Report webhooks that cannot be."""
    names: dict[str, int] = {}
    for index, row in enumerate(rows):
        path = ("webhooks", index)
        if not row.name or len(row.name) > _NAME_MOST:
            what = f'is "{row.name[:50]}"'
            notes.note((*path, "name"), what, f"write 1 to {_NAME_MOST} characters")
        first = names.setdefault(row.name, index)
        if first != index:
            what = f'is "{row.name}", as that of no. {first + 1}'
            notes.note((*path, "name"), what, "give each its own name")
        if not _is_url(row.url):
            what = f'is "{row.url[:80]}", no address'
            notes.note((*path, "url"), what, "write http://HOST:PORT/PATH, or https://")
        query = parse_query(row.search, 0)
        if isinstance(query, BadQuery):
            notes.note((*path, "search"), f'has "{query.term}"', query.remedy)
        if not 1 <= row.attempts <= _ATTEMPTS_MOST:
            notes.note((*path, "attempts"), f"is {row.attempts}", f"write 1 to {_ATTEMPTS_MOST}")
        if not 0 < row.timeout <= 300:
            notes.note((*path, "timeout"), f"is {row.timeout:g}", "write seconds, 300 at most")


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
