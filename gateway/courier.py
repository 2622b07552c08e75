"""The courier: gives each committed message to the link that holds its receiver.

A receiver is a phone (by its MSISDN) or an ESME account. While nobody holds it, its messages
wait here; they are in the store too, so a restart loses none. A message leaves the courier when
its end was committed. A phone's message is carried again after a growing pause until then: the
phone tells a repeat by its id.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from gateway.clock import Clock, monotonic
from gateway.core.decision import Message, MessagesEnded, Outgoing, Receiver, Signal

# Pauses in real seconds before a message that its receiver did not confirm is carried again.
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_TICK = 0.25
# Ended messages that may lie in the queues of receivers who are away before they are swept out.
_DEAD_MOST = 10_000


class Carrier(Protocol):
    """A link's hold on one receiver: a phone that is on, or a session that may be delivered to."""

    @property
    def repeats(self) -> bool:
        """Whether what is not confirmed is carried again (no, where the transport is sure)."""

    def free(self) -> int:
        """Say how many more messages can be taken now."""

    def carry(self, messages: Sequence[Message]) -> None:
        """Take these; never more than `free`."""


class Hold:
    """One carrier of a receiver: what waits for it alone and what it has on the way."""

    __slots__ = ("carrier", "on_the_way", "receiver", "waiting")

    def __init__(self, receiver: str, carrier: Carrier) -> None:
        self.receiver = receiver
        self.carrier = carrier
        self.waiting: deque[Message] = deque()
        self.on_the_way: dict[int, Message] = {}


class Lane:
    """One receiver: its carriers by key, and what any of them may take."""

    __slots__ = ("holds", "waiting")

    def __init__(self) -> None:
        self.holds: dict[int, Hold] = {}
        self.waiting: deque[Message] = deque()


