"""The registrations that wait for their verdict, by when it falls due."""

from __future__ import annotations

from heapq import heappop, heappush

from gateway.core.events import VerdictDue
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import Subscriber


class Verdicts:
    """Owns the order; what is pending is the subscribers' own."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, Msisdn]] = []

    def change(self, before: Subscriber | None, after: Subscriber) -> None:
        """Keep in step with a subscriber's new value."""
        pending = after.pending
        if pending is not None and (before is None or before.pending != pending):
            heappush(self._heap, (pending.due_at, after.msisdn))

    def due(self, until: int, most: int, subscribers: dict[Msisdn, Subscriber]) -> list[VerdictDue]:
        """List the verdicts due by `until`, the earliest first, `most` at once.

        What is due stays due until its decision is committed.
        """
        heap, due = self._heap, dict[tuple[int, Msisdn], None]()
        while heap and heap[0][0] <= until and len(due) < most:
            entry = heappop(heap)
            pending = subscribers[entry[1]].pending
            if pending is not None and pending.due_at == entry[0]:
                due[entry] = None
        for entry in due:
            heappush(heap, entry)
        return [VerdictDue(msisdn, at) for at, msisdn in due]
