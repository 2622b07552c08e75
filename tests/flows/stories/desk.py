"""What 4444 does besides registering: checks, UNREG, five failures."""

from __future__ import annotations

from msgspec import structs

from gateway.core.chance import Fixed
from gateway.core.numbers import Msisdn
from gateway.core.programme import Target
from gateway.core.registration.profiles import WhilePending, index_profiles
from tests.flows.steps import At, Dial, Look, Note, On, OpenData, Person, Reminded, Sms, Story, Wait
from tests.flows.stories.people import (
    BUDI,
    CITIZENS,
    DEWI,
    PROFILES,
    SARI,
    pair,
    registered,
    ulang,
)
from tests.gateway.core.network import REGISTRY, RULES

HEAD, OTHER = CITIZENS[:2]
OLD_CARD = f"{HEAD.nik.digits}#{REGISTRY.wrong_kk(HEAD).digits}#"
SECOND = Person("Budi 2", Msisdn("6281410000002"))
RINA = Person("Rina", Msisdn("6289510000001"))
SIMS = [Person(f"SIM {number}", Msisdn(f"628121000010{number}")) for number in range(1, 5)]

CHECKS = Story(
    name="checks",
    title="Which numbers are on my NIK? Each operator has its own way to ask",
    given="Budi has two Indosat numbers on his NIK, Rina one of Tri, Sari one of Telkomsel.",
    before=(
        *registered(BUDI, HEAD, "indosat"),
        *registered(SECOND, HEAD, "indosat"),
        *registered(RINA, OTHER, "tri"),
        *registered(SARI, OTHER, "telkomsel"),
    ),
    steps=(
        Sms(BUDI, "4444", f"INFO#{HEAD.nik.digits}"),
        Sms(BUDI, "4444", "INFO#081410000001"),
        Note("Everybody may ask about what is their own."),
        Sms(BUDI, "4444", f"INFO#{OTHER.nik.digits}"),
        Sms(BUDI, "4444", "INFO#089510000001"),
        Note("Tri's word is STATUS, alone; another operator's form is answered with one's own."),
        Sms(RINA, "4444", "STATUS"),
        Sms(RINA, "4444", f"INFO#{OTHER.nik.digits}"),
        Note("Telkomsel and XL had no check by SMS: the web and USSD."),
        Sms(SARI, "4444", "CEK"),
        On(DEWI),
        Sms(DEWI, "4444", "CEK"),
    ),
)

UNREG = Story(
    name="unreg-and-reuse",
    title="UNREG: a place on the NIK becomes free, the number is gone for good",
    given="Three Telkomsel numbers are registered on one NIK, as many as SMS allows.",
    before=tuple(step for sim in SIMS[:3] for step in registered(sim, HEAD, "telkomsel")),
    steps=(
        On(SIMS[3]),
        Sms(SIMS[3], "4444", ulang(HEAD)),
        Note("Only the number itself can be given up, and by its own NIK."),
        Sms(SIMS[0], "4444", f"UNREG#{OTHER.nik.digits}#"),
        OpenData(SIMS[0]),
        Sms(SIMS[0], "4444", f"UNREG#{HEAD.nik.digits}#"),
        Look(SIMS[0]),
        Note("The fourth number takes the place. The one that was given up is dead, also to 4444; "
        "emergency calls still pass."),
        Sms(SIMS[3], "4444", ulang(HEAD)),
        Look(SIMS[3]),
        Sms(SIMS[0], "4444", ulang(HEAD)),
        Sms(SIMS[3], SIMS[0], "Masih aktif?"),
        Dial(SIMS[0], "112"),
    ),
)  # fmt: skip

