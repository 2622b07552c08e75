"""Two-step replies through the switch: thanks at once, the verdict when it falls due."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.chance import Fixed, LogNormal, Uniform
from gateway.core.decision import Accepted, Decision, Judged, MessageKind, MessageState, Receiver
from gateway.core.desk_verdicts import LONGEST_MS
from gateway.core.events import RegistrationTold, VerdictDue
from gateway.core.numbers import Msisdn
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.registration.profiles import DEFAULT_PROFILES, WhilePending, index_profiles
from gateway.core.subscriber import BlockStage, Status
from tests.gateway.core.network import (
    BUDI,
    OPEN_AT,
    OTHER,
    REGISTRY,
    SITI,
    TELKOMSEL,
    Network,
    registration,
    role_a,
    signals_out,
    sms,
    stored,
    wib,
)

MINUTE = 60_000


def delayed() -> Network:
    return Network(verdict_delay=Fixed(MINUTE))


def with_policy(policy: WhilePending) -> Network:
    telkomsel = structs.replace(DEFAULT_PROFILES[0], while_pending=policy)
    return Network(verdict_delay=Fixed(MINUTE), profiles=index_profiles((telkomsel,)))


def later(network: Network, ms: int = MINUTE) -> list[Decision]:
    network.now += ms
    return network.catch_up()


def replies(decision: Decision) -> list[str]:
    return [one.text for one in stored(decision) if one.kind is MessageKind.REPLY]


def judged(decision: Decision) -> list[OutcomeKind]:
    return [change.kind for change in decision.changes if type(change) is Judged]


def test_thanks_at_once_and_the_verdict_later() -> None:
    network = delayed().online(TELKOMSEL)
    thanks = network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert type(thanks.answer) is Accepted
    assert replies(thanks)[0].startswith("Terima kasih telah melakukan registrasi.")
    assert judged(thanks) == []
    assert network.subscriber(TELKOMSEL).status is Status.UNREGISTERED
    assert later(network, MINUTE - 1) == []

    (verdict,) = later(network, 1)
    assert replies(verdict)[0].startswith("Selamat, nomor 081210000001 berhasil diregistrasi")
    assert judged(verdict) == [OutcomeKind.REGISTERED]
    assert verdict.why.startswith("6281210000001 verdict on message 1: registered on NIK")
    assert len(signals_out(verdict.outgoing)) == 1
    now = network.subscriber(TELKOMSEL)
    assert (now.status, now.nik, now.pending) == (Status.REGISTERED, SITI.nik, None)
    assert now.registered_at == wib(OPEN_AT) + MINUTE
    assert later(network, 10 * MINUTE) == []


def test_a_verdict_may_be_a_failure_and_counts_as_one() -> None:
    network = delayed()
    text = f"ULANG {SITI.nik.digits}#{REGISTRY.wrong_kk(SITI).digits}#"
    network.one(sms(TELKOMSEL, "4444", text))
    (verdict,) = later(network)
    assert replies(verdict)[0].startswith("Maaf, data NO_KK yang Anda masukkan salah.")
    now = network.subscriber(TELKOMSEL)
    assert now.pending is None
    assert now.tries is not None
    assert now.tries.count == 1


def test_a_verdict_that_changes_nothing_else_still_ends_the_waiting() -> None:
    network = Network(verdict_delay=Fixed(MINUTE), numbers_per_nik=1)
    network.batch(
        sms(TELKOMSEL, "4444", registration(SITI)), sms(OTHER, "4444", registration(SITI))
    )
    first, second = later(network)
    assert judged(first) + judged(second) == [OutcomeKind.REGISTERED, OutcomeKind.OVER_LIMIT]
    assert network.subscriber(OTHER).pending is None
    assert network.state.numbers_per_nik == {(SITI.nik.digits, "telkomsel"): 1}


def test_what_the_desk_knows_by_itself_it_says_at_once() -> None:
    network = delayed()
    assert replies(network.one(sms(TELKOMSEL, "4444", "halo")))[0].startswith("Maaf, format")
    network.one(sms(TELKOMSEL, "4444", registration(SITI), ref="a2"))
    later(network)
    again = network.one(sms(TELKOMSEL, "4444", registration(SITI), ref="a3"))
    assert replies(again) == ["Nomor Anda sudah terdaftar."]


@pytest.mark.parametrize(
    ("policy", "reply", "registered"),
    [
        (WhilePending.IGNORE, [], SITI),
        (WhilePending.ANSWER, ["Registrasi nomor 081210000001 masih diproses."], SITI),
        (WhilePending.REPLACE, ["Terima kasih telah melakukan registrasi."], BUDI),
    ],
)
def test_who_sends_again_is_not_registered_twice(
    policy: WhilePending, reply: list[str], registered: object
) -> None:
    network = with_policy(policy)
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    network.now += MINUTE // 2
    again = network.one(sms(TELKOMSEL, "4444", registration(BUDI), ref="a2"))
    assert type(again.answer) is Accepted
    assert [text[: len(start)] for text, start in zip(replies(again), reply, strict=True)] == reply
    verdicts = later(network, 10 * MINUTE)
    assert [judged(verdict) for verdict in verdicts] == [[OutcomeKind.REGISTERED]]
    assert network.subscriber(TELKOMSEL).nik == (SITI if registered is SITI else BUDI).nik


def test_a_verdict_waits_also_when_the_delay_was_switched_off_meanwhile() -> None:
    network = delayed()
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    network.rules = structs.replace(network.rules, verdict_delay=None)
    again = network.one(sms(TELKOMSEL, "4444", registration(SITI), ref="a2"))
    assert "is pending" in again.why
    assert len(later(network)) == 1


def test_a_delay_of_nothing_is_one_reply() -> None:
    network = Network(verdict_delay=Uniform(0, 0))
    only = network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert replies(only)[0].startswith("Selamat")


def test_the_verdict_goes_to_the_esme_that_plays_the_phone() -> None:
    network = delayed()
    network.one(role_a(registration(SITI)))
    reply = stored(later(network)[0])[0]
    assert (reply.receiver, reply.account, reply.session) == (Receiver.ESME, "qa", 7)
    assert reply.state is MessageState.ENROUTE


def test_each_verdict_has_its_own_delay_from_the_seed_and_none_is_later_than_a_day() -> None:
    numbers = [Msisdn(f"62812100001{index:02}") for index in range(40)]

    def delays(seed: int) -> list[int]:
        network = Network(verdict_delay=LogNormal(3_600_000, 2.0), seed=seed, numbers_per_nik=0)
        for number in numbers:
            network.one(sms(number, "4444", registration(SITI)))
        waiting = [network.subscriber(number).pending for number in numbers]
        return [one.due_at - network.now for one in waiting if one is not None]

    first = delays(1)
    assert len(set(first)) > 30
    assert max(first) == LONGEST_MS
    assert delays(1) == first != delays(2)


def test_a_jump_of_the_calendar_judges_before_the_stages_that_come_after() -> None:
    network = delayed().online(TELKOMSEL)
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    network.at("2018-05-05 08:00")
    verdict = next(one for one in network.catch_up() if judged(one))
    assert judged(verdict) == [OutcomeKind.REGISTERED]
    assert network.subscriber(TELKOMSEL).announced is BlockStage.OPEN
    assert network.subscriber(TELKOMSEL).registered_at == wib(OPEN_AT) + MINUTE
    # The reply begins to wait for its phone only now.
    assert stored(verdict)[0].valid_until == network.now + network.rules.validity_ms


def test_a_number_that_is_gone_gets_no_verdict() -> None:
    network = delayed()
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    gone = structs.replace(network.subscriber(TELKOMSEL), status=Status.EXPIRED)
    network.state.put(gone)
    (verdict,) = later(network)
    assert stored(verdict) == []
    assert network.subscriber(TELKOMSEL).pending is None


def test_a_verdict_that_is_not_awaited_any_more_changes_nothing() -> None:
    network = delayed()
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    for stale in (VerdictDue(TELKOMSEL, 1), VerdictDue(OTHER, 1)):
        decision = network.one(stale)
        assert decision.why.endswith("no verdict is pending any more")
        assert decision.changes == ()


def test_a_number_that_was_registered_otherwise_meanwhile_is_told_so() -> None:
    network = delayed()
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    told = RegistrationTold(TELKOMSEL, OutcomeKind.REGISTERED, "outlet", BUDI.nik, BUDI.kk)
    network.one(told)
    (verdict,) = later(network)
    assert judged(verdict) == [OutcomeKind.ALREADY_REGISTERED]
    now = network.subscriber(TELKOMSEL)
    assert (now.nik, now.pending) == (BUDI.nik, None)


def test_a_success_that_is_lost_at_the_verdict_is_not_replied_to() -> None:
    network = Network(verdict_delay=Fixed(MINUTE), lost_success=1.0)
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    (verdict,) = later(network)
    assert replies(verdict) == []
    assert judged(verdict) == [OutcomeKind.LOST]
    now = network.subscriber(TELKOMSEL)
    assert (now.status, now.pending, now.ghosts) == (Status.UNREGISTERED, None, 1)
