"""Random happenings in a small network: few numbers, few people, so that they meet."""

from __future__ import annotations

from hypothesis import strategies as st
from msgspec import structs

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
    Dial,
    Esme,
    Event,
    Lapsed,
    MoSms,
    MtSms,
    MultiSms,
    Phone,
    Presence,
    Query,
    Refused,
    Replace,
    RingLapsed,
    SmeAddress,
)
from gateway.core.numbers import Msisdn
from gateway.core.origin import MessagingMode, Part, PartKey
from gateway.core.programme import Campaign, Remind, Target
from tests.gateway.core.network import BUDI, REGISTRY, SITI, registration, wib

# Five of one operator, so that the limit of three on one NIK is met.
NUMBERS = [
    *(Msisdn(f"628121000000{last}") for last in range(5)),
    Msisdn("6281410000001"),
    Msisdn("6281710000001"),
]
TEXTS = [
    registration(SITI),
    registration(SITI),
    registration(BUDI),
    f"ULANG {SITI.nik.digits}#{REGISTRY.wrong_kk(SITI).digits}#",
    f"ULANG#{REGISTRY.unknown_nik(SITI).digits}#{SITI.kk.digits}#",
    "REG",
    "INFO",
    "YA",
    f"INFO#{SITI.nik.digits}",
    f"UNREG#{SITI.nik.digits}#",
    "halo \u20ac",
    "",
]
ACCOUNTS = ["qa", "a2p"]
SOURCES = ["BANK", "4444"]
SERVED = {"2000": "qa", "6281210000002": "a2p"}
"""Who has which destination: a code, and by its address_range a number."""
TIMES = [0, 0, 0, 0, 0, *(wib(f"2018-{day} 12:00") for day in ("02-27", "03-05", "05-01"))]

numbers = st.sampled_from(NUMBERS)
refs = st.sampled_from(["r1", "r2", "r3", "r4", "r5", "r6"])
ids = st.integers(1, 40)
esmes = st.builds(
    Esme,
    account=st.sampled_from(ACCOUNTS),
    session=st.integers(1, 2),
    source=st.just(SmeAddress(5, 0, "BANK")),
    destination=st.just(SmeAddress(1, 1, NUMBERS[0])),
    registered_delivery=st.sampled_from([0, 1, 2, 3, 0x10, 0x11]),
    validity=st.sampled_from([0, 0, 60_000]),
    not_before=st.sampled_from(TIMES),
    priority=st.sampled_from([0, 0, 3]),
    service_type=st.sampled_from(["", "", "VMN"]),
    replaces=st.sampled_from([False, False, True]),
    set_dpf=st.booleans(),
    mode=st.sampled_from([MessagingMode.STORE_AND_FORWARD] * 3 + [MessagingMode.DATAGRAM]),
)
to_4444 = st.builds(
    MoSms,
    sender=numbers,
    to=st.just("4444"),
    text=st.sampled_from(TEXTS),
    via=st.builds(Phone, refs) | esmes,
)
between = st.builds(
    MoSms,
    sender=numbers,
    to=numbers | st.sampled_from(["112", "777", "2000"]),
    text=st.just("Halo"),
    via=st.builds(Phone, refs) | esmes,
)
from_esmes = st.builds(
    MtSms,
    source=st.sampled_from(SOURCES),
    to=numbers | st.just("2000"),
    text=st.just("Promo"),
    via=esmes,
)
written = st.builds(SmeAddress, st.just(1), st.just(1), numbers)
to_several = st.builds(
    MultiSms,
    source=st.sampled_from(SOURCES),
    to=st.lists(
        st.tuples(numbers | st.sampled_from(["777", "2000"]), written), min_size=1, max_size=3
    ).map(tuple),
    text=st.just("Promo"),
    via=esmes,
) | st.builds(
    MultiSms,
    source=st.sampled_from(NUMBERS[:3]),
    to=st.lists(
        st.tuples(st.sampled_from([*NUMBERS[:2], "2000", "4444"]), written), min_size=1, max_size=3
    ).map(tuple),
    text=st.just("Halo"),
    via=esmes,
    part=st.none()
    | st.builds(
        lambda account, source, number: Part(PartKey(account, source, "", "sar", 1, 2), number),
        st.sampled_from(ACCOUNTS),
        st.sampled_from(NUMBERS[:3]),
        st.integers(1, 2),
    ),
    by_handset=st.just(True),
)


def part_of(event: MoSms | MtSms, reference: int, total: int, number: int) -> MoSms | MtSms:
    """Make a message one part of a long one; what registers is cut in two."""
    assert isinstance(event.via, Esme)
    source = event.sender if isinstance(event, MoSms) else event.source
    key = PartKey(event.via.account, source, event.to, "sar", reference, total)
    half = len(event.text) // 2
    text = event.text[:half] if number == 1 else event.text[half:]
    return structs.replace(event, text=text, part=Part(key, number))


