"""What the switch asks of a batch, and that each decision sees those before it."""

from __future__ import annotations

from typing import get_args

import pytest
from msgspec import structs

from gateway.core.decision import NOTED, Facts, MessageState, Questions
from gateway.core.events import (
    Acknowledged,
    CallAction,
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
    ImportRow,
    Lapsed,
    MoSms,
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
)
from gateway.core.numbers import Msisdn
from gateway.core.origin import Part, PartKey, SmeAddress
from gateway.core.outlets import Document, Foreigner, Papers
from gateway.core.programme import Campaign, Target
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.registration.requests import Register, Unparsed
from gateway.core.subscriber import Status
from gateway.core.switch import decide, questions
from tests.gateway.core.network import (
    INDOSAT,
    RULES,
    SITI,
    TELKOMSEL,
    Network,
    esme,
    mt,
    registration,
    role_a,
    sms,
    stored,
    wib,
)

NIK = (SITI.nik.digits, "telkomsel")
SMS_REF = {f"sms {TELKOMSEL}/a1"}

WRITTEN = SmeAddress(1, 1, TELKOMSEL)
PART = Part(PartKey("a2p", "BANK", TELKOMSEL, "sar", 3, 2), 1)
TO_SEVERAL = Part(structs.replace(PART.key, destination=""), 1)
REPLACES = structs.replace(esme(), replaces=True)

JANE = Foreigner(Document.PASSPORT, "X1", "AU", "Jane Doe", "Perth", "1990-05-17")
ROW = ImportRow(TELKOMSEL, Status.UNREGISTERED)
ROUND = Campaign("weekly", "", Target.UNREGISTERED, 10.0, 7, 7)

ASKED: list[tuple[Event, Questions]] = [
    (
        sms(TELKOMSEL, "4444", registration(SITI)),
        Questions(msisdns={TELKOMSEL}, niks={NIK}, refs=SMS_REF),
    ),
    (sms(TELKOMSEL, "4444", "halo"), Questions(msisdns={TELKOMSEL}, refs=SMS_REF)),
    (role_a(registration(SITI)), Questions(msisdns={TELKOMSEL}, niks={NIK})),
    (
        sms(TELKOMSEL, INDOSAT),
        Questions(msisdns={TELKOMSEL, INDOSAT}, refs=SMS_REF, destinations={INDOSAT}),
    ),
    (
        sms(TELKOMSEL, "777"),
        Questions(msisdns={TELKOMSEL}, refs=SMS_REF, destinations={"777"}),
    ),
    (mt(TELKOMSEL, esme()), Questions(msisdns={TELKOMSEL}, destinations={TELKOMSEL})),
    (
        structs.replace(mt(TELKOMSEL, REPLACES), part=PART),
        Questions(
            msisdns={TELKOMSEL},
            destinations={TELKOMSEL},
            pending_of={TELKOMSEL},
            parts={PART.key},
        ),
    ),
    (
        structs.replace(role_a(registration(SITI)), id=9),
        Questions(msisdns={TELKOMSEL}, niks={NIK}, message_ids={9}),
    ),
    (
        MultiSms("BANK", ((TELKOMSEL, WRITTEN), ("777", WRITTEN)), "halo", esme()),
        Questions(
            msisdns={TELKOMSEL, Msisdn("777")},
            destinations={TELKOMSEL, "777"},
        ),
    ),
    (
        MultiSms(INDOSAT, ((TELKOMSEL, WRITTEN),), "halo", REPLACES, None, TO_SEVERAL, True),
        Questions(
            msisdns={TELKOMSEL, INDOSAT},
            destinations={TELKOMSEL},
            pending_of={TELKOMSEL},
            parts={PART.key},
        ),
    ),
    (Query("a2p", 3, "BANK"), Questions(asked_about={3})),
    (Cancel("a2p", 2, "BANK", "", ""), Questions(message_ids={2})),
    (Cancel("a2p", 0, "BANK", TELKOMSEL, ""), Questions(pending_of={TELKOMSEL})),
    (Replace("a2p", 3, "BANK", "baru", 0), Questions(message_ids={3})),
    (Acknowledged(TELKOMSEL, (1, 2)), Questions(message_ids={1, 2})),
    (Refused("qa", 3, 8), Questions(message_ids={3})),
    (Lapsed((4, 5)), Questions(message_ids={4, 5})),
    (
        Dial(TELKOMSEL, INDOSAT, "a1"),
        Questions(msisdns={TELKOMSEL, INDOSAT}, refs={f"dial {TELKOMSEL}/a1"}),
    ),
    (Dial(TELKOMSEL, "112", "a1"), Questions(msisdns={TELKOMSEL}, refs={f"dial {TELKOMSEL}/a1"})),
    (CallStep(TELKOMSEL, CallAction.HANGUP, 6), Questions(call_ids={6})),
    (
        CallStep(TELKOMSEL, CallAction.ANSWER, 6, "a1"),
        Questions(call_ids={6}, refs={f"answer {TELKOMSEL}/a1"}),
    ),
    (RingLapsed(6), Questions(call_ids={6})),
    (DataOpen(TELKOMSEL, "a1"), Questions(msisdns={TELKOMSEL}, refs={f"open {TELKOMSEL}/a1"})),
    (DataClose(TELKOMSEL, "a1"), Questions(msisdns={TELKOMSEL}, refs={f"close {TELKOMSEL}/a1"})),
    (
        Ussd(TELKOMSEL, "*444#", "a1"),
        Questions(msisdns={TELKOMSEL}, refs={f"ussd {TELKOMSEL}/a1"}),
    ),
    (Presence(TELKOMSEL, True), Questions(msisdns={TELKOMSEL}, pending_of={TELKOMSEL})),
    (StageDue(TELKOMSEL, 1), Questions(msisdns={TELKOMSEL}, pending_of={TELKOMSEL})),
    (VerdictDue(TELKOMSEL, 1), Questions(msisdns={TELKOMSEL}, askers={TELKOMSEL})),
    (
        RegistrationTold(TELKOMSEL, OutcomeKind.REGISTERED, "app", SITI.nik, SITI.kk),
        Questions(msisdns={TELKOMSEL}, niks={NIK}),
    ),
    (
        RegistrationTold(TELKOMSEL, OutcomeKind.BAD_FORMAT, "app"),
        Questions(msisdns={TELKOMSEL}),
    ),
    (
        OutletRegisters(TELKOMSEL, "G-1", Papers(SITI.nik, SITI.kk)),
        Questions(msisdns={TELKOMSEL}, niks={NIK}),
    ),
    (OutletRegisters(TELKOMSEL, "G-1", JANE), Questions(msisdns={TELKOMSEL})),
    (
        DatesSet(TELKOMSEL, 1, 2),
        Questions(msisdns={TELKOMSEL}, pending_of={TELKOMSEL}),
    ),
    (
        Remind(TELKOMSEL, "weekly", 1),
        Questions(msisdns={TELKOMSEL}, pending_of={TELKOMSEL}),
    ),
    (ClockSet(1, 1.0), Questions()),
    (FaultsSet("none", (), 1), Questions()),
    (PipelineAsked("xl", 17591), Questions()),
    (CampaignBegan(ROUND), Questions()),
    (CampaignEnded(ROUND), Questions()),
    (
        SubscribersRestored("clean", (), (TELKOMSEL,)),
        Questions(msisdns={TELKOMSEL}, pending_of={TELKOMSEL}),
    ),
    (SubscribersImported((ROW,)), Questions(msisdns={TELKOMSEL})),
    (SubscribersImported((ROW,), True), Questions(msisdns={TELKOMSEL}, pending_of={TELKOMSEL})),
]


