"""What is wrong with the sequence numbers of a session's requests (SMPP 3.4 §3.2, §5.1.4).

A client whose numbers rise costs next to nothing; the numbers without an answer are kept only of
one whose numbers have not.
"""

from collections.abc import Sequence
from typing import Final

from gateway.smpp.codes import RESPONSE_BIT
from gateway.smpp.framing import HEADER, HEADER_SIZE
from gateway.smpp.lint import session_rules as rules
from gateway.smpp.lint.findings import Note
from gateway.smpp.pdu_link import RequestPdu
from gateway.smpp.window import LAST_SEQUENCE

WAITING_MOST: Final = 4096
# Numbers this near to the end and to the start are a step over the end.
_WRAP: Final = 100_000


class Sequences:
    """The numbers of one session; `last` is that of the last request."""

    __slots__ = ("last", "waiting")

    def __init__(self) -> None:
        """Begin before the first request."""
        self.last = 0
        self.waiting: set[int] | None = None

    def notes(self, requests: Sequence[RequestPdu]) -> list[tuple[Note, int]]:
        """Take requests in their order; give what is wrong, each with its number."""
        if self.waiting is not None:
            return self._each(requests, self.waiting)
        last = self.last
        for index, pdu in enumerate(requests):
            sequence = pdu.sequence_number
            if sequence <= last:
                self.last = last
                self.waiting = {one.sequence_number for one in requests[:index]}
                return self._each(requests[index:], self.waiting)
            last = sequence
        self.last = last
        return [_high(last)] if last > LAST_SEQUENCE else []

    def answered(self, data: bytes) -> None:
        """Take what was written to the client: its responses free their numbers."""
        waiting = self.waiting
        if not waiting:
            return
        position, size = 0, len(data)
        while position + HEADER_SIZE <= size:
            length, command_id, _, sequence = HEADER.unpack_from(data, position)
            if command_id >= RESPONSE_BIT:
                waiting.discard(sequence)
            # Broken on purpose, a length may say anything.
            position += max(length, HEADER_SIZE)

    def _each(self, requests: Sequence[RequestPdu], waiting: set[int]) -> list[tuple[Note, int]]:
        found: list[tuple[Note, int]] = []
        for pdu in requests:
            last, sequence = self.last, pdu.sequence_number
            self.last = sequence
            if sequence in waiting:
                found.append(((rules.SEQUENCE_REPEATED, "no answer yet"), sequence))
            elif sequence == 0:
                found.append(((rules.SEQUENCE_ZERO, type(pdu).__name__), 0))
            elif sequence <= last and not (sequence < _WRAP and last > LAST_SEQUENCE - _WRAP):
                found.append(((rules.SEQUENCE_NOT_RISING, f"{sequence} after {last}"), sequence))
            if sequence > LAST_SEQUENCE:
                found.append(_high(sequence))
            if len(waiting) < WAITING_MOST:
                waiting.add(sequence)
        return found


def _high(sequence: int) -> tuple[Note, int]:
    return (rules.SEQUENCE_HIGH, f"0x{sequence:08x}"), sequence
