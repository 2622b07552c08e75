"""The desk goes wrong on purpose: each kind, where it acts, and whom it meets."""

from __future__ import annotations

import pytest

from gateway.core.chance import Fixed
from gateway.core.decision import Accepted, Decision, Judged, MessageKind
from gateway.core.fault_aim import arm
from gateway.core.faults import BusyDesk, Fault, FaultRule, LateVerdict, LostSuccess, SilentDesk
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.subscriber import Status
from tests.gateway.core.network import (
    BUDI,
    OTHER,
    REGISTRY,
    SITI,
    TELKOMSEL,
    Network,
    registration,
    role_a,
    sms,
    stored,
)

KIND = OutcomeKind
HOUR = 3_600_000


def broken(fault: Fault, account: str = "", source: str = "", text: str = "") -> Network:
    rule = FaultRule(name="it", fault=fault, account=account, source=source, text=text)
    return Network(faults=arm((rule,), 1))


def replies(decision: Decision) -> list[str]:
    return [one.text for one in stored(decision) if one.kind is MessageKind.REPLY]


def judged(decision: Decision) -> list[OutcomeKind]:
    return [change.kind for change in decision.changes if type(change) is Judged]


@pytest.mark.parametrize("text", [registration(SITI), "halo", "STATUS"])
def test_a_busy_desk_looks_at_nothing(text: str) -> None:
    network = broken(BusyDesk())
    decision = network.one(sms(TELKOMSEL, "4444", text))
    assert type(decision.answer) is Accepted
    assert replies(decision)[0].startswith("Maaf, sistem sedang sibuk.")
    assert judged(decision) == [KIND.BUSY]
    assert network.subscriber(TELKOMSEL).status is Status.UNREGISTERED


def test_a_silent_desk_does_what_it_is_asked() -> None:
    network = broken(SilentDesk())
    decision = network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert replies(decision) == []
    assert decision.why.endswith("; the reply is lost")
    assert network.subscriber(TELKOMSEL).status is Status.REGISTERED


def test_a_late_verdict_is_thanked_for_and_comes_later() -> None:
    network = broken(LateVerdict(Fixed(HOUR)))
    assert replies(network.one(sms(TELKOMSEL, "4444", registration(SITI))))[0].startswith("Terima")
    network.now += HOUR
    assert judged(network.catch_up()[0]) == [KIND.REGISTERED]


def test_both_replies_of_a_late_verdict_can_be_lost() -> None:
    rules = (
        FaultRule(name="late", fault=LateVerdict(Fixed(HOUR))),
        FaultRule(name="silent", fault=SilentDesk()),
    )
    network = Network(faults=arm(rules, 1))
    assert replies(network.one(sms(TELKOMSEL, "4444", registration(SITI)))) == []
    network.now += HOUR
    (verdict,) = network.catch_up()
    assert replies(verdict) == []
    assert verdict.why.endswith("; the reply is lost")
    assert network.subscriber(TELKOMSEL).status is Status.REGISTERED


def test_a_lost_success_leaves_a_ghost_and_a_failure_is_never_lost() -> None:
    network = broken(LostSuccess())
    assert judged(network.one(sms(TELKOMSEL, "4444", registration(SITI)))) == [KIND.LOST]
    assert network.subscriber(TELKOMSEL).ghosts == 1
    wrong = f"ULANG {SITI.nik.digits}#{REGISTRY.wrong_kk(SITI).digits}#"
    assert judged(network.one(sms(OTHER, "4444", wrong))) == [KIND.KK_MISMATCH]


@pytest.mark.parametrize(
    ("rule", "struck"),
    [
        ({"source": "081210000001"}, True),
        ({"source": "0857*"}, False),
        ({"account": "qa"}, True),
        ({"account": "a2p"}, False),
        ({"text": "^REG"}, True),
        ({"text": "^ULANG"}, False),
    ],
)
def test_a_rule_meets_whom_it_is_aimed_at(rule: dict[str, str], struck: bool) -> None:
    network = broken(BusyDesk(), **rule)
    decision = network.one(role_a(registration(BUDI)))
    assert judged(decision) == [KIND.BUSY if struck else KIND.REGISTERED]


def test_each_kind_is_counted_where_it_would_act() -> None:
    rules = (
        FaultRule(name="lost", fault=LostSuccess(), limit=1, skip=9),
        FaultRule(name="silent", fault=SilentDesk(), skip=9),
    )
    network = Network(faults=arm(rules, 1))
    network.one(sms(TELKOMSEL, "4444", "halo"))
    network.one(sms(TELKOMSEL, "4444", registration(SITI), ref="a2"))
    assert {name: count.met for name, count in network.tally.items()} == {"lost": 1, "silent": 2}
