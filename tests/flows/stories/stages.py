"""How an unregistered number is barred, stage by stage, and how it comes back."""

from __future__ import annotations

from msgspec import structs

from gateway.core.ageing import DAY_MS, SCHEDULES, Lifetime
from tests.flows.steps import (
    Answer,
    At,
    CloseData,
    Dial,
    HangUp,
    Look,
    Note,
    Off,
    On,
    OpenData,
    Reminded,
    Sms,
    Step,
    Story,
    Swept,
    Ussd,
)
from tests.flows.stories.people import BUDI, CITIZENS, DEWI, SARI, pair, registered, ulang
from tests.gateway.core.network import RULES

HEAD, OTHER, THIRD = CITIZENS[:3]


def a_day(*, rings_out: bool, rings_in: bool, data: bool) -> tuple[Step, ...]:
    """Everything that Sari's number can be used for, once."""
    out: tuple[Step, ...] = (Dial(SARI, BUDI), *((Answer(BUDI), HangUp(SARI)) if rings_out else ()))
    come: tuple[Step, ...] = (
        Dial(BUDI, SARI),
        *((Answer(SARI), HangUp(BUDI)) if rings_in else ()),
    )
    return (
        Look(SARI),
        Sms(SARI, BUDI, "Apa kabar?"),
        *out,
        Sms(BUDI, SARI, "Baik!"),
        *come,
        OpenData(SARI),
        *((CloseData(SARI),) if data else ()),
        Sms(SARI, "4444", "INFO"),
    )


STAGES_OF_BRIEF = Story(
    name="stages-brief",
    title="One phone that nobody registers, through all stages",
    given="The schedule `brief`: outgoing is barred from 1 March 2018, incoming too from 15 April, "
    "data too from 30 April. Sari's number is not registered; Budi's is.",
    before=(On(SARI), *registered(BUDI, OTHER, "indosat"), At("2018-02-28 08:00")),
    steps=(
        Note("The last day before the deadline: everything works."),
        *a_day(rings_out=True, rings_in=True, data=True),
        At("2018-03-01 00:00"),
        Note("The first stage: no outgoing SMS and calls. Incoming and data go on, and so does "
        "4444, both ways."),
        *a_day(rings_out=False, rings_in=True, data=True),
        Dial(SARI, "112"),
        HangUp(SARI),
        At("2018-04-14 08:00"),
        Note("Its last day, 45 days on: the same."),
        *a_day(rings_out=False, rings_in=True, data=True),
        At("2018-04-15 00:00"),
        Note("The second stage: no incoming SMS and calls either; only data is alive. The reply of "
        "4444 arrives all the same."),
        *a_day(rings_out=False, rings_in=False, data=True),
        At("2018-04-29 08:00"),
        Note("Its last day."),
        OpenData(SARI),
        Sms(BUDI, SARI, "Halo?"),
        At("2018-04-30 00:00"),
        Note("The third stage: everything is barred; the data session that was open is closed. "
        "4444 and the emergency numbers stay."),
        *a_day(rings_out=False, rings_in=False, data=False),
        Dial(SARI, "112"),
        HangUp(SARI),
        Note("Registering brings all of it back at once."),
        Sms(SARI, "4444", ulang(HEAD)),
        *a_day(rings_out=True, rings_in=True, data=True),
    ),
)  # fmt: skip

RESCUE = Story(
    name="rescue-at-each-stage",
    title="Three phones, each rescued at another stage",
    given="Sari registers in the first stage, Budi in the second, Dewi in the third. Who is not "
    "registered yet goes on to the next stage.",
    before=(On(SARI), On(BUDI), On(DEWI)),
    steps=(
        At("2018-03-01 08:00"),
        Sms(SARI, BUDI, "Aku diblokir"),
        Sms(SARI, "4444", ulang(HEAD)),
        Sms(SARI, BUDI, "Sudah bisa lagi"),
        At("2018-04-15 08:00"),
        Sms(SARI, BUDI, "Masih bisa terima?"),
        Sms(BUDI, "4444", f"ULANG#{OTHER.nik.digits}#{OTHER.kk.digits}#"),
        Sms(SARI, BUDI, "Masih bisa terima?"),
        At("2018-04-30 08:00"),
        OpenData(DEWI),
        Sms(DEWI, "4444", f"ULANG#{THIRD.nik.digits}#{THIRD.kk.digits}"),
        OpenData(DEWI),
        Look(SARI),
        Look(BUDI),
        Look(DEWI),
    ),
)

