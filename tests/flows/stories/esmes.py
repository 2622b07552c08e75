"""What ESMEs ask besides sending at once: for later, in parts, to several, and orders."""

from __future__ import annotations

from tests.flows.steps import (
    At,
    Bind,
    Cancels,
    Look,
    Note,
    Off,
    On,
    Plays,
    Queries,
    Replaces,
    Sms,
    Story,
    Submit,
    SubmitMulti,
)
from tests.flows.stories.people import BUDI, CITIZENS, DEWI, SARI, registered, ulang

HEAD, OTHER, THIRD = CITIZENS[0], CITIZENS[4], CITIZENS[7]

SCHEDULED = Story(
    name="scheduled",
    title="Messages for later (schedule_delivery_time)",
    given="The bank sends today what its customers are to get another day. Sari's phone is on, "
    "she is not registered. The test team's account qa plays Budi's phone.",
    before=(Bind("a2p"), Bind("qa"), On(SARI)),
    steps=(
        Submit("a2p", "BANK", SARI, "Selamat pagi", at="2018-02-27 07:00"),
        Submit("a2p", "BANK", SARI, "Tagihan Maret", at="2018-03-10 09:00"),
        Submit("a2p", "BANK", SARI, "Tagihan April", at="2018-04-20 09:00"),
        Queries("a2p", "BANK", 1),
        Note("Budi's reminder to Sari is for a day on which he may not send any more, unless he "
        "registers before; his registration is for the night."),
        Plays("qa", BUDI, SARI, "Sudah daftar?", receipt=1, at="2018-03-02 08:00"),
        Plays("qa", BUDI, "4444", f"ULANG#{OTHER.nik.digits}#{OTHER.kk.digits}#", receipt=1,
              at="2018-02-27 01:00"),
        Plays("qa", DEWI, SARI, "Saya belum", receipt=1, at="2018-03-02 08:00"),
        At("2018-02-27 08:00"),
        Queries("a2p", "BANK", 1),
        Look(BUDI),
        Note("The calendar jumps over the first stages: each message is decided in the stage of "
        "its own time. Dewi may not send any more by then; Sari may receive until 15 April."),
        At("2018-04-14 08:00"),
        At("2018-05-02 08:00"),
    ),
)  # fmt: skip

TEXT = ulang(HEAD)

LONG = Story(
    name="long-registration",
    title="A registration in two parts",
    given="A client cuts its SMS into parts (8-bit reference of a user data header). Each part is "
    "answered and reported by itself; the desk reads the whole.",
    before=(Bind("qa"),),
    steps=(
        Plays("qa", SARI, "4444", TEXT[22:], receipt=1, part=(2, 2)),
        Note("The second part came first. Nothing is decided before the first is there, also when "
        "the second is repeated."),
        Plays("qa", SARI, "4444", TEXT[22:], receipt=1, part=(2, 2)),
        Look(SARI),
        Plays("qa", SARI, "4444", TEXT[:22], receipt=1, part=(1, 2)),
        Look(SARI),
        Note("A part whose others never come lapses after five minutes."),
        Plays("qa", BUDI, "4444", "ULANG#", receipt=1, part=(1, 2)),
        At("2018-02-26 09:00"),
        Note("To a phone a long SMS is one message."),
        On(DEWI),
        Plays("qa", SARI, DEWI, "Selamat ulang tahun, ", receipt=1, part=(1, 2)),
        Plays("qa", SARI, DEWI, "Dewi!", receipt=1, part=(2, 2)),
    ),
)  # fmt: skip

ORDERS = Story(
    name="orders",
    title="Cancel, replace, query",
    given="Sari's phone was on once and is off: what the bank sends waits for it, and until then "
    "the bank may think again. She is registered.",
    before=(Bind("a2p"), *registered(SARI, HEAD, "telkomsel"), Off(SARI)),
    steps=(
        Submit("a2p", "BANK", SARI, "Kartu Anda diblokir"),
        Submit("a2p", "BANK", SARI, "Promo akhir pekan"),
        Submit("a2p", "BANK", SARI, "Saldo: 10"),
        Queries("a2p", "BANK", 3),
        Cancels("a2p", "BANK", 3),
        Queries("a2p", "BANK", 3),
        Replaces("a2p", "BANK", 4, "Promo diperpanjang"),
        Note("Only who sent it may, and with the source that it was sent with."),
        Cancels("qa", "BANK", 4),
        Queries("a2p", "TOKO", 4),
        Note("replace_if_present: the newest balance takes the place of the older."),
        Submit("a2p", "SALDO", SARI, "Saldo: 20", replaces=True),
        Submit("a2p", "SALDO", SARI, "Saldo: 30", replaces=True),
        On(SARI),
        Cancels("a2p", "BANK", 4),
        Queries("a2p", "BANK", 4),
    ),
)

SEVERAL = Story(
    name="submit-multi",
    title="One SMS to several (submit_multi)",
    given="Sari's phone is on; Dewi's number has an inbox; 777 is a short code that nobody serves.",
    before=(Bind("a2p"), On(SARI)),
    steps=(
        SubmitMulti("a2p", "BANK", (SARI, "777", DEWI), "Kantor tutup besok"),
        Note("Every receipt names the one id that the response gave."),
        SubmitMulti("a2p", "BANK", ("777", "888"), "Kantor tutup besok"),
    ),
)

SERVED = Story(
    name="served-code",
    title="A code that an ESME serves",
    given="The account bank serves 3355. Sari is registered, Dewi is not.",
    before=(*registered(SARI, HEAD, "telkomsel"), On(DEWI)),
    serves={"3355": "bank"},
    steps=(
        Sms(SARI, "3355", "SALDO"),
        Note("It waits until the bank binds."),
        Bind("bank"),
        Submit("bank", "3355", SARI, "Saldo Anda Rp 10.000"),
        Sms(SARI, "3366", "SALDO"),
        At("2018-03-01 08:00"),
        Note("Outgoing is barred for who is not registered: codes are no exception, but 4444 is."),
        Sms(DEWI, "3355", "SALDO"),
        Sms(SARI, "3355", "SALDO"),
    ),
)

ESMES = (SCHEDULED, LONG, ORDERS, SEVERAL, SERVED)
