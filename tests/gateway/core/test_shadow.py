"""Replies of an application to phones, compared with what the desk says."""

from __future__ import annotations

from gateway.core.application import Dealings, ServedCode
from gateway.core.decision import Decision
from gateway.core.events import Esme, MtSms, RegistrationTold, SmeAddress
from gateway.core.numbers import Msisdn
from gateway.core.registration.outcomes import OutcomeKind, ReplyText
from tests.gateway.core.network import (
    BUDI,
    OTHER,
    SITI,
    TELKOMSEL,
    Network,
    registration,
    sms,
)

APP, CODE = "reg4444", "4444"
DONE = "Selamat, nomor Anda berhasil diregistrasi"
WRONG_KK = "Maaf, nomor KK tidak cocok"
THANKS = "Terima kasih, tunggu sebentar"
OWN = (
    ReplyText(OutcomeKind.REGISTERED, "berhasil"),
    ReplyText(OutcomeKind.KK_MISMATCH, "KK tidak cocok"),
    ReplyText(OutcomeKind.NIK_BLOCKED, "KK tidak cocok"),
    ReplyText(OutcomeKind.RECEIVED, "tunggu"),
)
WRONG = f"ULANG {SITI.nik.digits}#{BUDI.kk.digits}#"


def network(*, shadow: bool = True) -> Network:
    net = Network(short_codes={CODE: ServedCode(APP, shadow, 1_000, OWN)})
    return net.online(TELKOMSEL)


def replies(net: Network, text: str, to: str = TELKOMSEL, source: str = CODE) -> Decision:
    via = Esme(APP, 9, SmeAddress(0, 1, source), SmeAddress(1, 1, to))
    return net.one(MtSms(source, to, text, via))


def asks(net: Network, text: str) -> None:
    net.one(sms(TELKOMSEL, CODE, text, f"r{net.state.next_id}"))


def dealings(net: Network, msisdn: Msisdn = TELKOMSEL) -> Dealings:
    found = net.subscriber(msisdn).dealings
    assert found is not None
    return found


def test_a_reply_that_agrees_is_no_difference() -> None:
    net = network()
    asks(net, registration(SITI))
    assert "differs" not in replies(net, THANKS).why
    assert not dealings(net).asked[0].replied
    assert "differs" not in replies(net, DONE).why
    assert dealings(net).difference is None
    assert dealings(net).asked[0].replied


def test_a_reply_that_says_otherwise_is_a_difference() -> None:
    net = network()
    asks(net, WRONG)
    decision = replies(net, DONE)
    found = dealings(net).difference
    assert found is not None
    assert (found.asked, found.reply, found.by) == (1, 2, APP)
    assert found.expected.outcome is OutcomeKind.KK_MISMATCH
    assert found.told.outcome is OutcomeKind.REGISTERED
    assert decision.why.endswith(
        f"differs: {APP} replies registered, the desk says {found.expected}"
    )


def test_of_outcomes_that_share_a_text_one_is_enough() -> None:
    net = network()
    asks(net, WRONG)
    assert "differs" not in replies(net, WRONG_KK).why
    asks(net, registration(SITI))
    assert f"{APP} replies kk_mismatch, the desk says registered" in replies(net, WRONG_KK).why


def test_what_cannot_be_read_is_counted_and_no_difference() -> None:
    net = network()
    asks(net, registration(SITI))
    assert replies(net, "Halo").why.endswith("shadow cannot read it")
    replies(net, "Promo")
    found = dealings(net)
    assert (found.unreadable, found.unread, found.difference) == (2, 3, None)
    assert not found.asked[0].replied


def test_a_reply_is_on_the_oldest_request_that_it_fits() -> None:
    net = network()
    for text in (WRONG, registration(SITI), WRONG):
        asks(net, text)
    replies(net, DONE)
    assert [one.replied for one in dealings(net).asked] == [True, True, False]
    replies(net, DONE)
    found = dealings(net).difference
    assert found is not None
    assert found.asked == 3


def test_what_both_ways_have_told_is_done() -> None:
    net = network()
    asks(net, registration(SITI))
    net.one(RegistrationTold(TELKOMSEL, OutcomeKind.REGISTERED, APP, SITI.nik, SITI.kk))
    assert [one.told for one in dealings(net).asked] == [True]
    replies(net, DONE)
    assert dealings(net).asked == ()
    asks(net, registration(SITI))
    replies(net, "Nomor Anda sudah terdaftar.")
    net.one(RegistrationTold(TELKOMSEL, OutcomeKind.ALREADY_REGISTERED, APP))
    assert (dealings(net).asked, dealings(net).difference) == ((), None)


def test_what_is_no_reply_to_a_request_is_left_alone() -> None:
    net = network()
    assert "shadow" not in replies(net, "Halo").why  # nothing was asked
    asks(net, registration(SITI))
    assert "shadow" not in replies(net, "Halo", source="BANK").why
    replies(net, DONE)
    assert "differs" not in replies(net, WRONG_KK).why  # all have had their reply
    assert "shadow" not in replies(net, "Halo", OTHER).why
    assert dealings(net).unreadable == 0


def test_without_shadow_nothing_is_read() -> None:
    net = network(shadow=False)
    asks(net, WRONG)
    assert replies(net, DONE).changes
    assert net.subscriber(TELKOMSEL).dealings is None
