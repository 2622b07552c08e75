"""How calls between phones are decided: dial, ring, answer, end."""

from __future__ import annotations

from typing import assert_never

from gateway.core.causes import Cause
from gateway.core.decision import (
    NOTED,
    Accepted,
    Call,
    CallChanged,
    CallSignal,
    CallState,
    Change,
    Decision,
    Denied,
    Outgoing,
    SubscriberChanged,
)
from gateway.core.events import CallAction, CallStep, Dial, RingLapsed
from gateway.core.ledger import (
    Denial,
    Ledger,
    deny,
    not_served,
    replace,
    unknown_subscriber,
)
from gateway.core.numbers import EMERGENCY_NUMBERS, Msisdn, is_msisdn
from gateway.core.subscriber import Service, Subscriber


def dial(event: Dial, ledger: Ledger) -> Decision:
    """Decide on a new call: the caller's bars, the callee's bars, then whether it can ring."""
    caller = ledger.find(event.caller)
    if event.to in EMERGENCY_NUMBERS:
        return _emergency(event.caller, caller, event.to, ledger)
    if caller is None:
        return unknown_subscriber(event.caller)
    denial = ledger.refusal(caller, Service.MO_CALL, event.to)
    if denial is not None:
        return deny(denial)
    if caller.call_id:
        return deny(Denial(Cause.USER_BUSY, f"{caller.msisdn} is in a call already"))
    if not is_msisdn(event.to):
        return not_served(event.to)
    callee = ledger.find(event.to)
    denial = _cannot_ring(caller, callee, event.to, ledger)
    if denial is not None or callee is None:
        return deny(denial or Denial(Cause.UNKNOWN_SUBSCRIBER, event.to))
    call = Call(ledger.new_id(), caller.msisdn, callee.msisdn, CallState.RINGING, ledger.now)
    return Decision(
        Accepted(call.id),
        f"{caller.msisdn} calls {callee.msisdn}: ringing",
        (
            CallChanged(ledger.put_call(call)),
            SubscriberChanged(ledger.put(replace(caller, call_id=call.id))),
            SubscriberChanged(ledger.put(replace(callee, call_id=call.id))),
        ),
        (
            CallSignal(callee.msisdn, call.id, "incoming", caller.msisdn),
            CallSignal(caller.msisdn, call.id, "ringing", callee.msisdn),
        ),
    )


def _cannot_ring(
    caller: Subscriber, callee: Subscriber | None, to: str, ledger: Ledger
) -> Denial | None:
    if callee is None:
        return Denial(Cause.UNKNOWN_SUBSCRIBER, f"{to} is no subscriber here")
    denial = ledger.refusal(callee, Service.MT_CALL, caller.msisdn)
    if denial is not None:
        return denial
    if callee.msisdn == caller.msisdn or callee.call_id:
        return Denial(Cause.USER_BUSY, f"{to} is in a call already")
    if not callee.online:
        return Denial(Cause.ABSENT_SUBSCRIBER, f"{to} has no phone that is on")
    return None


def _emergency(msisdn: Msisdn, caller: Subscriber | None, number: str, ledger: Ledger) -> Decision:
    """Connect an emergency call at once, whoever calls (domain.md 3.4, Emergency).

    No bar, no running call (it ends) and no missing subscription stands in its way.
    """
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    running = ledger.facts.calls.get(caller.call_id) if caller is not None else None
    if running is not None:
        changes, outgoing = end_call(running, Cause.NORMAL_CLEARING, ledger)
        caller = ledger.facts.subscribers[msisdn]
    now = ledger.now
    call = Call(ledger.new_id(), msisdn, number, CallState.ANSWERED, now, answered_at=now)
    changes.append(CallChanged(ledger.put_call(call)))
    if caller is not None:
        changes.append(SubscriberChanged(ledger.put(replace(caller, call_id=call.id))))
    outgoing.append(CallSignal(msisdn, call.id, "answered", number))
    why = f"{msisdn} calls {number}: emergency, never barred"
    return Decision(Accepted(call.id), why, tuple(changes), tuple(outgoing))


def call_step(event: CallStep, ledger: Ledger) -> Decision:
    """Answer, reject or hang up; a step that does not fit the call's state is refused."""
    call = ledger.facts.calls.get(event.id)
    if call is None or event.by not in (call.caller, call.callee):
        return Decision(Denied(Cause.NO_SUCH_CALL), f"{event.by} is in no call {event.id}")
    ringing_here = call.state is CallState.RINGING and event.by == call.callee
    match event.action:
        case CallAction.ANSWER:
            if not ringing_here:
                return Decision(
                    Denied(Cause.NO_SUCH_CALL), f"call {call.id} does not ring at {event.by}"
                )
            return _answer(call, ledger)
        case CallAction.REJECT:
            if not ringing_here:
                return Decision(
                    Denied(Cause.NO_SUCH_CALL), f"call {call.id} does not ring at {event.by}"
                )
            return _ended(call, Cause.CALL_REJECTED, f"{event.by} rejected", ledger)
        case CallAction.HANGUP:
            return _ended(call, Cause.NORMAL_CLEARING, f"{event.by} hung up", ledger)
        case _:
            assert_never(event.action)


def ring_lapsed(event: RingLapsed, ledger: Ledger) -> Decision:
    """End a call that nobody answered."""
    call = ledger.facts.calls.get(event.id)
    if call is None or call.state is not CallState.RINGING:
        return Decision(NOTED, f"call {event.id} rings no more")
    ended = _ended(call, Cause.NO_ANSWER, "nobody answered", ledger)
    return replace(ended, answer=NOTED)


def _answer(call: Call, ledger: Ledger) -> Decision:
    call = ledger.put_call(replace(call, state=CallState.ANSWERED, answered_at=ledger.now))
    return Decision(
        Accepted(call.id),
        f"{call.callee} answered the call from {call.caller}",
        (CallChanged(call),),
        _signals(call, "answered", None),
    )


def _ended(call: Call, cause: Cause, why: str, ledger: Ledger) -> Decision:
    changes, outgoing = end_call(call, cause, ledger)
    return Decision(
        Accepted(call.id),
        f"call {call.caller} to {call.callee} ended: {why}",
        tuple(changes),
        tuple(outgoing),
    )


def end_call(call: Call, cause: Cause, ledger: Ledger) -> tuple[list[Change], list[Outgoing]]:
    """End a call for both sides."""
    call = replace(call, state=CallState.ENDED, ended_at=ledger.now, cause=cause)
    ledger.facts.calls.pop(call.id, None)
    changes: list[Change] = [CallChanged(call)]
    for party in (call.caller, call.callee):
        subscriber = ledger.facts.subscribers.get(party) if is_msisdn(party) else None
        if subscriber is not None and subscriber.call_id == call.id:
            changes.append(SubscriberChanged(ledger.put(replace(subscriber, call_id=0))))
    return changes, list(_signals(call, "ended", cause))


def _signals(call: Call, event: str, cause: Cause | None) -> tuple[Outgoing, ...]:
    signals: list[Outgoing] = [CallSignal(call.caller, call.id, event, call.callee, cause)]
    if is_msisdn(call.callee):
        signals.append(CallSignal(call.callee, call.id, event, call.caller, cause))
    return tuple(signals)
