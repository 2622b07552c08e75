"""What has come to a phone or an ESME: each is handed out once, to who waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from gateway.testing.expecting import NotSeen, Short, Wish, near_misses, report

M = TypeVar("M", bound=Short)
T = TypeVar("T")


class Changes:
    """Wakes who waits for a condition, whenever something happened."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def happened(self) -> None:
        """Let everybody look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, found: Callable[[], T | None], within: float) -> T | None:
        """Wait until `found` gives something; None after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while (value := found()) is None:
                    await self._changed.wait()
        except TimeoutError:
            return found()
        return value


class Inbox(Generic[M]):
    """All messages that came, in order, and which of them were handed out."""

    def __init__(self, changes: Changes) -> None:
        self.messages: list[M] = []
        self._unread: list[M] = []
        self._changes = changes

    def put(self, message: M) -> None:
        """A message came."""
        self.messages.append(message)
        self._unread.append(message)
        self._changes.happened()

    def take(self, fits: Callable[[M], bool]) -> M | None:
        """Hand out the oldest that fits and was not handed out yet."""
        for at, message in enumerate(self._unread):
            if fits(message):
                return self._unread.pop(at)
        return None

    async def expect(
        self, who: str, wish: Wish, within: float, decided: Callable[[], list[str]]
    ) -> M:
        """Wait for a message; raises NotSeen with the near misses and what was decided."""
        found = await self._changes.until(
            lambda: self.take(lambda message: not wish.misses(message)), within
        )
        if found is None:
            near = near_misses(wish, self.messages)
            raise NotSeen(report(who, str(wish), within, near, decided()))
        return found