STATEMENT = Story(
    name="five-failures-and-consent",
    title="Five failures with the same data: the statement of truth by SMS",
    given="Sari's family has a new card that the civil registry does not show yet, or so she "
    "says. Telkomsel's desk asks for a statement of truth after the fifth failure.",
    steps=(
        On(SARI),
        *(Sms(SARI, "4444", f"ULANG {OLD_CARD}") for _ in range(5)),
        Note("Whoever says no begins anew."),
        Sms(SARI, "4444", "TIDAK"),
        *(Sms(SARI, "4444", f"ULANG {OLD_CARD}") for _ in range(5)),
        At("2018-03-02 09:00"),
        Note("The statement waits for its answer; the number was barred meanwhile."),
        Sms(SARI, "4444", "YA"),
        Look(SARI),
        Note("Registered, but not validated: she must register again until the data match."),
        Sms(SARI, "4444", f"ULANG {OLD_CARD}"),
        At("2018-04-02 09:00"),
        Note("A campaign reminds the unvalidated; that for the unregistered passes over her."),
        Reminded(SARI, "weekly", "2018-04-02 09:00"),
        Reminded(SARI, "validate", "2018-04-02 09:00", Target.UNVALIDATED),
        Sms(SARI, "4444", ulang(HEAD)),
        Look(SARI),
        At("2018-05-02 09:00"),
        Reminded(SARI, "validate", "2018-05-02 09:00", Target.UNVALIDATED),
    ),
)

LOCK = Story(
    name="five-failures-and-lock",
    title="Five failures with an operator that locks",
    given="Indosat, a later site says, locked registration by SMS for a time after five failures "
    "(domain.md 1.5, confidence low): here for a day.",
    steps=(
        On(BUDI),
        *(Sms(BUDI, "4444", f"ULANG#{OLD_CARD}") for _ in range(5)),
        Note("Now not even the right card is looked at."),
        Sms(BUDI, "4444", f"ULANG#{pair(HEAD)}#"),
        At("2018-02-27 09:00"),
        Sms(BUDI, "4444", f"ULANG#{pair(HEAD)}#"),
        Look(BUDI),
    ),
)

AGUS = Person("Agus", Msisdn("6288110000001"))
IGNORES = structs.replace(PROFILES["smartfren"], while_pending=WhilePending.IGNORE)
REPLACES = structs.replace(PROFILES["indosat"], while_pending=WhilePending.REPLACE)
OPERATORS = {**PROFILES, "smartfren": IGNORES, "indosat": REPLACES}

TWO_STEPS = Story(
    name="two-step-replies",
    title="Thanks at once, the verdict three minutes later",
    given="The desk waits for the civil registry ([registration] verdict_delay: fixed, 180 s, as "
    "was reported on 28 February 2018). What becomes of an SMS that is sent again in between is "
    "the operator's own: Telkomsel answers here, Smartfren ignores, Indosat takes the new one.",
    rules=structs.replace(
        RULES, verdict_delay=Fixed(180_000), profiles=index_profiles(tuple(OPERATORS.values()))
    ),
    steps=(
        On(SARI),
        Sms(SARI, "4444", ulang(HEAD)),
        Look(SARI),
        Note("Many sent again and again, which made the jam worse (domain.md 1.3)."),
        Sms(SARI, "4444", ulang(HEAD)),
        Wait(180),
        Look(SARI),
        Note("A wrong card: the failure, too, comes later."),
        On(AGUS),
        Sms(AGUS, "4444", f"ULANG#{OLD_CARD}"),
        Sms(AGUS, "4444", f"ULANG#{pair(OTHER)}#"),
        Wait(180),
        Note("Whoever notices the mistake in time sends the right card, and is judged once."),
        On(BUDI),
        Sms(BUDI, "4444", f"ULANG#{OLD_CARD}"),
        Sms(BUDI, "4444", f"ULANG#{pair(OTHER)}#"),
        Wait(180),
        Look(BUDI),
        Note("What the desk knows by itself it says at once."),
        Sms(BUDI, "4444", "ULANG#123#456#"),
        Sms(BUDI, "4444", f"ULANG#{pair(OTHER)}#"),
    ),
)

DESK = (CHECKS, UNREG, STATEMENT, LOCK, TWO_STEPS)
