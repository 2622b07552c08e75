"""The event loop that a Simulator lives in: its work runs there, whichever loop or thread asks."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from gateway.testing.expecting import NotSeen

T = TypeVar("T")


class Home:
    """One loop; made in it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do work at home and wait for it, from any loop."""
        __tracebackhide__ = True
        if asyncio.get_running_loop() is self._loop:
            return await work
        try:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))
        except NotSeen as vain:
            raise NotSeen(str(vain)) from None

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Do work at home and wait for it, from another thread."""
        __tracebackhide__ = True
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except NotSeen as vain:
            # Its way through two loops tells the test nothing.
            raise NotSeen(str(vain)) from None
