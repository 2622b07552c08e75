"""The working copy of a batch's facts: what is known, what a new number is, who is refused."""

from __future__ import annotations

from msgspec import structs

from gateway.core.ageing import SCHEDULES
from gateway.core.causes import Cause
from gateway.core.decision import BarringSignal, Decision, Denied, Facts
from gateway.core.ledger import (
    Denial,
    Ledger,
    Rules,
    Unknown,
    deny,
    first_seen,
    not_served,
    unknown_subscriber,
)
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage, Service, Status, Subscriber
from tests.gateway.core.network import (
    INDOSAT,
    OPEN_AT,
    OUTGOING_BARRED_AT,
    RULES,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    wib,
)


def ledger(at: str = OPEN_AT, rules: Rules = RULES) -> Ledger:
    return Ledger(Facts(next_id=10), wib(at), rules)


def test_ids_rise_and_never_repeat() -> None:
    book = ledger()
    assert [book.new_id() for _ in range(3)] == [10, 11, 12]
    assert book.facts.next_id == 13


def test_an_unknown_number_is_old_by_default() -> None:
    book = ledger()
    found = book.find(INDOSAT)
    assert found == Subscriber(INDOSAT, "indosat", Status.UNREGISTERED, book.now)
    assert book.facts.subscribers == {}


def test_an_unknown_number_is_what_the_configuration_says() -> None:
    new = structs.replace(RULES, unknown=Unknown.NEW)
    found = ledger(rules=new).find(INDOSAT)
    assert found is not None
    assert found.status is Status.NEW
    refuse = structs.replace(RULES, unknown=Unknown.REFUSE)
    assert ledger(rules=refuse).find(INDOSAT) is None


def test_a_known_number_is_found_whatever_unknown_ones_are() -> None:
    book = ledger(rules=structs.replace(RULES, unknown=Unknown.REFUSE))
    known = book.put(first_seen(INDOSAT, RULES, 5))
    assert book.find(INDOSAT) is known


def test_a_number_of_an_unlisted_prefix_has_the_fallback_operator() -> None:
    assert first_seen(Msisdn("6286010000001"), RULES, 0).operator == "other"
    assert ledger().profile(Msisdn("6286010000001")).name == "other"
    assert ledger().profile(TELKOMSEL).name == "telkomsel"


def test_the_stage_follows_schedule_and_time() -> None:
    someone = first_seen(TELKOMSEL, RULES, 0)
    assert ledger(OPEN_AT).stage(someone) is BlockStage.OPEN
    assert ledger(OUTGOING_BARRED_AT).stage(someone) is BlockStage.OUTGOING_BARRED
    permen = structs.replace(RULES, schedule=SCHEDULES["permen"])
    assert ledger(OUTGOING_BARRED_AT, permen).stage(someone) is BlockStage.OPEN


def test_a_refusal_carries_cause_and_reason() -> None:
    someone = first_seen(TELKOMSEL, RULES, 0)
    denial = ledger(OUTGOING_BARRED_AT).refusal(someone, Service.MO_SMS, INDOSAT)
    assert denial is not None
    assert denial.cause is Cause.OPERATOR_DETERMINED_BARRING
    assert "OUTGOING_BARRED: MO SMS barred" in denial.why
    assert ledger(OUTGOING_BARRED_AT).refusal(someone, Service.MO_SMS, "4444") is None
    assert deny(denial) == Decision(Denied(denial.cause), denial.why)


def test_a_phone_is_told_what_is_barred_and_what_comes_next() -> None:
    someone = first_seen(TELKOMSEL, RULES, 0)
    assert ledger(OUTGOING_BARRED_AT).barring(someone) == BarringSignal(
        TELKOMSEL,
        BlockStage.OUTGOING_BARRED,
        (Service.MO_SMS, Service.MO_CALL),
        BlockStage.INCOMING_BARRED,
        wib("2018-04-15 00:00"),
    )
    last = ledger(TOTAL_BARRED_AT).barring(someone)
    assert (last.next_stage, last.next_at) == (None, 0)
    assert set(last.barred) == set(Service)


def test_a_repeat_gets_the_earlier_answer_and_changes_nothing() -> None:
    book = ledger()
    assert book.repeated("628/a1") is None
    first = deny(Denial(Cause.USER_BUSY, "busy"))
    assert book.remember("628/a1", first) is first
    assert book.repeated("628/a1") == Decision(Denied(Cause.USER_BUSY), "busy")


def test_refusals_say_what_is_wrong() -> None:
    assert not_served("777").answer == Denied(Cause.UNASSIGNED_NUMBER)
    assert "777 is neither" in not_served("777").why
    assert unknown_subscriber(TELKOMSEL).answer == Denied(Cause.UNKNOWN_SUBSCRIBER)
    assert '"refuse"' in unknown_subscriber(TELKOMSEL).why
