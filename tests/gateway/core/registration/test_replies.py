"""Every reply of every operator fits one GSM-7 message, says its provenance and hides the NIK."""

import pytest

from gateway.core.numbers import Msisdn, Nik
from gateway.core.registration.profiles import DEFAULT_PROFILES, FALLBACK_PROFILE, OperatorProfile
from gateway.core.registration.replies import (
    CATALOGUE,
    Provenance,
    ReplyCode,
    render,
    reply_for,
)

TELKOMSEL, *_, XL, AXIS = DEFAULT_PROFILES
LONGEST = Msisdn("62812345678901")
NIK = Nik("3201060401139001")
# GSM 7-bit default alphabet without the extension table and national letters: one septet each.
GSM7 = set(
    "@$_ !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)


@pytest.mark.parametrize("profile", [*DEFAULT_PROFILES, FALLBACK_PROFILE], ids=lambda p: p.name)
@pytest.mark.parametrize("code", ReplyCode)
@pytest.mark.parametrize("is_new", [True, False])
def test_every_reply_fits_one_message(
    code: ReplyCode, profile: OperatorProfile, is_new: bool
) -> None:
    text = render(code, profile, msisdn=LONGEST, nik=NIK, limit=100, is_new=is_new)
    assert 0 < len(text) <= 160
    assert set(text) <= GSM7
    assert NIK.digits not in text
    assert "{" not in text


REPLIES = [
    (
        ReplyCode.OK,
        TELKOMSEL,
        "Selamat, nomor 0812345678901 berhasil diregistrasi dengan NIK "
        "3201********9001. Terima kasih.",
    ),
    (
        ReplyCode.OK_UNBLOCK,
        AXIS,
        "Selamat, nomor 0812345678901 berhasil diregistrasi. Blokir layanan telah dibuka.",
    ),
    (
        ReplyCode.BAD_FORMAT,
        TELKOMSEL,
        "Maaf, format SMS salah. Ketik ULANG NIK#KK# kirim ke 4444. "
        "Contoh: ULANG 1234567890123456#1234567890654321#",
    ),
    (
        ReplyCode.KK_MISMATCH,
        TELKOMSEL,
        "Maaf, data NO_KK yang Anda masukkan salah. Mohon cek data "
        "diri Anda & lakukan kembali proses registrasi.",
    ),
    (
        ReplyCode.LIMIT,
        AXIS,
        "Maaf, NIK Anda sudah digunakan untuk 5 nomor. Registrasi nomor "
        "berikutnya silakan ke gerai AXIS.",
    ),
    (ReplyCode.ALREADY, AXIS, "Nomor Anda sudah terdaftar."),
    (ReplyCode.ALREADY, XL, "Nomor anda sudah terdaftar"),
]


@pytest.mark.parametrize(("code", "profile", "text"), REPLIES)
def test_replies_read_as_in_the_catalogue(
    code: ReplyCode, profile: OperatorProfile, text: str
) -> None:
    msisdn = Msisdn("62812345678901")
    assert render(code, profile, msisdn=msisdn, nik=NIK, limit=5) == text


def test_a_new_number_is_told_the_format_for_new_numbers() -> None:
    text = render(ReplyCode.BAD_FORMAT, TELKOMSEL, msisdn=LONGEST, is_new=True)
    assert "Ketik REG NIK#KK# kirim" in text


def test_a_missing_nik_is_a_dash() -> None:
    assert "NIK -." in render(ReplyCode.OK, TELKOMSEL, msisdn=LONGEST)


def test_every_code_has_a_text_for_all_and_no_row_is_double() -> None:
    assert {reply.code for reply in CATALOGUE if not reply.operator} == set(ReplyCode)
    assert len({(reply.code, reply.operator) for reply in CATALOGUE}) == len(CATALOGUE)
    names = {profile.name for profile in DEFAULT_PROFILES}
    assert {reply.operator for reply in CATALOGUE} <= names | {""}


QUOTED = [
    (ReplyCode.KK_MISMATCH, "telkomsel", "[S53]"),
    (ReplyCode.ALREADY, "xl", "[S55]"),
    (ReplyCode.NOT_SYNCHRONISED, "", "[S47]"),
]


def test_only_attested_texts_are_called_quoted() -> None:
    quoted = [reply for reply in CATALOGUE if reply.provenance is Provenance.QUOTED]
    assert [(reply.code, reply.operator) for reply in quoted] == [row[:2] for row in QUOTED]
    for code, operator, source in QUOTED:
        assert source in reply_for(code, operator).source


def test_every_text_names_its_source() -> None:
    assert all(reply.source for reply in CATALOGUE)
