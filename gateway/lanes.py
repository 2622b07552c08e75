"""What the courier keeps for one receiver: who can carry to it, and what waits for it."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol

from gateway.core.message import Message, MessageKind


class Carrier(Protocol):
    """A link's hold on one receiver: a phone that is on, or a session that may be delivered to."""

    @property
    def repeats(self) -> bool:
        """Whether what is not confirmed is carried again (no, where the transport is sure)."""

    @property
    def picky(self) -> bool:
        """Whether it takes only some destinations' messages: ask `takes`."""

    def takes(self, destination: str) -> bool:
        """Whether it takes what a phone sends to this destination."""

    def free(self) -> int:
        """Say how many more messages can be taken now."""

    def carry(self, messages: Sequence[Message]) -> None:
        """Take these; never more than `free`."""


class Queue:
    """Messages that wait: higher priority first, then the older."""

    __slots__ = ("_plain", "_urgent")

    def __init__(self) -> None:
        self._plain: deque[Message] = deque()
        # By priority, highest first; hardly ever there.
        self._urgent: dict[int, deque[Message]] = {}

    def __len__(self) -> int:
        urgent = sum(map(len, self._urgent.values())) if self._urgent else 0
        return len(self._plain) + urgent

    def __iter__(self) -> Iterator[Message]:
        return chain(*self._urgent.values(), self._plain)

    def push(self, message: Message) -> None:
        """Put a message behind those of its priority."""
        if message.priority:
            self._of(message.priority).append(message)
        else:
            self._plain.append(message)

    def push_back(self, message: Message) -> None:
        """Put a message that was taken before those of its priority."""
        self._of(message.priority).appendleft(message)

    def pop(self) -> Message:
        """Take the first; raises IndexError when there is none."""
        if not self._urgent:
            return self._plain.popleft()
        priority, queue = next(iter(self._urgent.items()))
        message = queue.popleft()
        if not queue:
            del self._urgent[priority]
        return message

    def refill(self, messages: Iterable[Message]) -> None:
        """Hold just these, in this order within a priority."""
        self._plain.clear()
        self._urgent.clear()
        for message in messages:
            self.push(message)

    def _of(self, priority: int) -> deque[Message]:
        if not priority:
            return self._plain
        if priority not in self._urgent:
            self._urgent[priority] = deque()
            self._urgent = dict(sorted(self._urgent.items(), reverse=True))
        return self._urgent[priority]


class Hold:
    """One carrier of a receiver: what waits for it alone and what it has on the way."""

    __slots__ = ("carrier", "on_the_way", "receiver", "waiting")

    def __init__(self, receiver: str, carrier: Carrier) -> None:
        self.receiver = receiver
        self.carrier = carrier
        self.waiting = Queue()
        self.on_the_way: dict[int, Message] = {}

    def takes(self, message: Message) -> bool:
        """Whether this carrier takes the message; only phones' own are picked by destination."""
        return message.kind is not MessageKind.MO or self.carrier.takes(message.destination)


class Lane:
    """One receiver: its carriers by key, and what any of them may take."""

    __slots__ = ("holds", "waiting")

    def __init__(self) -> None:
        self.holds: dict[int, Hold] = {}
        self.waiting = Queue()

    def last(self, key: int) -> None:
        """Let a carrier be the last in turn."""
        if key in self.holds:
            self.holds[key] = self.holds.pop(key)


class Retries:
    """When each message on its way is carried again: after pauses that grow with its attempts."""

    __slots__ = ("_at", "_attempts", "_heap", "_pauses")

    def __init__(self, pauses: Sequence[float]) -> None:
        self._pauses = pauses
        self._heap: list[tuple[float, int]] = []
        self._at: dict[int, float] = {}
        self._attempts: dict[int, int] = {}

    def again(self, id_: int, now: float) -> bool:
        """Carry it again after its next pause; whether that is sooner than all others."""
        attempt = self._attempts.get(id_, 0)
        self._attempts[id_] = attempt + 1
        due = now + self._pauses[min(attempt, len(self._pauses) - 1)]
        self._at[id_] = due
        sooner = not self._heap or due < self._heap[0][0]
        heapq.heappush(self._heap, (due, id_))
        return sooner

    def forget(self, id_: int) -> None:
        """Carry it no more, and count its attempts anew."""
        self._at.pop(id_, None)
        self._attempts.pop(id_, None)

    def due(self, now: float) -> Iterator[int]:
        """Give what is to be carried again by now."""
        while self._heap and self._heap[0][0] <= now:
            due, id_ = heapq.heappop(self._heap)
            if self._at.get(id_) == due:
                del self._at[id_]
                yield id_

    def next(self) -> float | None:
        """Give when something is due next, on the same clock."""
        return self._heap[0][0] if self._heap else None
