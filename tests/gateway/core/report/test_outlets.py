"""Outlets: what each registered, what looks wrong, and what is hidden."""

from __future__ import annotations

import pytest

from gateway.core.numbers import Msisdn
from gateway.core.outlets import Document, Foreigner, OutletRegisters, Papers, Suspicion
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.report.outlets import Audit, Flag, Outlets, outlets_table
from gateway.core.report.tables import Row
from tests.gateway.core.network import REGISTRY, wib

AT = wib("2018-02-26 08:20")
HOUR = 3_600_000
PEOPLE = list(REGISTRY.citizens(40))
JANE = Foreigner(Document.KITAS, "2C11", "AU", "Jane Doe", "Perth", "1990-05-17")
USUAL = Suspicion()
LATER = Suspicion(requests_an_hour=1_000)


def tried(count: int, kind: OutcomeKind, *, people: int = 40, at: int = AT) -> Outlets:
    """An outlet's requests: so many of so many people."""
    outlets = Outlets()
    for place in range(count):
        who = PEOPLE[place % people]
        number = Msisdn(f"6281210{place:06}")
        outlets.count(OutletRegisters(number, "G-1", Papers(who.nik, who.kk)), kind, at)
    return outlets


def audit(*parts: Outlets, suspicion: Suspicion = USUAL, smallest: int = 5) -> Audit:
    outlets = Outlets()
    for part in parts:
        outlets.add(part)
    (one,) = outlets.audits(suspicion, smallest)
    return one


def test_an_outlet_that_looks_well() -> None:
    one = audit(
        tried(12, OutcomeKind.REGISTERED),
        tried(6, OutcomeKind.KK_MISMATCH, at=AT + HOUR),
    )
    assert one == Audit(
        outlet="G-1",
        requests=18,
        registered=12,
        failed=6,
        failed_percent=33,
        niks=12,
        most_on_nik=None,
        busiest_at=wib("2018-02-26 08:00"),
        in_busiest=12,
        flags=(),
    )
    assert outlets_table((one,)).rows == (Row("G-1", (18, 12, 6, 33, 12, None, 12)),)


def test_one_nik_for_many_numbers() -> None:
    one = audit(tried(5, OutcomeKind.REGISTERED, people=1))
    assert (one.niks, one.most_on_nik, one.flags) == (None, 5, (Flag.ONE_NIK,))
    assert audit(tried(4, OutcomeKind.REGISTERED, people=1)).flags == ()


def test_what_the_registry_refused_is_on_no_nik() -> None:
    one = audit(tried(9, OutcomeKind.NIK_UNKNOWN, people=1))
    assert (one.niks, one.most_on_nik, one.flags) == (0, 0, ())


def test_a_burst() -> None:
    assert audit(tried(30, OutcomeKind.REGISTERED)).flags == (Flag.BURST,)
    spread = [tried(15, OutcomeKind.REGISTERED, at=AT + place * HOUR) for place in range(2)]
    assert audit(*spread, suspicion=Suspicion(numbers_on_nik=9)).flags == ()


@pytest.mark.parametrize(("failed", "flags"), [(9, ()), (10, (Flag.FAILURES,))])
def test_many_failures(failed: int, flags: tuple[Flag, ...]) -> None:
    parts = (tried(10, OutcomeKind.REGISTERED), tried(failed, OutcomeKind.NIK_BLOCKED))
    assert audit(*parts).flags == flags


def test_a_few_failures_are_not_many() -> None:
    assert audit(tried(9, OutcomeKind.NIK_BLOCKED)).flags == ()
    assert audit(tried(10, OutcomeKind.NIK_BLOCKED)).flags == (Flag.FAILURES,)


def test_a_busy_registry_is_no_failure() -> None:
    one = audit(tried(20, OutcomeKind.BUSY), suspicion=LATER)
    assert (one.requests, one.failed, one.failed_percent, one.flags) == (20, 0, 0, ())


def test_small_counts_are_hidden_and_cannot_be_computed() -> None:
    few = audit(tried(20, OutcomeKind.REGISTERED), tried(2, OutcomeKind.KK_MISMATCH))
    assert (few.registered, few.failed, few.failed_percent) == (None, None, None)
    fewer = audit(tried(3, OutcomeKind.REGISTERED))
    assert (fewer.requests, fewer.busiest_at, fewer.in_busiest) == (None, None, None)
    all_shown = audit(tried(3, OutcomeKind.REGISTERED), smallest=1)
    assert (all_shown.requests, all_shown.niks, all_shown.in_busiest) == (3, 3, 3)


def test_foreigners_are_on_no_nik_and_outlets_stand_by_their_id() -> None:
    outlets = Outlets()
    for outlet in ("G-2", "G-1"):
        event = OutletRegisters(Msisdn("6281210000001"), outlet, JANE)
        outlets.count(event, OutcomeKind.REGISTERED, AT)
    first, second = outlets.audits(Suspicion(), 1)
    assert (first.outlet, second.outlet) == ("G-1", "G-2")
    assert (first.registered, first.niks, first.most_on_nik) == (1, 0, 0)


def test_the_table_says_what_looks_wrong() -> None:
    one = audit(tried(30, OutcomeKind.REGISTERED, people=1))
    (row,) = outlets_table((one,)).rows
    assert row.label == "G-1: one NIK for many numbers, burst"
