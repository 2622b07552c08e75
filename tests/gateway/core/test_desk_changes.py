"""What the desk's outcomes do to numbers: through the switch, over the state."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.decision import (
    BarringSignal,
    CallSignal,
    DataSignal,
    Decision,
    MessageKind,
    MessageState,
)
from gateway.core.events import DataOpen, Dial, Part, PartKey
from gateway.core.numbers import Msisdn
from gateway.core.registration.citizens import Citizen
from gateway.core.registration.profiles import (
    DEFAULT_PROFILES,
    OnFifthFailure,
    index_profiles,
)
from gateway.core.subscriber import BlockStage, Status, Tries
from tests.gateway.core.network import (
    BUDI,
    INDOSAT,
    OTHER,
    OUTGOING_BARRED_AT,
    REGISTRY,
    SITI,
    TELKOMSEL,
    TRI,
    XL,
    Network,
    cause_of,
    ends,
    esme,
    mt,
    registration,
    signals_out,
    sms,
    stored,
)

S = Status


def reply_of(decision: Decision) -> str:
    return next(one.text for one in stored(decision) if one.kind is MessageKind.REPLY)


def registered(*numbers: Msisdn, at: Network | None = None, who: Citizen = SITI) -> Network:
    network = at or Network()
    for number in numbers:
        network.one(sms(number, "4444", registration(who), ref="reg"))
    return network


def unreg(who: Citizen = SITI) -> str:
    return f"UNREG#{who.nik.digits}#"


# ---- giving a number up


def test_unreg_frees_the_slot_of_the_nik_and_ends_the_number() -> None:
    sims = [Msisdn(f"628121000010{index}") for index in range(4)]
    network = registered(*sims[:3])
    full = network.one(sms(sims[3], "4444", registration(SITI)))
    assert reply_of(full).startswith("Maaf, NIK Anda sudah digunakan untuk 3 nomor.")

    gone = network.one(sms(sims[0], "4444", unreg()))
    assert reply_of(gone).startswith("Registrasi nomor 08121000010")
    dead = network.subscriber(sims[0])
    assert (dead.status, dead.nik, dead.kk) == (S.UNREGISTERED_DEAD, None, None)
    assert dead.registered_at is None

    taken = network.one(sms(sims[3], "4444", registration(SITI), ref="a2"))
    assert reply_of(taken).startswith("Selamat")
    refused = network.one(sms(sims[0], "4444", registration(SITI), ref="a3"))
    assert cause_of(refused) is Cause.UNKNOWN_SUBSCRIBER


def test_a_slot_that_is_given_up_is_free_within_the_batch() -> None:
    network = registered(TELKOMSEL, at=Network(numbers_per_nik=1))
    network.batch(sms(TELKOMSEL, "4444", unreg()), sms(OTHER, "4444", registration(SITI)))
    assert network.subscriber(OTHER).status is S.REGISTERED
    assert network.state.numbers_per_nik == {(SITI.nik.digits, "telkomsel"): 1}


def test_a_phone_that_gives_its_number_up_loses_all_that_it_does() -> None:
    network = registered(TELKOMSEL, at=Network().online(TELKOMSEL, OTHER))
    network.one(DataOpen(TELKOMSEL, "d1"))
    network.one(Dial(TELKOMSEL, OTHER, "c1"))
    waiting = stored(network.one(mt(TELKOMSEL, esme())))[0]
    gone = network.one(sms(TELKOMSEL, "4444", unreg()))
    signals = signals_out(gone.outgoing)
    assert [type(one) for one in signals] == [BarringSignal, DataSignal, CallSignal, CallSignal]
    assert type(signals[0]) is BarringSignal
    assert signals[0].stage is BlockStage.TOTAL_BARRED
    ended = [ids for ids, state, _ in ends(gone) if state is MessageState.UNDELIVERABLE]
    assert [waiting.id in ids for ids in ended] == [True]
    # The reply still reaches it.
    assert stored(gone)[-1].state is MessageState.ENROUTE


def test_an_unreg_in_parts_ends_what_waits_for_the_phone_too() -> None:
    network = registered(TELKOMSEL, at=Network().online(TELKOMSEL))
    waiting = stored(network.one(mt(TELKOMSEL, esme())))[0]
    via = esme(account="qa")
    key = PartKey("qa", TELKOMSEL, "4444", "udh8", 7, 2)
    text = unreg()
    first, last = (
        structs.replace(sms(TELKOMSEL, "4444", half), via=via, part=Part(key, number))
        for number, half in ((1, text[:9]), (2, text[9:]))
    )
    network.one(first)
    gone = network.one(last)
    assert network.subscriber(TELKOMSEL).status is S.UNREGISTERED_DEAD
    ended = [ids for ids, state, _ in ends(gone) if state is MessageState.UNDELIVERABLE]
    assert [waiting.id in ids for ids in ended] == [True]


def test_nobody_gives_up_another_number() -> None:
    network = registered(TELKOMSEL)
    registered(OTHER, at=network, who=BUDI)
    refused = network.one(sms(OTHER, "4444", unreg(SITI)))
    assert reply_of(refused).startswith("Maaf, NIK atau nomor tersebut tidak terdaftar")
    refused = network.one(sms(XL, "4444", f"UNREG#{TELKOMSEL}#"))
    assert "is not the sender's" in refused.why
    assert network.subscriber(TELKOMSEL).status is S.REGISTERED


# ---- checking


def test_a_check_lists_the_numbers_of_the_nik() -> None:
    another = Msisdn("6281410000002")
    network = registered(INDOSAT, another)
    told = reply_of(network.one(sms(INDOSAT, "4444", f"INFO#{SITI.nik.digits}")))
    assert told == (
        f"NIK {SITI.nik} terdaftar untuk 2 nomor Indosat Ooredoo: 081410000001, 081410000002"
    )
    network.one(sms(another, "4444", f"UNPAIR#{another}#"))
    told = reply_of(network.one(sms(INDOSAT, "4444", "INFO#081410000001", ref="a2")))
    assert told.endswith("untuk 1 nomor Indosat Ooredoo: 081410000001")


def test_a_check_sees_what_came_before_it_in_its_batch() -> None:
    first = Msisdn("6289510000002")
    network = registered(first)
    *_, check = network.batch(
        sms(TRI, "4444", registration(SITI)),
        sms(first, "4444", "STATUS", ref="a2"),
        sms(TRI, "4444", "STATUS", ref="a3"),
    )
    assert network.records[-2].why.endswith("has 2 tri numbers")
    assert check.why.endswith("has 2 tri numbers")
    assert reply_of(check).endswith("Tri: 089510000002, 089510000001")


def test_a_number_that_is_alone_in_its_batch_is_listed() -> None:
    check = Network().batch(
        sms(TRI, "4444", registration(SITI)), sms(TRI, "4444", "STATUS", ref="a2")
    )[1]
    assert reply_of(check).endswith("untuk 1 nomor Tri: 089510000001")


def test_who_is_not_registered_is_told_how() -> None:
    told = reply_of(Network().one(sms(TRI, "4444", "STATUS")))
    assert told == "Nomor 089510000001 belum terdaftar. Ketik ULANG#NIK#KK# kirim ke 4444."


# ---- five failures


def wrong(network: Network, number: Msisdn, times: int, first: int = 0) -> Decision:
    card = REGISTRY.wrong_kk(SITI).digits
    text = f"ULANG {SITI.nik.digits}#{card}#"
    return [
        network.one(sms(number, "4444", text, ref=f"w{first + index}")) for index in range(times)
    ][-1]


def test_five_failures_and_consent_register_unvalidated_until_validated() -> None:
    network = Network(at=OUTGOING_BARRED_AT).online(TELKOMSEL)
    assert reply_of(wrong(network, TELKOMSEL, 4)).startswith("Maaf, data NO_KK")
    due = wrong(network, TELKOMSEL, 1, first=4)
    assert reply_of(due).startswith("Data belum tervalidasi setelah 5 kali. Balas YA jika NIK")

    agreed = network.one(sms(TELKOMSEL, "4444", "YA"))
    assert reply_of(agreed).startswith("Nomor 081210000001 aktif, data belum tervalidasi.")
    now = network.subscriber(TELKOMSEL)
    assert (now.status, now.nik, now.tries) == (S.REGISTERED_UNVALIDATED, SITI.nik, None)
    signal = signals_out(agreed.outgoing)[0]
    assert type(signal) is BarringSignal
    assert signal.barred == ()

    again = wrong(network, TELKOMSEL, 1, first=9)
    assert reply_of(again).startswith("Maaf, data NO_KK")
    assert network.subscriber(TELKOMSEL) == now
    network.one(sms(TELKOMSEL, "4444", registration(SITI), ref="b1"))
    assert network.subscriber(TELKOMSEL).status is S.REGISTERED


def test_who_declines_begins_anew() -> None:
    network = Network()
    wrong(network, TELKOMSEL, 5)
    declined = network.one(sms(TELKOMSEL, "4444", "TIDAK"))
    assert reply_of(declined).startswith("Registrasi dibatalkan.")
    assert network.subscriber(TELKOMSEL).tries is None
    assert network.subscriber(TELKOMSEL).status is S.UNREGISTERED


def test_a_statement_takes_a_slot_of_the_nik() -> None:
    network = registered(OTHER, at=Network(numbers_per_nik=1))
    wrong(network, TELKOMSEL, 5)
    refused = network.one(sms(TELKOMSEL, "4444", "YA"))
    assert "over limit" in refused.why
    assert network.subscriber(TELKOMSEL).tries is not None
    network.one(sms(OTHER, "4444", unreg(), ref="u1"))
    network.one(sms(TELKOMSEL, "4444", "YA", ref="y2"))
    assert network.state.numbers_per_nik == {(SITI.nik.digits, "telkomsel"): 1}


@pytest.mark.parametrize("good", [True, False])
def test_a_lock_lasts_as_long_as_its_profile_says(good: bool) -> None:
    indosat = structs.replace(
        DEFAULT_PROFILES[1], on_5th_failure=OnFifthFailure.LOCK, lock_hours=24.0
    )
    network = Network(profiles=index_profiles((indosat,)))
    wrong(network, INDOSAT, 5)
    locked = network.one(sms(INDOSAT, "4444", registration(SITI), ref="b1"))
    assert reply_of(locked).startswith("Maaf, registrasi lewat SMS dikunci")
    tries = network.subscriber(INDOSAT).tries
    assert tries is not None
    network.now = tries.locked_until - (0 if good else 1)
    network.one(sms(INDOSAT, "4444", registration(SITI), ref="b2"))
    assert network.subscriber(INDOSAT).status is (S.REGISTERED if good else S.UNREGISTERED)


def test_failures_are_durable() -> None:
    network = Network()
    wrong(network, TELKOMSEL, 3)
    assert network.subscriber(TELKOMSEL).tries == Tries(SITI.nik, REGISTRY.wrong_kk(SITI), 3)


def test_who_registers_and_asks_in_one_batch_is_told_of_all_numbers() -> None:
    first = Msisdn("6289510000002")
    check = registered(first).batch(
        sms(TRI, "4444", registration(SITI)), sms(TRI, "4444", "STATUS", ref="a2")
    )[1]
    assert reply_of(check).endswith("untuk 2 nomor Tri: 089510000002, 089510000001")
