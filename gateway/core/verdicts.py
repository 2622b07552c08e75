"""How SMS to the operator's own registration application, and what it tells, are decided."""

from __future__ import annotations

from gateway.core.application import (
    NO_DEALINGS,
    Asked,
    Dealings,
    Difference,
    Opinion,
    Player,
)
from gateway.core.barring import GONE
from gateway.core.causes import Cause
from gateway.core.decision import NOTED, Decision, Denied, SubscriberChanged
from gateway.core.desk_changes import case_of, count_number
from gateway.core.events import MoSms, RegistrationTold
from gateway.core.ledger import Ledger, replace, unknown_subscriber
from gateway.core.message import MessageKind
from gateway.core.origin import Esme
from gateway.core.phones import take_value
from gateway.core.registration.cases import Outcome
from gateway.core.registration.desk import judge
from gateway.core.registration.failures import MOST
from gateway.core.registration.grammar import Parsed, Register, Reregister, Unparsed, read
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.registration.requests import Consent
from gateway.core.sending import Earlier, note_known, send
from gateway.core.subscriber import BlockStage, Status, Subscriber

# SMS of one number that wait for the application's word; the oldest are given up beyond that.
_ASKED_MOST = 8
# What ends the count of tries that failed.
_TRIES_END = frozenset(
    {OutcomeKind.REGISTERED, OutcomeKind.REGISTERED_UNVALIDATED, OutcomeKind.DECLINED}
)
# What becomes of a number; other outcomes leave it as it is.
_STATUS = {
    OutcomeKind.REGISTERED: Status.REGISTERED,
    OutcomeKind.REGISTERED_UNVALIDATED: Status.REGISTERED_UNVALIDATED,
    OutcomeKind.UNREGISTERED: Status.UNREGISTERED_DEAD,
}


def to_application(event: MoSms, sender: Subscriber, earlier: Earlier, ledger: Ledger) -> Decision:
    """Pass a registration SMS on; judge it silently where the configuration says so."""
    served = ledger.rules.short_codes[event.to]
    decision = send(event, MessageKind.MO, event.sender, earlier, ledger)
    dealings = sender.dealings or NO_DEALINGS
    if type(event.via) is Esme:
        via = event.via
        player = Player(via.account, via.session, via.source, via.destination)
        dealings = replace(dealings, player=player)
    if served.shadow:
        dealings = _judged(event, decision, sender, dealings, ledger)
    if dealings == (sender.dealings or NO_DEALINGS):
        noted = note_known(sender, ledger)
        return replace(decision, changes=noted + decision.changes) if noted else decision
    changed = SubscriberChanged(ledger.put(replace(sender, dealings=dealings)))
    return replace(decision, changes=(changed, *decision.changes))


def _judged(
    event: MoSms, decision: Decision, sender: Subscriber, dealings: Dealings, ledger: Ledger
) -> Dealings:
    """Note what the desk says to a registration, for when the application tells."""
    is_new = sender.status is Status.NEW
    parsed = read(event.text, ledger.profile(event.sender), is_new)
    tries = dealings.tries
    # The word that answers a statement of truth is a registration where the desk asked for one.
    states = isinstance(parsed, Consent) and tries is not None and tries.count >= MOST
    if not (states or isinstance(parsed, Register | Reregister | Unparsed)):
        return dealings
    outcome = _outcome(parsed, replace(sender, tries=tries), ledger)
    id_ = getattr(decision.answer, "id", 0)
    asked = Asked(id_, ledger.now, _as_opinion(outcome))
    tries = None if outcome.kind in _TRIES_END else outcome.tries or tries
    return replace(dealings, asked=(*dealings.asked, asked)[-_ASKED_MOST:], tries=tries)


def _outcome(parsed: Parsed, sender: Subscriber, ledger: Ledger) -> Outcome:
    """Judge as the desk would, and change nothing."""
    case = case_of(parsed, ledger.profile(sender.msisdn), sender, ledger)
    return judge(parsed, case, ledger.rules.records or ledger.rules.registry)


