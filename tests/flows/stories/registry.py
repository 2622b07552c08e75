"""The civil registry: people in trouble, its own overload, answers that are lost."""

from __future__ import annotations

from msgspec import structs

from gateway.core.chance import Fixed
from gateway.core.fault_aim import arm
from gateway.core.faults import BusyDesk, FaultRule, LateVerdict, LostSuccess, SilentDesk
from gateway.core.numbers import Msisdn
from gateway.core.registration.profiles import index_profiles
from gateway.core.registration.records import Person as Record
from gateway.core.registration.records import Records, Standing, renewed
from tests.flows.steps import At, Look, Note, On, Person, Sms, Story, Wait
from tests.flows.stories.people import CITIZENS, PROFILES, ulang
from tests.gateway.core.network import REGISTRY, RULES, wib

MOVED, BLOCKED, TWICE, LATE, OTHER = CITIZENS[:5]
SIMS = [Person(f"SIM {number}", Msisdn(f"628121000010{number}")) for number in range(1, 6)]
CHILD = next(one for one in REGISTRY.citizens(900, 10) if one.birth_date > "2001")
RECORDS = Records(
    REGISTRY,
    people={
        MOVED.nik.digits: Record(Standing.KK_CHANGED, renewed(MOVED.kk)),
        BLOCKED.nik.digits: Record(Standing.BLOCKED),
        TWICE.nik.digits: Record(Standing.DUPLICATE),
        LATE.nik.digits: Record(Standing.UNSYNCHRONISED, None, wib("2018-03-13 00:00")),
    },
)

TROUBLES = Story(
    name="registry-troubles",
    title="What the civil registry says to people with valid papers",
    given="Five people with papers that look right. One has a new family card, one is blocked, "
    "one is in the registry twice, one not synchronised before 13 March; one is a child.",
    rules=structs.replace(RULES, records=RECORDS),
    steps=(
        On(SIMS[0]),
        Note("The KK number changes when a family moves: the old card fails, the new one works."),
        Sms(SIMS[0], "4444", ulang(MOVED)),
        Sms(SIMS[0], "4444", f"ULANG {MOVED.nik.digits}#{renewed(MOVED.kk).digits}#"),
        On(SIMS[1]),
        Sms(SIMS[1], "4444", ulang(BLOCKED)),
        On(SIMS[2]),
        Sms(SIMS[2], "4444", ulang(TWICE)),
        On(SIMS[3]),
        Sms(SIMS[3], "4444", ulang(LATE)),
        Note("A child has a NIK from birth, and registers with it and the family's card."),
        On(SIMS[4]),
        Sms(SIMS[4], "4444", ulang(CHILD)),
        At("2018-03-13 09:00"),
        Sms(SIMS[3], "4444", ulang(LATE)),
        Look(SIMS[3]),
    ),
)

SHORT = structs.replace(PROFILES["telkomsel"], daily_quota=2)
OVERLOADED = structs.replace(
    RULES,
    verdict_delay=Fixed(180_000),
    outages=((wib("2017-10-31 06:00"), wib("2017-10-31 12:00")),),
    profiles=index_profiles(
        (SHORT, *(one for name, one in PROFILES.items() if name != SHORT.name))
    ),
    faults=arm(
        (
            FaultRule(name="busy", fault=BusyDesk(), limit=1),
            FaultRule(name="late", fault=LateVerdict(Fixed(3 * 3_600_000)), source=SIMS[2].msisdn),
            FaultRule(name="lost", fault=LostSuccess(), source=SIMS[1].msisdn, limit=1),
            FaultRule(name="silent", fault=SilentDesk(), source=SIMS[2].msisdn),
        ),
        4444,
    ),
)

DAY_ONE = Story(
    name="day-one-overload",
    title="31 October 2017: the first day of the programme",
    given="The operators' desks could take 100 SMS a second, and five million came. Whoever sent "
    "at six heard at noon that it had failed; some got no reply at all, or a 'maaf'. Faults play "
    "that here: an outage of the registry, a busy desk, lost replies, a success that is lost on "
    "the way back, and a quota of two questions a day.",
    begins="2017-10-31 05:58",
    rules=OVERLOADED,
    steps=(
        Note("The first SMS of all is answered: too busy."),
        On(SIMS[0]),
        Sms(SIMS[0], "4444", ulang(OTHER)),
        At("2017-10-31 06:05"),
        Note("The registry is out. The desk thanks, and the verdict waits."),
        Sms(SIMS[0], "4444", ulang(OTHER)),
        On(SIMS[1]),
        Sms(SIMS[1], "4444", ulang(OTHER)),
        At("2017-10-31 12:00"),
        Note("One success came back. The other is a ghost: the registry counts the number, the "
        "operator does not, and nobody is told. In March 2018 there were 45.9 million of them."),
        Look(SIMS[1]),
        At("2017-10-31 13:00"),
        Note("So its owner sends again. But the registry has answered twice today."),
        Sms(SIMS[1], "4444", ulang(OTHER)),
        Wait(180),
        Note("And this one gets no reply at all, neither the thanks nor the verdict."),
        On(SIMS[2]),
        Sms(SIMS[2], "4444", ulang(OTHER)),
        At("2017-11-01 08:00"),
        Look(SIMS[2]),
        Note("On the next day all is quiet, for those who try again."),
        Sms(SIMS[1], "4444", ulang(OTHER)),
        Wait(180),
        Look(SIMS[1]),
    ),
)  # fmt: skip

CIVIL_REGISTRY = (TROUBLES, DAY_ONE)
