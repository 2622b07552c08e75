"""What a reply says that another wrote."""

from __future__ import annotations

import pytest

from gateway.core.numbers import Msisdn, Nik
from gateway.core.registration.catalogue import ReplyCode
from gateway.core.registration.outcomes import OutcomeKind, ReplyText
from gateway.core.registration.profiles import DEFAULT_PROFILES
from gateway.core.registration.replies import render
from gateway.core.registration.reply_reading import read_reply

K = OutcomeKind
OWN = (ReplyText(K.REGISTERED, "(?i)sukses"), ReplyText(K.RECEIVED, "diproses"))
VERDICTS = {
    ReplyCode.OK: K.REGISTERED,
    ReplyCode.OK_UNBLOCK: K.REGISTERED,
    ReplyCode.BAD_FORMAT: K.BAD_FORMAT,
    ReplyCode.NIK_NOT_FOUND: K.NIK_UNKNOWN,
    ReplyCode.KK_MISMATCH: K.KK_MISMATCH,
    ReplyCode.LIMIT: K.OVER_LIMIT,
    ReplyCode.ALREADY: K.ALREADY_REGISTERED,
    ReplyCode.STATEMENT: K.STATEMENT_DUE,
    ReplyCode.NOT_OFFERED: K.NOT_OFFERED,
    ReplyCode.NIK_BLOCKED: K.NIK_BLOCKED,
    ReplyCode.NIK_DUPLICATE: K.NIK_DUPLICATE,
    ReplyCode.NOT_SYNCHRONISED: K.NOT_SYNCHRONISED,
    ReplyCode.UNVALIDATED: K.REGISTERED_UNVALIDATED,
    ReplyCode.LOCKED: K.LOCKED,
}


@pytest.mark.parametrize("profile", DEFAULT_PROFILES, ids=lambda one: one.name)
@pytest.mark.parametrize("code", ReplyCode)
def test_the_desk_s_own_texts_are_read(code: ReplyCode, profile: object) -> None:
    number, nik = Msisdn("6281290000001"), Nik("3201010101019001")
    text = render(code, profile, msisdn=number, nik=nik, told="3 hari lagi", count=2)  # type: ignore[arg-type]
    kinds = read_reply(f" {text.upper().replace(' ', '  ')}", profile.name)  # type: ignore[attr-defined]
    assert kinds is not None
    if code in VERDICTS:
        assert VERDICTS[code] in kinds
    else:
        assert kinds == frozenset()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Registrasi SUKSES", {K.REGISTERED}),
        ("Terima kasih, sedang diproses", set()),
        ("Nomor Anda sudah terdaftar.", {K.ALREADY_REGISTERED}),
        ("Promo hari ini", None),
        ("", None),
    ],
)
def test_an_application_s_own_texts_are_read_as_configured(
    text: str, kinds: set[OutcomeKind] | None
) -> None:
    assert read_reply(text, "telkomsel", OWN) == kinds