JUMP = Story(
    name="jump-over-all-stages",
    title="The calendar jumps over all stages at once",
    given="On 28 February Sari has a data session open and is in a call with Budi; an SMS waits "
    "for Dewi's phone, which is off. Then a trainer sets the calendar to 5 May. Budi is "
    "registered, the others are not.",
    before=(
        On(SARI),
        On(DEWI),
        *registered(BUDI, OTHER, "indosat"),
        At("2018-02-28 12:00"),
    ),
    steps=(
        OpenData(SARI),
        Dial(BUDI, SARI),
        Answer(SARI),
        Off(DEWI),
        Sms(BUDI, DEWI, "Hubungi aku"),
        Note("Every stage is applied in its turn: the call ends when incoming calls are barred, "
        "the data session when data is. Dewi's SMS is too old before its stage comes."),
        At("2018-05-05 08:00"),
        Look(SARI),
        On(DEWI),
        OpenData(DEWI),
    ),
)  # fmt: skip


def day_by_day(schedule: str, title: str, given: str, days: tuple[str, ...]) -> Story:
    """One phone through all stages of a schedule: `days` are each stage's eve and first day."""
    (eve_out, out), (eve_in, come), (eve_all, everything) = zip(days[::2], days[1::2], strict=True)
    return Story(
        name=f"stages-{schedule}",
        title=title,
        given=f"{given} Sari's number is not registered; Budi's is.",
        rules=structs.replace(RULES, schedule=SCHEDULES[schedule]),
        before=(On(SARI), *registered(BUDI, OTHER, "indosat"), At(f"{eve_out} 08:00")),
        steps=(
            Note("The last day before the first stage: everything works."),
            *a_day(rings_out=True, rings_in=True, data=True),
            At(f"{out} 00:00"),
            Note("The first stage: no outgoing SMS and calls."),
            *a_day(rings_out=False, rings_in=True, data=True),
            At(f"{eve_in} 08:00"),
            Note("Its last day: the same."),
            *a_day(rings_out=False, rings_in=True, data=True),
            At(f"{come} 00:00"),
            Note("The second stage: no incoming SMS and calls either; 4444's reply arrives."),
            *a_day(rings_out=False, rings_in=False, data=True),
            At(f"{eve_all} 08:00"),
            Note("Its last day: only data is alive."),
            *a_day(rings_out=False, rings_in=False, data=True),
            At(f"{everything} 00:00"),
            Note("The third stage: data is barred too; 4444 and emergency calls stay."),
            *a_day(rings_out=False, rings_in=False, data=False),
            Dial(SARI, "112"),
            HangUp(SARI),
            Note("Registering brings all of it back at once."),
            Sms(SARI, "4444", ulang(HEAD)),
            Look(SARI),
            Sms(SARI, BUDI, "Sudah bisa lagi"),
        ),
    )


PERMEN = day_by_day(
    "permen",
    "The days of the regulation",
    "The schedule `permen`: 30, 45 and 60 days after the notice of 1 March 2018, so that nothing "
    "is barred in March.",
    ("2018-03-30", "2018-03-31", "2018-04-14", "2018-04-15", "2018-04-29", "2018-04-30"),
)

KOMINFO = day_by_day(
    "kominfo-2018",
    "The dates of 2018, as Kominfo set them",
    "The schedule `kominfo-2018`: 1 March, 1 April and 1 May 2018 for all numbers alike.",
    ("2018-02-28", "2018-03-01", "2018-03-31", "2018-04-01", "2018-04-30", "2018-05-01"),
)

BACK_TO_BACK = day_by_day(
    "brief-back-to-back",
    "The project's brief, its periods one after the other",
    "The schedule `brief-back-to-back`: 30 days without outgoing, 15 without incoming too, then "
    "without data.",
    ("2018-02-28", "2018-03-01", "2018-03-30", "2018-03-31", "2018-04-14", "2018-04-15"),
)

