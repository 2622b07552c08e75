"""Waiting without sleeping: for a turn of the loop, or until something holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakKeyDictionary

DEADLINE_S = 10.0

_looks: WeakKeyDictionary[asyncio.AbstractEventLoop, list[Callable[[], None]]] = WeakKeyDictionary()


async def turn() -> None:
    """Let all that is ready now run, and what that makes ready."""
    loop = asyncio.get_running_loop()
    turned = loop.create_future()
    loop.call_soon(turned.set_result, None)
    await turned


async def until(holds: Callable[[], bool], deadline_s: float = DEADLINE_S) -> None:
    """Wait until something holds that code in this loop brings about; raises TimeoutError.

    Looks after each turn of the loop: while the loop waits, nothing in it can change.
    """
    if holds():
        return
    if not hasattr(asyncio.get_running_loop(), "_run_once"):
        await _until_turn_by_turn(holds, deadline_s)
        return
    held = asyncio.get_running_loop().create_future()

    def look() -> None:
        if not held.done() and holds():
            held.set_result(None)

    looks = _looks_of(asyncio.get_running_loop())
    looks.append(look)
    try:
        async with asyncio.timeout(deadline_s):
            await held
    finally:
        looks.remove(look)


async def _until_turn_by_turn(holds: Callable[[], bool], deadline_s: float) -> None:
    """Do the same where the loop has nothing to hook into: uvloop."""
    async with asyncio.timeout(deadline_s):
        while not holds():
            await turn()


def _looks_of(loop: asyncio.AbstractEventLoop) -> list[Callable[[], None]]:
    """Give what is called after each turn of the loop."""
    if loop not in _looks:
        looks: list[Callable[[], None]] = []
        # asyncio has no public call for it; a loop lives as long as its test.
        run_once = loop._run_once  # type: ignore[attr-defined]

        def run_once_and_look() -> None:
            run_once()
            for look in tuple(looks):
                look()

        loop._run_once = run_once_and_look  # type: ignore[attr-defined]
        _looks[loop] = looks
    return _looks[loop]
