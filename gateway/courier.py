"""The courier: gives each committed message to the link that holds its receiver.

A receiver is a phone (by its MSISDN) or an ESME account. While nobody holds it, its messages
wait here; they are in the store too, so a restart loses none. A message leaves the courier when
its end was committed. A phone's message is carried again after a growing pause until then: the
phone tells a repeat by its id. What an ESME did not answer, or refused for now, is carried again
after such a pause too, by another of its sessions where there is one.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Final

from gateway.clock import Clock, monotonic
from gateway.core.decision import MessagesEnded, Outgoing, Signal
from gateway.core.message import Message, Receiver
from gateway.lanes import Carrier, Hold, Lane, Queue, Retries

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_ESME: Final = Receiver.ESME

# Pauses in real seconds before a message that its receiver did not confirm is carried again.
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
# The longest sleep: a calendar that jumps or changes its speed is noticed within this.
_TICK = 0.25
# Real seconds that a receipt waits which goes to another session than the submit_sm came by: the
# response leaves first, but on another connection, and a client that gets them the other way
# round does not know the message id yet (Kannel loses such receipts).
_BEHIND_RESPONSE_S = 0.05
# Ended messages that may lie in the queues of receivers who are away before they are swept out.
_DEAD_MOST = 10_000
# Messages for other sessions of an account that one look for what this one takes passes over.
_PASSED_OVER_MOST = 1_000
# Nobody takes these from the courier: they wait in the store for their time, or for their parts.
_NOT_CARRIED = frozenset({Receiver.LATER, Receiver.PARTS})


class Courier:
    """Owns all lanes; called by the flow with what was committed, and by the links."""

    def __init__(
        self,
        clock: Clock,
        signal: Callable[[Signal], None],
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._clock = clock
        self._signal = signal
        self._retries = Retries(pauses)
        self._lanes: dict[str, Lane] = {}
        self._carried: dict[int, Hold] = {}
        # What waits, as it is now: an older value of a message in a queue is passed over.
        self._waiting: dict[int, Message] = {}
        self._later: list[tuple[int, int, Message]] = []
        self._behind: deque[tuple[float, Message]] = deque()
        self._awaited: dict[int, Callable[[MessagesEnded], None]] = {}
        self._sooner = asyncio.Event()
        self._dead = 0

    # ---- from the flow

    def take(self, outgoing: Iterable[Outgoing]) -> None:
        """Deliver these as soon as their receivers can; signals to phones at once."""
        holds: dict[int, Hold] = {}
        lanes: dict[str, Lane] = {}
        for item in outgoing:
            if isinstance(item, Message):
                if item.receiver in _NOT_CARRIED:
                    # It may have been on its way and is put off.
                    self._settle((item.id,))
                else:
                    self._take(item, holds, lanes)
            elif isinstance(item, MessagesEnded):
                self._settle(item.ids)
                if self._awaited:
                    self._tell_end(item)
            else:
                self._signal(item)
        for hold in holds.values():
            self._give(hold, hold.waiting)
        for lane in lanes.values():
            self._share(lane)

    def _take(self, message: Message, holds: dict[int, Hold], lanes: dict[str, Lane]) -> None:
        id_ = message.id
        if id_ in self._carried:
            # Replaced while its receiver has not confirmed the older text.
            self._carried[id_].on_the_way[id_] = message
            return
        if id_ in self._waiting:
            self._dead += 1
        self._waiting[id_] = message
        if message.not_before and message.not_before > self._clock.now():
            heapq.heappush(self._later, (message.not_before, id_, message))
            self._sooner.set()
        else:
            self._enqueue(message, holds, lanes)

    def _enqueue(self, message: Message, holds: dict[int, Hold], lanes: dict[str, Lane]) -> None:
        receiver = receiver_of(message)
        lane = self._lanes.get(receiver)
        if lane is None:
            lane = self._lanes[receiver] = Lane()
        hold = lane.holds.get(message.session)
        if hold is not None:
            hold.waiting.push(message)
            holds[id(hold)] = hold
        elif message.receipt is not None and message.session and lane.holds:
            self._behind.append((monotonic() + _BEHIND_RESPONSE_S, message))
            self._sooner.set()
        else:
            lane.waiting.push(message)
            lanes[receiver] = lane

    def _settle(self, ids: Iterable[int]) -> None:
        """Forget messages whose end was committed."""
        for id_ in ids:
            hold = self._carried.pop(id_, None)
            if hold is not None:
                hold.on_the_way.pop(id_, None)
            elif self._waiting.pop(id_, None) is not None:
                self._dead += 1
            self._retries.forget(id_)
        if self._dead > max(_DEAD_MOST, len(self._waiting)):
            self._sweep()

    def _tell_end(self, end: MessagesEnded) -> None:
        for id_ in end.ids:
            told = self._awaited.pop(id_, None)
            if told is not None:
                told(end)

    def _sweep(self) -> None:
        """Drop ended messages from all queues: their receivers may never come for them."""
        for receiver, lane in list(self._lanes.items()):
            for queue in (lane.waiting, *(hold.waiting for hold in lane.holds.values())):
                queue.refill([message for message in queue if self._is_alive(message)])
            if not lane.holds and not lane.waiting:
                del self._lanes[receiver]
        self._later = [entry for entry in self._later if self._is_alive(entry[2])]
        heapq.heapify(self._later)
        self._dead = 0

    def _is_alive(self, message: Message) -> bool:
        return self._waiting.get(message.id) is message

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
        for id_, message in hold.on_the_way.items():
            del self._carried[id_]
            self._retries.forget(id_)
            self._waiting[id_] = message
        back = (*hold.on_the_way.values(), *hold.waiting)
        if back:
            lane.waiting.refill(sorted((*back, *lane.waiting), key=attrgetter("id")))
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
        if id_ in self._carried and self._retries.again(id_, monotonic()):
            self._sooner.set()

    def await_end(self, id_: int, told: Callable[[MessagesEnded], None]) -> None:
        """Call `told` once when the end of this message is committed, which it is in any case."""
        self._awaited[id_] = told

    def waiting(self) -> int:
        """Count what waits or is on its way."""
        return len(self._waiting) + len(self._carried)

    def waits_for(self, receiver: str) -> int:
        """Count what waits for a receiver that nobody holds."""
        lane = self._lanes.get(receiver)
        return len(lane.waiting) if lane is not None and not lane.holds else 0

    # ---- its own work

    async def run(self) -> None:
        """Carry again what nobody confirmed, and what was to leave later."""
        while True:
            self._sooner.clear()
            try:
                async with asyncio.timeout(self._sleep()):
                    await self._sooner.wait()
            except TimeoutError:
                pass
            self.tick(monotonic())

    def _sleep(self) -> float:
        """Give the real seconds until something is due, as the calendar runs now."""
        seconds = _TICK
        retry = self._retries.next()
        if retry is not None:
            seconds = min(seconds, retry - monotonic())
        if self._behind:
            seconds = min(seconds, self._behind[0][0] - monotonic())
        if self._later and self._clock.speed:
            calendar = (self._later[0][0] - self._clock.now()) / 1000
            seconds = min(seconds, calendar / self._clock.speed)
        return max(0.001, seconds)

    def tick(self, steady: float) -> None:
        """Do what is due at `steady` seconds (and at the calendar's present time)."""
        for id_ in self._retries.due(steady):
            self._carry_again(id_)
        while self._behind and self._behind[0][0] <= steady:
            message = self._behind.popleft()[1]
            lane = self._lanes.setdefault(receiver_of(message), Lane())
            lane.waiting.push(message)
            self._share(lane)
        now = self._clock.now()
        holds: dict[int, Hold] = {}
        lanes: dict[str, Lane] = {}
        while self._later and self._later[0][0] <= now:
            message = heapq.heappop(self._later)[2]
            if self._is_alive(message):
                self._enqueue(message, holds, lanes)
        for hold in holds.values():
            self._give(hold, hold.waiting)
        for lane in lanes.values():
            self._share(lane)

    def _carry_again(self, id_: int) -> None:
        hold = self._carried[id_]
        if hold.carrier.repeats:
            hold.carrier.carry((hold.on_the_way[id_],))
            self.again(id_)
            return
        # An ESME's window may be full by now: the message waits for room like any other, and
        # another session of the account has the first turn.
        message = hold.on_the_way.pop(id_)
        del self._carried[id_]
        self._waiting[id_] = message
        lane = self._lanes[hold.receiver]
        lane.waiting.push_back(message)
        for key, other in list(lane.holds.items()):
            if other is hold:
                lane.last(key)
        self._share(lane)

    def _share(self, lane: Lane) -> None:
        """Give what any carrier may take to those that have room: alike to each, in turn."""
        progress = True
        while progress and lane.waiting and lane.holds:
            progress = False
            each = -(-len(lane.waiting) // len(lane.holds))
            for key, hold in list(lane.holds.items()):
                if not lane.waiting:
                    return
                lane.last(key)
                progress |= self._give(hold, lane.waiting, each) > 0

    def _give(self, hold: Hold, waiting: Queue, most: int | None = None) -> int:
        """Move messages from `waiting` to the carrier as far as it has room; gives how many."""
        room = hold.carrier.free()
        if most is not None:
            room = min(room, most)
        picky = hold.carrier.picky
        batch: list[Message] = []
        others: list[Message] = []
        alive, carried, on_the_way, pop = self._waiting, self._carried, hold.on_the_way, waiting.pop
        for _ in range(len(waiting)):
            if len(batch) >= room or len(others) >= _PASSED_OVER_MOST:
                break
            message = pop()
            id_ = message.id
            if alive.get(id_) is not message:
                continue
            if picky and not hold.takes(message):
                others.append(message)
                continue
            del alive[id_]
            carried[id_] = hold
            on_the_way[id_] = message
            batch.append(message)
        for message in reversed(others):
            waiting.push_back(message)
        if not batch:
            return 0
        hold.carrier.carry(batch)
        if hold.carrier.repeats:
            for message in batch:
                self.again(message.id)
        return len(batch)


def receiver_of(message: Message) -> str:
    """Name the lane of a message: the phone's MSISDN or the ESME's account."""
    return message.account if message.receiver is _ESME else message.destination
