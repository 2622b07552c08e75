"""What a Simulator's gateway decided, and why: the newest records, kept for reports."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from gateway.core.ageing import iso
from gateway.core.decision import Record
from gateway.core.events import Event
from gateway.core.numbers import BadNumber, mask_identities, parse_address

KEPT_MOST = 10_000
"""Records that are kept."""

SHOWN_MOST = 20
"""Lines of a report."""

_NAMES = ("sender", "to", "source", "caller", "by", "msisdn")


class Journal:
    """Watches a gateway's feed."""

    def __init__(self) -> None:
        self.records: deque[Record] = deque(maxlen=KEPT_MOST)

    def note(self, records: Sequence[Record]) -> None:
        """Keep what was committed; the feed calls this."""
        self.records.extend(records)

    def about(self, number: str) -> list[Record]:
        """List the records whose event concerns a number or account, oldest first."""
        read = parse_address(number)
        wanted = number if isinstance(read, BadNumber) else read
        return [one for one in self.records if _concerns(one.event, wanted)]

    def lines(self, about: str = "", most: int = SHOWN_MOST) -> list[str]:
        """Word the newest records, of all or about one number: when, and why so."""
        records = self.about(about) if about else list(self.records)
        return [line_of(record) for record in records[-most:]]


def line_of(record: Record) -> str:
    """Word a record; NIK and KK are masked."""
    return f"{iso(record.at)}  {mask_identities(record.why)}"


def _concerns(event: Event, wanted: str) -> bool:
    if any(getattr(event, name, None) == wanted for name in _NAMES):
        return True
    return getattr(getattr(event, "via", None), "account", None) == wanted