by_esmes = st.builds(
    MoSms,
    sender=st.sampled_from(NUMBERS[:2]),
    to=st.sampled_from(["4444", "4444", *NUMBERS[:2], "2000"]),
    text=st.sampled_from(TEXTS[:3]),
    via=esmes,
) | st.builds(
    MtSms,
    source=st.just("BANK"),
    to=st.sampled_from([*NUMBERS[:2], "2000"]),
    text=st.just("Promo besar"),
    via=esmes,
)
parts = st.tuples(st.integers(1, 2), st.sampled_from([(2, 1), (2, 2), (2, 2), (3, 1), (3, 3)]))
of_long = st.builds(lambda event, part: part_of(event, part[0], *part[1]), by_esmes, parts)
asked_from = st.sampled_from([*SOURCES, *NUMBERS[:2]])
orders = (
    st.builds(Query, st.sampled_from(ACCOUNTS), ids, asked_from)
    | st.builds(Cancel, st.sampled_from(ACCOUNTS), ids, asked_from, st.just(""), st.just(""))
    | st.builds(
        Cancel,
        st.sampled_from(ACCOUNTS),
        st.just(0),
        asked_from,
        numbers | st.just("2000"),
        st.sampled_from(["", "VMN"]),
    )
    | st.builds(
        Replace,
        st.sampled_from(ACCOUNTS),
        ids,
        asked_from,
        st.sampled_from(["Baru", registration(BUDI)]),
        st.sampled_from([0, 1, 2, 3]),
        st.sampled_from([0, 60_000]),
        st.sampled_from(TIMES),
    )
)
ends = (
    st.builds(Acknowledged, numbers | st.sampled_from(ACCOUNTS), st.tuples(ids, ids))
    | st.builds(Refused, st.sampled_from(ACCOUNTS), ids, st.just(8))
    | st.builds(Lapsed, st.tuples(ids))
)
calls = (
    st.builds(Dial, numbers, numbers | st.just("112"), refs)
    | st.builds(CallStep, numbers, st.sampled_from(CallAction), ids)
    | st.builds(RingLapsed, ids)
)
phones = (
    st.builds(Presence, numbers, st.sampled_from([True, True, False]))
    | st.builds(DataOpen, numbers, refs)
    | st.builds(DataClose, numbers, refs)
)
_round = st.builds(
    Campaign,
    name=st.sampled_from(["weekly", "xl"]),
    operator=st.sampled_from(["", "xl"]),
    target=st.sampled_from(Target),
    per_second=st.just(10.0),
    began_at=st.just(1),
    since=st.just(1),
)
campaigns = (
    st.builds(CampaignBegan, _round)
    | st.builds(CampaignEnded, _round.map(lambda one: structs.replace(one, ended_at=2, sent=1)))
    | st.builds(Remind, numbers, st.just("weekly"), st.just(1), st.sampled_from(Target))
)
clocks = st.builds(ClockSet, st.just(wib("2018-03-05 00:00")), st.just(1.0))
events: st.SearchStrategy[Event] = st.one_of(
    phones,
    to_4444,
    between,
    from_esmes,
    ends,
    calls,
    phones,
    campaigns,
    clocks,
    of_long,
    of_long,
    to_several,
    orders,
    orders,
)
"""Anything that can happen, but for stages: those fall due by the calendar."""

batches = st.lists(events, min_size=1, max_size=8)

# Days that pass before a batch; together they reach past the last stage.
days_passed = st.sampled_from([0.0, 0.0, 0.0, 0.001, 1.0, 3.0, 20.0, 40.0])
at_random = st.lists(st.tuples(days_passed, batches), min_size=1, max_size=12)

# ---- one ESME that sends to few and orders about what it sent

_ON, _OFF, _NUMBER = NUMBERS[0], NUMBERS[1], NUMBERS[5]
_few_ids = st.integers(1, 12)
_to_few = st.sampled_from([_ON, _OFF, _OFF, _NUMBER, "2000"])
_of_a2p = esmes.map(
    lambda via: structs.replace(
        via, account="a2p", replaces=via.replaces and via.session == 1, service_type=""
    )
)
_mt = st.builds(MtSms, st.just("BANK"), _to_few, st.sampled_from(["Promo", "Promo besar"]), _of_a2p)
_mo = st.builds(MoSms, st.just(_ON), _to_few | st.just("4444"), st.sampled_from(TEXTS[:3]), _of_a2p)
_places = st.tuples(st.integers(1, 2), st.sampled_from([(2, 1), (2, 2)]))
_part = st.builds(lambda event, part: part_of(event, part[0], *part[1]), _mt | _mo, _places)
_from = st.sampled_from(["BANK", "BANK", _ON])
_order = (
    st.builds(Query, st.just("a2p"), _few_ids, _from)
    | st.builds(Cancel, st.just("a2p"), _few_ids, _from, st.just(""), st.just(""))
    | st.builds(Cancel, st.just("a2p"), st.just(0), _from, _to_few, st.just(""))
    | st.builds(
        Replace,
        st.just("a2p"),
        _few_ids,
        _from,
        st.sampled_from(["Baru", registration(BUDI)]),
        st.sampled_from([0, 1, 2]),
        st.sampled_from([0, 60_000]),
        st.sampled_from(TIMES),
    )
)
_end = (
    st.builds(Acknowledged, st.sampled_from([_ON, _OFF, "a2p", "qa"]), st.tuples(_few_ids))
    | st.builds(Lapsed, st.tuples(_few_ids, _few_ids))
    | st.builds(Presence, st.sampled_from([_ON, _OFF]), st.booleans())
)
_dense = st.lists(
    st.one_of(_mt, _mo, _part, _part, _part, _order, _order, _end), min_size=1, max_size=6
)
_first: list[Event] = [
    Presence(_ON, True),
    Presence(_OFF, True),
    Presence(_OFF, False),
]
_few_days = st.sampled_from([0.0, 0.0, 0.0, 0.0, 0.001, 0.01, 1.0, 20.0])
of_one_esme = st.lists(st.tuples(_few_days, _dense), min_size=1, max_size=8).map(
    lambda story: [(0.0, _first), *story]
)
batches = batches | _dense
stories = at_random | of_one_esme
"""Batches, each after some days; what falls due is decided in between."""