class Courier:
    """Owns all lanes; called by the flow with what was committed, and by the links."""

    def __init__(self, clock: Clock, signal: Callable[[Signal], None]) -> None:
        self._clock = clock
        self._signal = signal
        self._lanes: dict[str, Lane] = {}
        self._carried: dict[int, Hold] = {}
        self._waiting: set[int] = set()
        self._retries: list[tuple[float, int]] = []
        self._retry_at: dict[int, float] = {}
        self._attempts: dict[int, int] = {}
        self._later: list[tuple[int, int, Message]] = []
        self._dead = 0

    # ---- from the flow

    def take(self, outgoing: Iterable[Outgoing]) -> None:
        """Deliver these as soon as their receivers can; signals to phones at once."""
        holds: dict[int, Hold] = {}
        lanes: dict[str, Lane] = {}
        for item in outgoing:
            if isinstance(item, Message):
                if item.not_before and item.not_before > self._clock.now():
                    self._waiting.add(item.id)
                    heapq.heappush(self._later, (item.not_before, item.id, item))
                else:
                    self._enqueue(item, holds, lanes)
            elif isinstance(item, MessagesEnded):
                self._settle(item.ids)
            else:
                self._signal(item)
        for hold in holds.values():
            self._give(hold, hold.waiting)
        for lane in lanes.values():
            self._share(lane)

    def _enqueue(self, message: Message, holds: dict[int, Hold], lanes: dict[str, Lane]) -> None:
        receiver = receiver_of(message)
        lane = self._lanes.get(receiver)
        if lane is None:
            lane = self._lanes[receiver] = Lane()
        self._waiting.add(message.id)
        hold = lane.holds.get(message.session)
        if hold is not None:
            hold.waiting.append(message)
            holds[id(hold)] = hold
        else:
            lane.waiting.append(message)
            lanes[receiver] = lane

    def _settle(self, ids: Iterable[int]) -> None:
        """Forget messages whose end was committed."""
        for id_ in ids:
            hold = self._carried.pop(id_, None)
            if hold is not None:
                hold.on_the_way.pop(id_, None)
                self._retry_at.pop(id_, None)
            elif id_ in self._waiting:
                self._waiting.remove(id_)
                self._dead += 1
            self._attempts.pop(id_, None)
        if self._dead > max(_DEAD_MOST, len(self._waiting)):
            self._sweep()

    def _sweep(self) -> None:
        """Drop ended messages from all queues: their receivers may never come for them."""
        waiting = self._waiting
        for receiver, lane in list(self._lanes.items()):
            for queue in (lane.waiting, *(hold.waiting for hold in lane.holds.values())):
                alive = [message for message in queue if message.id in waiting]
                queue.clear()
                queue.extend(alive)
            if not lane.holds and not lane.waiting:
                del self._lanes[receiver]
        self._later = [entry for entry in self._later if entry[1] in waiting]
        heapq.heapify(self._later)
        self._dead = 0

    # ---- from the links

    def open(self, receiver: str, key: int, carrier: Carrier) -> None:
        """A link holds the receiver now, under `key` (a session's number; 0 for a phone)."""
        self.close(receiver, key)
        lane = self._lanes.setdefault(receiver, Lane())
        lane.holds[key] = Hold(receiver, carrier)
        self._share(lane)

    def close(self, receiver: str, key: int) -> None:
        """The link lost it; what it had without an end waits again, in the old order."""
        lane = self._lanes.get(receiver)
        hold = lane.holds.pop(key, None) if lane is not None else None
        if lane is None or hold is None:
            return
        for id_ in hold.on_the_way:
            del self._carried[id_]
            self._retry_at.pop(id_, None)
            self._attempts.pop(id_, None)
            self._waiting.add(id_)
        back = (*hold.on_the_way.values(), *hold.waiting)
        if back:
            lane.waiting = deque(sorted((*back, *lane.waiting), key=_by_id))
        if lane.holds:
            self._share(lane)
        elif not lane.waiting:
            del self._lanes[receiver]

    def room(self, receiver: str, key: int) -> None:
        """This carrier can take more now."""
        lane = self._lanes.get(receiver)
        hold = lane.holds.get(key) if lane is not None else None
        if lane is None or hold is None:
            return
        if hold.waiting:
            self._give(hold, hold.waiting)
        if lane.waiting:
            self._give(hold, lane.waiting)

    def again(self, id_: int) -> None:
        """Carry a message again after a pause, unless its end is committed before.

        The pause grows with each attempt on the same carrier. A message that its carrier does not
        hold any more is passed over.
        """
        if id_ not in self._carried:
            return
        attempt = self._attempts.get(id_, 0)
        self._attempts[id_] = attempt + 1
        due = monotonic() + PAUSES[min(attempt, len(PAUSES) - 1)]
        self._retry_at[id_] = due
        heapq.heappush(self._retries, (due, id_))

    def waiting(self) -> int:
        """Count what waits or is on its way."""
        return len(self._waiting) + len(self._carried)

    # ---- its own work

    async def run(self) -> None:
        """Carry again what nobody confirmed, and what was to leave later."""
        while True:
            await asyncio.sleep(_TICK)
            self.tick(monotonic())

    def tick(self, steady: float) -> None:
        """Do what is due at `steady` seconds (and at the calendar's present time)."""
        while self._retries and self._retries[0][0] <= steady:
            due, id_ = heapq.heappop(self._retries)
            if self._retry_at.get(id_) == due:
                self._carry_again(id_)
        now = self._clock.now()
        ready: list[Outgoing] = []
        while self._later and self._later[0][0] <= now:
            message = heapq.heappop(self._later)[2]
            if message.id in self._waiting:
                ready.append(message)
        if ready:
            self.take(ready)

    def _carry_again(self, id_: int) -> None:
        hold = self._carried[id_]
        del self._retry_at[id_]
        if hold.carrier.repeats:
            hold.carrier.carry((hold.on_the_way[id_],))
            self.again(id_)
            return
        # An ESME's window may be full by now: the message waits for room like any other.
        hold.waiting.appendleft(hold.on_the_way.pop(id_))
        del self._carried[id_]
        self._waiting.add(id_)
        self._give(hold, hold.waiting)

    def _share(self, lane: Lane) -> None:
        """Give what any carrier may take to those that have room, in turn."""
        for key in list(lane.holds):
            if not lane.waiting:
                return
            hold = lane.holds.pop(key)
            lane.holds[key] = hold
            self._give(hold, lane.waiting)

    def _give(self, hold: Hold, waiting: deque[Message]) -> None:
        """Move as many messages from `waiting` to the carrier as it has room for."""
        room = hold.carrier.free()
        batch: list[Message] = []
        while waiting and len(batch) < room:
            message = waiting.popleft()
            if message.id in self._waiting:
                self._waiting.discard(message.id)
                self._carried[message.id] = hold
                hold.on_the_way[message.id] = message
                batch.append(message)
        if not batch:
            return
        hold.carrier.carry(batch)
        if hold.carrier.repeats:
            for message in batch:
                self.again(message.id)


def receiver_of(message: Message) -> str:
    """Name the lane of a message: the phone's MSISDN or the ESME's account."""
    return message.account if message.receiver is Receiver.ESME else message.destination


def _by_id(message: Message) -> int:
    return message.id
