"""Long polls: wait for messages as they are committed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gateway.core.decision import Record
from gateway.core.message import Message, Receiver
from gateway.core.numbers import Msisdn
from gateway.core.stored import stored
from gateway.flow import Feed
from gateway.store.protocol import Store


class MessagePolls:
    """The requests that wait for messages; `end` lets all of them answer at once."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()
        self._ended = False

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    @property
    def ended(self) -> bool:
        """Whether the gateway stops, so that nobody is to wait any more."""
        return self._ended

    @contextmanager
    def waker(self) -> Iterator[asyncio.Event]:
        """Give a request what it may wait for: it is set at the end too."""
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            yield woken
        finally:
            self._waiting.discard(woken)

    def end(self) -> None:
        """Let every poll answer with what there is, now and from now on."""
        self._ended = True
        for woken in self._waiting:
            woken.set()

    async def messages(
        self,
        store: Store,
        feed: Feed,
        msisdn: Msisdn | None,
        after: int,
        limit: int,
        seconds: float,
        *,
        parts: bool = False,
    ) -> list[Message]:
        """List messages after an id; wait up to `seconds` for one when there is none.

        `parts` lists the parts of long messages too, beside the messages that they make.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        woken = asyncio.Event()

        def stored(records: Sequence[Record]) -> None:
            if any(_concerns(record, msisdn) for record in records):
                woken.set()

        # Watching begins before the first look, so that nothing falls between the two.
        unwatch = feed.watch(stored)
        self._waiting.add(woken)
        try:
            while True:
                woken.clear()
                found = await _listed(store, msisdn, after, limit, parts)
                if found or self._ended:
                    return found
                try:
                    async with asyncio.timeout_at(deadline):
                        await woken.wait()
                except TimeoutError:
                    return []
        finally:
            self._waiting.discard(woken)
            unwatch()


async def _listed(
    store: Store, msisdn: Msisdn | None, after: int, limit: int, parts: bool
) -> list[Message]:
    if parts:
        return await store.messages(msisdn, after, limit)
    found: list[Message] = []
    while True:
        page = await store.messages(msisdn, after, limit)
        found += (message for message in page if message.receiver is not Receiver.PARTS)
        if len(found) >= limit or len(page) < limit:
            return found[:limit]
        after = page[-1].id


def _concerns(record: Record, msisdn: Msisdn | None) -> bool:
    return any(
        msisdn is None or msisdn in (message.source, message.destination)
        for message in stored(record)
    )
