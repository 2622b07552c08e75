"""Frames that wait for the MQTT broker, and their publishing.

Whoever has something for a phone puts it here and goes on; nobody waits for the broker. Frames
outlive a lost connection; what was being published when it broke is published again, so a phone
may get a frame twice.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

import structlog
from msgspec import Struct

log = structlog.get_logger()

# Frames kept while the broker is away. Above it the older half of those that are not retained
# goes: phones repeat what got no answer, the courier repeats messages.
WAITING_MOST = 100_000

# Frames given to the connection and not yet written (QoS 0) or acknowledged (QoS 1).
LEAVING_MOST = 800

# Frames that wait above which nothing is put again: its first copy may be among them, and more
# copies would keep a slow broker slow.
BUSY = 2_000


class Sender(Protocol):
    """The connection to the broker."""

    def send(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> int:
        """Send a frame; gives the number under which it is reported as sent."""


class Waiting(Struct, frozen=True, gc=False):
    """One frame on its way to the broker; `seq` is its place in the order.

    `repeated`: somebody carries it again after a lost connection, so that it need not wait.
    """

    seq: int
    topic: str
    payload: bytes
    retain: bool
    repeated: bool


class Outbox:
    """One queue for all phones; frames leave in the order in which they were put."""

    def __init__(self, qos: int, most: int = WAITING_MOST) -> None:
        self._qos = qos
        self._most = most
        self._seq = 0
        self._frames: deque[Waiting] = deque()
        self._leaving: dict[int, Waiting] = {}
        self._work = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._warned = False
        self._draining = False

    def __len__(self) -> int:
        return len(self._frames) + len(self._leaving)

    @property
    def busy(self) -> bool:
        """Whether what was put before should not be put again now."""
        return self._draining or len(self) > BUSY

    def put(
        self, topic: str, payload: bytes, *, retain: bool = False, repeated: bool = False
    ) -> None:
        """Publish a frame as soon as the broker takes it."""
        if len(self._frames) >= self._most:
            self._make_room()
        self._seq += 1
        self._frames.append(Waiting(self._seq, topic, payload, retain, repeated))
        self._empty.clear()
        self._work.set()

    async def flushed(self) -> None:
        """Wait until all that was put has been published, and ask for no repeats: at a stop."""
        self._draining = True
        await self._empty.wait()

    async def publish(self, sender: Sender) -> None:
        """Publish what is put until cancelled; raises what `sender` raises."""
        while True:
            while self._frames and len(self._leaving) < LEAVING_MOST:
                frame = self._frames[0]
                number = sender.send(frame.topic, frame.payload, qos=self._qos, retain=frame.retain)
                self._leaving[number] = self._frames.popleft()
            # However long: whether the broker is still there is the connection's affair.
            self._work.clear()
            await self._work.wait()

    def sent(self, number: int) -> None:
        """A frame is written (QoS 0) or acknowledged (QoS 1)."""
        if self._leaving.pop(number, None) is not None:
            self._work.set()
            self._note_empty()

    def connection_lost(self) -> None:
        """Take back what was on its way and drop what others repeat; nobody publishes now."""
        back = (*self._leaving.values(), *self._frames)
        self._leaving.clear()
        kept = (frame for frame in back if not frame.repeated)
        self._frames = deque(sorted(kept, key=_by_seq))
        self._note_empty()

    def _note_empty(self) -> None:
        if not self._frames and not self._leaving:
            self._empty.set()
            self._warned = False

    def _make_room(self) -> None:
        """Keep the newest retained frame of each topic and the newer half of the others."""
        retained = {frame.topic: frame for frame in self._frames if frame.retain}
        others = [frame for frame in self._frames if not frame.retain]
        dropped = others[: (len(others) + 1) // 2]
        kept = (*retained.values(), *others[len(dropped) :])
        self._frames = deque(sorted(kept, key=_by_seq))
        if not self._warned:
            self._warned = True
            log.warning(
                "mqtt: the broker takes frames too slowly or is away; the oldest are dropped, "
                "their senders repeat",
                waiting=self._most,
            )


def _by_seq(frame: Waiting) -> int:
    return frame.seq
