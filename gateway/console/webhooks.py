"""Posts messages that fit a search to other programs: when they are taken, and when they end.

Each webhook has its place in the journal, kept in a file beside the store's: what was committed
while the gateway, or the other program, was down is posted later, in order, at least once. What
is not taken is repeated after a growing pause, and given up after `attempts`. Nothing queues up:
what waits is in the journal. A store that keeps none posts only what comes while it runs.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections import deque
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import msgspec
import structlog
from msgspec import Struct

from gateway.clock import wall
from gateway.config.webhooks import WebhookConfig
from gateway.console.inbox import Inbox
from gateway.console.inbox_api import shown
from gateway.console.view import Gateway
from gateway.core.decision import Record
from gateway.core.message import Message
from gateway.core.search import Query, parse_query

log = structlog.get_logger()

# Real seconds before the next attempt; the last pause stays.
_PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
# Batches that may wait where there is no journal; beyond that the oldest are dropped.
_WAITING_MOST = 1_000
# Words of records that change a message: batches without them are not looked at.
_WORDS = ('"message"', '"ended"')

_KEPT = 20
"""Attempts of each webhook that are kept to be shown."""

_places = msgspec.json.Decoder(dict[str, int])


class Attempt(Struct, frozen=True, gc=False):
    """One time that a message was posted: Unix seconds; `why` it was not taken, "" where it was."""

    at: float
    message: int
    attempt: int
    why: str


class Posts:
    """What a webhook did since the start; `newest` are its last attempts, the newest last."""

    def __init__(self) -> None:
        self.posted = 0
        self.given_up = 0
        self.newest: deque[Attempt] = deque(maxlen=_KEPT)


class Webhooks:
    """All webhooks of a gateway; `run` posts until cancelled."""

    def __init__(
        self, gateway: Gateway, inbox: Inbox, rows: Sequence[WebhookConfig], places: Path | None
    ) -> None:
        self._gateway = gateway
        self._inbox = inbox
        self._rows = rows
        self._file = places
        self._places: dict[str, int] = {}
        self._posts = {row.name: Posts() for row in rows}

    def posts(self) -> list[tuple[WebhookConfig, Posts]]:
        """Show what each did, in the order of the configuration."""
        return [(row, self._posts[row.name]) for row in self._rows]

    async def run(self) -> None:
        """Post to all, each at its own pace."""
        self._places = self._read()
        async with asyncio.TaskGroup() as tasks:
            for row in self._rows:
                tasks.create_task(self._serve(row), name=f"webhook {row.name}")

    async def _serve(self, row: WebhookConfig) -> None:
        async with httpx.AsyncClient(timeout=row.timeout, trust_env=False) as client:
            async for records in self._committed(row.name):
                for message in await self._inbox.changed(records):
                    # Lengths in the query count back from the message's own time.
                    query = parse_query(row.search, self._gateway.clock.now())
                    if isinstance(query, Query) and self._inbox.shows(query, message):
                        await self._post(client, row, message, records[-1].seq)
                self._note(row.name, records[-1].seq)

    async def _committed(self, name: str) -> AsyncIterator[Sequence[Record]]:
        """Give what was committed since this webhook's place, and then what comes."""
        store, feed = self._gateway.store, self._gateway.feed
        if not store.keeps_journal:
            async for records in self._coming():
                yield records
            return
        place = self._places.setdefault(name, store.next_seq() - 1)
        while True:
            changed = asyncio.ensure_future(feed.changed())
            try:
                async for records in store.records(place, _WORDS):
                    place = records[-1].seq
                    yield records
                await changed
            finally:
                changed.cancel()

    async def _coming(self) -> AsyncIterator[Sequence[Record]]:
        waiting: deque[Sequence[Record]] = deque(maxlen=_WAITING_MOST)
        feed = self._gateway.feed
        unwatch = feed.watch(waiting.append)
        try:
            while True:
                while waiting:
                    yield waiting.popleft()
                await feed.changed()
        finally:
            unwatch()

    async def _post(
        self, client: httpx.AsyncClient, row: WebhookConfig, message: Message, seq: int
    ) -> None:
        body = shown(message, self._inbox).model_dump_json(by_alias=True).encode()
        headers = {
            "content-type": "application/json",
            "x-gateway-webhook": row.name,
            # The same for a repeat, another one when the message has ended.
            "x-gateway-delivery": f"{message.id}-{message.state.value}-{seq}",
        }
        if row.secret:
            digest = hmac.new(row.secret.encode(), body, hashlib.sha256).hexdigest()
            headers["x-gateway-signature"] = f"sha256={digest}"
        posts = self._posts[row.name]
        for attempt in range(row.attempts):
            why = await _posted(client, row.url, body, headers)
            posts.newest.append(Attempt(wall(), message.id, attempt + 1, why))
            if not why:
                posts.posted += 1
                return
            if not attempt:
                log.warning("webhook: not taken, tried again", webhook=row.name, why=why)
            if attempt + 1 < row.attempts:
                await asyncio.sleep(_PAUSES_S[min(attempt, len(_PAUSES_S) - 1)])
        posts.given_up += 1
        log.error("webhook: given up", webhook=row.name, message=message.id, why=why)

    # ---- where each is

    def _read(self) -> dict[str, int]:
        if self._file is None or not self._file.exists():
            return {}
        try:
            return _places.decode(self._file.read_bytes())
        except (OSError, msgspec.MsgspecError) as trouble:
            log.error(
                "webhooks: their places cannot be read; only what comes now is posted",
                file=str(self._file),
                why=str(trouble),
            )
            return {}

    def _note(self, name: str, seq: int) -> None:
        self._places[name] = seq
        if self._file is None:
            return
        names = {row.name for row in self._rows}
        kept = {one: place for one, place in self._places.items() if one in names}
        beside = self._file.with_name(f"{self._file.name}.new")
        try:
            beside.write_bytes(msgspec.json.encode(kept))
            beside.replace(self._file)
        except OSError as trouble:
            log.error("webhooks: their places cannot be kept", why=str(trouble))


async def _posted(client: httpx.AsyncClient, url: str, body: bytes, headers: dict[str, str]) -> str:
    """Post once; says what went wrong, "" when it was taken."""
    try:
        answer = await client.post(url, content=body, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as trouble:
        return f"{type(trouble).__name__}: {trouble}"
    return "" if answer.is_success else f"answered {answer.status_code}"
