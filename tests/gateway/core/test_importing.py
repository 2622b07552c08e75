"""Subscribers from a file: which rows are taken, and what they change of numbers in use."""

from __future__ import annotations

import pytest

from gateway.core.decision import BarringSignal, Decision, Imported
from gateway.core.events import DataOpen, ImportRow, SubscribersImported
from gateway.core.imports import REASONS, ImportRefusal
from gateway.core.numbers import Msisdn
from gateway.core.outlets import Document, Foreigner
from gateway.core.subscriber import BlockStage, Status
from tests.gateway.core.network import (
    BUDI,
    INDOSAT,
    OUTGOING_BARRED_AT,
    SITI,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    Network,
    registration,
    signals_out,
    sms,
    subscribers_changed,
    wib,
)

OPEN, REGISTERED = Status.UNREGISTERED, Status.REGISTERED
BUDI_NUMBER = Msisdn("6281310000009")
JANUARY = wib("2018-01-05 10:00")


def imported(network: Network, *rows: ImportRow, update: bool = False) -> Decision:
    return network.one(SubscribersImported(rows, update))


def counts(decision: Decision) -> tuple[int, int, tuple[tuple[int, ImportRefusal], ...]]:
    answer = decision.answer
    assert type(answer) is Imported
    return answer.made, answer.updated, answer.refused


def test_rows_become_subscribers_of_the_operator_that_owns_the_prefix() -> None:
    network = Network()
    decision = imported(
        network,
        ImportRow(TELKOMSEL, OPEN, notice_at=JANUARY),
        ImportRow(INDOSAT, REGISTERED, registered_at=JANUARY, nik=SITI.nik, kk=SITI.kk),
    )
    assert counts(decision) == (2, 0, ())
    assert decision.why == "subscribers imported: 2 new, 0 updated, 0 refused"
    old, registered = network.subscriber(TELKOMSEL), network.subscriber(INDOSAT)
    assert (old.operator, old.status, old.notice_at) == ("telkomsel", OPEN, JANUARY)
    assert (old.first_seen_at, old.registered_at, old.nik) == (network.now, None, None)
    assert (registered.operator, registered.status) == ("indosat", REGISTERED)
    assert registered.first_seen_at == registered.registered_at == JANUARY
    assert (registered.nik, registered.kk) == (SITI.nik, SITI.kk)


def test_a_registered_number_without_a_date_is_registered_now() -> None:
    network = Network()
    seen = wib("2017-11-01 00:00")
    row = ImportRow(TELKOMSEL, REGISTERED, first_seen_at=seen, nik=SITI.nik, kk=SITI.kk)
    imported(network, row)
    found = network.subscriber(TELKOMSEL)
    assert (found.first_seen_at, found.registered_at) == (seen, network.now)


def test_an_end_an_outlet_and_a_foreigner_are_taken_and_stay_without_a_word_of_them() -> None:
    network = Network()
    imported(
        network,
        ImportRow(TELKOMSEL, OPEN, expires_at=LATER),
        ImportRow(INDOSAT, REGISTERED, outlet="GERAI-017", foreigner=FOREIGNER),
    )
    assert network.subscriber(TELKOMSEL).expires_at == LATER
    guest = network.subscriber(INDOSAT)
    assert (guest.status, guest.outlet, guest.foreigner) == (REGISTERED, "GERAI-017", FOREIGNER)
    imported(
        network,
        ImportRow(TELKOMSEL, OPEN),
        ImportRow(INDOSAT, REGISTERED, nik=SITI.nik, kk=SITI.kk),
        update=True,
    )
    assert network.subscriber(TELKOMSEL).expires_at == LATER
    citizen = network.subscriber(INDOSAT)
    assert (citizen.nik, citizen.foreigner, citizen.outlet) == (SITI.nik, None, "GERAI-017")


