"""The demo's story as data: six phones, four dates, what each does and what it shows."""

from __future__ import annotations

from msgspec import Struct

from gateway.core.numbers import Msisdn


class Actor(Struct, frozen=True, gc=False):
    """One phone; `citizen` is the index of its owner in the simulated registry."""

    name: str
    operator: str
    msisdn: Msisdn
    citizen: int


SARI = Actor("Sari", "Telkomsel", Msisdn("6281290000001"), 101)
BUDI = Actor("Budi", "Indosat", Msisdn("6285690000002"), 205)
DEWI = Actor("Dewi", "XL", Msisdn("6281790000003"), 309)
AGUS = Actor("Agus", "Tri", Msisdn("6289790000004"), 412)
EKO = Actor("Eko", "Axis", Msisdn("6283890000005"), 516)
RINA = Actor("Rina", "Smartfren", Msisdn("6288190000006"), 621)

ACTORS = (SARI, BUDI, DEWI, AGUS, EKO, RINA)


class Chapter(Struct, frozen=True, gc=False):
    """The calendar runs to `when` (ISO 8601), then the story goes on under a heading."""

    when: str
    heading: str


class Note(Struct, frozen=True, gc=False):
    """What a trainer would say now."""

    text: str


class Sms(Struct, frozen=True, gc=False):
    """An SMS. In the text {nik} and {kk} are the sender's own, {other_kk} somebody else's and
    {no_nik} a NIK that nobody has."""

    sender: Actor
    to: Actor | str
    text: str


class CallTo(Struct, frozen=True, gc=False):
    """A call that is answered and hung up, if the network lets it ring."""

    caller: Actor
    to: Actor | str


class Data(Struct, frozen=True, gc=False):
    """Mobile data switched on or off."""

    phone: Actor
    on: bool


Step = Chapter | Note | Sms | CallTo | Data

STORY: tuple[Step, ...] = (
    Chapter("2018-02-26T08:00:00+07:00", "two days before the deadline"),
    Note("Each operator has its own format. Sari (Telkomsel) sends hers, and is registered."),
    Sms(SARI, "4444", "REG {nik}#{kk}#"),
    Note("Budi copies the number of an old family card (KK): refused. Then the right one."),
    Sms(BUDI, "4444", "ULANG#{nik}#{other_kk}#"),
    Sms(BUDI, "4444", "ULANG#{nik}#{kk}#"),
    Note("Dewi forgets her KK: the reply tells the format of her operator, XL."),
    Sms(DEWI, "4444", "ULANG#{nik}"),
    Sms(DEWI, "4444", "ulang#{nik}#{kk}"),
    Note("Eko mistypes his NIK; nobody has that one. He puts it off."),
    Sms(EKO, "4444", "{no_nik}#{kk}#"),
    Note("Agus and Rina do nothing. Before the deadline everything works for them."),
    CallTo(AGUS, RINA),
    Data(RINA, True),
    Chapter("2018-03-01T08:00:00+07:00", "the day after the deadline: outgoing is barred"),
    Sms(AGUS, SARI, "Sari, nanti sore jadi?"),
    CallTo(AGUS, SARI),
    Note("He can still be reached."),
    Sms(SARI, AGUS, "Agus, kok tidak balas?"),
    CallTo(SARI, AGUS),
    Note("4444 stays open at every stage: Eko registers, and is free at once."),
    Sms(EKO, "4444", "ULANG#{nik}#{kk}#"),
    Sms(EKO, SARI, "Nomor saya sudah aktif lagi"),
    Chapter("2018-04-15T08:00:00+07:00", "46 days after: incoming is barred too"),
    Sms(SARI, AGUS, "Agus, segera registrasi!"),
    CallTo(SARI, AGUS),
    Note("Data still works."),
    Data(AGUS, True),
    Note("Agus registers, and everything comes back."),
    Sms(AGUS, "4444", "ULANG#{nik}#{kk}#"),
    Sms(SARI, AGUS, "Akhirnya!"),
    CallTo(AGUS, SARI),
    Chapter("2018-04-30T08:00:00+07:00", "61 days after: everything is barred"),
    Note("Rina never registered. The network closed her data session; nothing works any more ..."),
    Data(RINA, True),
    Sms(RINA, SARI, "Tolong, nomor saya diblokir"),
    CallTo(SARI, RINA),
    Note("... except emergency calls, and 4444: she could still register."),
    CallTo(RINA, "112"),
    Sms(RINA, "4444", "ULANG#{nik}#{other_kk}#"),
)
