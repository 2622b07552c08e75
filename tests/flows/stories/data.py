"""What files bring in, and what is recorded of calls and data sessions."""

from __future__ import annotations

from tests.flows.steps import (
    Answer,
    At,
    Brings,
    CloseData,
    Dial,
    HangUp,
    Look,
    Note,
    On,
    OpenData,
    Records,
    Reject,
    Sms,
    Story,
)
from tests.flows.stories.people import BUDI, CITIZENS, DEWI, SARI, registered, ulang

HEAD, OTHER = CITIZENS[:2]

IMPORT = Story(
    name="subscribers-imported",
    title="An operator's numbers are imported, with mistakes in the file",
    given="It is 5 March 2018: outgoing is barred for who is not registered. Sari's phone is on.",
    before=(At("2018-03-05 08:00"), On(SARI)),
    steps=(
        Note("What is wrong is told by line and left out; the rest is taken."),
        Brings(
            (
                "msisdn,status,registered_at,nik,kk",
                f"081410000001,registered,2018-01-05,{OTHER.nik.digits},{OTHER.kk.digits}",
                "081710000001,new,,,",
                "0817,new,,,",
                "081710000002,registered,,320101010101900,",
                "081710000003,registered,,,",
                "081210000001,registered,,,",
            )
        ),
        Look(BUDI),
        Look(DEWI),
        Look(SARI),
        Note("An update changes a number that is in use: its phone is told at once."),
        Brings(
            (
                "msisdn;status;nik;kk",
                f"081210000001;registered;{HEAD.nik.digits};{HEAD.kk.digits}",
            ),
            update=True,
        ),
        Look(SARI),
        Sms(SARI, "4444", ulang(HEAD)),
    ),
)

RECORDS = Story(
    name="call-records",
    title="A call and a data session that the calendar ends, and what is recorded",
    given="The schedule `brief`. Sari's number is not registered; Budi's is.",
    before=(On(SARI), *registered(BUDI, OTHER, "indosat"), At("2018-02-28 23:50")),
    steps=(
        Dial(SARI, BUDI),
        Reject(BUDI),
        Dial(BUDI, SARI),
        Answer(SARI),
        HangUp(BUDI),
        OpenData(SARI),
        Dial(SARI, BUDI),
        Answer(BUDI),
        Note("Midnight: who may not call may not go on calling. Data goes on."),
        At("2018-03-01 00:00"),
        Dial(SARI, "112"),
        HangUp(SARI),
        At("2018-04-30 00:00"),
        Note("Two stages later data is barred too."),
        OpenData(BUDI),
        CloseData(BUDI),
        Records(),
    ),
)

DATA = (IMPORT, RECORDS)
