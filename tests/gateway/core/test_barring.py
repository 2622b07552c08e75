"""The service matrix of domain.md 3.4, cell by cell."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gateway.core.barring import BARRED, STAGE_BY_STATUS, explain, refusal
from gateway.core.causes import Cause
from gateway.core.numbers import EMERGENCY_NUMBERS, Msisdn
from gateway.core.subscriber import BlockStage, Service, Status, Subscriber

MSISDN = Msisdn("6281210000001")
OTHER = "6281410000001"
CODE = "4444"
ODB, UNKNOWN = Cause.OPERATOR_DETERMINED_BARRING, Cause.UNKNOWN_SUBSCRIBER

# domain.md 3.4, in its order. An emergency call needs no SIM at all, so it passes in every row.
MATRIX = """
state            MO_CALL MO_SMS to_4444 MT_CALL MT_SMS from_4444 DATA emergency
NEW              no      no     yes     no      no     yes       no   yes
OPEN             yes     yes    yes     yes     yes    yes       yes  yes
OUTGOING_BARRED  no      no     yes     yes     yes    yes       yes  yes
INCOMING_BARRED  no      no     yes     no      no     yes       yes  yes
TOTAL_BARRED     no      no     yes     no      no     yes       no   yes
EXPIRED          no      no     no      no      no     no        no   yes
DEAD             no      no     no      no      no     no        no   yes
REGISTERED       yes     yes    yes     yes     yes    yes       yes  yes
UNVALIDATED      yes     yes    yes     yes     yes    yes       yes  yes
"""
STATES = {
    "NEW": (Status.NEW, BlockStage.TOTAL_BARRED),
    "EXPIRED": (Status.EXPIRED, BlockStage.TOTAL_BARRED),
    "DEAD": (Status.UNREGISTERED_DEAD, BlockStage.TOTAL_BARRED),
    "REGISTERED": (Status.REGISTERED, BlockStage.OPEN),
    "UNVALIDATED": (Status.REGISTERED_UNVALIDATED, BlockStage.OPEN),
} | {stage.value: (Status.UNREGISTERED, stage) for stage in BlockStage}
USES = {
    "MO_CALL": (Service.MO_CALL, OTHER),
    "MO_SMS": (Service.MO_SMS, OTHER),
    "to_4444": (Service.MO_SMS, CODE),
    "MT_CALL": (Service.MT_CALL, OTHER),
    "MT_SMS": (Service.MT_SMS, "BANK"),
    "from_4444": (Service.MT_SMS, CODE),
    "DATA": (Service.DATA, ""),
    "emergency": (Service.MO_CALL, "112"),
}


def cells() -> list[tuple[str, str, bool]]:
    header, *lines = (line.split() for line in MATRIX.strip().splitlines())
    return [
        (state, use, cell == "yes")
        for state, *row in lines
        for use, cell in zip(header[1:], row, strict=True)
    ]


def subscriber(status: Status) -> Subscriber:
    return Subscriber(MSISDN, "telkomsel", status, 0)


@pytest.mark.parametrize(("state", "use", "allowed"), cells())
def test_service_matrix(state: str, use: str, allowed: bool) -> None:
    status, stage = STATES[state]
    service, other = USES[use]
    cause = refusal(subscriber(status), stage, service, other, CODE)
    if allowed:
        assert cause is None
    else:
        assert cause is (UNKNOWN if status.gone else ODB)


def test_the_matrix_has_every_state() -> None:
    assert {state for state, _, _ in cells()} == set(STATES)
    assert {status for status, _ in STATES.values()} == set(Status)


@pytest.mark.parametrize("number", sorted(EMERGENCY_NUMBERS))
@pytest.mark.parametrize("state", STATES)
def test_no_emergency_call_is_ever_barred(state: str, number: str) -> None:
    status, stage = STATES[state]
    assert refusal(subscriber(status), stage, Service.MO_CALL, number, CODE) is None


def test_an_sms_to_an_emergency_number_is_an_sms() -> None:
    stage = BlockStage.OUTGOING_BARRED
    assert refusal(subscriber(Status.UNREGISTERED), stage, Service.MO_SMS, "112", CODE) is ODB


@pytest.mark.parametrize("service", [Service.MO_CALL, Service.MT_CALL, Service.DATA])
def test_4444_is_exempt_for_sms_only(service: Service) -> None:
    stage = BlockStage.TOTAL_BARRED
    assert refusal(subscriber(Status.UNREGISTERED), stage, service, CODE, CODE) is ODB


def test_the_registration_code_is_what_the_configuration_says() -> None:
    someone, stage = subscriber(Status.UNREGISTERED), BlockStage.TOTAL_BARRED
    assert refusal(someone, stage, Service.MO_SMS, "4445", "4445") is None
    assert refusal(someone, stage, Service.MO_SMS, "4444", "4445") is ODB


def test_stages_only_add_bars() -> None:
    barred = [set(BARRED[stage]) for stage in BlockStage]
    assert all(earlier < later for earlier, later in pairwise(barred))
    assert barred[0] == set()
    assert barred[-1] == set(Service)


def test_every_status_but_the_ageing_one_has_its_stage() -> None:
    assert set(STAGE_BY_STATUS) == set(Status) - {Status.UNREGISTERED}


def test_a_refusal_is_explained_in_one_line() -> None:
    barred = explain(subscriber(Status.UNREGISTERED), BlockStage.OUTGOING_BARRED, Service.MO_SMS)
    assert barred == (
        "6281210000001 (unregistered) in OUTGOING_BARRED: "
        "MO SMS barred (operator determined barring)"
    )
    expired = explain(subscriber(Status.EXPIRED), BlockStage.TOTAL_BARRED, Service.DATA)
    assert expired == "6281210000001 (expired): DATA refused, the number has expired"
    dead = explain(subscriber(Status.UNREGISTERED_DEAD), BlockStage.TOTAL_BARRED, Service.MO_SMS)
    assert dead == (
        "6281210000001 (unregistered_dead): MO SMS refused, the number was given up by UNREG"
    )
