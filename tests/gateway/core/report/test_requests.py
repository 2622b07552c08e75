from __future__ import annotations

import msgspec

from gateway.core.events import OutletRegisters, RegistrationTold
from gateway.core.outlets import Papers, Suspicion
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.report.requests import TOLD_BY, Requests, Step, step_of
from gateway.core.subscriber import Status
from tests.gateway.core.network import (
    BUDI,
    INDOSAT,
    OTHER,
    REGISTRY,
    SITI,
    TELKOMSEL,
    Network,
    registration,
    sms,
)


def folded(network: Network) -> Requests:
    requests = Requests()
    requests.fold(network.records)
    return requests


def test_every_outcome_has_its_step() -> None:
    steps = {kind: step_of(kind) for kind in OutcomeKind}
    assert set(steps.values()) == set(Step)
    assert steps[OutcomeKind.OVER_LIMIT] is Step.NOT_REGISTERED


def test_requests_are_counted_by_how_far_they_came_and_why() -> None:
    network = Network().online(TELKOMSEL)
    wrong = f"REG {SITI.nik.digits}#{REGISTRY.wrong_kk(SITI).digits}#"
    network.batch(
        sms(TELKOMSEL, "4444", "REG 123#456#"),
        sms(TELKOMSEL, "4444", wrong, ref="a2"),
        sms(TELKOMSEL, "4444", registration(SITI), ref="a3"),
        sms(TELKOMSEL, "4444", registration(SITI), ref="a3"),
        sms(TELKOMSEL, INDOSAT, registration(SITI), ref="a4"),
        sms(TELKOMSEL, "4444", "INFO", ref="a5"),
    )
    requests = folded(network)
    assert requests.steps() == {
        Step.NOT_VALID: 1,
        Step.NOT_MATCHED: 1,
        Step.NOT_REGISTERED: 0,
        Step.REGISTERED: 1,
    }
    assert requests.reasons(Step.NOT_VALID) == {"NIK_LEN": 1}
    assert requests.reasons(Step.NOT_MATCHED) == {"kk_mismatch": 1}


def test_what_an_application_tells_counts_unless_it_is_refused() -> None:
    network = Network().known(OTHER, status=Status.EXPIRED)
    registered = OutcomeKind.REGISTERED
    network.batch(
        RegistrationTold(TELKOMSEL, registered, "app", BUDI.nik, BUDI.kk),
        RegistrationTold(TELKOMSEL, OutcomeKind.KK_MISMATCH, "app"),
        RegistrationTold(OTHER, registered, "app", SITI.nik, SITI.kk),
    )
    assert folded(network).ended == {(registered, ""): 1, (OutcomeKind.KK_MISMATCH, ""): 1}


def test_what_counts_is_found_by_its_words() -> None:
    network = Network().online(TELKOMSEL)
    network.batch(
        sms(TELKOMSEL, "4444", registration(SITI)),
        RegistrationTold(INDOSAT, OutcomeKind.REGISTERED, "app", BUDI.nik, BUDI.kk),
    )
    for record in network.records:
        counts = Requests()
        counts.fold([record])
        found = any(word in msgspec.json.encode(record).decode() for word in TOLD_BY)
        assert found is bool(counts.ended)


def test_reasons_of_the_same_name_are_one() -> None:
    requests = Requests()
    requests.ended.update({(OutcomeKind.BAD_FORMAT, "SEP"): 2})
    requests.ended.update({(OutcomeKind.BAD_FORMAT, "SEP"): 3})
    assert requests.reasons(Step.NOT_VALID) == {"SEP": 5}


def test_outlets_are_counted_by_id_too() -> None:
    network = Network()
    network.one(OutletRegisters(TELKOMSEL, "G-1", Papers(SITI.nik, SITI.kk)))
    requests, all_of_it = folded(network), Requests()
    all_of_it.add(requests)
    all_of_it.add(requests)
    assert all_of_it.ended == {(OutcomeKind.REGISTERED, ""): 2}
    (one,) = all_of_it.outlets.audits(Suspicion(), 1)
    assert (one.outlet, one.requests, one.most_on_nik) == ("G-1", 2, 2)
