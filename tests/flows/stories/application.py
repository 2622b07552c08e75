"""An operator's own registration application serves 4444 (role B), alone and with a shadow."""

from __future__ import annotations

from msgspec import structs

from gateway.core.application import ServedCode
from gateway.core.registration.outcomes import OutcomeKind, ReplyText
from tests.flows.steps import (
    At,
    Bind,
    Look,
    Note,
    On,
    Plays,
    Sms,
    Story,
    Submit,
    Tells,
    Wait,
)
from tests.flows.stories.people import BUDI, CITIZENS, DEWI, SARI, pair, ulang
from tests.gateway.core.network import RULES

HEAD, OTHER = CITIZENS[:2]
APP = "reg4444"
HOUR_MS = 3_600_000
ROLE_B = structs.replace(RULES, short_codes={"4444": ServedCode(APP, False, 24 * HOUR_MS)})
SHADOW = structs.replace(RULES, short_codes={"4444": ServedCode(APP, True, 24 * HOUR_MS)})
THANKS = "Terima kasih. Data Anda sedang diproses."
DONE = "Selamat, nomor Anda berhasil diregistrasi."

ROLE_B_STORY = Story(
    name="application-serves-4444",
    title="An operator's own application serves 4444",
    given="[[short_codes]] gives 4444 to the ESME account reg4444; the built-in desk is silent. "
    "Sari is in the third stage, with everything barred. Dewi's phone is played by the ESME qa.",
    rules=ROLE_B,
    before=(On(SARI), At("2018-05-05 08:00")),
    steps=(
        Note("The application is not bound yet: the SMS waits for it, 24 hours at most."),
        Sms(SARI, "4444", ulang(HEAD)),
        Bind(APP),
        Note("It answers at once, in its own words. 4444 passes at every stage."),
        Submit(APP, "4444", SARI, THANKS, 1),
        Wait(180),
        Note("Its verdict comes by the API, and lifts the bars; the SMS is its own business."),
        Tells(APP, SARI, OutcomeKind.REGISTERED, HEAD),
        Submit(APP, "4444", SARI, DONE, 0),
        Look(SARI),
        Note("To tell the same twice changes nothing."),
        Tells(APP, SARI, OutcomeKind.REGISTERED, HEAD),
        Note("A number that an ESME plays gets its reply at that ESME."),
        Bind("qa"),
        Plays("qa", DEWI, "4444", f"ULANG#{pair(OTHER)}"),
        Submit(APP, "4444", DEWI, DONE, 0),
        Tells(APP, DEWI, OutcomeKind.REGISTERED, OTHER),
        Look(DEWI),
        Sms(SARI, BUDI, "Sudah bisa lagi"),
    ),
)  # fmt: skip

SHADOW_STORY = Story(
    name="application-in-shadow",
    title="The gateway judges beside an application and finds where it is wrong",
    given="As before, with shadow = true: the desk judges each registration silently. This "
    "application has a mistake: it does not compare the KK, and so registers Budi with somebody "
    "else's.",
    rules=SHADOW,
    before=(On(SARI), On(BUDI), Bind(APP), At("2018-03-05 08:00")),
    steps=(
        Note("Sari's registration is right, and both say so."),
        Sms(SARI, "4444", ulang(HEAD)),
        Tells(APP, SARI, OutcomeKind.REGISTERED, HEAD),
        Note("Budi's KK is another family's. The application lets it pass; the network does as the "
        "application says, and the difference is noted."),
        Sms(BUDI, "4444", f"ULANG#{OTHER.nik.digits}#{HEAD.kk.digits}#"),
        Tells(APP, BUDI, OutcomeKind.REGISTERED, structs.replace(OTHER, kk=HEAD.kk)),
        Submit(APP, "4444", BUDI, DONE, 0),
        Look(BUDI),
        Note("A wrong format is judged too: what the application says of it has no identity."),
        Sms(DEWI, "4444", "DAFTAR 123"),
        Tells(APP, DEWI, OutcomeKind.BAD_FORMAT),
    ),
)  # fmt: skip

READS = structs.replace(
    RULES,
    short_codes={
        "4444": ServedCode(
            APP,
            True,
            24 * HOUR_MS,
            (
                ReplyText(OutcomeKind.RECEIVED, "sedang diproses"),
                ReplyText(OutcomeKind.REGISTERED, "berhasil diregistrasi"),
            ),
        )
    },
)
READ_STORY = Story(
    name="shadow-reads-replies",
    title="The gateway reads an application's replies and finds where it is wrong",
    given="This application tells nothing by the API: shadow reads its SMS to the phones, by the "
    "patterns of [[short_codes.replies]] and the desk's own texts. It does not compare the KK.",
    rules=READS,
    before=(On(SARI), On(BUDI), Bind(APP), At("2018-03-05 08:00")),
    steps=(
        Note("Thanks are no verdict; the verdict on Sari's registration is right."),
        Sms(SARI, "4444", ulang(HEAD)),
        Submit(APP, "4444", SARI, THANKS, 0),
        Submit(APP, "4444", SARI, DONE, 0),
        Note("Budi's KK is another family's, and the application says that all is well."),
        Sms(BUDI, "4444", f"ULANG#{OTHER.nik.digits}#{HEAD.kk.digits}#"),
        Submit(APP, "4444", BUDI, DONE, 0),
        Note("Words that nobody configured are no difference. They are counted."),
        Sms(BUDI, "4444", f"ULANG#{pair(OTHER)}#"),
        Submit(APP, "4444", BUDI, "Nomor Anda aktif, selamat menikmati!", 0),
    ),
)  # fmt: skip

APPLICATION = (ROLE_B_STORY, SHADOW_STORY, READ_STORY)
