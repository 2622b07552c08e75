"""How fast an ESME may submit: a token bucket, in which the parts of a long message count once.

Time is an argument, in seconds on a clock that never goes back. Each question costs the same,
however much was asked before. Source of ESME_RTHROTTLED: SMPP 3.4 §5.1.3.
"""

from typing import Final

from gateway.smpp.message import MessagePdu, part_of
from gateway.smpp.pdu import SubmitMulti

# Long messages that are remembered as paid for, and for how long their parts may follow.
_LONG_MOST: Final = 1_000
_LONG_SECONDS: Final = 60.0

_Key = tuple[str, str, int, int]


class TokenBucket:
    """`rate` tokens a second, at most `burst` of them kept."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        """Start full."""
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = now

    def take(self, now: float, count: int = 1) -> bool:
        """Take so many tokens, or none at all; more than the burst leave a debt."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        # What is a token but for the rounding of many small additions counts as one.
        if self._tokens < min(count, self._burst) - 1e-9:
            return False
        self._tokens -= count
        return True


class SubmitRate:
    """One account's rate, over all its sessions."""

    __slots__ = ("_bucket", "_paid")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        """`rate` is in messages a second; `burst` 0 stands for those of one second."""
        self._bucket = TokenBucket(rate, burst or max(1.0, rate), now)
        # Long messages with a part that was allowed: parts still to come, and until when.
        self._paid: dict[_Key, tuple[int, float]] = {}

    def allows(self, pdu: MessagePdu, now: float) -> bool:
        """Whether this message may pass now; each destination of a submit_multi counts."""
        if isinstance(pdu, SubmitMulti):
            return self._bucket.take(now, max(1, len(pdu.dest_address)))
        part = part_of(pdu)
        if part is None or part.total < 2:
            return self._bucket.take(now)
        key = (pdu.source_addr, pdu.destination_addr, part.reference, part.total)
        paid = self._paid.pop(key, None)
        if paid is not None and now <= paid[1]:
            if paid[0] > 1:
                self._paid[key] = (paid[0] - 1, paid[1])
            return True
        if not self._bucket.take(now):
            return False
        if len(self._paid) >= _LONG_MOST:
            del self._paid[next(iter(self._paid))]
        self._paid[key] = (part.total - 1, now + _LONG_SECONDS)
        return True
