"""The switch: what it needs to know of a batch of events, and what it decides on each.

`questions` and `decide` are pure. They are called with the same batch, first to learn what to
fetch, then with the facts; each decision sees those before it in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec import Struct

from gateway.core import (
    calls,
    data_sessions,
    delivery,
    desk_verdicts,
    importing,
    multi_sms,
    orders,
    outlet_desk,
    phones,
    reminders,
    restoring,
    sms,
    ussd,
    verdicts,
)
from gateway.core.ageing import iso
from gateway.core.decision import NOTED, Decision, Facts, Questions
from gateway.core.events import (
    Acknowledged,
    CallStep,
    CampaignBegan,
    CampaignEnded,
    Cancel,
    ClockSet,
    DataClose,
    DataOpen,
    DatesSet,
    Dial,
    Event,
    FaultsSet,
    Lapsed,
    MoSms,
    MtSms,
    MultiSms,
    OutletRegisters,
    PipelineAsked,
    Presence,
    Query,
    Refused,
    RegistrationTold,
    Remind,
    Replace,
    RingLapsed,
    StageDue,
    SubscribersImported,
    SubscribersRestored,
    Ussd,
    VerdictDue,
    ref_of,
)
from gateway.core.ledger import Ledger, Rules
from gateway.core.long_sms import whole_texts
from gateway.core.numbers import Msisdn, is_msisdn
from gateway.core.origin import Esme, PartKey, part_to
from gateway.core.registration.grammar import Parsed, read
from gateway.core.registration.profiles import Reading, operator_of
from gateway.core.registration.requests import Consent, Inquiry, Register, Reregister, Unregister
from gateway.core.registry_stub import pipeline_asked

# What is answered from the sender's own NIK, which only the facts know.
_ABOUT_ONESELF = frozenset({Inquiry, Unregister, Consent})
_REGISTRATIONS = (Register, Reregister)


class Plan(Struct, gc=False):
    """A batch, what must be known to decide it, and the desk's reading of its texts.

    `parsed` has one entry an event: None where the event is no SMS to the desk.
    """

    events: Sequence[Event]
    questions: Questions
    parsed: list[Parsed | None]


def questions(events: Sequence[Event], rules: Rules) -> Plan:
    """Say what must be known to decide these events."""
    asked = Questions()
    plan = Plan(events, asked, [None] * len(events))
    for index, event in enumerate(events):
        ref = ref_of(event)
        if ref is not None:
            asked.refs.add(ref)
        plan.parsed[index] = _ask(event, asked, rules)
        if rules.queues:
            via = getattr(event, "via", None)
            if type(via) is Esme:
                asked.accounts.add(via.account)
    return plan


def questions_then(plan: Plan, facts: Facts, rules: Rules) -> Questions | None:
    """Say what must be known besides, given the facts; None where that is nothing.

    Whose NIK a long registration names is known only once its parts are.
    """
    if not plan.questions.parts:
        return None
    asked = Questions()
    long: dict[PartKey, list[MoSms]] = {}
    for event, parsed in zip(plan.events, plan.parsed, strict=True):
        if type(event) is MoSms and event.part is not None and _is_judged(event, parsed, rules):
            long.setdefault(event.part.key, []).append(event)
    for key, events in long.items():
        known = [facts.messages[id_] for id_ in facts.parts.get(key, {}).values()]
        for text in whole_texts(events, known, rules):
            _ask_niks(events[0].sender, text, asked, rules)
    return asked if asked.niks else None


def _is_judged(event: MoSms, parsed: Parsed | None, rules: Rules) -> bool:
    served = rules.short_codes.get(event.to)
    return parsed is not None or (served is not None and served.shadow)


def _ask_mo_sms(event: MoSms, asked: Questions, rules: Rules) -> Parsed | None:
    asked.msisdns.add(event.sender)
    if type(event.via) is Esme:
        if event.id or event.part is not None:
            _ask_waiting(event, asked)
        if event.via.replaces:
            asked.pending_of.add(Msisdn(event.to))
    served = rules.short_codes.get(event.to)
    if served is None and event.to == rules.registration_code:
        if event.part is not None:
            # What the whole asks for shows only when its parts are there.
            asked.askers.add(event.sender)
            asked.pending_of.add(event.sender)
        return _ask_niks(event.sender, event.text, asked, rules)
    asked.destinations.add(event.to)
    if is_msisdn(event.to):
        asked.msisdns.add(event.to)
    elif served is not None and served.shadow:
        _ask_niks(event.sender, event.text, asked, rules)
    return None


def _ask_waiting(event: MoSms | MtSms, asked: Questions) -> None:
    """Ask for what a message was accepted as before, or for its other parts."""
    if event.id:
        asked.message_ids.add(event.id)
    if event.part is not None:
        asked.parts.add(event.part.key)


def _ask_niks(sender: Msisdn, text: str, asked: Questions, rules: Rules) -> Parsed:
    profile = operator_of(sender, rules.profiles)
    parsed = read(text, profile, False)
    if isinstance(parsed, _REGISTRATIONS):
        asked.niks.add((parsed.nik.digits, profile.name))
    elif type(parsed) in _ABOUT_ONESELF:
        asked.askers.add(sender)
        if type(parsed) is Unregister:
            asked.pending_of.add(sender)
    if profile.reading is Reading.STRICT:
        # A strict operator's format depends on whether the number is new, which is one of the
        # facts: ask for both readings.
        nik = getattr(read(text, profile, True), "nik", None)
        if nik is not None:
            asked.niks.add((nik.digits, profile.name))
    return parsed


def _ask(  # noqa: C901 - one row per event
    event: Event, asked: Questions, rules: Rules
) -> Parsed | None:
    """Ask what an event needs; gives its text as the desk reads it, if that is where it goes."""
    match event:
        case MoSms():
            return _ask_mo_sms(event, asked, rules)
        case Acknowledged() | Lapsed():
            asked.message_ids.update(event.ids)
        case MtSms():
            _ask_destination(event.to, asked, event.via.replaces)
            _ask_waiting(event, asked)
        case MultiSms():
            _ask_destinations(event, asked)
        case Query():
            asked.asked_about.add(event.id)
        case Cancel() if not event.id:
            asked.pending_of.add(Msisdn(event.to))
        case Cancel() | Replace() | Refused():
            asked.message_ids.add(event.id)
        case Dial():
            asked.msisdns |= {event.caller, event.to} if is_msisdn(event.to) else {event.caller}
        case CallStep() | RingLapsed():
            asked.call_ids.add(event.id)
        case DataOpen() | DataClose() | Ussd():
            asked.msisdns.add(event.msisdn)
        case VerdictDue():
            asked.msisdns.add(event.msisdn)
            asked.askers.add(event.msisdn)
        case Presence() | StageDue() | DatesSet() | Remind():
            asked.msisdns.add(event.msisdn)
            asked.pending_of.add(event.msisdn)
        case SubscribersImported():
            _ask_imported(event, asked)
        case SubscribersRestored():
            asked.msisdns |= restoring.numbers_of(event)
            asked.pending_of |= restoring.numbers_of(event)
        case RegistrationTold() | OutletRegisters():
            _ask_told(event, asked, rules)
        case ClockSet() | FaultsSet() | PipelineAsked() | CampaignBegan() | CampaignEnded():
            pass
        case _:
            assert_never(event)
    return None


def _ask_imported(event: SubscribersImported, asked: Questions) -> None:
    numbers = {row.msisdn for row in event.rows}
    asked.msisdns |= numbers
    if event.update:
        asked.pending_of |= numbers


def _ask_told(event: RegistrationTold | OutletRegisters, asked: Questions, rules: Rules) -> None:
    asked.msisdns.add(event.msisdn)
    if event.nik is not None:
        asked.niks.add((event.nik.digits, operator_of(event.msisdn, rules.profiles).name))


def _ask_destinations(event: MultiSms, asked: Questions) -> None:
    if event.by_handset:
        asked.msisdns.add(Msisdn(event.source))
    for to, _ in event.to:
        _ask_destination(to, asked, event.via.replaces)
        if event.part is not None:
            asked.parts.add(part_to(event.part, to).key)


def _ask_destination(to: str, asked: Questions, replaces: bool) -> None:
    asked.destinations.add(to)
    asked.msisdns.add(Msisdn(to))
    if replaces:
        asked.pending_of.add(Msisdn(to))


def decide(plan: Plan, facts: Facts, now: int, rules: Rules) -> list[Decision]:
    """Decide on each event of the batch, in order; `facts` is written ahead into."""
    ledger = Ledger(facts, now, rules, asked_about=plan.questions.asked_about)
    return [
        _decide_once(event, parsed, ledger)
        for event, parsed in zip(plan.events, plan.parsed, strict=True)
    ]


def _decide_once(event: Event, parsed: Parsed | None, ledger: Ledger) -> Decision:
    """Decide on an event; a phone's request that was answered before gets the earlier answer."""
    ref = ref_of(event)
    if ref is None:
        return _decide(event, parsed, ledger)
    return ledger.repeated(ref) or ledger.remember(ref, _decide(event, parsed, ledger))


