"""Calls between phones: dial, ring, answer, end; and the emergency numbers."""

from __future__ import annotations

import pytest

from gateway.core.causes import Cause
from gateway.core.decision import NOTED, CallSignal, CallState, Decision
from gateway.core.events import CallAction, CallStep, DataOpen, Dial, Presence, RingLapsed
from gateway.core.ledger import Unknown
from gateway.core.numbers import EMERGENCY_NUMBERS, Msisdn
from gateway.core.subscriber import Status
from tests.gateway.core.network import (
    INCOMING_BARRED_AT,
    INDOSAT,
    OTHER,
    OUTGOING_BARRED_AT,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    Network,
    accepted_id,
    calls_changed,
    cause_of,
    signals_out,
)

CALLER, CALLEE, THIRD = TELKOMSEL, INDOSAT, OTHER
BARRED = Cause.OPERATOR_DETERMINED_BARRING


def network(at: str = "2018-02-26 08:00") -> Network:
    return Network(at).online(CALLER, CALLEE, THIRD)


def ringing() -> tuple[Network, int]:
    it = network()
    return it, accepted_id(it.one(Dial(CALLER, CALLEE, "c1")))


def answered() -> tuple[Network, int]:
    it, call = ringing()
    it.one(CallStep(CALLEE, CallAction.ANSWER, call))
    return it, call


def in_calls(it: Network) -> list[int]:
    return [it.subscriber(one).call_id for one in (CALLER, CALLEE)]


# ---- dial


def test_a_call_rings_at_both_ends() -> None:
    it = network()
    decision = it.one(Dial(CALLER, CALLEE, "c1"))
    (call,) = calls_changed(decision)
    assert accepted_id(decision) == call.id
    assert (call.caller, call.callee, call.state) == (CALLER, CALLEE, CallState.RINGING)
    assert call.started_at == it.now
    assert list(decision.outgoing) == [
        CallSignal(CALLEE, call.id, "incoming", CALLER),
        CallSignal(CALLER, call.id, "ringing", CALLEE),
    ]
    assert in_calls(it) == [call.id, call.id]
    assert it.state.calls == {call.id: call}


@pytest.mark.parametrize("at", [OUTGOING_BARRED_AT, INCOMING_BARRED_AT, TOTAL_BARRED_AT])
def test_outgoing_calls_are_barred_from_the_first_stage_on(at: str) -> None:
    decision = network(at).one(Dial(CALLER, CALLEE, "c1"))
    assert cause_of(decision) is BARRED
    assert "MO CALL barred" in decision.why
    assert (decision.changes, decision.outgoing) == ((), ())


@pytest.mark.parametrize(
    ("at", "barred"), [(OUTGOING_BARRED_AT, False), (INCOMING_BARRED_AT, True)]
)
def test_incoming_calls_are_barred_from_the_second_stage_on(at: str, barred: bool) -> None:
    it = network(at)
    it.known(CALLER, status=Status.REGISTERED, has_phone=True, online=True)
    decision = it.one(Dial(CALLER, CALLEE, "c1"))
    if barred:
        assert cause_of(decision) is BARRED
        assert "MT CALL barred" in decision.why
    else:
        accepted_id(decision)


def test_the_registration_code_takes_no_calls() -> None:
    assert cause_of(network().one(Dial(CALLER, "4444", "c1"))) is Cause.UNASSIGNED_NUMBER


def test_a_number_without_a_phone_is_absent() -> None:
    decision = Network().online(CALLER).one(Dial(CALLER, CALLEE, "c1"))
    assert cause_of(decision) is Cause.ABSENT_SUBSCRIBER


def test_a_phone_that_is_off_is_absent() -> None:
    it = network()
    it.one(Presence(CALLEE, False))
    assert cause_of(it.one(Dial(CALLER, CALLEE, "c1"))) is Cause.ABSENT_SUBSCRIBER


def test_a_phone_in_a_call_is_busy() -> None:
    it, _ = answered()
    assert cause_of(it.one(Dial(THIRD, CALLEE, "c1"))) is Cause.USER_BUSY
    assert cause_of(it.one(Dial(THIRD, CALLER, "c2"))) is Cause.USER_BUSY


def test_a_caller_in_a_call_makes_no_second_one() -> None:
    it, _ = answered()
    decision = it.one(Dial(CALLER, THIRD, "c2"))
    assert cause_of(decision) is Cause.USER_BUSY
    assert decision.why == f"{CALLER} is in a call already"


