"""The catalogue of the SMS that 4444 answers, each text with its provenance.

Few texts of 2017-18 are attested word for word; the others had to be written, and say so, so that
trainers do not teach them as history. Source: domain.md 1.4 and 1.5; the numbers in brackets are
its sources.
"""

from enum import Enum
from typing import Final

import msgspec


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
    PENDING = "PENDING"
    NIK_BLOCKED = "NIK_BLOCKED"
    NIK_DUPLICATE = "NIK_DUPLICATE"
    NOT_SYNCHRONISED = "NOT_SYNCHRONISED"
    UNVALIDATED = "UNVALIDATED"
    DECLINED = "DECLINED"
    LOCKED = "LOCKED"
    CHECK_NUMBERS = "CHECK_NUMBERS"
    CHECK_UNVALIDATED = "CHECK_UNVALIDATED"
    CHECK_NONE = "CHECK_NONE"
    UNREGISTERED = "UNREGISTERED"
    NOT_YOURS = "NOT_YOURS"
    ASK_FORMAT = "ASK_FORMAT"
    ELSEWHERE = "ELSEWHERE"
    STATUS_REGISTERED = "STATUS_REGISTERED"
    STATUS_UNVALIDATED = "STATUS_UNVALIDATED"
    USSD_BY_SMS = "USSD_BY_SMS"
    REMINDER = "REMINDER"
    REMINDER_NEXT = "REMINDER_NEXT"
    REMINDER_BARRED = "REMINDER_BARRED"
    REMINDER_UNVALIDATED = "REMINDER_UNVALIDATED"


class Provenance(Enum):
    """How true a text is: reported word for word, retold, or ours."""

    QUOTED = "quoted"
    PARAPHRASE = "paraphrase"
    INVENTED = "invented"


class Reply(msgspec.Struct, frozen=True, gc=False):
    """One text. `operator` is a profile's name, "" for the text of all that have no own one.

    Fields in the template: msisdn (national form), nik (masked), limit, operator (brand), hint and
    example (the operator's format for this number), told and count (see Outcome).
    """

    code: ReplyCode
    operator: str
    template: str
    provenance: Provenance
    source: str