SWEEP = Story(
    name="sweep-lags-behind",
    title="Barring is rolled out number by number",
    given="The schedule `brief` with a sweep: a number is barred when the sweep comes to it, not "
    "at midnight. \"Blocking cannot be done at once in a day; operators' machine capacity is "
    "limited\" (domain.md 3.3, roll-out lag). Budi is registered; Sari and Dewi are not.",
    rules=structs.replace(RULES, schedule=structs.replace(SCHEDULES["brief"], swept=True)),
    before=(On(SARI), On(DEWI), *registered(BUDI, OTHER, "indosat"), At("2018-02-28 23:50")),
    steps=(
        At("2018-03-01 00:00"),
        Note("The stage falls due, and nobody is barred yet."),
        Sms(SARI, BUDI, "Masih bisa"),
        Look(SARI),
        Swept(1),
        Sms(SARI, BUDI, "Sudah diblokir?"),
        Sms(DEWI, BUDI, "Aku masih bisa"),
        Note("Dewi registers before the sweep comes to her: she is passed over."),
        Sms(DEWI, "4444", f"ULANG#{THIRD.nik.digits}#{THIRD.kk.digits}"),
        Swept(1),
        Look(DEWI),
        At("2018-04-30 08:00"),
        Note("Two more stages fell due meanwhile; each is applied in its turn."),
        Swept(1),
        Swept(1),
        Look(SARI),
    ),
)  # fmt: skip

HANGUS = Story(
    name="hangus-and-sold-anew",
    title="A number expires, and is sold anew",
    given="A number that nobody registers expires (hangus) 60 days after its first stage, 30 of "
    "validity and 30 of grace, and is sold anew 90 days later (invented figures). Sari's number "
    "is not registered; Budi's is.",
    rules=structs.replace(
        RULES,
        schedule=structs.replace(
            SCHEDULES["brief"], lifetime=Lifetime(60 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS)
        ),
    ),
    before=(On(SARI), *registered(BUDI, OTHER, "indosat"), At("2018-04-29 23:00")),
    steps=(
        Note("The last hours: everything but data is barred, and 4444 still answers."),
        Look(SARI),
        Sms(SARI, "4444", "INFO"),
        At("2018-04-30 00:00"),
        Note("The number expires: 4444 ends for it too, and nobody reaches it."),
        Look(SARI),
        Sms(SARI, "4444", ulang(HEAD)),
        Sms(BUDI, SARI, "Masih ada?"),
        At("2018-07-29 00:00"),
        Note("Three months later the number is a starter card in somebody else's phone."),
        Look(SARI),
        Sms(SARI, BUDI, "Nomor baru"),
        Sms(SARI, "4444", f"REG {pair(HEAD)}#"),
        Look(SARI),
    ),
)  # fmt: skip

FIRST, SECOND, THIRD_ROUND = "2018-02-26 09:00", "2018-03-20 09:00", "2018-05-02 09:00"

REMINDERS = Story(
    name="campaign-of-reminders",
    title="4444 reminds the unregistered, again and again",
    given="A campaign sends every unregistered number how many days are left. It comes to Sari's "
    "phone and to Dewi's, before the deadline and in two stages after it.",
    before=(On(SARI), On(DEWI), At(FIRST)),
    steps=(
        Reminded(SARI, "weekly", FIRST),
        Reminded(DEWI, "weekly", FIRST),
        Note("A gateway that begins a round again reminds nobody twice."),
        Reminded(SARI, "weekly", FIRST),
        Note("Dewi does as she is told: the next round passes her over."),
        Sms(DEWI, "4444", f"ULANG#{THIRD.nik.digits}#{THIRD.kk.digits}"),
        At(SECOND),
        Reminded(SARI, "weekly", SECOND),
        Reminded(DEWI, "weekly", SECOND),
        At(THIRD_ROUND),
        Note("Incoming SMS is barred, but 4444 passes."),
        Reminded(SARI, "weekly", THIRD_ROUND),
    ),
)  # fmt: skip

STATUS_BY_USSD = Story(
    name="status-by-ussd",
    title="*444#: a phone asks for its number's status",
    given="USSD works at every stage. Telkomsel answers by SMS from 4444, XL in the session, "
    "others have no such service.",
    before=(On(SARI), On(BUDI), On(DEWI), At("2018-05-05 08:00")),
    steps=(
        Ussd(SARI, "*444#"),
        Sms(SARI, "4444", ulang(HEAD)),
        Ussd(SARI, "*444#"),
        Ussd(DEWI, "*123*4444#"),
        Ussd(BUDI, "*444#"),
    ),
)

STAGES = (
    STAGES_OF_BRIEF,
    BACK_TO_BACK,
    PERMEN,
    KOMINFO,
    RESCUE,
    JUMP,
    SWEEP,
    HANGUS,
    REMINDERS,
    STATUS_BY_USSD,
)
