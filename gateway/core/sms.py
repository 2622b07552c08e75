"""How short messages are decided: between phones, from ESMEs, to ESMEs, to 4444, for later."""

from __future__ import annotations

from typing import Final

from gateway.core.causes import CODES, Cause
from gateway.core.decision import NOTED, Decision, Denied
from gateway.core.delivery import end_messages
from gateway.core.desk_sms import to_desk
from gateway.core.events import MoSms, MtSms
from gateway.core.ledger import Ledger, deny, not_served, replace, unknown_subscriber
from gateway.core.long_sms import Whole, take_part
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.numbers import is_msisdn
from gateway.core.orders import replaceable
from gateway.core.origin import Esme, Part
from gateway.core.registration.grammar import Parsed, read
from gateway.core.sending import (
    NOTHING_EARLIER,
    Earlier,
    later,
    note_known,
    refused_part,
    send,
)
from gateway.core.shadow import replied
from gateway.core.subscriber import Service, Subscriber
from gateway.core.verdicts import to_application

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_LATER: Final = Receiver.LATER
_MO: Final = MessageKind.MO
_MO_SMS: Final = Service.MO_SMS
_MT: Final = MessageKind.MT
_QUEUE_FULL: Final = Cause.QUEUE_FULL
_REJECTED: Final = MessageState.REJECTED
_UNDELIVERABLE: Final = MessageState.UNDELIVERABLE

# Who could not be reached; whatever else is refused was the sender's fault.
_NOT_REACHED = frozenset({Cause.ABSENT_SUBSCRIBER, Cause.UNASSIGNED_NUMBER})


def mo_sms(event: MoSms, parsed: Parsed | None, ledger: Ledger) -> Decision:
    """Decide on an SMS from a subscriber; `parsed` is its text when it goes to the desk."""
    if event.id:
        kept = _kept(event.id, ledger)
        if kept is None:
            return _gone(event.id)
        ledger = ledger.then(kept.not_before)
        decision = _mo(event, parsed, Earlier(kept, ledger.parts_of(kept)), ledger)
        return _at_its_time(kept, decision, ledger)
    via, earlier = event.via, NOTHING_EARLIER
    if type(via) is Esme:
        if ledger.queue_full(via.account):
            return _queue_full(via.account)
        if event.part is not None:
            return _mo_part(event, parsed, event.part, via, ledger)
        if via.replaces:
            earlier = _in_place_of(event.sender, event.to, via, ledger)
            event = replace(event, id=_id_of(earlier))
    return _mo(event, parsed, earlier, ledger)


def mt_sms(event: MtSms, ledger: Ledger) -> Decision:
    """Decide on an SMS that an ESME sends."""
    via, earlier = event.via, NOTHING_EARLIER
    if event.id:
        kept = _kept(event.id, ledger)
        if kept is None:
            return _gone(event.id)
        ledger = ledger.then(kept.not_before)
        decision = _mt(event, Earlier(kept, ledger.parts_of(kept)), ledger)
        return _at_its_time(kept, decision, ledger)
    if ledger.queue_full(via.account):
        return _queue_full(via.account)
    if event.part is not None:
        return _mt_part(event, event.part, ledger)
    if via.replaces:
        earlier = _in_place_of(event.source, event.to, via, ledger)
        event = replace(event, id=_id_of(earlier))
    return _mt(event, earlier, ledger)


def _mo(event: MoSms, parsed: Parsed | None, earlier: Earlier, ledger: Ledger) -> Decision:
    sender = _sender(event, parsed, ledger)
    if type(sender) is Decision:
        return sender
    via = event.via
    if type(via) is Esme and via.not_before > ledger.now:
        return later(event, via, _MO, event.sender, earlier, ledger)
    if parsed is not None:
        return to_desk(event, sender, parsed, earlier, ledger)
    if event.to == ledger.rules.registration_code:
        return to_application(event, sender, earlier, ledger)
    noted = note_known(sender, ledger)
    decision = send(event, _MO, event.sender, earlier, ledger)
    return replace(decision, changes=noted + decision.changes) if noted else decision


def _mt(event: MtSms, earlier: Earlier, ledger: Ledger) -> Decision:
    if not _may_take(event.to, ledger):
        return not_served(event.to)
    if event.via.not_before > ledger.now:
        return later(event, event.via, _MT, event.source, earlier, ledger)
    decision = send(event, _MT, event.source, earlier, ledger)
    served = ledger.rules.short_codes.get(event.source) if ledger.rules.short_codes else None
    if served is not None and served.shadow:
        return replied(event, decision, served, ledger)
    return decision


