"""What the desk's outcomes do to a subscriber."""

from __future__ import annotations

from typing import Final

from gateway.core.decision import Change, Outgoing, SubscriberChanged
from gateway.core.ledger import Ledger, replace
from gateway.core.numbers import Nik
from gateway.core.phones import enter_stage
from gateway.core.registration.cases import Case, Outcome, OutcomeKind
from gateway.core.registration.profiles import OperatorProfile
from gateway.core.registration.replies import ReplyCode
from gateway.core.registration.requests import Consent, Parsed, Register, Reregister
from gateway.core.subscriber import BlockStage, Status, Subscriber

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_DECLINED: Final = OutcomeKind.DECLINED
_LOST: Final = OutcomeKind.LOST
_NEW: Final = Status.NEW
_OK_UNBLOCK: Final = ReplyCode.OK_UNBLOCK
_OPEN: Final = BlockStage.OPEN
_REGISTERED: Final = Status.REGISTERED
_UNREGISTERED: Final = OutcomeKind.UNREGISTERED
_UNREGISTERED_DEAD: Final = Status.UNREGISTERED_DEAD

_REGISTERS: Final[dict[OutcomeKind, Status]] = {
    OutcomeKind.REGISTERED: Status.REGISTERED,
    OutcomeKind.REGISTERED_UNVALIDATED: Status.REGISTERED_UNVALIDATED,
}


def case_of(parsed: Parsed, profile: OperatorProfile, sender: Subscriber, ledger: Ledger) -> Case:
    """Put together what is known about a request and who asks."""
    facts, operator = ledger.facts, sender.operator
    counts = facts.numbers_per_nik
    nik: Nik | None = None
    if type(parsed) is Register or type(parsed) is Reregister:
        nik = parsed.nik
    elif type(parsed) is Consent and sender.tries is not None:
        nik = sender.tries.nik
    on_nik = 0
    if nik is not None:
        on_nik = counts.get((nik.digits, operator), 0) - (nik == sender.nik)
    case = Case(sender, profile, on_nik, ledger.rules.numbers_per_nik, ledger.now)
    if nik is not None or sender.nik is None:
        return case
    slot = (sender.nik.digits, operator)
    numbers = facts.numbers_on.get(slot) or (sender.msisdn,)
    return replace(case, numbers=numbers, count=max(counts.get(slot, 0), len(numbers)))


def follow(
    outcome: Outcome,
    sender: Subscriber,
    ledger: Ledger,
    changes: list[Change],
    outgoing: list[Outgoing],
) -> ReplyCode | None:
    """Do to the subscriber what the outcome says; gives which reply tells it, if one does."""
    status = _REGISTERS.get(outcome.kind)
    if status is not None:
        return _register(outcome, status, sender, ledger, changes, outgoing)
    if outcome.kind is _UNREGISTERED:
        _give_up(sender, ledger, changes, outgoing)
        return outcome.reply
    after = sender
    if outcome.kind is _DECLINED:
        after = replace(sender, tries=None)
    elif outcome.tries is not None:
        after = replace(sender, tries=outcome.tries)
    elif outcome.kind is _LOST:
        after = replace(sender, ghosts=sender.ghosts + 1)
    elif outcome.pending is not None:
        after = replace(sender, pending=outcome.pending)
    if after is not sender or sender.msisdn not in ledger.facts.subscribers:
        changes.append(SubscriberChanged(ledger.put(after)))
    return outcome.reply


def _register(
    outcome: Outcome,
    status: Status,
    sender: Subscriber,
    ledger: Ledger,
    changes: list[Change],
    outgoing: list[Outgoing],
) -> ReplyCode | None:
    # A starter card was never blocked: it begins to work.
    was_blocked = sender.status is not _NEW and ledger.stage(sender) is not _OPEN
    count_number(sender, -1, ledger)
    sender = ledger.put(
        replace(
            sender,
            status=status,
            registered_at=ledger.now,
            nik=outcome.nik,
            kk=outcome.kk,
            announced=_OPEN,
            tries=None,
        )
    )
    count_number(sender, 1, ledger)
    changes.append(SubscriberChanged(sender))
    if sender.has_phone:
        outgoing.append(ledger.barring(sender))
    unblocked = was_blocked and status is _REGISTERED
    return _OK_UNBLOCK if unblocked else outcome.reply


def _give_up(
    sender: Subscriber, ledger: Ledger, changes: list[Change], outgoing: list[Outgoing]
) -> None:
    """End a number: its NIK has a place more, and whatever its phone does ends."""
    count_number(sender, -1, ledger)
    gone = replace(
        sender,
        status=_UNREGISTERED_DEAD,
        registered_at=None,
        nik=None,
        kk=None,
        tries=None,
        foreigner=None,
    )
    if not (gone.has_phone or gone.data_ref or gone.call_id):
        changes.append(SubscriberChanged(ledger.put(gone)))
        return
    ended = enter_stage(gone, ledger)
    changes += ended[0]
    outgoing += ended[1]


def count_number(subscriber: Subscriber, by: int, ledger: Ledger) -> None:
    """Count a number of a NIK for the decisions after this one in the batch."""
    if subscriber.nik is None:
        return
    slot, facts = (subscriber.nik.digits, subscriber.operator), ledger.facts
    if slot in facts.numbers_per_nik:
        facts.numbers_per_nik[slot] += by
    listed = facts.numbers_on.get(slot)
    if listed is not None:
        others = tuple(one for one in listed if one != subscriber.msisdn)
        facts.numbers_on[slot] = (*others, subscriber.msisdn) if by > 0 else others
