"""Switches phones on before a run, as many at a time as the network keeps up with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

AT_ONCE: Final = 1_000
"""Phones that may be on without the network having told them their bars."""

# Seconds without such a word after which nobody is waited for: other networks give none.
_SILENCE_S: Final = 2.0


class Arrivals:
    """Phones that have said that they are on and wait for the network's word, their bars."""

    def __init__(self, announce: Callable[[str], None]) -> None:
        """`announce` says for a phone that it is on."""
        self._announce = announce
        self._waiting: set[str] = set()
        self._heard = asyncio.Event()

    def greeted(self, phone: str) -> None:
        """Note that the network knows this phone to be on."""
        self._waiting.discard(phone)
        self._heard.set()

    async def switch_on(self, phones: Iterable[str]) -> None:
        """Switch these on; until the network has greeted all, or greets none any more."""
        greets = True
        for phone in phones:
            self._announce(phone)
            self._waiting.add(phone)
            if greets and len(self._waiting) >= AT_ONCE:
                greets = await self._fewer_than(AT_ONCE // 2)
        if greets:
            await self._fewer_than(1)
        self._waiting.clear()

    async def _fewer_than(self, most: int) -> bool:
        """Wait until so few wait; whether they came to be so few."""
        try:
            while len(self._waiting) >= most:
                self._heard.clear()
                async with asyncio.timeout(_SILENCE_S):
                    await self._heard.wait()
        except TimeoutError:
            return False
        return True
