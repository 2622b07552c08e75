"""Segments -> whole messages, in any order, with repeats, within a time and within bounds.

Source: 3GPP TS 23.040 §9.2.3.24.1. One Reassembly serves one receiver of segments, over all its
sessions. Times are milliseconds of one steady clock, which the caller reads.
"""

from typing import Final, Generic, TypeVar

import msgspec

from gateway.smpp.udh import NO_LANGUAGES, Languages, LongForm

C = TypeVar("C")
"""What the caller wants back with a segment: where to answer it, for one."""

_PART_WEIGHT: Final = 64


class PartKey(msgspec.Struct, frozen=True, gc=False):
    """What the segments of one message have in common."""

    source: str
    destination: str
    reference: int
    form: LongForm
    total: int


class Part(msgspec.Struct, Generic[C], frozen=True):
    """One segment: its number from 1, and its octets without the header, septets one an octet."""

    number: int
    octets: bytes
    data_coding: int
    context: C
    languages: Languages = NO_LANGUAGES

    def repeats(self, other: "Part[C]") -> bool:
        """Whether it says what another one said already."""
        return self.octets == other.octets and self.data_coding == other.data_coding


class Partial(msgspec.Struct, Generic[C], frozen=True):
    """The segments of a message that did not become whole, in their order."""

    key: PartKey
    parts: tuple[Part[C], ...]


class Complete(msgspec.Struct, Generic[C], frozen=True):
    """A whole message: all its segments, in their order; `whole_text` reads it."""

    key: PartKey
    parts: tuple[Part[C], ...]

    @property
    def octets(self) -> bytes:
        """Give the message without headers."""
        return b"".join([part.octets for part in self.parts])

    @property
    def data_coding(self) -> int:
        """Give the first segment's data_coding, which is all the others' in a sound message."""
        return self.parts[0].data_coding


class Waiting(msgspec.Struct, Generic[C], frozen=True):
    """The segment is held until the `missing` ones come.

    `dropped` are sets that had to go for it: the oldest where room ran out (the segment's own set
    if that was the oldest), or an earlier message whose reference it uses with other content.
    """

    missing: int
    dropped: tuple[Partial[C], ...] = ()


class Duplicate(msgspec.Struct, Generic[C], frozen=True):
    """The segment came before, with the context `of`; its message may be `completed` already."""

    of: C
    completed: bool


class Limits(msgspec.Struct, frozen=True, gc=False):
    """How long segments wait, how long what became whole is remembered, and how much is held.

    `entries` and `octets` bound what waits, and again what is remembered; each segment counts 64
    octets more than it has.
    """

    time_ms: int = 60_000
    memory_ms: int = 10_000
    entries: int = 10_000
    octets: int = 16 * 1024 * 1024


DEFAULT_LIMITS: Final = Limits()


class _Set(Generic[C]):
    """The segments of one message as they come; `until` is when they are given up."""

    def __init__(self, until: int) -> None:
        self.until = until
        self.parts: dict[int, Part[C]] = {}
        self.weight = 0

    def put(self, part: Part[C]) -> int:
        weight = len(part.octets) + _PART_WEIGHT
        self.parts[part.number] = part
        self.weight += weight
        return weight

    def in_order(self) -> tuple[Part[C], ...]:
        return tuple([self.parts[number] for number in sorted(self.parts)])


class _Shelf(Generic[C]):
    """Sets in the order in which they began, the oldest first, and their weight."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.sets: dict[PartKey, _Set[C]] = {}
        self.weight = 0

    def put(self, key: PartKey, held: _Set[C]) -> None:
        self.sets[key] = held
        self.weight += held.weight

    def pop(self, key: PartKey) -> _Set[C]:
        held = self.sets.pop(key)
        self.weight -= held.weight
        return held

    def ripe(self, now: int) -> list[Partial[C]]:
        """Take out what is given up by now."""
        taken: list[Partial[C]] = []
        while self.sets and next(iter(self.sets.values())).until <= now:
            taken.append(self._oldest())
        return taken

    def surplus(self) -> list[Partial[C]]:
        """Take out what there is no room for."""
        taken: list[Partial[C]] = []
        while len(self.sets) > self._limits.entries or self.weight > self._limits.octets:
            taken.append(self._oldest())
        return taken

    def _oldest(self) -> Partial[C]:
        key = next(iter(self.sets))
        return Partial(key, self.pop(key).in_order())


class Reassembly(Generic[C]):
    """Holds segments until their messages are whole; gives back what never became so."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._waiting: _Shelf[C] = _Shelf(limits)
        self._recent: _Shelf[C] = _Shelf(limits)

    def __len__(self) -> int:
        """Count the messages that wait for segments."""
        return len(self._waiting.sets)

    def add(self, key: PartKey, part: Part[C], now: int) -> Waiting[C] | Complete[C] | Duplicate[C]:
        """Take a segment; `part.number` is within `key.total`.

        A repeat is told by its content: a reference that comes again with another one begins a
        new message. What timed out by now is given by `expired` alone.
        """
        dropped: list[Partial[C]] = []
        self._recent.ripe(now)
        for shelf in (self._waiting, self._recent):
            held = shelf.sets.get(key)
            earlier = None if held is None else held.parts.get(part.number)
            if earlier is not None and earlier.repeats(part):
                return Duplicate(earlier.context, shelf is self._recent)
            if earlier is not None:
                gone = Partial(key, shelf.pop(key).in_order())
                dropped += [gone] if shelf is self._waiting else []
        return self._hold(key, part, now, dropped)

    def _hold(
        self, key: PartKey, part: Part[C], now: int, dropped: list[Partial[C]]
    ) -> Waiting[C] | Complete[C]:
        waiting = self._waiting
        held = waiting.sets.get(key)
        if held is None:
            held = _Set(now + self._limits.time_ms)
            waiting.put(key, held)
        waiting.weight += held.put(part)
        if len(held.parts) == key.total:
            waiting.pop(key)
            self._remember(key, held, now)
            return Complete(key, held.in_order())
        dropped += waiting.surplus()
        return Waiting(key.total - len(held.parts), tuple(dropped))

    def _remember(self, key: PartKey, held: _Set[C], now: int) -> None:
        held.until = now + self._limits.memory_ms
        self._recent.put(key, held)
        self._recent.surplus()

    def expired(self, now: int) -> tuple[Partial[C], ...]:
        """Take out the messages whose first segment came too long ago."""
        self._recent.ripe(now)
        return tuple(self._waiting.ripe(now))

    def deadline(self) -> int | None:
        """Tell when `expired` will have something; None while nothing waits."""
        return next((held.until for held in self._waiting.sets.values()), None)