def _sender(event: MoSms, parsed: Parsed | None, ledger: Ledger) -> Subscriber | Decision:
    """Find who sends it, or refuse it."""
    sender = ledger.find(event.sender)
    if sender is None:
        return unknown_subscriber(event.sender)
    denial = ledger.refusal(sender, _MO_SMS, event.to)
    if denial is not None:
        return deny(denial)
    if parsed is None and not _may_take(event.to, ledger):
        return not_served(event.to)
    return sender


# ---- long messages


def _mo_part(
    event: MoSms, parsed: Parsed | None, part: Part, via: Esme, ledger: Ledger
) -> Decision:
    sender = _sender(event, parsed, ledger)
    if isinstance(sender, Decision):
        return sender
    if parsed is None:
        refused = refused_part(event, via, _MO, event.sender, ledger)
        if refused is not None:
            return refused
    whole = take_part(event, part, via, _MO, ledger)
    if isinstance(whole, Decision):
        return whole
    earlier = _earlier_of(whole, event.sender, event.to, via, ledger)
    via = _without_receipt(via)
    id_ = _id_of(earlier)
    event = replace(event, text=whole.text, body=whole.body, part=None, via=via, id=id_)
    if parsed is not None:
        parsed = read(event.text, ledger.profile(event.sender), False)
    return _completed(whole, _mo(event, parsed, earlier, ledger))


def _mt_part(event: MtSms, part: Part, ledger: Ledger) -> Decision:
    via = event.via
    if not _may_take(event.to, ledger):
        return not_served(event.to)
    refused = refused_part(event, via, _MT, event.source, ledger)
    if refused is not None:
        return refused
    whole = take_part(event, part, via, _MT, ledger)
    if isinstance(whole, Decision):
        return whole
    earlier = _earlier_of(whole, event.source, event.to, via, ledger)
    via = _without_receipt(via)
    id_ = _id_of(earlier)
    event = replace(event, text=whole.text, body=whole.body, part=None, via=via, id=id_)
    return _completed(whole, _mt(event, earlier, ledger))


def _earlier_of(whole: Whole, source: str, to: str, via: Esme, ledger: Ledger) -> Earlier:
    """Give the parts of a whole, and the message in whose place it comes, if one is replaced.

    Parts of that one end with the whole too.
    """
    if not via.replaces:
        return Earlier(None, whole.parts)
    replaced = _in_place_of(source, to, via, ledger)
    return Earlier(replaced.message, (*whole.parts, *replaced.parts))


def _without_receipt(via: Esme) -> Esme:
    """Ask for no receipt of the whole: each part has its own."""
    return replace(via, registered_delivery=0)


def _completed(whole: Whole, decision: Decision) -> Decision:
    """Name to its sender the part that completed the message."""
    return replace(
        decision,
        answer=replace(decision.answer, id=whole.parts[-1].id),
        changes=whole.changes + decision.changes,
        outgoing=whole.outgoing + decision.outgoing,
    )


# ---- accepted before: kept for its time, or replaced by another


def _kept(id_: int, ledger: Ledger) -> Message | None:
    kept = ledger.facts.messages.get(id_)
    return kept if kept is not None and kept.receiver is _LATER else None


def _gone(id_: int) -> Decision:
    return Decision(NOTED, f"message {id_} does not wait for its time any more")


def _at_its_time(kept: Message, decision: Decision, ledger: Ledger) -> Decision:
    """End a message that cannot be sent now that its time has come: nobody is there to be told."""
    answer = decision.answer
    if not isinstance(answer, Denied):
        return decision
    reached = answer.cause not in _NOT_REACHED
    state = _REJECTED if reached else _UNDELIVERABLE
    ended = end_messages([kept], state, CODES[answer.cause].map_error, ledger)
    why = f"message {kept.id}, at its time: {decision.why}"
    return Decision(NOTED, why, (*decision.changes, *ended[0]), tuple(ended[1]))


def _in_place_of(source: str, to: str, via: Esme, ledger: Ledger) -> Earlier:
    """Find what replace_if_present names; its times begin anew (section 5.2.18, Appendix B)."""
    waiting = replaceable(source, to, via, ledger)
    if waiting is None:
        return NOTHING_EARLIER
    until = ledger.now + (via.validity or ledger.rules.validity_ms)
    message = replace(waiting, accepted_at=ledger.now, valid_until=until)
    return Earlier(message, ledger.parts_of(waiting))


def _id_of(earlier: Earlier) -> int:
    return earlier.message.id if earlier.message is not None else 0


# ---- refused


def _may_take(to: str, ledger: Ledger) -> bool:
    return is_msisdn(to) or to in ledger.facts.served_by or to in ledger.rules.short_codes


def _queue_full(account: str) -> Decision:
    return Decision(Denied(_QUEUE_FULL), f"{account} has its most undelivered messages")
