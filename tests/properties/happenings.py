"""Random happenings in a small network: few numbers, few people, so that they meet."""

from __future__ import annotations

from hypothesis import strategies as st

from gateway.core.events import (
    Acknowledged,
    CallAction,
    CallStep,
    ClockSet,
    DataClose,
    DataOpen,
    Dial,
    Esme,
    Event,
    Lapsed,
    MoSms,
    MtSms,
    Phone,
    Presence,
    Refused,
    RingLapsed,
    SmeAddress,
)
from gateway.core.numbers import Msisdn
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
    "halo \u20ac",
    "",
]
ACCOUNTS = ["qa", "a2p"]

numbers = st.sampled_from(NUMBERS)
refs = st.sampled_from(["r1", "r2", "r3", "r4", "r5", "r6"])
ids = st.integers(1, 40)
esmes = st.builds(
    Esme,
    account=st.sampled_from(ACCOUNTS),
    session=st.integers(1, 2),
    source=st.just(SmeAddress(5, 0, "BANK")),
    destination=st.just(SmeAddress(1, 1, NUMBERS[0])),
    registered_delivery=st.integers(0, 3),
    validity=st.sampled_from([0, 0, 60_000]),
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
    to=numbers | st.sampled_from(["112", "777"]),
    text=st.just("Halo"),
    via=st.builds(Phone, refs) | esmes,
)
from_esmes = st.builds(
    MtSms,
    source=st.sampled_from(["BANK", "4444"]),
    to=numbers,
    text=st.just("Promo"),
    via=esmes,
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
clocks = st.builds(ClockSet, st.just(wib("2018-03-05 00:00")), st.just(1.0))
events: st.SearchStrategy[Event] = st.one_of(
    phones, to_4444, between, from_esmes, ends, calls, phones, clocks
)
"""Anything that can happen, but for stages: those fall due by the calendar."""

batches = st.lists(events, min_size=1, max_size=8)

# Days that pass before a batch; together they reach past the last stage.
days_passed = st.sampled_from([0.0, 0.0, 0.0, 0.001, 1.0, 3.0, 20.0, 40.0])
stories = st.lists(st.tuples(days_passed, batches), min_size=1, max_size=12)
"""Batches, each after some days; what falls due is decided in between."""
