"""The last PDUs of an account, raw: a bounded number of them and of their octets."""

from collections import deque
from typing import Final

import msgspec

from gateway.smpp.text import DefaultAlphabet

PDUS_MOST: Final = 1000
OCTETS_MOST: Final = 1024 * 1024


class SeenPdu(msgspec.Struct, frozen=True, gc=False):
    """A whole frame as it was on the wire; `at` in Unix seconds, `received` is from the ESME.

    `alphabet` is what its text has under data_coding 0.
    """

    at: float
    session: int
    received: bool
    frame: bytes
    alphabet: DefaultAlphabet = DefaultAlphabet.GSM


class PduRing:
    """Keeps the newest; never more than PDUS_MOST, nor more than OCTETS_MOST octets."""

    __slots__ = ("_octets", "_seen")

    def __init__(self) -> None:
        """Begin empty."""
        self._seen: deque[SeenPdu] = deque()
        self._octets = 0

    def add(self, seen: SeenPdu) -> None:
        """Keep one; the oldest go."""
        self._seen.append(seen)
        self._octets += len(seen.frame)
        while len(self._seen) > PDUS_MOST or self._octets > OCTETS_MOST:
            self._octets -= len(self._seen.popleft().frame)

    def newest(self, limit: int) -> list[SeenPdu]:
        """Give the newest, in the order in which they came."""
        skipped = max(0, len(self._seen) - limit)
        return [seen for index, seen in enumerate(self._seen) if index >= skipped]
