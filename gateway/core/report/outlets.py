"""What outlets registered, and what of it looks wrong: counts only, small ones hidden.

That outlets are watched is from the project brief; one NIK was used for 2.2 million numbers
(domain.md 3.1 [S73]). How they are watched is invented.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import Final

from msgspec import Struct, field

from gateway.core.outlets import OutletRegisters, Suspicion
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.report.tables import Cell, Row, Table, column

_HOUR_MS: Final = 3_600_000
# Failures that are about the papers that were shown; a busy registry is nobody's fault.
_FAILED: Final = frozenset(
    {
        OutcomeKind.NIK_UNKNOWN,
        OutcomeKind.KK_MISMATCH,
        OutcomeKind.NIK_BLOCKED,
        OutcomeKind.NIK_DUPLICATE,
        OutcomeKind.NOT_SYNCHRONISED,
    }
)


class Flag(Enum):
    """What looks wrong about an outlet."""

    ONE_NIK = "one NIK for many numbers"
    BURST = "burst"
    FAILURES = "many failures"


class Audit(Struct, frozen=True, gc=False):
    """One outlet; a count that is hidden is None.

    `failed` are those whose papers the civil registry refused, `failed_percent` their share;
    `niks` and `most_on_nik` are of the numbers that it registered; `busiest_at` is when the hour
    with most requests began, in milliseconds since 1970 UTC, None where `in_busiest` is hidden.
    """

    outlet: str
    requests: Cell
    registered: Cell
    failed: Cell
    failed_percent: Cell
    niks: Cell
    most_on_nik: Cell
    busiest_at: int | None
    in_busiest: Cell
    flags: tuple[Flag, ...]


class _Counts(Struct, gc=False):
    ended: Counter[OutcomeKind] = field(default_factory=Counter)
    niks: Counter[str] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)


class Outlets:
    """Counts by outlet; additions in any order give the same."""

    def __init__(self) -> None:
        self._counts: dict[str, _Counts] = {}

    def count(self, event: OutletRegisters, kind: OutcomeKind, at: int) -> None:
        """Count one registration that was tried at `at`."""
        counts = self._counts.setdefault(event.outlet, _Counts())
        counts.ended[kind] += 1
        counts.hours[at // _HOUR_MS] += 1
        if kind is OutcomeKind.REGISTERED and event.nik is not None:
            counts.niks[event.nik.digits] += 1

    def add(self, other: Outlets) -> None:
        """Add what was counted elsewhere."""
        for outlet, more in other._counts.items():
            counts = self._counts.setdefault(outlet, _Counts())
            counts.ended += more.ended
            counts.niks += more.niks
            counts.hours += more.hours

    def audits(self, suspicion: Suspicion, smallest: int) -> tuple[Audit, ...]:
        """Say how each outlet stands, by its id."""
        return tuple(
            _audit(outlet, self._counts[outlet], suspicion, smallest)
            for outlet in sorted(self._counts)
        )


def _audit(outlet: str, counts: _Counts, suspicion: Suspicion, smallest: int) -> Audit:
    ended = counts.ended
    requests, failed = ended.total(), sum(ended[kind] for kind in _FAILED)
    registered = ended[OutcomeKind.REGISTERED]
    parts = {"registered": registered, "failed": failed, "": requests - registered - failed}
    shown_registered, shown_failed, _, shown_requests = column(parts, smallest)
    busiest, in_busiest = min(counts.hours.items(), key=lambda one: (-one[1], one[0]))
    most = max(counts.niks.values(), default=0)
    shown_busiest = _shown(in_busiest, smallest)
    percent: Cell = None
    if shown_failed is not None and shown_requests is not None:
        percent = round(100 * failed / requests)
    flags = {
        Flag.ONE_NIK: most >= suspicion.numbers_on_nik,
        Flag.BURST: in_busiest >= suspicion.requests_an_hour,
        Flag.FAILURES: requests >= suspicion.least_requests
        and failed >= suspicion.failed_share * requests,
    }
    return Audit(
        outlet,
        shown_requests,
        shown_registered,
        shown_failed,
        percent,
        _shown(len(counts.niks), smallest),
        _shown(most, smallest),
        busiest * _HOUR_MS if shown_busiest is not None else None,
        shown_busiest,
        tuple(flag for flag, is_so in flags.items() if is_so),
    )


def _shown(count: int, smallest: int) -> Cell:
    return None if 0 < count < smallest else count


def outlets_table(audits: tuple[Audit, ...]) -> Table:
    """Make the table of outlets; what looks wrong stands beside the id."""
    rows = []
    for one in audits:
        flags = ", ".join(flag.value for flag in one.flags)
        cells = (
            one.requests, one.registered, one.failed, one.failed_percent, one.niks,
            one.most_on_nik, one.in_busiest,
        )  # fmt: skip
        rows.append(Row(f"{one.outlet}: {flags}" if flags else one.outlet, cells))
    columns = (
        "requests", "registered", "failed", "failed %", "NIKs", "most on one NIK",
        "most in an hour",
    )  # fmt: skip
    return Table(
        "outlets", "Outlets, and what looks wrong about them", "outlet", columns, tuple(rows)
    )
