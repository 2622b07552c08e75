"""What is due when, for thousands of things by one timer. Pure; times are steady seconds."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Wheel(Generic[T]):
    """Things in slots of `slot` seconds. One that is due too early is simply put in again."""

    def __init__(self, slot: float) -> None:
        self._slot = slot
        self._slots: dict[int, list[T]] = {}
        self._turned: int | None = None

    def put(self, thing: T, at: float) -> None:
        """Have a thing given at this time or up to a slot later."""
        slot = int(at / self._slot) + 1
        if self._turned is not None and slot <= self._turned:
            slot = self._turned + 1
        self._slots.setdefault(slot, []).append(thing)

    def due(self, now: float) -> list[T]:
        """Take out what is due."""
        last = int(now / self._slot)
        first = last if self._turned is None else self._turned + 1
        due: list[T] = []
        if self._turned is None or last - first > len(self._slots):
            for slot in sorted(slot for slot in self._slots if slot <= last):
                due += self._slots.pop(slot)
        else:
            for slot in range(first, last + 1):
                due += self._slots.pop(slot, ())
        self._turned = max(last, self._turned or last)
        return due