def _decide(  # noqa: C901 - one row per event
    event: Event, parsed: Parsed | None, ledger: Ledger
) -> Decision:
    match event:
        case MoSms():
            return sms.mo_sms(event, parsed, ledger)
        case Acknowledged():
            return delivery.acknowledged(event, ledger)
        case MtSms():
            return sms.mt_sms(event, ledger)
        case MultiSms():
            return multi_sms.multi_sms(event, ledger)
        case Query():
            return orders.query(event, ledger)
        case Cancel():
            return orders.cancel(event, ledger)
        case Replace():
            return orders.replace_message(event, ledger)
        case Refused():
            return delivery.refused(event, ledger)
        case Lapsed():
            return delivery.lapsed(event, ledger)
        case Dial():
            return calls.dial(event, ledger)
        case CallStep():
            return calls.call_step(event, ledger)
        case RingLapsed():
            return calls.ring_lapsed(event, ledger)
        case DataOpen():
            return data_sessions.data_open(event, ledger)
        case DataClose():
            return data_sessions.data_close(event, ledger)
        case Ussd():
            return ussd.ussd(event, ledger)
        case Presence():
            return phones.presence(event, ledger)
        case StageDue():
            return phones.stage_due(event, ledger)
        case VerdictDue():
            return desk_verdicts.verdict_due(event, ledger)
        case Remind():
            return reminders.remind(event, ledger)
        case CampaignBegan() | CampaignEnded():
            return reminders.campaign_changed(event)
        case DatesSet():
            return phones.dates_set(event, ledger)
        case RegistrationTold():
            return verdicts.registration_told(event, ledger)
        case OutletRegisters():
            return outlet_desk.outlet_registers(event, ledger)
        case PipelineAsked():
            return pipeline_asked(event)
        case ClockSet():
            return Decision(NOTED, f"the clock was set to {iso(event.now)}, speed {event.speed:g}")
        case SubscribersImported():
            return importing.subscribers_imported(event, ledger)
        case SubscribersRestored():
            return restoring.subscribers_restored(event, ledger)
        case FaultsSet():
            return Decision(NOTED, f"faults on purpose: {event.what}")
        case _:
            assert_never(event)
