"""An outlet registers: what the registry says, without the limit, without counting failures."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.chance import Fixed
from gateway.core.decision import BarringSignal, Decision, Judged, RegistryAsked
from gateway.core.events import RegistrationTold
from gateway.core.ledger import Unknown
from gateway.core.numbers import Msisdn
from gateway.core.outlets import Document, Foreigner, OutletRegisters, Papers
from gateway.core.registration.citizens import Citizen
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.registration.profiles import DEFAULT_PROFILES, index_profiles
from gateway.core.subscriber import Status, Tries
from tests.gateway.core.network import (
    BUDI,
    OTHER,
    OUTGOING_BARRED_AT,
    SITI,
    TELKOMSEL,
    Network,
    cause_of,
    registration,
    signals_out,
    sms,
    stored,
    wib,
)

JANE = Foreigner(Document.KITAP, "K1", "AU", "Jane Doe", "Perth", "1990-05-17")


def at_outlet(msisdn: Msisdn = TELKOMSEL, who: Citizen = SITI) -> OutletRegisters:
    return OutletRegisters(msisdn, "G-1", Papers(who.nik, who.kk))


def judged(decision: Decision) -> Judged:
    (found,) = (change for change in decision.changes if isinstance(change, Judged))
    return found


def numbers(count: int) -> list[Msisdn]:
    return [Msisdn(f"62812110000{place:02}") for place in range(count)]


def test_a_number_is_registered_and_its_phone_told() -> None:
    network = Network(OUTGOING_BARRED_AT).online(TELKOMSEL)
    decision = network.one(at_outlet())
    assert judged(decision) == Judged(OutcomeKind.REGISTERED, held=1)
    assert decision.why == f"{TELKOMSEL} outlet G-1: registered on NIK {SITI.nik}"
    (signal,) = signals_out(decision.outgoing)
    assert isinstance(signal, BarringSignal)
    assert signal.barred == ()
    assert stored(decision) == []
    found = network.subscriber(TELKOMSEL)
    assert (found.status, found.nik, found.kk) == (Status.REGISTERED, SITI.nik, SITI.kk)
    assert (found.outlet, found.foreigner) == ("G-1", None)
    assert found.registered_at == network.now


def test_the_limit_of_self_service_does_not_hold() -> None:
    network = Network()
    network.batch(*(at_outlet(number) for number in numbers(3)))
    refused = network.one(sms(OTHER, "4444", registration(SITI)))
    assert "over limit" in refused.why
    fourth = network.one(at_outlet(OTHER))
    assert fourth.why.endswith("; number 4 on this NIK")
    assert judged(fourth).held == 4


def test_more_than_ten_are_to_be_reported() -> None:
    network = Network()
    decisions = network.batch(*(at_outlet(number) for number in numbers(11)))
    assert decisions[9].why.endswith("; number 10 on this NIK")
    assert decisions[10].why.endswith("; number 11 on this NIK: to be reported")


def test_what_the_registry_refuses_changes_nothing() -> None:
    network = Network().known(TELKOMSEL, tries=Tries(BUDI.nik, BUDI.kk, 4))
    before = network.subscriber(TELKOMSEL)
    decision = network.one(at_outlet(who=structs.replace(SITI, kk=BUDI.kk)))
    assert judged(decision) == Judged(OutcomeKind.KK_MISMATCH)
    assert network.subscriber(TELKOMSEL) == before


def test_a_number_of_its_own_kind_is_known_after_a_failure() -> None:
    network = Network()
    network.one(at_outlet(who=structs.replace(SITI, kk=BUDI.kk)))
    found = network.subscriber(TELKOMSEL)
    assert (found.status, found.outlet, found.tries) == (Status.UNREGISTERED, "", None)


def test_a_lock_after_five_failures_does_not_hold() -> None:
    lock = Tries(BUDI.nik, BUDI.kk, 5, wib("2018-12-31 00:00"))
    network = Network().known(TELKOMSEL, tries=lock)
    assert judged(network.one(at_outlet())).kind is OutcomeKind.REGISTERED
    assert network.subscriber(TELKOMSEL).tries is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Status.REGISTERED, OutcomeKind.ALREADY_REGISTERED),
        (Status.EXPIRED, OutcomeKind.NOT_OFFERED),
        (Status.UNREGISTERED_DEAD, OutcomeKind.NOT_OFFERED),
    ],
)
def test_what_nothing_can_change(status: Status, kind: OutcomeKind) -> None:
    network = Network().known(TELKOMSEL, status=status)
    assert judged(network.one(at_outlet())).kind is kind
    assert judged(network.one(OutletRegisters(TELKOMSEL, "G-1", JANE))).kind is kind
    assert network.subscriber(TELKOMSEL).status is status


def test_a_foreigner_is_registered_without_the_registry() -> None:
    network = Network()
    decision = network.one(OutletRegisters(TELKOMSEL, "G-1", JANE))
    assert judged(decision) == Judged(OutcomeKind.REGISTERED)
    assert decision.why == f"{TELKOMSEL} outlet G-1: registered on kitap K*** (AU), no citizen"
    found = network.subscriber(TELKOMSEL)
    assert (found.status, found.nik, found.foreigner) == (Status.REGISTERED, None, JANE)
    network.one(RegistrationTold(TELKOMSEL, OutcomeKind.UNREGISTERED, "app"))
    assert network.subscriber(TELKOMSEL).foreigner is None


def test_an_unvalidated_number_becomes_valid() -> None:
    network = Network().known(TELKOMSEL, status=Status.REGISTERED_UNVALIDATED, nik=SITI.nik)
    assert judged(network.one(at_outlet())).held == 1
    assert network.subscriber(TELKOMSEL).status is Status.REGISTERED


def test_an_outage_of_the_registry() -> None:
    network = Network(outages=((wib("2018-02-26 06:00"), wib("2018-02-26 12:00")),))
    decision = network.one(at_outlet())
    assert judged(decision) == Judged(OutcomeKind.BUSY)
    assert "out until 2018-02-26T12:00" in decision.why


def test_the_quota_counts_outlets_too_and_an_answer_can_be_lost() -> None:
    telkomsel = next(one for one in DEFAULT_PROFILES if one.name == "telkomsel")
    quota = structs.replace(telkomsel, daily_quota=1)
    rest = [one for one in DEFAULT_PROFILES if one is not telkomsel]
    network = Network(profiles=index_profiles((quota, *rest)), lost_success=1.0)
    lost = network.one(at_outlet())
    assert judged(lost) == Judged(OutcomeKind.LOST)
    assert any(isinstance(change, RegistryAsked) for change in lost.changes)
    assert network.subscriber(TELKOMSEL).ghosts == 1
    assert judged(network.one(at_outlet(OTHER))).kind is OutcomeKind.BUSY


def test_a_number_that_is_not_known() -> None:
    network = Network(unknown=Unknown.REFUSE)
    assert cause_of(network.one(at_outlet())) is Cause.UNKNOWN_SUBSCRIBER


@pytest.mark.parametrize("other", [SITI, BUDI])
def test_a_verdict_by_sms_that_is_pending_registers_nothing_again(other: Citizen) -> None:
    network = Network(verdict_delay=Fixed(60_000)).online(TELKOMSEL)
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert judged(network.one(at_outlet(who=other))).kind is OutcomeKind.REGISTERED
    registered = network.subscriber(TELKOMSEL)
    assert registered.pending is not None
    network.now += 60_000
    (verdict,) = network.catch_up()
    assert judged(verdict).kind is OutcomeKind.ALREADY_REGISTERED
    (reply,) = stored(verdict)
    assert reply.destination == TELKOMSEL
    # Whose it is now, not whose the SMS asked for.
    assert reply.text == f"Nomor 081210000001 sudah terdaftar dengan NIK {other.nik}."
    assert verdict.why.endswith("already registered meanwhile, by outlet G-1")
    # The outlet's word stays, and the NIK has one number.
    assert network.subscriber(TELKOMSEL) == structs.replace(registered, pending=None)
    assert network.state.numbers_per_nik == {(other.nik.digits, "telkomsel"): 1}


def test_a_verdict_that_is_pending_tells_no_nik_of_a_foreigner() -> None:
    network = Network(verdict_delay=Fixed(60_000)).online(TELKOMSEL)
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    network.one(OutletRegisters(TELKOMSEL, "G-1", JANE))
    network.now += 60_000
    (verdict,) = network.catch_up()
    (reply,) = stored(verdict)
    assert reply.text == "Nomor Anda sudah terdaftar."
