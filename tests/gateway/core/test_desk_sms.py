"""The desk behind 4444: what it makes of an SMS, and what it replies."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.decision import (
    BarringSignal,
    Decision,
    MessageKind,
    MessageState,
    Receiver,
)
from gateway.core.ledger import Unknown
from gateway.core.numbers import Msisdn
from gateway.core.registration.citizens import Citizen
from gateway.core.registration.profiles import (
    DEFAULT_PROFILES,
    Reading,
    index_profiles,
)
from gateway.core.subscriber import BlockStage, Status
from tests.gateway.core.network import (
    AXIS,
    BUDI,
    DESK,
    HANDSET,
    INCOMING_BARRED_AT,
    INDOSAT,
    OUTGOING_BARRED_AT,
    REGISTRY,
    SITI,
    SMARTFREN,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    TRI,
    XL,
    Network,
    accepted_id,
    cause_of,
    messages_out,
    registration,
    role_a,
    signals_out,
    sms,
    stored,
    subscribers_changed,
)


def reply_of(decision: Decision) -> str:
    replies = [one for one in stored(decision) if one.kind is MessageKind.REPLY]
    assert len(replies) == 1
    return replies[0].text


# ---- the desk's outcomes


@pytest.mark.parametrize("sender", [TELKOMSEL, INDOSAT, TRI, SMARTFREN, XL, AXIS])
def test_a_number_of_each_operator_registers_in_its_own_format(sender: Msisdn) -> None:
    network = Network()
    profile = network.rules.profiles.by_prefix[sender[:5]]
    row = profile.old_number
    text = f"{row.prefix}{SITI.nik.digits}#{SITI.kk.digits}{row.endings[0]}"
    decision = network.one(sms(sender, "4444", text))
    mo, reply = stored(decision)
    assert accepted_id(decision) == mo.id
    assert (mo.kind, mo.receiver, mo.state) == (
        MessageKind.MO,
        Receiver.DESK,
        MessageState.DELIVERED,
    )
    assert (mo.accepted_at, mo.ended_at) == (network.now, network.now)
    assert (reply.source, reply.destination) == ("4444", sender)
    assert (reply.receiver, reply.state) == (Receiver.PHONE, MessageState.ENROUTE)
    assert reply.valid_until == network.now + network.rules.validity_ms
    assert reply.text.startswith(f"Selamat, nomor 0{sender[2:]} berhasil diregistrasi dengan NIK")
    registered = network.subscriber(sender)
    assert (registered.status, registered.operator) == (Status.REGISTERED, profile.name)
    assert (registered.nik, registered.kk) == (SITI.nik, SITI.kk)
    assert registered.registered_at == network.now
    assert messages_out(decision.outgoing) == [reply]
    assert SITI.nik.digits not in decision.why
    assert "tolerated" not in decision.why


def wrong_kk(citizen: Citizen) -> str:
    return f"ULANG {citizen.nik.digits}#{REGISTRY.wrong_kk(citizen).digits}#"


def unknown_nik(citizen: Citizen) -> str:
    return f"ULANG {REGISTRY.unknown_nik(citizen).digits}#{citizen.kk.digits}#"


@pytest.mark.parametrize(
    ("text", "reply", "why"),
    [
        (wrong_kk(SITI), "Maaf, data NO_KK yang Anda masukkan salah.", "does not belong to NIK"),
        (
            unknown_nik(SITI),
            "Maaf, NIK yang Anda masukkan tidak ditemukan.",
            "unknown to the civil",
        ),
        ("REG 123#456#", "Maaf, format SMS salah. Ketik ULANG NIK#KK#", "bad format: NIK_LEN=3"),
        ("halo", "Maaf, format SMS salah.", "bad format: UNKNOWN_WORD (telkomsel wants"),
        ("INFO", "Maaf, layanan ini tidak tersedia lewat SMS.", "not offered: INFO"),
    ],
)
def test_a_failed_registration_is_answered_and_changes_no_registration(
    text: str, reply: str, why: str
) -> None:
    network = Network()
    decision = network.one(sms(TELKOMSEL, "4444", text))
    assert reply_of(decision).startswith(reply)
    assert why in decision.why
    assert SITI.nik.digits not in decision.why
    assert network.subscriber(TELKOMSEL).status is Status.UNREGISTERED
    assert network.subscriber(TELKOMSEL).nik is None
    assert not signals_out(decision.outgoing)


def test_a_failure_of_a_known_number_changes_nothing_of_it() -> None:
    network = Network()
    network.one(sms(TELKOMSEL, "4444", "halo"))
    again = network.one(sms(TELKOMSEL, "4444", "halo", ref="a2"))
    assert subscribers_changed(again) == []


def test_a_registered_number_is_told_so() -> None:
    network = Network()
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    again = network.one(sms(TELKOMSEL, "4444", registration(BUDI), ref="a2"))
    assert reply_of(again) == "Nomor Anda sudah terdaftar."
    assert network.subscriber(TELKOMSEL).nik == SITI.nik
    assert network.state.numbers_per_nik == {(SITI.nik.digits, "telkomsel"): 1}


# ---- three numbers per NIK and operator


def telkomsel(count: int) -> list[Msisdn]:
    return [Msisdn(f"62812100001{number:02}") for number in range(count)]


def statuses(network: Network, numbers: list[Msisdn]) -> list[bool]:
    return [network.subscriber(number).status.registered for number in numbers]


def test_the_limit_holds_over_batches() -> None:
    network = Network()
    numbers = telkomsel(4)
    for number in numbers:
        decision = network.one(sms(number, "4444", registration(SITI)))
    assert statuses(network, numbers) == [True, True, True, False]
    assert reply_of(decision) == (
        "Maaf, NIK Anda sudah digunakan untuk 3 nomor. "
        "Registrasi nomor berikutnya silakan ke gerai Telkomsel."
    )


def test_the_limit_holds_within_one_batch() -> None:
    network = Network()
    numbers = telkomsel(6)
    decisions = network.batch(*(sms(one, "4444", registration(SITI)) for one in numbers))
    assert statuses(network, numbers) == [True, True, True, False, False, False]
    assert ["over limit" in decision.why for decision in decisions] == [False] * 3 + [True] * 3
    assert network.state.numbers_per_nik == {(SITI.nik.digits, "telkomsel"): 3}


def test_the_limit_holds_over_batches_of_several() -> None:
    network = Network()
    numbers = telkomsel(5)
    for pair in (numbers[:2], numbers[2:]):
        network.batch(*(sms(one, "4444", registration(SITI)) for one in pair))
    assert statuses(network, numbers) == [True, True, True, False, False]


def test_the_limit_is_by_operator() -> None:
    network = Network()
    numbers = telkomsel(3)
    network.batch(*(sms(one, "4444", registration(SITI)) for one in numbers))
    network.batch(sms(INDOSAT, "4444", registration(SITI)))
    assert network.subscriber(INDOSAT).status is Status.REGISTERED


def test_a_family_s_others_have_their_own_limit() -> None:
    network = Network()
    numbers = telkomsel(4)
    network.batch(*(sms(one, "4444", registration(SITI)) for one in numbers[:3]))
    network.batch(sms(numbers[3], "4444", registration(BUDI)))
    assert statuses(network, numbers) == [True] * 4


@pytest.mark.parametrize(("limit", "registered"), [(0, 6), (1, 1), (5, 5)])
def test_the_limit_is_configured(limit: int, registered: int) -> None:
    network = Network(numbers_per_nik=limit)
    numbers = telkomsel(6)
    network.batch(*(sms(one, "4444", registration(SITI)) for one in numbers))
    assert sum(statuses(network, numbers)) == registered


def test_a_number_twice_in_a_batch_counts_once() -> None:
    network = Network()
    twice = [sms(TELKOMSEL, "4444", registration(SITI), ref) for ref in ("a1", "a2")]
    decisions = network.batch(*twice)
    assert "already registered" in decisions[1].why
    assert network.state.numbers_per_nik == {(SITI.nik.digits, "telkomsel"): 1}


def test_an_unvalidated_number_s_own_registration_does_not_count_against_it() -> None:
    network = Network(numbers_per_nik=1)
    network.known(TELKOMSEL, status=Status.REGISTERED_UNVALIDATED, nik=SITI.nik, kk=SITI.kk)
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert network.subscriber(TELKOMSEL).status is Status.REGISTERED
    assert network.state.numbers_per_nik == {(SITI.nik.digits, "telkomsel"): 1}


# ---- stages and the desk


@pytest.mark.parametrize(
    ("at", "stage"),
    [
        (OUTGOING_BARRED_AT, BlockStage.OUTGOING_BARRED),
        (INCOMING_BARRED_AT, BlockStage.INCOMING_BARRED),
        (TOTAL_BARRED_AT, BlockStage.TOTAL_BARRED),
    ],
)
def test_registering_lifts_the_bars_at_once(at: str, stage: BlockStage) -> None:
    network = Network(at).online(TELKOMSEL)
    assert network.subscriber(TELKOMSEL).announced is stage
    decision = network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert reply_of(decision).endswith("Blokir layanan telah dibuka.")
    assert signals_out(decision.outgoing) == [
        BarringSignal(TELKOMSEL, BlockStage.OPEN, (), None, 0)
    ]
    assert network.subscriber(TELKOMSEL).announced is BlockStage.OPEN
    accepted_id(network.one(sms(TELKOMSEL, INDOSAT, ref="a2")))


def test_a_phone_that_is_not_barred_is_told_that_nothing_comes_any_more() -> None:
    network = Network().online(TELKOMSEL)
    decision = network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert "dengan NIK" in reply_of(decision)
    assert signals_out(decision.outgoing) == [
        BarringSignal(TELKOMSEL, BlockStage.OPEN, (), None, 0)
    ]


def test_a_starter_card_is_asked_for_the_new_number_s_format() -> None:
    network = Network(unknown=Unknown.NEW)
    decision = network.one(sms(TELKOMSEL, "4444", "halo"))
    assert "Ketik REG NIK#KK# kirim ke 4444" in reply_of(decision)
    assert "(telkomsel wants REG NIK#KK#)" in decision.why


def test_a_starter_card_registers_without_having_been_blocked() -> None:
    network = Network(unknown=Unknown.NEW)
    assert cause_of(network.one(sms(TELKOMSEL, INDOSAT))) is Cause.OPERATOR_DETERMINED_BARRING
    decision = network.one(sms(TELKOMSEL, "4444", registration(SITI), ref="a2"))
    assert "dengan NIK" in reply_of(decision)
    assert "tolerated" not in decision.why
    accepted_id(network.one(sms(TELKOMSEL, INDOSAT, ref="a3")))


@pytest.mark.parametrize("unknown", [Unknown.OLD, Unknown.NEW])
def test_a_strict_desk_takes_only_the_format_due(unknown: Unknown) -> None:
    strict = index_profiles(
        tuple(structs.replace(one, reading=Reading.STRICT) for one in DEFAULT_PROFILES)
    )
    pair = f"{SITI.nik.digits}#{SITI.kk.digits}#"
    due, other = ("REG ", "ULANG ") if unknown is Unknown.NEW else ("ULANG ", "REG ")
    network = Network(unknown=unknown, profiles=strict)
    refused = network.one(sms(TELKOMSEL, "4444", other + pair))
    assert "KEYWORD_WRONG_FOR_NUMBER" in refused.why
    taken = network.one(sms(TELKOMSEL, "4444", due + pair, ref="a2"))
    assert network.subscriber(TELKOMSEL).status is Status.REGISTERED, taken.why
    # The count by NIK is asked for either reading.
    for number in telkomsel(3):
        network.one(sms(number, "4444", due + pair))
    assert network.state.numbers_per_nik == {(SITI.nik.digits, "telkomsel"): 3}


def test_an_expired_number_does_not_reach_the_desk() -> None:
    network = Network().known(TELKOMSEL, status=Status.EXPIRED)
    decision = network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert cause_of(decision) is Cause.UNKNOWN_SUBSCRIBER
    assert decision.changes == ()


# ---- role A: an ESME plays the phone


def test_the_reply_to_an_esme_carries_its_own_addresses_back() -> None:
    network = Network()
    decision = network.one(role_a(registration(SITI)))
    mo, reply = stored(decision)
    assert mo.esme is not None
    assert (reply.receiver, reply.account, reply.session) == (Receiver.ESME, "qa", 7)
    assert (reply.source_as, reply.destination_as) == (DESK, HANDSET)
    assert messages_out(decision.outgoing) == [reply]


@pytest.mark.parametrize(("registered_delivery", "receipts"), [(0, 0), (1, 1), (2, 0), (3, 1)])
def test_the_desk_s_receipt_is_of_success(registered_delivery: int, receipts: int) -> None:
    network = Network()
    decision = network.one(role_a("halo", registered_delivery=registered_delivery))
    made = [one for one in stored(decision) if one.kind is MessageKind.RECEIPT]
    assert len(made) == receipts
    for receipt in made:
        assert receipt.receipt is not None
        assert receipt.receipt.message_id == accepted_id(decision)
        assert (receipt.receipt.state, receipt.receipt.error) == (MessageState.DELIVERED, 0)
        assert (receipt.source_as, receipt.destination_as) == (DESK, HANDSET)


def test_role_a_is_barred_like_a_phone() -> None:
    network = Network(OUTGOING_BARRED_AT)
    refused = network.one(role_a("Halo", to=INDOSAT, registered_delivery=1))
    assert cause_of(refused) is Cause.OPERATOR_DETERMINED_BARRING
    assert refused.changes == ()
    accepted_id(network.one(role_a("halo")))