def _as_opinion(outcome: Outcome) -> Opinion:
    return Opinion(outcome.kind, outcome.nik, outcome.kk)


def registration_told(event: RegistrationTold, ledger: Ledger) -> Decision:
    """Take an application's word on how a registration ended."""
    subscriber = ledger.find(event.msisdn)
    if subscriber is None:
        return unknown_subscriber(event.msisdn)
    told = Opinion(event.outcome, event.nik, event.kk)
    before = subscriber
    dealings, difference = _compared(event, told, subscriber, ledger)
    if dealings is not None:
        subscriber = replace(subscriber, dealings=dealings)
    status = _STATUS.get(event.outcome)
    if status is not None:
        gone = GONE.get(subscriber.status)
        if gone is not None:
            why = f"{event.msisdn} {gone}: {event.by} cannot change that"
            return Decision(Denied(Cause.UNKNOWN_SUBSCRIBER), why)
        subscriber = _become(status, event, subscriber, ledger)
    why = f"{event.msisdn} {event.by} tells: {told}"
    if difference is not None:
        why = f"{event.msisdn} differs: {difference}"
    if subscriber == before and event.msisdn in ledger.facts.subscribers:
        return Decision(NOTED, why)
    if subscriber.status is before.status:
        return Decision(NOTED, why, (SubscriberChanged(ledger.put(subscriber)),))
    changes, outgoing = take_value(subscriber, ledger)
    return Decision(NOTED, why, tuple(changes), tuple(outgoing))


def _become(
    status: Status, event: RegistrationTold, subscriber: Subscriber, ledger: Ledger
) -> Subscriber:
    """Give a number its new status; one that is registered on this NIK stays as it is."""
    if _repeats(event, subscriber):
        return subscriber
    count_number(subscriber, -1, ledger)
    registered = status.registered
    subscriber = replace(
        subscriber,
        status=status,
        registered_at=ledger.now if registered else None,
        nik=event.nik if registered else None,
        kk=event.kk if registered else None,
        announced=BlockStage.OPEN,
        tries=None,
        foreigner=None,
    )
    count_number(subscriber, 1, ledger)
    return subscriber


def _repeats(event: RegistrationTold, subscriber: Subscriber) -> bool:
    status = _STATUS.get(event.outcome)
    registered = status is not None and status.registered
    return registered and subscriber.status is status and subscriber.nik == event.nik


def _compared(
    event: RegistrationTold, told: Opinion, subscriber: Subscriber, ledger: Ledger
) -> tuple[Dealings | None, Difference | None]:
    """Compare what is told with what the desk says; in shadow only."""
    served = ledger.rules.short_codes.get(ledger.rules.registration_code)
    if served is None or not served.shadow:
        return subscriber.dealings, None
    dealings = subscriber.dealings or NO_DEALINGS
    asked = _meant(told, dealings)
    if asked is not None:
        now_told = replace(asked, told=True)
        asked_now = (now_told if one is asked else one for one in dealings.asked)
        dealings = replace(dealings, asked=tuple(one for one in asked_now if not one.done))
        expected = asked.expected
    elif told.nik is not None and told.kk is not None and not _repeats(event, subscriber):
        expected = _as_opinion(_outcome(Register(told.nik, told.kk, ""), subscriber, ledger))
    else:
        return dealings, None
    if _agree(told, expected):
        return dealings, None
    id_ = asked.id if asked is not None else 0
    difference = Difference(ledger.now, id_, expected, told, event.by)
    return replace(dealings, difference=difference), difference


def _meant(told: Opinion, dealings: Dealings) -> Asked | None:
    """Find the SMS that is told about: the oldest with this identity, else the oldest."""
    waiting = [one for one in dealings.asked if not one.told]
    for asked in waiting:
        if told.nik is not None and asked.expected.nik == told.nik:
            return asked
    return waiting[0] if waiting else None


def _agree(told: Opinion, expected: Opinion) -> bool:
    """Whether both say the same; an identity that is not told is not compared."""
    return (
        told.outcome is expected.outcome
        and told.nik in (None, expected.nik)
        and told.kk in (None, expected.kk)
    )
