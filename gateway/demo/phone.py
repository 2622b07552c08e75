"""A phone of the demo, and waiting for what happens on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gateway.core.barring import BARRED
from gateway.core.subscriber import BlockStage, Service
from gateway.demo.story import Actor
from handsets.handset import Handset, Happening

# Real seconds that nothing may take longer than.
_DEADLINE_S = 15.0


class Phone:
    """One actor's phone and what has happened on it since somebody looked."""

    def __init__(self, actor: Actor, told: Callable[[Phone, Happening], None]) -> None:
        self.actor = actor
        self.handset = Handset(actor.msisdn, "demo")
        self._told = told
        self._news: list[Happening] = []
        self._changed = asyncio.Event()

    def tell(self, happening: Happening) -> None:
        """Take in what the radio says."""
        self._told(self, happening)
        self._news.append(happening)
        self._changed.set()

    async def until(self, wanted: Callable[[Happening], bool]) -> Happening:
        """Wait for something to happen on this phone, or for its having happened."""
        async with asyncio.timeout(_DEADLINE_S):
            while True:
                for index, happening in enumerate(self._news):
                    if wanted(happening):
                        del self._news[: index + 1]
                        return happening
                self._changed.clear()
                await self._changed.wait()

    async def informed(self, stage: BlockStage) -> None:
        """Wait until the phone knows its stage and, where that bars data, has none."""
        without_data = Service.DATA in BARRED[stage]
        async with asyncio.timeout(_DEADLINE_S):
            while not (
                self.handset.barring is not None
                and self.handset.barring.stage is stage
                and not (without_data and self.handset.data_open)
            ):
                self._changed.clear()
                await self._changed.wait()