def test_one_s_own_number_is_busy() -> None:
    assert cause_of(network().one(Dial(CALLER, CALLER, "c1"))) is Cause.USER_BUSY


def test_two_calls_to_one_phone_in_a_batch() -> None:
    first, second = network().batch(Dial(CALLER, CALLEE, "c1"), Dial(THIRD, CALLEE, "c1"))
    accepted_id(first)
    assert cause_of(second) is Cause.USER_BUSY


def test_unknown_numbers_where_those_are_refused() -> None:
    it = Network(unknown=Unknown.REFUSE)
    assert cause_of(it.one(Dial(CALLER, CALLEE, "c1"))) is Cause.UNKNOWN_SUBSCRIBER
    it.known(CALLER, online=True)
    decision = it.one(Dial(CALLER, CALLEE, "c2"))
    assert cause_of(decision) is Cause.UNKNOWN_SUBSCRIBER
    assert decision.why == f"{CALLEE} is no subscriber here"


def test_an_expired_number_neither_calls_nor_is_called() -> None:
    it = network().known(CALLEE, status=Status.EXPIRED, has_phone=True, online=True)
    assert cause_of(it.one(Dial(CALLER, CALLEE, "c1"))) is Cause.UNKNOWN_SUBSCRIBER
    assert cause_of(it.one(Dial(CALLEE, CALLER, "c1"))) is Cause.UNKNOWN_SUBSCRIBER


def test_a_repeated_dial_gets_the_earlier_answer() -> None:
    it, call = ringing()
    again = it.one(Dial(CALLER, CALLEE, "c1"))
    assert accepted_id(again) == call
    assert (again.changes, again.outgoing) == ((), ())


# ---- emergency


@pytest.mark.parametrize("number", sorted(EMERGENCY_NUMBERS))
@pytest.mark.parametrize("status", list(Status))
def test_emergency_calls_connect_always(status: Status, number: str) -> None:
    it = Network(TOTAL_BARRED_AT).known(CALLER, status=status)
    decision = it.one(Dial(CALLER, number, "c1"))
    (call,) = calls_changed(decision)
    assert (call.callee, call.state, call.answered_at) == (number, CallState.ANSWERED, it.now)
    assert list(decision.outgoing) == [CallSignal(CALLER, call.id, "answered", number)]
    assert it.subscriber(CALLER).call_id == call.id


def test_an_emergency_call_ends_the_call_that_runs() -> None:
    it, call = answered()
    decision = it.one(Dial(CALLER, "112", "c9"))
    emergency = accepted_id(decision)
    assert signals_out(decision.outgoing) == [
        CallSignal(CALLER, call, "ended", CALLEE, Cause.NORMAL_CLEARING),
        CallSignal(CALLEE, call, "ended", CALLER, Cause.NORMAL_CLEARING),
        CallSignal(CALLER, emergency, "answered", "112"),
    ]
    assert in_calls(it) == [emergency, 0]


def test_a_number_that_the_network_does_not_know_may_call_for_help() -> None:
    it = Network(TOTAL_BARRED_AT, unknown=Unknown.REFUSE)
    call = accepted_id(it.one(Dial(CALLER, "112", "c1")))
    accepted_id(it.one(CallStep(CALLER, CallAction.HANGUP, call)))
    assert it.state.calls == {}
    assert it.state.subscribers == {}


def test_an_emergency_call_ends_at_the_caller_s_end_only() -> None:
    it = Network(TOTAL_BARRED_AT)
    call = accepted_id(it.one(Dial(CALLER, "112", "c1")))
    decision = it.one(CallStep(CALLER, CallAction.HANGUP, call))
    assert signals_out(decision.outgoing) == [
        CallSignal(CALLER, call, "ended", "112", Cause.NORMAL_CLEARING)
    ]
    assert it.subscriber(CALLER).call_id == 0
    assert it.state.calls == {}


# ---- what the phones do with it


def test_answering_connects_both() -> None:
    it, call = ringing()
    it.now += 5_000
    decision = it.one(CallStep(CALLEE, CallAction.ANSWER, call))
    (changed,) = calls_changed(decision)
    assert (changed.state, changed.answered_at) == (CallState.ANSWERED, it.now)
    assert list(decision.outgoing) == [
        CallSignal(CALLER, call, "answered", CALLEE),
        CallSignal(CALLEE, call, "answered", CALLER),
    ]
    assert in_calls(it) == [call, call]


