"""*444# and the like: a number's status, in the session or by SMS, at every stage."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.decision import Accepted, Decision
from gateway.core.events import Ussd
from gateway.core.ledger import Unknown
from gateway.core.message import Receiver
from gateway.core.numbers import Msisdn
from gateway.core.registration.profiles import DEFAULT_PROFILES, index_profiles
from gateway.core.registration.ussd import UssdAnswer, UssdService
from gateway.core.subscriber import Status
from tests.gateway.core.network import (
    INDOSAT,
    SITI,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    XL,
    Network,
    cause_of,
    messages_out,
)


def ask(network: Network, msisdn: Msisdn, code: str, ref: str = "u1") -> Decision:
    return network.one(Ussd(msisdn, code, ref))


def shown(decision: Decision) -> str:
    assert type(decision.answer) is Accepted
    return decision.answer.text


def test_telkomsel_tells_by_sms_at_the_last_stage() -> None:
    network = Network(TOTAL_BARRED_AT).online(TELKOMSEL)
    decision = ask(network, TELKOMSEL, "*444#")
    assert shown(decision) == "Status registrasi nomor Anda dikirim lewat SMS dari 4444."
    (sms,) = messages_out(decision.outgoing)
    assert sms.text == ("Nomor 081210000001 belum terdaftar. Ketik ULANG NIK#KK# kirim ke 4444.")
    assert (sms.source, sms.receiver) == ("4444", Receiver.PHONE)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status.REGISTERED, f"Nomor 081710000001 sudah terdaftar dengan NIK {SITI.nik}."),
        (
            Status.REGISTERED_UNVALIDATED,
            f"Nomor 081710000001 terdaftar dengan NIK {SITI.nik}, tetapi data belum "
            "tervalidasi. Ketik ULANG#NIK#KK kirim ke 4444.",
        ),
        (
            Status.NEW,
            "Nomor 081710000001 belum terdaftar. Ketik DAFTAR#NIK#KK kirim ke 4444.",
        ),
    ],
)
def test_xl_tells_in_the_session(status: Status, text: str) -> None:
    network = Network().known(XL, status=status, operator="xl", nik=SITI.nik)
    decision = ask(network, XL, "*123*4444#")
    assert shown(decision) == text
    assert decision.outgoing == ()


def test_a_repeat_gets_the_same_answer_and_no_second_sms() -> None:
    network = Network().online(TELKOMSEL)
    first = ask(network, TELKOMSEL, "*444#")
    again = ask(network, TELKOMSEL, "*444#")
    assert (again.answer, again.outgoing) == (first.answer, ())


def test_what_an_operator_does_not_have_is_refused() -> None:
    network = Network()
    wrong = ask(network, TELKOMSEL, "*445#")
    assert cause_of(wrong) is Cause.UNASSIGNED_NUMBER
    assert wrong.why.endswith("has no USSD service *445#; there is *444#")
    none = ask(network, INDOSAT, "*444#")
    assert cause_of(none) is Cause.UNASSIGNED_NUMBER
    assert none.why.endswith("indosat has no USSD service *444#")


def test_who_is_nobody_is_refused() -> None:
    gone = Network().known(TELKOMSEL, status=Status.EXPIRED)
    assert cause_of(ask(gone, TELKOMSEL, "*444#")) is Cause.UNKNOWN_SUBSCRIBER
    unknown = Network(unknown=Unknown.REFUSE)
    assert cause_of(ask(unknown, TELKOMSEL, "*444#")) is Cause.UNKNOWN_SUBSCRIBER


def test_a_code_of_the_configuration_is_answered_as_it_says() -> None:
    service = UssdService("*500*1#", UssdAnswer.SESSION, "configuration")
    rows = (structs.replace(one, ussd=service) for one in DEFAULT_PROFILES)
    network = Network(profiles=index_profiles(tuple(rows))).online(TELKOMSEL, INDOSAT)
    for msisdn in (TELKOMSEL, INDOSAT):
        assert "belum terdaftar" in shown(ask(network, msisdn, "*500*1#"))
    assert cause_of(ask(network, TELKOMSEL, "*444#", "u2")) is Cause.UNASSIGNED_NUMBER