def test_there_is_a_row_for_every_event() -> None:
    assert {type(event) for event, _ in ASKED} == set(get_args(Event))


@pytest.mark.parametrize(("event", "asked"), ASKED)
def test_what_is_asked(event: Event, asked: Questions) -> None:
    assert questions([event], RULES).questions == asked


def test_a_batch_s_questions_are_asked_together() -> None:
    asked = questions([event for event, _ in ASKED], RULES).questions
    assert asked.msisdns == {TELKOMSEL, INDOSAT, "777"}
    assert asked.message_ids == {1, 2, 3, 4, 5, 9}
    assert asked.call_ids == {6}


def test_texts_to_the_desk_are_read_once() -> None:
    events: list[Event] = [
        sms(TELKOMSEL, "4444", registration(SITI)),
        sms(TELKOMSEL, INDOSAT, registration(SITI)),
        ClockSet(1, 1.0),
        sms(TELKOMSEL, "4444", "halo"),
    ]
    kinds = [type(parsed) for parsed in questions(events, RULES).parsed]
    assert kinds == [Register, type(None), type(None), Unparsed]


@pytest.mark.parametrize(("event", "_asked"), ASKED)
def test_every_event_is_decided_of_nothing_known(event: Event, _asked: Questions) -> None:
    decisions = decide(questions([event], RULES), Facts(1), wib("2018-02-26 08:00"), RULES)
    assert len(decisions) == 1
    assert decisions[0].why


def test_setting_the_clock_is_journalled() -> None:
    decision = Network().one(ClockSet(wib("2018-03-05 00:00"), 60.0))
    assert decision.answer == NOTED
    assert decision.why == "the clock was set to 2018-03-05T00:00:00+07:00, speed 60"
    assert decision.changes == ()


def test_setting_faults_is_journalled() -> None:
    decision = Network().one(FaultsSet("lost-receipts added", (), 1))
    assert decision.answer == NOTED
    assert decision.why == "faults on purpose: lost-receipts added"
    assert decision.changes == ()


def test_each_decision_sees_those_before_it() -> None:
    network = Network()
    first = network.state.next_id
    decisions = network.batch(
        Presence(INDOSAT, True),
        sms(TELKOMSEL, INDOSAT),
        Acknowledged(INDOSAT, (first,)),
        Presence(INDOSAT, False),
        mt(INDOSAT, esme()),
    )
    assert stored(decisions[1])[0].state is MessageState.ENROUTE
    assert decisions[2].why == f"{INDOSAT} acknowledged: {first}"
    assert stored(decisions[4])[0].state is MessageState.ENROUTE
    assert [one.id for one in network.state.pending.values()] == [first + 1]


def test_the_registration_code_is_configured() -> None:
    network = Network(registration_code="4445")
    decision = network.one(sms(TELKOMSEL, "4445", registration(SITI)))
    assert stored(decision)[1].source == "4445"
    other = network.one(MoSms(TELKOMSEL, "4444", "halo", esme()))
    assert "4444 is neither" in other.why
