"""Our requests on their way: sequence numbers, what each waits for, and how many may (§2.9)."""

from typing import Any, Final

LAST_SEQUENCE: Final = 0x7FFFFFFF
"""Sequence numbers run from 1 to here, then start again (§5.1.4)."""


class Window:
    """Requests sent and not yet answered.

    `outstanding` maps a sequence number to (context, command_id of the response, ordinal), oldest
    first. `sent` counts all requests ever sent, so an ordinal never comes back, unlike a number.
    """

    __slots__ = ("limit", "outstanding", "sent", "sequence")

    def __init__(self, limit: int, sequence: int = 1) -> None:
        """Allow `limit` requests at a time; number the first one `sequence`."""
        self.limit = limit
        self.sequence = sequence
        self.sent = 0
        self.outstanding: dict[int, tuple[Any, int, int]] = {}

    def free(self) -> int:
        """Give how many more requests may go."""
        return max(0, self.limit - len(self.outstanding))

    def number(self) -> int:
        """Give the next sequence number that no request is waiting on."""
        while True:
            sequence = self.sequence
            self.sequence = sequence % LAST_SEQUENCE + 1
            if sequence not in self.outstanding:
                return sequence

    def add(self, sequence: int, context: Any, response_id: int) -> None:
        """Remember a request that was sent."""
        self.sent += 1
        self.outstanding[sequence] = (context, response_id, self.sent)

    def expire(self, through: int) -> list[Any]:
        """Drop the requests up to this ordinal and give their contexts, oldest first."""
        contexts = []
        late = []
        for sequence, (context, _, ordinal) in self.outstanding.items():
            if ordinal > through:
                break
            late.append(sequence)
            contexts.append(context)
        for sequence in late:
            del self.outstanding[sequence]
        return contexts

    def take(self) -> list[Any]:
        """Drop all requests and give their contexts, oldest first."""
        contexts = [context for context, _, _ in self.outstanding.values()]
        self.outstanding.clear()
        return contexts
