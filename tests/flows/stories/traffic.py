"""What an operator's network does besides: calls, phones that are off, ESMEs and receipts."""

from __future__ import annotations

from tests.flows.steps import (
    Answer,
    At,
    Bind,
    Dial,
    HangUp,
    Look,
    Note,
    Off,
    On,
    Plays,
    Reject,
    Sms,
    Step,
    Story,
    Submit,
    Wait,
)
from tests.flows.stories.people import BUDI, CITIZENS, DEWI, SARI, registered, ulang

HEAD, OTHER, THIRD = CITIZENS[:3]


def campaign() -> tuple[Step, ...]:
    """A bank's message to a phone that is on and to a number without a phone, with receipts."""
    return (
        Submit("a2p", "BANK", SARI, "Kode OTP Anda 123456"),
        Submit("a2p", "BANK", SARI, "Promo akhir pekan", receipt=2),
        Submit("a2p", "BANK", SARI, "Tagihan Anda", receipt=0),
        Submit("a2p", "BANK", DEWI, "Kode OTP Anda 654321"),
    )


A2P = Story(
    name="a2p-receipts",
    title="A bank's messages and their receipts, stage by stage",
    given="The account a2p sends for BANK: to Sari, whose phone is on, and to Dewi's number, which "
    "no phone ever used and which therefore has an inbox in the gateway. Neither is registered.",
    before=(On(SARI), At("2018-02-28 08:00")),
    steps=(
        Bind("a2p"),
        Note("Nothing is barred. Sari's receipt is made when her phone has confirmed."),
        *campaign(),
        At("2018-03-01 08:00"),
        Note("Outgoing is barred: incoming messages are delivered as before."),
        *campaign(),
        At("2018-04-15 08:00"),
        Note("Incoming is barred: the gateway takes the message and reports UNDELIV with MAP error "
        "13 (call barred)."),
        *campaign(),
        At("2018-04-30 08:00"),
        Note("Everything is barred: the same. Only 4444 gets through."),
        *campaign(),
        Bind("reg4444"),
        Submit("reg4444", "4444", SARI, "Jangan tunggu DIBLOKIR, segera registrasikan nomor Anda"),
        Note("Sari registers, and the bank reaches her again."),
        Sms(SARI, "4444", ulang(HEAD)),
        *campaign(),
    ),
)  # fmt: skip

OFFLINE = Story(
    name="phone-off",
    title="Messages for a phone that is off",
    given="Sari's phone was on once, so the gateway waits for it: a day, unless the sender says "
    "otherwise. Budi is registered.",
    before=(On(SARI), *registered(BUDI, OTHER, "indosat"), Bind("a2p")),
    steps=(
        Off(SARI),
        Sms(BUDI, SARI, "Satu"),
        Submit("a2p", "BANK", SARI, "Dua"),
        Dial(BUDI, SARI),
        On(SARI),
        Off(SARI),
        Submit("a2p", "BANK", SARI, "Tiga"),
        Sms(BUDI, SARI, "Empat"),
        Note("A day later their time is over: the bank learns it, and the phone gets nothing."),
        At("2018-02-27 12:00"),
        On(SARI),
        Note("What waits when incoming gets barred is undeliverable at once, not after a day."),
        Off(SARI),
        At("2018-04-14 20:00"),
        Submit("a2p", "BANK", SARI, "Lima"),
        At("2018-04-15 00:00"),
        On(SARI),
    ),
)

CALLS = Story(
    name="calls",
    title="Calls, and how they end",
    given="Sari and Budi are registered and switched on; Dewi is registered and switched off.",
    before=(
        *registered(SARI, HEAD, "telkomsel"),
        *registered(BUDI, OTHER, "indosat"),
        *registered(DEWI, THIRD, "xl"),
        Off(DEWI),
    ),
    steps=(
        Dial(SARI, BUDI),
        Answer(BUDI),
        On(DEWI),
        Dial(DEWI, SARI),
        HangUp(BUDI),
        Dial(SARI, BUDI),
        Reject(BUDI),
        Dial(SARI, BUDI),
        HangUp(SARI),
        Dial(SARI, BUDI),
        Wait(45),
        Off(DEWI),
        Dial(SARI, DEWI),
        Dial(SARI, BUDI),
        Answer(BUDI),
        Off(BUDI),
        Dial(SARI, "4444"),
        Dial(SARI, "112"),
        HangUp(SARI),
    ),
)

ROLE_A = Story(
    name="esme-plays-handsets",
    title="A test team's ESME plays the phones",
    given="The account qa may speak for handsets (role A): its submit_sm are what the subscriber "
    "sends, and the replies of 4444 come back to it as deliver_sm. No phone is involved.",
    before=(Bind("qa"),),
    steps=(
        Plays("qa", SARI, "4444", ulang(HEAD), receipt=1),
        Look(SARI),
        Plays("qa", BUDI, "4444", f"ULANG#{OTHER.nik.digits}#{THIRD.kk.digits}#"),
        Plays("qa", BUDI, SARI, "Halo dari Budi", receipt=1),
        At("2018-03-01 08:00"),
        Plays("qa", BUDI, SARI, "Halo lagi", receipt=1),
        Plays("qa", SARI, BUDI, "Kamu belum daftar!", receipt=1),
        Plays("qa", BUDI, "4444", f"ULANG#{OTHER.nik.digits}#{OTHER.kk.digits}#", receipt=1),
        Plays("qa", BUDI, SARI, "Sudah!", receipt=1),
    ),
)

TRAFFIC = (A2P, OFFLINE, CALLS, ROLE_A)
