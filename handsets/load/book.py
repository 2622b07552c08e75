"""The book of a run: what became of every message, and how long it took. Pure.

Times are seconds of any steady clock; latencies count from the intended time of a message, so
that a target which stalls cannot hide behind messages that were sent late.
"""

from __future__ import annotations

import re
from collections import deque
from typing import Final

from msgspec import Struct

from handsets.load.latency import bucket_of
from handsets.load.plan import A2P, REGISTRATION, Shot
from handsets.load.tally import Tally

LATE_S: Final = 0.01
"""A message that is handed to its link so much later than intended: the tool is at its limit."""

SHOWN: Final = 24
"""Characters of a reply by which replies are counted, up to the first digit."""

_BEGINNINGS_MOST: Final = 50
_EARLY_MOST: Final = 10_000
_WORDS: Final = re.compile(r"[^0-9\r\n]*").match


class Flight(Struct, gc=False):
    """One message under way. `due` is its intended time; `then` the next of the same number."""

    shot: Shot
    due: float
    open: bool = True
    answered: bool = False
    then: Flight | None = None


class Book:
    """Keeps account of one sender; `turn` gives what was counted since the last time."""

    def __init__(self, patience: float, receipts: bool) -> None:
        """Wait `patience` seconds for each message; `receipts`: A2P ends with its receipt."""
        self.open = 0
        self._patience = patience
        self._receipts = receipts
        self._tally = Tally(0)
        # What waits for a reply, by number, oldest first; for a receipt, by message id.
        self._replies: dict[str, Flight] = {}
        self._by_id: dict[str, Flight] = {}
        self._early: dict[str, tuple[float, str]] = {}
        self._order: deque[Flight] = deque()

    def offered(self, flight: Flight, now: float) -> None:
        """Take note of a message whose time has come."""
        tally = self._tally
        tally.offered += 1
        kind = flight.shot.kind
        tally.kinds[kind] = tally.kinds.get(kind, 0) + 1
        if now - flight.due > LATE_S:
            tally.late += 1

    def sent(self, flight: Flight) -> None:
        """Take note that a message is written."""
        self._tally.sent += 1
        self.open += 1
        self._order.append(flight)
        shot = flight.shot
        if shot.kind == REGISTRATION:
            first = self._replies.setdefault(shot.source, flight)
            if first is not flight:
                while first.then is not None:
                    first = first.then
                first.then = flight

    def answered(self, flight: Flight, now: float, refusal: str, message_id: str = "") -> None:
        """Take note of the response; `refusal` is its cause, "" if it was accepted."""
        count(self._tally.response, now - flight.due)
        flight.answered = True
        if not flight.open:
            return
        kind = flight.shot.kind
        if refusal:
            self._close(flight)
            self._tally.refused += 1
            self._cause(refusal)
        elif kind == A2P and self._receipts:
            early = self._early.pop(message_id, None)
            self._by_id[message_id] = flight
            if early is not None:
                self.reported((message_id,), *early)
        elif kind != REGISTRATION:
            self._close(flight)
            self._tally.reported += 1

    def replied(self, number: str, now: float, text: str) -> None:
        """Take note of an SMS to a number: the reply to the oldest message that it sent."""
        tally = self._tally
        words = _WORDS(text)
        self._came(words[0][:SHOWN].strip() if words else "")
        flight = self._replies.get(number)
        if flight is None:
            tally.extra += 1
            return
        self._close(flight)
        tally.replied += 1
        count(tally.reply, now - flight.due)

    def reported(self, ids: tuple[str, ...], now: float, state: str) -> None:
        """Take note of a receipt that names its message by one of these ids."""
        for message_id in ids:
            flight = self._by_id.get(message_id)
            if flight is not None:
                break
        else:
            # A receipt can overtake the response on another session.
            if ids and len(self._early) < _EARLY_MOST:
                self._early[ids[0]] = now, state
            self._tally.extra += 1
            return
        self._close(flight)
        del self._by_id[message_id]
        self._came(f"receipt {state}")
        self._tally.reported += 1
        count(self._tally.receipt, now - flight.due)

    def broke(self, flights: list[Flight], why: str) -> None:
        """Give up messages whose response will not come: their session broke."""
        for flight in flights:
            if flight.open:
                self._lose(flight, why)

    def unsent(self, many: int, why: str) -> None:
        """Take note of messages that are never sent."""
        if many:
            self._tally.unsent += many
            causes = self._tally.unsent_causes
            causes[why] = causes.get(why, 0) + many

    def lost_connection(self) -> None:
        """Take note that a connection to the target broke."""
        self._tally.broken += 1

    def expire(self, now: float, patience: float | None = None, why: str = "") -> None:
        """Give up what was intended more than the patience ago; `why` if it was not the time."""
        before = now - (self._patience if patience is None else patience)
        order = self._order
        while order and (not order[0].open or order[0].due <= before):
            flight = order.popleft()
            if flight.open:
                waited_for = "response"
                if flight.answered:
                    waited_for = "reply" if flight.shot.kind == REGISTRATION else "receipt"
                self._lose(flight, why or f"no {waited_for} in time")

    def turn(self, queued: int, down: int = 0) -> Tally:
        """Close a second, with the connections that are down; gives its tally."""
        tally = self._tally
        tally.waiting, tally.queued, tally.down = self.open, queued, down
        self._tally = Tally(tally.second + 1)
        return tally

    def _lose(self, flight: Flight, why: str) -> None:
        self._close(flight)
        self._tally.lost += 1
        self._cause(why)

    def _cause(self, name: str) -> None:
        causes = self._tally.causes
        causes[name] = causes.get(name, 0) + 1

    def _came(self, what: str) -> None:
        replies = self._tally.replies
        if what not in replies and len(replies) >= _BEGINNINGS_MOST:
            what = "other"
        replies[what] = replies.get(what, 0) + 1

    def _close(self, flight: Flight) -> None:
        flight.open = False
        self.open -= 1
        shot = flight.shot
        if shot.kind != REGISTRATION:
            return
        first = self._replies[shot.source]
        if first is flight:
            if flight.then is None:
                del self._replies[shot.source]
            else:
                self._replies[shot.source] = flight.then
        else:
            while first.then is not flight:
                assert first.then is not None, "what is open stands in its number's line"
                first = first.then
            first.then = flight.then
        flight.then = None


def count(buckets: dict[int, int], seconds: float) -> None:
    """Count a latency."""
    bucket = bucket_of(int(seconds * 1e6))
    buckets[bucket] = buckets.get(bucket, 0) + 1
