"""What 4444 does besides registering: checks, UNREG, five failures."""

from __future__ import annotations

from gateway.core.numbers import Msisdn
from tests.flows.steps import At, Dial, Look, Note, On, OpenData, Person, Sms, Story
from tests.flows.stories.people import BUDI, CITIZENS, DEWI, SARI, pair, registered, ulang
from tests.gateway.core.network import REGISTRY

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
        Sms(SARI, "4444", ulang(HEAD)),
        Look(SARI),
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

DESK = (CHECKS, UNREG, STATEMENT, LOCK)
