"""What was counted in a second, by one sender or by all: adds up without loss. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from handsets.load.latency import Latencies


class Tally(Struct, omit_defaults=True):
    """Messages by what became of them; latencies as buckets of microseconds (latency.py).

    Every message is `offered` once, at its intended time; then it is `sent` or, in the end,
    `unsent`. What was sent is `replied` (a reply SMS came), `reported` (the network said what
    became of it: a receipt, or a response where nothing more is awaited), `refused`, or `lost`
    (nothing came in time, or the session broke). `extra` are replies and receipts beyond the
    first; `late` were handed to their link too late by the tool itself. `waiting` are those under
    way at the end of the second, `queued` those not yet sent. `broken` connections to the target
    broke in the second, `down` were not there at its end. `causes` are of what was refused or
    lost, `unsent_causes` of what was never sent.
    """

    second: int = 0
    offered: int = 0
    sent: int = 0
    replied: int = 0
    reported: int = 0
    refused: int = 0
    lost: int = 0
    unsent: int = 0
    extra: int = 0
    late: int = 0
    waiting: int = 0
    queued: int = 0
    broken: int = 0
    down: int = 0
    response: dict[int, int] = field(default_factory=dict)
    reply: dict[int, int] = field(default_factory=dict)
    receipt: dict[int, int] = field(default_factory=dict)
    causes: dict[str, int] = field(default_factory=dict)
    unsent_causes: dict[str, int] = field(default_factory=dict)
    replies: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def ended(self) -> int:
        """Those that the network has dealt with."""
        return self.replied + self.reported + self.refused

    @property
    def errors(self) -> int:
        """Those that did not get what they should."""
        return self.refused + self.lost + self.unsent

    @property
    def unaccounted(self) -> int:
        """Sent, but neither ended nor lost: 0 when a run is over."""
        return self.sent - self.ended - self.lost

    def to_the_end(self) -> Latencies:
        """Latencies up to the reply or the receipt; up to the response where none was awaited."""
        latencies = Latencies().merge((self.reply, self.receipt))
        return latencies if latencies.counts else Latencies(self.response)


_NUMBERS = (
    "offered", "sent", "replied", "reported", "refused", "lost", "unsent", "extra",
    "late", "waiting", "queued", "broken", "down",
)  # fmt: skip
_BUCKETS = ("response", "reply", "receipt", "causes", "unsent_causes", "replies", "kinds")


def add(total: Tally, one: Tally) -> None:
    """Add one tally to another of the same second."""
    for name in _NUMBERS:
        setattr(total, name, getattr(total, name) + getattr(one, name))
    for name in _BUCKETS:
        into = getattr(total, name)
        for key, times in getattr(one, name).items():
            into[key] = into.get(key, 0) + times


def by_second(tallies: Iterable[Tally]) -> list[Tally]:
    """Add up what several senders counted in the same second."""
    found: dict[int, Tally] = {}
    for one in tallies:
        add(found.setdefault(one.second, Tally(one.second)), one)
    return [found[second] for second in sorted(found)]


def total_of(tallies: Iterable[Tally]) -> Tally:
    """Add up all seconds; what waits, and what is down, is that of the last one."""
    total, last = Tally(), Tally()
    for one in tallies:
        add(total, one)
        last = one
    total.waiting, total.queued, total.down = last.waiting, last.queued, last.down
    return total


def largest(counts: Mapping[str, int], most: int) -> list[tuple[str, int]]:
    """Give the largest counts, the largest first."""
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:most]
