"""The SMS that 4444 answers: a catalogue of Indonesian texts, each with its provenance.

Few texts of 2017-18 are attested word for word; the others had to be written, and say so, so that
trainers do not teach them as history. Source: domain.md 1.4 and 1.5; the numbers in brackets are
its sources.
"""

from enum import Enum
from functools import lru_cache
from typing import Final

import msgspec

from gateway.core.numbers import Msisdn, Nik, national_form
from gateway.core.registration.profiles import OperatorProfile


class ReplyCode(Enum):
    """What a reply tells the subscriber."""

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    RECEIVED = "RECEIVED"
    OK = "OK"
    OK_UNBLOCK = "OK_UNBLOCK"
    BAD_FORMAT = "BAD_FORMAT"
    NIK_NOT_FOUND = "NIK_NOT_FOUND"
    KK_MISMATCH = "KK_MISMATCH"
    LIMIT = "LIMIT"
    ALREADY = "ALREADY"
    STATEMENT = "STATEMENT"
    BUSY = "BUSY"
    NOT_OFFERED = "NOT_OFFERED"


class Provenance(Enum):
    """How true a text is: reported word for word, retold, or ours."""

    QUOTED = "quoted"
    PARAPHRASE = "paraphrase"
    INVENTED = "invented"


class Reply(msgspec.Struct, frozen=True, gc=False):
    """One text. `operator` is a profile's name, "" for the text of all that have no own one.

    Fields in the template: msisdn (national form), nik (masked), limit, operator (brand), hint and
    example (the operator's format for this number).
    """

    code: ReplyCode
    operator: str
    template: str
    provenance: Provenance
    source: str


_KK_MISMATCH: Final = (
    "Maaf, data NO_KK yang Anda masukkan salah. "
    "Mohon cek data diri Anda & lakukan kembali proses registrasi."
)

CATALOGUE: Final[tuple[Reply, ...]] = (
    Reply(
        ReplyCode.RECEIVED,
        "",
        "Terima kasih telah melakukan registrasi. Data Anda sedang diproses, "
        "mohon tunggu SMS balasan paling lambat 1x24 jam.",
        Provenance.INVENTED,
        "domain.md 1.4; that such a receipt came at once: Telkomsel [S52]",
    ),
    Reply(
        ReplyCode.OK,
        "",
        "Selamat, nomor {msisdn} berhasil diregistrasi dengan NIK {nik}. Terima kasih.",
        Provenance.INVENTED,
        "domain.md 1.4; of the first day's text only 'anda berhasil' is reported [S49]",
    ),
    Reply(
        ReplyCode.OK_UNBLOCK,
        "",
        "Selamat, nomor {msisdn} berhasil diregistrasi. Blokir layanan telah dibuka.",
        Provenance.INVENTED,
        "domain.md 1.4; after the Flexi text of 2008",
    ),
    Reply(
        ReplyCode.BAD_FORMAT,
        "",
        "Maaf, format SMS salah. Ketik {hint} kirim ke 4444. Contoh: {example}",
        Provenance.INVENTED,
        "domain.md 1.4",
    ),
    Reply(
        ReplyCode.NIK_NOT_FOUND,
        "",
        "Maaf, NIK yang Anda masukkan tidak ditemukan. "
        "Mohon cek data diri Anda & lakukan kembali proses registrasi.",
        Provenance.INVENTED,
        "domain.md 1.4; after Telkomsel's KK text [S53]",
    ),
    Reply(
        ReplyCode.KK_MISMATCH,
        "",
        _KK_MISMATCH,
        Provenance.INVENTED,
        "domain.md 1.4; Telkomsel's text [S53], lent to operators whose own is unknown",
    ),
    Reply(
        ReplyCode.KK_MISMATCH,
        "telkomsel",
        _KK_MISMATCH,
        Provenance.QUOTED,
        "domain.md 1.4 [S53][S52][S54]",
    ),
    Reply(
        ReplyCode.LIMIT,
        "",
        "Maaf, NIK Anda sudah digunakan untuk {limit} nomor. "
        "Registrasi nomor berikutnya silakan ke gerai {operator}.",
        Provenance.INVENTED,
        "domain.md 1.4; the rule itself: 3.1 [S72][S73]",
    ),
    Reply(
        ReplyCode.ALREADY,
        "",
        "Nomor Anda sudah terdaftar.",
        Provenance.INVENTED,
        "domain.md 1.4; after XL's [S55]",
    ),
    Reply(
        ReplyCode.ALREADY,
        "xl",
        "Nomor anda sudah terdaftar",
        Provenance.QUOTED,
        "domain.md 1.4 [S55], a low-grade site",
    ),
    Reply(
        ReplyCode.STATEMENT,
        "",
        "Data belum tervalidasi setelah 5 kali. Balas YA jika NIK {nik} & KK benar; "
        "Anda bertanggung jawab secara hukum atas data tersebut.",
        Provenance.INVENTED,
        "domain.md 1.4; the dialogue: 1.5 [S60][S61]; the keyword YA is not attested",
    ),
    Reply(
        ReplyCode.BUSY,
        "",
        "Maaf, sistem sedang sibuk. Mohon coba kembali minimal 24 jam lagi.",
        Provenance.INVENTED,
        "domain.md 1.4; that a 'maaf' reply came on overload: [S48][S49]",
    ),
    Reply(
        ReplyCode.NOT_OFFERED,
        "",
        "Maaf, layanan ini belum tersedia. Untuk registrasi ketik {hint} kirim ke 4444.",
        Provenance.INVENTED,
        "no source",
    ),
)

_BY_CODE: Final[dict[tuple[ReplyCode, str], Reply]] = {
    (reply.code, reply.operator): reply for reply in CATALOGUE
}


def reply_for(code: ReplyCode, operator: str) -> Reply:
    """Give the catalogue's row for an operator: its own text, else the one for all."""
    return _BY_CODE.get((code, operator)) or _BY_CODE[code, ""]


def render(
    code: ReplyCode,
    profile: OperatorProfile,
    *,
    msisdn: Msisdn,
    nik: Nik | None = None,
    limit: int = 3,
    is_new: bool = False,
) -> str:
    """Write the SMS: at most 160 characters of the GSM 7-bit default alphabet.

    `nik` shows masked, "-" when there is none; `is_new` picks which format the hint names.
    """
    row = profile.format_for(is_new)
    template = _half_filled(code, profile.name, profile.brand, row.hint, row.example, limit)
    shown = "-" if nik is None else str(nik)
    return template.replace("{msisdn}", national_form(msisdn)).replace("{nik}", shown)


@lru_cache(maxsize=256)
def _half_filled(
    code: ReplyCode, operator: str, brand: str, hint: str, example: str, limit: int
) -> str:
    """Fill in what is the same for all of an operator's subscribers."""
    return reply_for(code, operator).template.format(
        msisdn="{msisdn}", nik="{nik}", limit=limit, operator=brand, hint=hint, example=example
    )
