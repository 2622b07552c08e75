"""How numbers register: each operator's own way, and every way in which it fails."""

from __future__ import annotations

from msgspec import structs

from gateway.core.ledger import Unknown
from gateway.core.numbers import Msisdn
from tests.flows.steps import (
    At,
    Dial,
    Look,
    Note,
    On,
    OpenData,
    Person,
    Sms,
    Step,
    Story,
)
from tests.flows.stories.people import (
    BUDI,
    CITIZENS,
    PROFILES,
    SARI,
    pair,
    registered,
    ulang,
)
from tests.gateway.core.network import REGISTRY, RULES

HEAD, OTHER, THIRD = CITIZENS[:3]


def happy(operator: str, name: str, msisdn: str) -> Story:
    """An old number of the operator registers before the deadline."""
    profile = PROFILES[operator]
    row = profile.old_number
    who = Person(name, Msisdn(msisdn))
    text = f"{row.prefix}{pair(HEAD)}{row.endings[0]}"
    return Story(
        name=f"registers-{operator}",
        title=f"An old {profile.brand} number registers: {row.hint}",
        given="Two days before the deadline of 28 February 2018. The number has been in use for "
        "years and was never registered with NIK and KK.",
        steps=(
            On(who),
            Look(who),
            Sms(who, "4444", text),
            Look(who),
            Note("Who sends it again, because the answer was slow, is told so; nothing changes."),
            Sms(who, "4444", text),
        ),
    )


def happy_new(operator: str, name: str, msisdn: str) -> Story:
    """A starter card of the operator registers, in the format of new numbers."""
    profile = PROFILES[operator]
    row, old = profile.new_number, profile.old_number
    who = Person(name, Msisdn(msisdn))
    return Story(
        name=f"registers-new-{operator}",
        title=f"A new {profile.brand} starter card registers: {row.hint}",
        given="A number seen for the first time is a starter card here ([subscribers] unknown = "
        f'"new"). The format for old numbers of this operator is another: {old.hint}',
        rules=structs.replace(RULES, unknown=Unknown.NEW),
        steps=(
            On(who),
            Look(who),
            Note("The format is asked for by any text that cannot be read."),
            Sms(who, "4444", "halo"),
            Sms(who, "4444", f"{row.prefix}{pair(HEAD)}{row.endings[0]}"),
            Look(who),
        ),
    )


STARTER = Story(
    name="starter-card",
    title="A new starter card: nothing works until it is registered",
    given="Numbers seen for the first time are starter cards here ([subscribers] unknown = "
    '"new"), which need the format of new numbers.',
    rules=structs.replace(RULES, unknown=Unknown.NEW),
    before=(*registered(BUDI, OTHER, "indosat"),),
    steps=(
        On(SARI),
        Look(SARI),
        Sms(SARI, BUDI, "Halo, nomor baru"),
        Dial(SARI, BUDI),
        OpenData(SARI),
        Sms(BUDI, SARI, "Sudah aktif?"),
        Note("4444 is open, also for who asks how. It names the format for new numbers."),
        Sms(SARI, "4444", "halo"),
        Sms(SARI, "4444", f"REG {pair(HEAD)}#"),
        Look(SARI),
        Sms(SARI, BUDI, "Halo, nomor baru"),
        OpenData(SARI),
    ),
)

BAD_FORMAT = Story(
    name="fails-bad-format",
    title="Texts that 4444 cannot read",
    given="Mistakes that people made in 2017 and 2018 (domain.md 1.3). The SMS that goes back is "
    "the same for all of them; the reason in the journal says which rule was broken.",
    steps=(
        On(SARI),
        Sms(SARI, "4444", f"ULANG {HEAD.nik.digits[:15]}#{HEAD.kk.digits}#"),
        Sms(SARI, "4444", f"ULANG {HEAD.nik.digits[:6]}O{HEAD.nik.digits[7:]}#{HEAD.kk.digits}#"),
        Sms(SARI, "4444", f"ULANG {HEAD.nik.digits}#"),
        Sms(SARI, "4444", f"ULANG {HEAD.nik.digits}*{HEAD.kk.digits}#"),
        Sms(SARI, "4444", f"ULANG {pair(HEAD)}1#"),
        Sms(SARI, "4444", "Daftar"),
        Sms(SARI, "4444", "mau daftar kartu"),
        Note("444 is a misprint of 4444 that newspapers carried: nobody is there."),
        Sms(SARI, "444", ulang(HEAD)),
        Note("What a lenient desk lets pass: no space after the keyword, lower case, the format "
        "of another operator. The journal notes what was tolerated."),
        Sms(SARI, "4444", f"reg{pair(HEAD)}"),
        Look(SARI),
    ),
)  # fmt: skip