def _invented(code: ReplyCode, template: str, source: str) -> Reply:
    """Make a row for all operators whose text is ours; `source` says after what."""
    return Reply(code, "", template, Provenance.INVENTED, source)


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
    _invented(
        ReplyCode.PENDING,
        "Registrasi nomor {msisdn} masih diproses. Mohon tunggu SMS balasan, tidak perlu mengirim "
        "ulang.",
        "after the advice to send once and wait: domain.md 1.3 [S48][S49]",
    ),
    _invented(
        ReplyCode.NIK_BLOCKED,
        "Maaf, NIK Anda diblokir dalam data kependudukan. Silakan hubungi kantor Dukcapil.",
        "that Dukcapil blocked NIKs: domain.md 1.3 [S42][S46]",
    ),
    _invented(
        ReplyCode.NIK_DUPLICATE,
        "Maaf, NIK Anda tercatat ganda dalam data kependudukan. Silakan hubungi kantor Dukcapil.",
        "that NIKs were kept twice: domain.md 1.3 [S42][S46]",
    ),
    Reply(
        ReplyCode.NOT_SYNCHRONISED,
        "",
        "Data yang anda masukkan tidak sesuai dengan data kependudukan",
        Provenance.QUOTED,
        "domain.md 1.4 [S47]; the operator is not named",
    ),
    _invented(
        ReplyCode.UNVALIDATED,
        "Nomor {msisdn} aktif, data belum tervalidasi. Mohon registrasi ulang secara berkala "
        "hingga tervalidasi: ketik {hint} kirim ke 4444.",
        "the duty itself: domain.md 1.5 [S60][S62]",
    ),
    _invented(
        ReplyCode.DECLINED,
        "Registrasi dibatalkan. Mohon cek NIK & KK Anda lalu kirim ulang, atau ke gerai "
        "{operator}.",
        "the way to the outlet: domain.md 1.5 [S60]",
    ),
    _invented(
        ReplyCode.LOCKED,
        "Maaf, registrasi lewat SMS dikunci setelah 5 kali gagal. Coba lagi nanti, atau ke gerai "
        "{operator}.",
        "the lock itself: domain.md 1.5 [S63], a later site",
    ),
    _invented(
        ReplyCode.CHECK_NUMBERS,
        "NIK {nik} terdaftar untuk {count} nomor {operator}: {told}",
        "the service: domain.md 1.2 [S25]",
    ),
    _invented(
        ReplyCode.CHECK_UNVALIDATED,
        "NIK {nik} belum tervalidasi, {count} nomor {operator}: {told}",
        "the service: domain.md 1.2 [S25]; the state: 1.5",
    ),
    _invented(
        ReplyCode.CHECK_NONE,
        "Nomor {msisdn} belum terdaftar. Ketik {hint} kirim ke 4444.",
        "the service: domain.md 1.2 [S25]",
    ),
    _invented(
        ReplyCode.UNREGISTERED,
        "Registrasi nomor {msisdn} telah dihapus dari NIK {nik}. Nomor tidak dapat digunakan lagi.",
        "what UNREG does: domain.md 3.5 [S102]",
    ),
    _invented(
        ReplyCode.NOT_YOURS,
        "Maaf, NIK atau nomor tersebut tidak terdaftar pada nomor {msisdn}.",
        "no source",
    ),
    _invented(
        ReplyCode.ASK_FORMAT,
        "Maaf, format SMS salah. Ketik {told} kirim ke 4444.",
        "after BAD_FORMAT of domain.md 1.4",
    ),
    _invented(
        ReplyCode.ELSEWHERE,
        "Maaf, layanan ini tidak tersedia lewat SMS. Silakan melalui {told}.",
        "where it was offered: domain.md 1.2",
    ),
    _invented(
        ReplyCode.STATUS_REGISTERED,
        "Nomor {msisdn} sudah terdaftar dengan NIK {nik}.",
        "the service: domain.md 1.2 [S25][S26]",
    ),
    _invented(
        ReplyCode.STATUS_UNVALIDATED,
        "Nomor {msisdn} terdaftar dengan NIK {nik}, tetapi data belum tervalidasi. "
        "Ketik {hint} kirim ke 4444.",
        "the service: domain.md 1.2 [S25]; the state: 1.5",
    ),
    _invented(
        ReplyCode.USSD_BY_SMS,
        "Status registrasi nomor Anda dikirim lewat SMS dari 4444.",
        "that the answer comes as SMS from 4444: domain.md 1.2 [S25][S26][S21]",
    ),
    _invented(
        ReplyCode.REMINDER,
        "Jangan tunggu DIBLOKIR ({told}), segera registrasikan nomor prabayar Anda. "
        "Ketik {hint} kirim ke 4444. Abaikan jika sudah registrasi",
        "after Telkomsel's reminder from 4444: domain.md 1.4, which tells no days",
    ),
    _invented(
        ReplyCode.REMINDER_NEXT,
        "Nomor Anda diblokir sebagian, {told} blokir bertambah. Ketik {hint} kirim ke 4444 "
        "untuk membuka blokir. Abaikan jika sudah registrasi",
        "after REMINDER; the stages: domain.md 3.3",
    ),
    _invented(
        ReplyCode.REMINDER_BARRED,
        "Nomor Anda diblokir. Ketik {hint} kirim ke 4444 untuk membuka blokir selama masa laku "
        "kartu belum berakhir. Abaikan jika sudah registrasi",
        "after REMINDER; that it can be revived: domain.md 3.5 [S82][S24]",
    ),
    _invented(
        ReplyCode.REMINDER_UNVALIDATED,
        "Data nomor {msisdn} belum tervalidasi. Mohon registrasi ulang secara berkala hingga "
        "tervalidasi: ketik {hint} kirim ke 4444.",
        "the duty itself: domain.md 1.5 [S62]",
    ),
)
