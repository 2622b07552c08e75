"""Every event survives the journal, under a tag of its own."""

from typing import get_args

import msgspec
import pytest

from gateway.core.chance import Percentiles
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
    Esme,
    Event,
    FaultsSet,
    ImportRow,
    Lapsed,
    MoSms,
    MtSms,
    MultiSms,
    OutletRegisters,
    Phone,
    PipelineAsked,
    Presence,
    Query,
    Refused,
    RegistrationTold,
    Remind,
    Replace,
    RingLapsed,
    SmeAddress,
    StageDue,
    SubscribersImported,
    SubscribersRestored,
    Ussd,
    VerdictDue,
    ref_of,
)
from gateway.core.faults import DelayReceipt, FaultRule, RefuseBind
from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.origin import Body, Part, PartKey
from gateway.core.outlets import Document, Foreigner, Papers
from gateway.core.programme import Campaign, Target
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.subscriber import Status, Subscriber

A, B = Msisdn("6281210000001"), Msisdn("6281410000001")
VIA = Esme("a2p", 3, SmeAddress(5, 0, "BANK"), SmeAddress(1, 1, "+" + A), 1, 60_000)

PART = Part(PartKey("a2p", "BANK", A, "8 bits", 300, 2), 1)

JANE = Foreigner(Document.KITAS, "2C1", "AU", "Jane Doe", "Perth", "1990-05-17")
EVENTS: list[Event] = [
    MoSms(A, "4444", "REG 3201060401139001#3201060401130027#", Phone("a1")),
    MoSms(A, B, 'Baris satu\nbaris "dua" \u20ac \U0001f600 \x00', VIA),
    MtSms("BANK", A, "", VIA),
    MtSms("BANK", A, "p", VIA, Body(4, 0x40, 1, b"\0", b"\xff", ((5, b"x"),)), PART, 7, 8),
    MultiSms("BANK", ((A, SmeAddress(1, 1, A)), (B, SmeAddress(2, 1, "0814"))), "halo", VIA),
    Query("a2p", 7, "BANK"),
    Cancel("a2p", 0, "BANK", A, "CMT"),
    Replace("a2p", 7, "BANK", "baru", 1, 60_000, 9),
    Acknowledged(A, (1, 2)),
    Refused("a2p", 3, 0x400),
    Lapsed((4, 5)),
    Dial(A, "112", "c1"),
    CallStep(A, CallAction.ANSWER, 7),
    RingLapsed(7),
    DataOpen(A, "d1"),
    DataClose(A, "d2"),
    Ussd(A, "*444#", "u1"),
    Presence(A, True),
    StageDue(A, 1_519_837_200_000),
    VerdictDue(A, 1_519_837_200_000),
    RegistrationTold(
        A, OutcomeKind.REGISTERED, "regapp", Nik("3201060401139001"), Kk("3201060401130027")
    ),
    OutletRegisters(A, "G-1", Papers(Nik("3201060401139001"), Kk("3201060401130027"))),
    OutletRegisters(
        A,
        "G-1",
        JANE,
    ),
    DatesSet(A, 1_519_837_200_000),
    Remind(A, "weekly", 1),
    PipelineAsked("xl", 17591),
    CampaignBegan(Campaign("weekly", "xl", Target.UNVALIDATED, 2.5, 7, 5)),
    CampaignEnded(Campaign("weekly", "", Target.UNREGISTERED, 2.5, 7, 5, True, 7, 9, 3, 2, 1)),
    ClockSet(1_519_837_200_000, 2.5),
    FaultsSet(
        "two added",
        (
            FaultRule(name="a", fault=RefuseBind(13), account="qa*", probability=0.5),
            FaultRule(name="b", fault=DelayReceipt(Percentiles(((50, 1000), (99, 2e3))))),
        ),
        4444,
    ),
    SubscribersRestored("clean", (Subscriber(A, "xl", Status.NEW, 7),), (B,)),
    SubscribersImported(
        (
            ImportRow(A, Status.UNREGISTERED, 7),
            ImportRow(B, Status.REGISTERED, None, 8, 9, Nik("3" * 16), Kk("4" * 16)),
            ImportRow(B, Status.REGISTERED, expires_at=5, outlet="A-1", foreigner=JANE),
        ),
        update=True,
    ),
]


def test_there_is_an_example_of_every_event() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(Event))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_survives_the_journal(event: Event) -> None:
    written = msgspec.json.encode(event)
    assert msgspec.json.decode(written, type=Event) == event


def test_tags_differ() -> None:
    tags = [msgspec.json.decode(msgspec.json.encode(event))["type"] for event in EVENTS]
    assert len(set(tags)) == len(get_args(Event))


@pytest.mark.parametrize(
    ("event", "ref"),
    [
        (MoSms(A, "4444", "halo", Phone("r")), f"sms {A}/r"),
        (MoSms(A, "4444", "halo", VIA), None),
        (Dial(A, "112", "r"), f"dial {A}/r"),
        (CallStep(A, CallAction.HANGUP, 1, "r"), f"hangup {A}/r"),
        (CallStep(A, CallAction.HANGUP, 1), None),
        (DataOpen(A, "r"), f"open {A}/r"),
        (DataClose(A, "r"), f"close {A}/r"),
        (Presence(A, True), None),
    ],
)
def test_a_phones_request_is_named_by_kind_number_and_reference(
    event: Event, ref: str | None
) -> None:
    assert ref_of(event) == ref
