"""The inbox: messages found by the search language, and changes of messages as they come.

Tags, and the mark up to which the inbox was cleared, are the store's as the messages are.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence

from msgspec import Struct

from gateway.clock import monotonic
from gateway.console.polling import MessagePolls
from gateway.console.view import Gateway
from gateway.core.ageing import stage_at
from gateway.core.decision import MessagesEnded, Questions, Record
from gateway.core.message import Message, Receiver
from gateway.core.numbers import Msisdn
from gateway.core.search import Known, Query, fits
from gateway.core.stored import stored
from gateway.core.subscriber import BlockStage

# Ids that are read at once, of all messages and of one number's, and the windows of one request.
_IDS, _IDS_OF_ONE = 2_000, 100_000
_WINDOWS_MOST = 50
# Seconds after which a search gives what it has: a busy gateway has others to serve.
_SEARCH_S = 2.0
# Batches of records that a slow reader of changes may be behind.
_BEHIND_MOST = 1_000


class Found(Struct, frozen=True):
    """Messages, the newest first; `before` is where to go on, 0 when all was looked through."""

    messages: list[Message]
    before: int


class Inbox:
    """What is known of a gateway's messages beside the store."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.known = Known(self._stage, self.tags)

    def _stage(self, msisdn: Msisdn) -> BlockStage | None:
        subscriber = self._gateway.store.subscriber(msisdn)
        if subscriber is None:
            return None
        return stage_at(self._gateway.flow.rules.schedule, subscriber, self._gateway.clock.now())

    # ---- tags

    def tags(self, id_: int) -> tuple[str, ...]:
        """Give a message's tags."""
        return self._gateway.store.annotations.tags(id_)

    async def tag(self, id_: int, tags: Sequence[str]) -> None:
        """Set a message's tags; none takes them away. Raises NotCommitted."""
        await self._gateway.store.annotations.tag(id_, tags)

    # ---- looking

    @property
    def cleared(self) -> int:
        """The id up to which nothing is shown any more."""
        return self._gateway.store.annotations.cleared

    async def clear(self) -> int:
        """Show nothing of what is there now any more; gives its newest id. Raises NotCommitted."""
        newest = await self.newest()
        await self._gateway.store.annotations.clear(newest)
        return newest

    async def newest(self) -> int:
        """Give the highest id so far, of messages and calls."""
        return (await self._gateway.store.answer(Questions())).next_id - 1

    async def message(self, id_: int) -> Message | None:
        """Find one message."""
        found = await self._gateway.store.messages(None, id_ - 1, 1)
        return found[0] if found and found[0].id == id_ else None

    async def find(
        self, query: Query, *, after: int = 0, before: int = 0, limit: int = 100
    ) -> Found:
        """Look for messages with ids above `after` and, unless 0, below `before`.

        Gives up after a while with what it has: `before` says where to go on.
        """
        oldest = await self._gateway.store.messages(None, 0, 1)
        # What was deleted for its age is not looked through.
        after = max(after, self.cleared, oldest[0].id - 1 if oldest else 0)
        end = before or await self.newest() + 1
        window = _IDS if query.msisdn is None else _IDS_OF_ONE
        found: list[Message] = []
        until = monotonic() + _SEARCH_S
        for _ in range(_WINDOWS_MOST):
            start = max(after, end - 1 - window)
            page = await self._gateway.store.messages(query.msisdn, start, window)
            for message in reversed(page):
                if message.id < end and self.shows(query, message):
                    found.append(message)
                    if len(found) == limit:
                        return Found(found, message.id)
            end = start + 1
            if start <= after:
                return Found(found, 0)
            if monotonic() > until:
                break
            await asyncio.sleep(0)
        return Found(found, end)

    def shows(self, query: Query, message: Message) -> bool:
        """Whether a message fits and is to be shown: parts of long ones are not."""
        if message.receiver is Receiver.PARTS or message.id <= self.cleared:
            return False
        return fits(query, message, self.known)

    # ---- as they come

    async def changes(
        self, polls: MessagePolls, silence: float
    ) -> AsyncGenerator[Message | Missed | None, None]:
        """Give each message as it is stored, and again when it ends, until the gateway stops.

        None after `silence` seconds without any; Missed where a slow reader could not follow.
        """
        behind: deque[Sequence[Record]] = deque()
        missed = 0
        with polls.waker() as woken:

            def committed(records: Sequence[Record]) -> None:
                nonlocal missed
                if len(behind) >= _BEHIND_MOST:
                    missed += len(behind.popleft())
                behind.append(records)
                woken.set()

            unwatch = self._gateway.feed.watch(committed)
            try:
                while True:
                    while behind:
                        if missed:
                            yield Missed(missed)
                            missed = 0
                        for message in await self.changed(behind.popleft()):
                            yield message
                    woken.clear()
                    if polls.ended:
                        return
                    try:
                        async with asyncio.timeout(silence):
                            await woken.wait()
                    except TimeoutError:
                        yield None
            finally:
                unwatch()

    async def changed(self, records: Sequence[Record]) -> list[Message]:
        """List the messages that records changed, as they are after them."""
        changed: dict[int, Message] = {}
        ended: set[int] = set()
        for record in records:
            changed |= {message.id: message for message in stored(record)}
            for change in record.changes:
                if type(change) is MessagesEnded:
                    ended.update(change.ids)
        if ended:
            facts = await self._gateway.store.answer(Questions(asked_about=ended))
            changed |= facts.ended
        return [changed[id_] for id_ in sorted(changed)]


class Missed(Struct, frozen=True):
    """So many records were passed over, because the reader was too slow."""

    records: int
