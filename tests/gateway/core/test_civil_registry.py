"""The registry's quota, its outages and lost answers, through the switch."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.chance import Fixed
from gateway.core.decision import Decision, Judged, MessageKind
from gateway.core.numbers import Msisdn
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.registration.profiles import DEFAULT_PROFILES, index_profiles
from gateway.core.registration.records import Person, Records, Standing
from gateway.core.subscriber import Status
from tests.gateway.core.network import (
    INDOSAT,
    REGISTRY,
    SITI,
    TELKOMSEL,
    Network,
    registration,
    sms,
    stored,
    wib,
)

KIND = OutcomeKind
SIMS = [Msisdn(f"6281210000{index:03}") for index in range(400)]
HOUR = 3_600_000


def replies(decision: Decision) -> list[str]:
    return [one.text for one in stored(decision) if one.kind is MessageKind.REPLY]


def judged(decision: Decision) -> list[OutcomeKind]:
    return [change.kind for change in decision.changes if type(change) is Judged]


# ---- quota


def with_quota(quota: int) -> Network:
    telkomsel = structs.replace(DEFAULT_PROFILES[0], daily_quota=quota)
    profiles = index_profiles((telkomsel, *DEFAULT_PROFILES[1:]))
    return Network(profiles=profiles, numbers_per_nik=0)


def test_the_registry_answers_an_operator_so_often_a_day() -> None:
    network = with_quota(3)
    decisions = network.batch(*(sms(sim, "4444", registration(SITI)) for sim in SIMS[:2]))
    decisions += [network.one(sms(sim, "4444", registration(SITI))) for sim in SIMS[2:4]]
    assert [judged(one) for one in decisions] == [[KIND.REGISTERED]] * 3 + [[KIND.BUSY]]
    assert replies(decisions[-1])[0].startswith("Maaf, sistem sedang sibuk.")
    assert "quota of 3 a day is used up for telkomsel" in decisions[-1].why
    assert network.subscriber(SIMS[3]).tries is None
    # Another operator has a quota of its own, here none.
    assert judged(network.one(sms(INDOSAT, "4444", registration(SITI)))) == [KIND.REGISTERED]
    assert network.state.registry_use == {"telkomsel": (17588, 3)}


def test_the_quota_begins_anew_at_midnight_in_western_indonesia() -> None:
    network = with_quota(1)
    moments = ("2018-02-26 23:58", "2018-02-26 23:59", "2018-02-27 00:00", "2018-02-27 00:01")
    kinds = [
        judged(network.at(moment).one(sms(sim, "4444", registration(SITI))))[0]
        for moment, sim in zip(moments, SIMS, strict=False)
    ]
    assert kinds == [KIND.REGISTERED, KIND.BUSY, KIND.REGISTERED, KIND.BUSY]


def test_what_the_registry_is_not_asked_uses_no_quota() -> None:
    network = with_quota(1)
    network.one(sms(TELKOMSEL, "4444", "halo"))
    network.one(sms(TELKOMSEL, "4444", registration(SITI), ref="a2"))
    network.one(sms(TELKOMSEL, "4444", registration(SITI), ref="a3"))
    assert network.state.registry_use["telkomsel"][1] == 1


# ---- outages

OUTAGE = ((wib("2018-02-26 06:00"), wib("2018-02-26 12:00")),)


def test_in_an_outage_the_verdict_comes_when_it_ends() -> None:
    network = Network(outages=OUTAGE)
    thanks = network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert replies(thanks)[0].startswith("Terima kasih telah melakukan registrasi.")
    network.at("2018-02-26 11:59")
    assert network.catch_up() == []
    network.at("2018-02-26 12:00")
    assert judged(network.catch_up()[0]) == [KIND.REGISTERED]
    at_once = network.one(sms(SIMS[0], "4444", registration(SITI)))
    assert judged(at_once) == [KIND.REGISTERED]


def test_a_verdict_that_would_fall_into_an_outage_waits_for_its_end() -> None:
    network = Network(at="2018-02-26 05:59", outages=OUTAGE, verdict_delay=Fixed(2 * 60_000))
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    pending = network.subscriber(TELKOMSEL).pending
    assert pending is not None
    assert pending.due_at == OUTAGE[0][1]


def test_an_outage_of_more_than_a_day_is_answered_at_once() -> None:
    long = ((wib("2018-02-26 06:00"), wib("2018-03-01 12:00")),)
    busy = Network(outages=long).one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert judged(busy) == [KIND.BUSY]
    assert busy.why.endswith("busy: the civil registry is out until 2018-03-01T12:00:00+07:00")


# ---- lost on the way back


def test_a_lost_success_leaves_a_ghost() -> None:
    network = Network(lost_success=1.0)
    lost = network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert replies(lost) == []
    assert judged(lost) == [KIND.LOST]
    assert "the registry counts it on NIK" in lost.why
    ghost = network.subscriber(TELKOMSEL)
    assert (ghost.status, ghost.nik, ghost.ghosts) == (Status.UNREGISTERED, None, 1)
    network.rules = structs.replace(network.rules, lost_success=0.0)
    network.one(sms(TELKOMSEL, "4444", registration(SITI), ref="a2"))
    again = network.subscriber(TELKOMSEL)
    assert (again.status, again.ghosts) == (Status.REGISTERED, 1)


def test_failures_are_never_lost() -> None:
    wrong = f"ULANG {SITI.nik.digits}#{REGISTRY.wrong_kk(SITI).digits}#"
    decision = Network(lost_success=1.0).one(sms(TELKOMSEL, "4444", wrong))
    assert judged(decision) == [KIND.KK_MISMATCH]


def test_people_who_send_until_it_works_make_the_amplification_of_2018() -> None:
    """Domain.md 5 [S118]: 1.34 questions for each number, with a quarter of the answers lost."""
    network = Network(lost_success=0.25, numbers_per_nik=0)
    waiting = list(SIMS)
    for attempt in range(20):
        for sim in waiting:
            network.one(sms(sim, "4444", registration(SITI), ref=f"try{attempt}"))
        waiting = [sim for sim in SIMS if not network.subscriber(sim).status.registered]
    assert waiting == []
    asked = network.state.registry_use["telkomsel"][1]
    assert asked == len(SIMS) + sum(network.subscriber(sim).ghosts for sim in SIMS)
    assert asked / len(SIMS) == pytest.approx(1.34, abs=0.06)


# ---- the people's troubles


@pytest.mark.parametrize(
    ("standing", "kind", "reply"),
    [
        (Standing.BLOCKED, KIND.NIK_BLOCKED, "Maaf, NIK Anda diblokir"),
        (Standing.DUPLICATE, KIND.NIK_DUPLICATE, "Maaf, NIK Anda tercatat ganda"),
        (Standing.UNSYNCHRONISED, KIND.NOT_SYNCHRONISED, "Data yang anda masukkan tidak sesuai"),
    ],
)
def test_a_trouble_is_told_and_counts_as_a_failure(
    standing: Standing, kind: OutcomeKind, reply: str
) -> None:
    records = Records(REGISTRY, people={SITI.nik.digits: Person(standing)})
    network = Network(records=records)
    decision = network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert judged(decision) == [kind]
    assert replies(decision)[0].startswith(reply)
    assert SITI.nik.digits not in decision.why
    tries = network.subscriber(TELKOMSEL).tries
    assert tries is not None
    assert tries.count == 1