FOREIGNER = Foreigner(Document.KITAS, "2C1", "NLD", "Jo", "Delft", "1985-07-01")
LATER = wib("2018-12-01 00:00")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (ImportRow(TELKOMSEL, REGISTERED, nik=SITI.nik), ImportRefusal.IDENTITY_MISSING),
        (ImportRow(TELKOMSEL, REGISTERED, kk=SITI.kk), ImportRefusal.IDENTITY_MISSING),
        (ImportRow(TELKOMSEL, OPEN, nik=SITI.nik), ImportRefusal.IDENTITY_UNEXPECTED),
        (ImportRow(TELKOMSEL, Status.NEW, kk=SITI.kk), ImportRefusal.IDENTITY_UNEXPECTED),
        (ImportRow(TELKOMSEL, OPEN, registered_at=1), ImportRefusal.IDENTITY_UNEXPECTED),
        (ImportRow(TELKOMSEL, OPEN, first_seen_at=LATER), ImportRefusal.IN_FUTURE),
        (
            ImportRow(TELKOMSEL, REGISTERED, registered_at=LATER, nik=SITI.nik, kk=SITI.kk),
            ImportRefusal.IN_FUTURE,
        ),
        (ImportRow(TELKOMSEL, Status.EXPIRED, expires_at=LATER), ImportRefusal.IN_FUTURE),
        (ImportRow(TELKOMSEL, OPEN, foreigner=FOREIGNER), ImportRefusal.IDENTITY_UNEXPECTED),
        (
            ImportRow(TELKOMSEL, REGISTERED, nik=SITI.nik, kk=SITI.kk, foreigner=FOREIGNER),
            ImportRefusal.TWO_IDENTITIES,
        ),
        (ImportRow(INDOSAT, OPEN), ImportRefusal.KNOWN),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_the_others_taken(
    row: ImportRow, why: ImportRefusal
) -> None:
    network = Network().known(INDOSAT)
    decision = imported(network, row, ImportRow(BUDI_NUMBER, OPEN))
    assert counts(decision) == (1, 0, ((0, why),))
    assert [one.msisdn for one in subscribers_changed(decision)] == [BUDI_NUMBER]


def test_there_are_words_for_every_refusal() -> None:
    assert set(REASONS) == set(ImportRefusal)


def test_the_second_row_of_a_number_finds_it_known() -> None:
    decision = imported(Network(), ImportRow(TELKOMSEL, OPEN), ImportRow(TELKOMSEL, Status.NEW))
    assert counts(decision) == (1, 0, ((1, ImportRefusal.KNOWN),))


def test_an_update_keeps_what_the_file_does_not_say() -> None:
    network = Network().known(TELKOMSEL, notice_at=JANUARY, first_seen_at=5)
    decision = imported(
        network, ImportRow(TELKOMSEL, REGISTERED, nik=SITI.nik, kk=SITI.kk), update=True
    )
    assert counts(decision) == (0, 1, ())
    found = network.subscriber(TELKOMSEL)
    assert (found.status, found.notice_at, found.first_seen_at) == (REGISTERED, JANUARY, 5)
    assert decision.outgoing == ()
    imported(network, ImportRow(TELKOMSEL, OPEN, notice_at=7, first_seen_at=6), update=True)
    found = network.subscriber(TELKOMSEL)
    assert (found.status, found.notice_at, found.first_seen_at) == (OPEN, 7, 6)
    assert (found.registered_at, found.nik, found.kk) == (None, None, None)


def test_a_phone_is_told_what_an_update_bars_and_loses_what_it_used() -> None:
    network = Network(TOTAL_BARRED_AT)
    network.known(
        TELKOMSEL, status=REGISTERED, registered_at=1, nik=SITI.nik, kk=SITI.kk, has_phone=True
    )
    network.one(DataOpen(TELKOMSEL, "d1"))
    decision = imported(network, ImportRow(TELKOMSEL, OPEN), update=True)
    (barring, closed) = signals_out(decision.outgoing)
    assert isinstance(barring, BarringSignal)
    assert barring.stage is BlockStage.TOTAL_BARRED
    assert closed.msisdn == TELKOMSEL
    found = network.subscriber(TELKOMSEL)
    assert (found.data_ref, found.announced) == ("", BlockStage.TOTAL_BARRED)


def test_a_number_that_ages_on_keeps_the_stage_that_it_was_told() -> None:
    network = Network(OUTGOING_BARRED_AT)
    network.known(TELKOMSEL, announced=BlockStage.OUTGOING_BARRED)
    imported(network, ImportRow(TELKOMSEL, OPEN), update=True)
    assert network.subscriber(TELKOMSEL).announced is BlockStage.OUTGOING_BARRED


def test_registrations_of_the_same_batch_count_what_was_imported() -> None:
    together, apart = Network(), Network()
    rows = tuple(
        ImportRow(Msisdn(f"628121000001{last}"), REGISTERED, nik=SITI.nik, kk=SITI.kk)
        for last in range(3)
    )
    moved = ImportRow(rows[0].msisdn, REGISTERED, nik=BUDI.nik, kk=BUDI.kk)
    events = (
        SubscribersImported(rows),
        sms(TELKOMSEL, "4444", registration(SITI)),
        SubscribersImported((moved,), update=True),
        sms(TELKOMSEL, "4444", registration(SITI), ref="a2"),
    )
    decisions = together.batch(*events)
    assert decisions == [apart.one(event) for event in events]
    assert "over limit" in decisions[1].why
    assert "registered" in decisions[3].why