NIK_UNKNOWN = Story(
    name="fails-nik-unknown",
    title="A NIK that the civil registry does not know",
    given="A NIK of the right form, of a district that does not exist. Nothing that the form "
    "shows is wrong: only the civil registry can tell. (The digits in which it differs from the "
    "right one are masked here, as everywhere outside the phone.)",
    steps=(
        On(SARI),
        Sms(SARI, "4444", f"ULANG {REGISTRY.unknown_nik(HEAD).digits}#{HEAD.kk.digits}#"),
        Look(SARI),
        Note("With the right NIK it goes well; a failure leaves no trace."),
        Sms(SARI, "4444", ulang(HEAD)),
    ),
)

KK_MISMATCH = Story(
    name="fails-kk-mismatch",
    title="An old family card",
    given="The commonest mistake of all: the KK number changes on marriage, on moving house, "
    "with a new baby. NIK and KK are both of the right form: first an old card, then somebody "
    "else's, then the right one. (Where old and right differ is masked here.)",
    steps=(
        On(SARI),
        Sms(SARI, "4444", f"ULANG {HEAD.nik.digits}#{REGISTRY.wrong_kk(HEAD).digits}#"),
        Sms(SARI, "4444", f"ULANG {HEAD.nik.digits}#{THIRD.kk.digits}#"),
        Look(SARI),
        Sms(SARI, "4444", ulang(HEAD)),
    ),
)

SIM_CARDS = [Person(f"SIM {number}", Msisdn(f"628121000010{number}")) for number in range(1, 6)]


def fourth_number() -> tuple[Step, ...]:
    first, second, third, fourth, _ = SIM_CARDS
    steps: list[Step] = [
        step for sim in (first, second, third) for step in (On(sim), Sms(sim, "4444", ulang(HEAD)))
    ]
    return (
        *steps,
        Note("Three numbers by self-service are the limit, by NIK and operator. A fourth is "
        "lawful, at the operator's outlet."),
        On(fourth),
        Sms(fourth, "4444", ulang(HEAD)),
        Look(fourth),
        Note("Another person has a limit of her own."),
        Sms(fourth, "4444", ulang(OTHER)),
        Note("And the same NIK has three more numbers with another operator."),
        On(BUDI),
        Sms(BUDI, "4444", f"ULANG#{pair(HEAD)}#"),
    )  # fmt: skip


FOURTH = Story(
    name="fails-fourth-number",
    title="A fourth number on one NIK",
    given="One person owns several Telkomsel SIM cards and registers them one after the other.",
    steps=fourth_number(),
)

ALREADY = Story(
    name="fails-already-registered",
    title="A number that is registered already",
    given="A number is registered once; another identity does not replace the first.",
    before=registered(SARI, HEAD, "telkomsel"),
    steps=(
        Look(SARI),
        Sms(SARI, "4444", ulang(HEAD)),
        Sms(SARI, "4444", ulang(OTHER)),
        Look(SARI),
        At("2018-05-05 08:00"),
        Note("Long after the deadline nothing of it is barred."),
        Sms(SARI, SARI, "Catatan untuk saya"),
    ),
)

REGISTRATION = (
    happy("telkomsel", "Sari", "6281210000001"),
    happy("indosat", "Budi", "6281410000001"),
    happy("tri", "Rina", "6289510000001"),
    happy("smartfren", "Agus", "6288110000001"),
    happy("xl", "Dewi", "6281710000001"),
    happy("axis", "Joko", "6283110000001"),
    happy_new("telkomsel", "Sari", "6281210000001"),
    happy_new("indosat", "Budi", "6281410000001"),
    happy_new("tri", "Rina", "6289510000001"),
    happy_new("smartfren", "Agus", "6288110000001"),
    happy_new("xl", "Dewi", "6281710000001"),
    happy_new("axis", "Joko", "6283110000001"),
    STARTER,
    BAD_FORMAT,
    NIK_UNKNOWN,
    KK_MISMATCH,
    FOURTH,
    ALREADY,
)
