"""The registry for an operator's own pipeline: people, quota, outages, faults."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.ageing import wib_day
from gateway.core.chance import Fixed
from gateway.core.events import PipelineAsked
from gateway.core.fault_aim import Tally, arm
from gateway.core.faults import BusyDesk, Fault, FaultRule, LateVerdict, LostSuccess, SilentDesk
from gateway.core.ledger import Rules
from gateway.core.numbers import Kk, Nik
from gateway.core.registration.citizens import Verdict
from gateway.core.registration.profiles import DEFAULT_PROFILES
from gateway.core.registration.records import Person, Records, Standing
from gateway.core.registry_stub import Checked, NoAnswer, RegistryStub, Trouble, Use
from tests.gateway.core.network import BUDI, REGISTRY, RULES, SITI, Network, wib

TELKOMSEL, INDOSAT = DEFAULT_PROFILES[:2]
NOW = wib("2018-02-28 23:00")


class Asking:
    """Asks one stub; time and rules may be changed in between."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.stub = RegistryStub()
        self.rules = rules
        self.now = NOW
        self.tally: Tally = {}
        self.profile = TELKOMSEL

    def about(self, nik: Nik = SITI.nik, kk: Kk = SITI.kk) -> Checked | NoAnswer:
        return self.stub.verify(nik, kk, self.profile, self.now, self.rules, self.tally)


def faulty(fault: Fault, source: str = "", destination: str = "") -> Asking:
    rule = FaultRule(name="it", fault=fault, source=source, destination=destination)
    return Asking(structs.replace(RULES, faults=arm((rule,), 1)))


def trouble(answer: Checked | NoAnswer) -> Trouble:
    assert isinstance(answer, NoAnswer)
    return answer.trouble


def test_a_match_says_who_it_is() -> None:
    assert Asking().about() == Checked(Verdict.MATCH, SITI, None)


@pytest.mark.parametrize(
    ("nik", "kk", "verdict"),
    [
        (SITI.nik, BUDI.kk, Verdict.KK_MISMATCH),
        (REGISTRY.unknown_nik(SITI), SITI.kk, Verdict.NIK_UNKNOWN),
    ],
)
def test_a_failure_says_nothing_more(nik: Nik, kk: Kk, verdict: Verdict) -> None:
    assert Asking().about(nik, kk) == Checked(verdict, None, None)


def test_troubles_of_people_are_the_desks_own() -> None:
    stranger = Nik("9999019001019001")
    people = {
        SITI.nik.digits: Person(Standing.BLOCKED),
        stranger.digits: Person(Standing.SOUND, SITI.kk),
    }
    asking = Asking(structs.replace(RULES, records=Records(REGISTRY, people=people)))
    assert asking.about() == Checked(Verdict.NIK_BLOCKED, None, None)
    assert asking.about(stranger) == Checked(Verdict.MATCH, None, None)


def test_the_quota_is_the_operators_own_and_begins_anew_at_midnight() -> None:
    asking = Asking()
    asking.profile = structs.replace(TELKOMSEL, daily_quota=2)
    assert [asking.about(), asking.about()] == [
        Checked(Verdict.MATCH, SITI, 1),
        Checked(Verdict.MATCH, SITI, 0),
    ]
    why = "the quota of 2 a day is used up for telkomsel"
    assert asking.about() == NoAnswer(Trouble.QUOTA, why, 3_600)
    asking.profile = INDOSAT
    assert asking.about() == Checked(Verdict.MATCH, SITI, None)
    asking.profile = structs.replace(TELKOMSEL, daily_quota=2)
    asking.now += 3_600_000
    assert asking.about() == Checked(Verdict.MATCH, SITI, 1)
    assert asking.stub.uses["telkomsel"] == Use(day=17591, today=1, asked=3, matched=3)


def test_in_an_outage_nobody_is_answered() -> None:
    rules = structs.replace(RULES, outages=((NOW - 1, NOW + 1_500), (NOW + 9_000, NOW + 10_000)))
    asking = Asking(rules)
    assert asking.about() == NoAnswer(Trouble.OUTAGE, "the registry is out", 2)
    asking.now += 1_500
    assert isinstance(asking.about(), Checked)


def test_lost_successes_are_counted_all_the_same() -> None:
    asking = Asking(structs.replace(RULES, lost_success=0.25))
    answers = [asking.about() for _ in range(400)]
    lost = sum(isinstance(answer, NoAnswer) for answer in answers)
    assert lost == pytest.approx(100, abs=25)
    use = asking.stub.uses["telkomsel"]
    assert (use.asked, use.matched, use.lost) == (400, 400, lost)
    assert isinstance(asking.about(SITI.nik, BUDI.kk), Checked)


@pytest.mark.parametrize(
    ("fault", "on_match", "on_failure"),
    [
        (BusyDesk(), Trouble.BUSY, Trouble.BUSY),
        (SilentDesk(), Trouble.LOST, Trouble.LOST),
        (LostSuccess(), Trouble.LOST, None),
    ],
)
def test_faults_of_the_desk_strike_here(
    fault: Fault, on_match: Trouble, on_failure: Trouble | None
) -> None:
    asking = faulty(fault)
    assert trouble(asking.about()) is on_match
    failed = asking.about(SITI.nik, BUDI.kk)
    assert (failed.trouble if isinstance(failed, NoAnswer) else None) is on_failure


def test_an_answer_may_be_late() -> None:
    answer = faulty(LateVerdict(Fixed(250)), destination="registry").about()
    assert answer == Checked(Verdict.MATCH, SITI, None, late_ms=250)


@pytest.mark.parametrize(("source", "destination"), [("indosat", ""), ("", "4444")])
def test_a_rule_that_is_aimed_elsewhere_does_not_strike(source: str, destination: str) -> None:
    assert isinstance(faulty(BusyDesk(), source, destination).about(), Checked)


def test_what_was_asked_before_a_restart_counts_for_the_quota() -> None:
    network = Network()
    day = wib_day(NOW)
    for _ in range(2):
        why = network.one(PipelineAsked("telkomsel", day)).why
    assert why == "the pipeline of telkomsel asked the civil registry"
    asking = Asking()
    asking.profile = structs.replace(TELKOMSEL, daily_quota=3)
    asking.stub.recall(network.state.registry_use | {"telkomsel": (day, 3)})
    assert asking.about() == Checked(Verdict.MATCH, SITI, 0)
    asking.stub.recall(network.state.registry_use)
    assert isinstance(asking.about(), NoAnswer)