@pytest.mark.parametrize(
    ("by", "action", "cause"),
    [
        (CALLEE, CallAction.REJECT, Cause.CALL_REJECTED),
        (CALLEE, CallAction.HANGUP, Cause.NORMAL_CLEARING),
        (CALLER, CallAction.HANGUP, Cause.NORMAL_CLEARING),
    ],
)
def test_a_ringing_call_ends(by: Msisdn, action: CallAction, cause: Cause) -> None:
    it, call = ringing()
    decision = it.one(CallStep(by, action, call))
    (changed,) = calls_changed(decision)
    assert (changed.state, changed.cause, changed.ended_at) == (CallState.ENDED, cause, it.now)
    assert list(decision.outgoing) == [
        CallSignal(CALLER, call, "ended", CALLEE, cause),
        CallSignal(CALLEE, call, "ended", CALLER, cause),
    ]
    assert accepted_id(decision) == call
    assert in_calls(it) == [0, 0]
    assert it.state.calls == {}


@pytest.mark.parametrize("by", [CALLER, CALLEE])
def test_either_ends_an_answered_call(by: Msisdn) -> None:
    it, call = answered()
    it.one(CallStep(by, CallAction.HANGUP, call))
    assert in_calls(it) == [0, 0]


@pytest.mark.parametrize(
    ("by", "action"),
    [
        (CALLER, CallAction.ANSWER),
        (CALLER, CallAction.REJECT),
        (THIRD, CallAction.ANSWER),
        (THIRD, CallAction.HANGUP),
    ],
)
def test_only_whom_it_rings_for_answers(by: Msisdn, action: CallAction) -> None:
    it, call = ringing()
    decision = it.one(CallStep(by, action, call))
    assert cause_of(decision) is Cause.NO_SUCH_CALL
    assert in_calls(it) == [call, call]


@pytest.mark.parametrize("action", [CallAction.ANSWER, CallAction.REJECT])
def test_an_answered_call_rings_no_more(action: CallAction) -> None:
    it, call = answered()
    assert cause_of(it.one(CallStep(CALLEE, action, call))) is Cause.NO_SUCH_CALL


@pytest.mark.parametrize("action", CallAction)
def test_a_call_that_is_over_can_do_nothing(action: CallAction) -> None:
    it, call = ringing()
    it.one(CallStep(CALLER, CallAction.HANGUP, call))
    decision = it.one(CallStep(CALLER, action, call))
    assert cause_of(decision) is Cause.NO_SUCH_CALL
    assert decision.why == f"{CALLER} is in no call {call}"


def test_both_hang_up_in_one_batch() -> None:
    it, call = answered()
    first, second = it.batch(
        CallStep(CALLER, CallAction.HANGUP, call), CallStep(CALLEE, CallAction.HANGUP, call)
    )
    accepted_id(first)
    assert cause_of(second) is Cause.NO_SUCH_CALL


# ---- what ends it otherwise


def test_nobody_answers() -> None:
    it, call = ringing()
    it.now += it.rules.ring_ms - 1
    assert it.state.due(it.now) == []
    it.now += 1
    assert it.state.due(it.now) == [RingLapsed(call)]
    (decision,) = it.catch_up()
    assert decision.answer == NOTED
    assert signals_out(decision.outgoing)[0] == CallSignal(
        CALLER, call, "ended", CALLEE, Cause.NO_ANSWER
    )
    assert in_calls(it) == [0, 0]


@pytest.mark.parametrize("action", [CallAction.ANSWER, CallAction.REJECT])
def test_a_ring_that_lapses_too_late_changes_nothing(action: CallAction) -> None:
    it, call = ringing()
    _, lapsed = it.batch(CallStep(CALLEE, action, call), RingLapsed(call))
    assert lapsed == Decision(NOTED, f"call {call} rings no more")


@pytest.mark.parametrize("gone", [CALLER, CALLEE])
def test_a_phone_that_goes_off_ends_its_call(gone: Msisdn) -> None:
    it, call = answered()
    decision = it.one(Presence(gone, False))
    assert CallSignal(CALLER, call, "ended", CALLEE, Cause.ABSENT_SUBSCRIBER) in decision.outgoing
    assert in_calls(it) == [0, 0]
    assert not it.subscriber(gone).online


def test_a_call_does_not_disturb_the_data_session() -> None:
    it = network()
    it.one(DataOpen(CALLER, "d1"))
    it.one(Dial(CALLER, CALLEE, "c1"))
    assert it.subscriber(CALLER).data_ref == "d1"
