"""Outlets (gerai) and dealers: the fourth number, foreigners, who was locked out."""

from __future__ import annotations

from msgspec import structs

from gateway.core.numbers import Msisdn
from gateway.core.outlets import Document, Foreigner
from tests.flows.steps import At, AtOutlet, Look, Note, On, Person, Sms, Story
from tests.flows.stories.people import CITIZENS, ulang
from tests.gateway.core.network import RULES

HEAD, OTHER = CITIZENS[:2]
SIMS = [Person(f"SIM {number}", Msisdn(f"628121000010{number}")) for number in range(1, 7)]
JANE = Foreigner(Document.PASSPORT, "X1234567", "AU", "Jane Doe", "Perth", "1990-05-17")
OUTLET = "GERAI-017"

OUTLETS_STORY = Story(
    name="outlets",
    title="An outlet registers what 4444 does not",
    given="A NIK has three numbers of Telkomsel by SMS. The schedule `brief`, first stage. "
    "To show it here, more than four numbers on a NIK are reported; the rule of 2018 was ten.",
    rules=structs.replace(RULES, report_above=4),
    before=(
        *(step for sim in SIMS[:3] for step in (On(sim), Sms(sim, "4444", ulang(HEAD)))),
        On(SIMS[3]),
        On(SIMS[5]),
        At("2018-03-05 08:00"),
    ),
    steps=(
        Note("The fourth number: 4444 sends the customer to the outlet."),
        Sms(SIMS[3], "4444", ulang(HEAD)),
        AtOutlet(OUTLET, SIMS[3], HEAD),
        Look(SIMS[3]),
        Note("There is no limit at an outlet; what is many for one person is reported."),
        AtOutlet(OUTLET, SIMS[4], HEAD),
        Note("The civil registry judges here too: this family card is another family's."),
        AtOutlet(OUTLET, SIMS[5], structs.replace(OTHER, kk=HEAD.kk)),
        Look(SIMS[5]),
        Note("A foreigner has no NIK, and can register at an outlet only."),
        AtOutlet(OUTLET, SIMS[5], JANE),
        Look(SIMS[5]),
        Note("To do the same twice changes nothing."),
        AtOutlet(OUTLET, SIMS[5], JANE),
    ),
)  # fmt: skip

OUTLETS = (OUTLETS_STORY,)
