"""What a person reads."""

import pytest

from gateway.air.frames import (
    BarringDown,
    CallDown,
    CallEvent,
    CallUpAction,
    CauseFrame,
    DataDown,
    DataStatus,
    DataUpAction,
    DownFrame,
    NextStage,
    ResultDown,
    ResultStatus,
    SmsDown,
    UssdDown,
    UssdStatus,
    encode,
)
from gateway.air.topics import DownKind
from gateway.core.causes import Cause
from gateway.core.numbers import Msisdn, ShortCode
from gateway.core.subscriber import BlockStage, Service
from handsets import lines
from handsets.handset import ContactBack, ContactLost, Handset, Unreadable
from handsets.outcome import (
    CallOutcome,
    CauseShown,
    DataOutcome,
    SmsOutcome,
    SmsShown,
    Status,
    UssdOutcome,
)

OTHER = Msisdn("6281200000002")
BARRED = CauseFrame(Cause.OPERATOR_DETERMINED_BARRING, rp=8)
AT = "2018-03-01T00:00:00+07:00"
BARS = BarringDown(
    BlockStage.OUTGOING_BARRED,
    (Service.MO_SMS, Service.MO_CALL),
    NextStage(BlockStage.INCOMING_BARRED, "2018-04-15T00:00:00+07:00"),
)


@pytest.fixture
def phone() -> Handset:
    return Handset(Msisdn("6281200000001"), run="r")


def told(phone: Handset, kind: DownKind, frame: DownFrame) -> str:
    happening = phone.hear(kind, encode(frame))
    assert happening is not None
    return lines.happening(happening)


def refused(phone: Handset, ref: str, why: str = "") -> str:
    result = ResultDown(ref, ResultStatus.REFUSED, cause=BARRED, why=why)
    return told(phone, DownKind.RESULT, result)


# ---- outcomes


def test_a_replied_sms() -> None:
    outcome = SmsOutcome(
        source="6281200000001",
        to="4444",
        text="REG ...",
        status=Status.ACCEPTED,
        id="6",
        reply=SmsShown("7", "4444", "6281200000001", "Terima kasih"),
        also_received=(SmsShown("5", OTHER, "6281200000001", "hai", parts=2),),
    )
    assert lines.sms_outcome(outcome) == [
        "081200000001 -> 4444: REG ...",
        "accepted, id 6",
        "4444 -> 081200000001: Terima kasih",
        "also received: 081200000002 -> 081200000001, 2 parts: hai",
    ]


def test_a_refused_sms() -> None:
    outcome = SmsOutcome(
        source="6281200000001",
        to=OTHER,
        text="hai",
        status=Status.REFUSED,
        cause=CauseShown("operator_determined_barring", rp=8),
        why="MO SMS barred",
    )
    assert lines.sms_outcome(outcome)[1:] == [
        "refused: operator_determined_barring (RP cause 8)",
        "  MO SMS barred",
    ]


def test_a_call_that_was_not_answered() -> None:
    outcome = CallOutcome(source="6281200000001", to=OTHER, status=Status.TIMEOUT, why="slow")
    assert lines.call_outcome(outcome) == ["timeout", "  slow"]


def test_a_call_that_went_well_was_told_as_it_went() -> None:
    outcome = CallOutcome(source="6281200000001", to=OTHER, status=Status.ACCEPTED)
    assert lines.call_outcome(outcome) == []


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (
            DataOutcome(source="6281200000001", action="open", status=Status.ACCEPTED),
            ["081200000001: data session opened"],
        ),
        (
            DataOutcome(source="6281200000001", action="close", status=Status.ACCEPTED),
            ["081200000001: data session closed"],
        ),
        (
            DataOutcome(
                source="6281200000001",
                action="open",
                status=Status.ACCEPTED,
                cause=CauseShown("operator_determined_barring", sm=8),
                closed_by_network=True,
            ),
            [
                "081200000001: data session opened",
                "closed by the network: operator_determined_barring (SM cause 8)",
            ],
        ),
        (
            DataOutcome(source="6281200000001", action="open", status=Status.REFUSED),
            ["refused"],
        ),
    ],
)
def test_a_data_session(outcome: DataOutcome, expected: list[str]) -> None:
    assert lines.data_outcome(outcome) == expected


# ---- happenings


def test_answers_name_what_was_asked(phone: Handset) -> None:
    sms = phone.send_sms(ShortCode("4444"), "REG", 0.0)
    dial = phone.dial(OTHER, 0.0)
    hangup = phone.step(CallUpAction.HANGUP, "9", 0.0)
    data = phone.switch_data(DataUpAction.OPEN, 0.0)
    assert lines.status(phone)[-4:] == [
        "waiting for an answer: SMS to 4444",
        "waiting for an answer: call to 081200000002",
        "waiting for an answer: hangup",
        "waiting for an answer: data open",
    ]
    accepted = ResultDown(sms, ResultStatus.ACCEPTED, "6")
    assert told(phone, DownKind.RESULT, accepted) == "SMS to 4444: accepted"
    cause = "operator_determined_barring (RP cause 8)"
    assert refused(phone, dial, "barred") == f"call to 081200000002: refused: {cause}; barred"
    assert refused(phone, hangup) == f"hangup: refused: {cause}"
    assert refused(phone, data) == f"data open: refused: {cause}"
    assert refused(phone, "", "not JSON") == "the network refuses a frame: not JSON"


def test_silence(phone: Handset) -> None:
    phone.send_sms(ShortCode("4444"), "REG", 0.0)
    silent = [unanswered for now in (0.0, 1.0, 3.0) for unanswered in phone.due(now)[1]]
    assert lines.happening(silent[0]).startswith("no answer yet to SMS to 4444; trying on")


def test_an_sms_comes(phone: Handset) -> None:
    sms = SmsDown("7", "4444", "Terima kasih", AT)
    assert told(phone, DownKind.SMS, sms) == "SMS from 4444 [2018-03-01 00:00]: Terima kasih"


def test_a_long_sms_tells_its_parts(phone: Handset) -> None:
    sms = SmsDown("7", "4444", "Terima kasih", AT, parts=3)
    told_ = told(phone, DownKind.SMS, sms)
    assert told_ == "SMS from 4444 [2018-03-01 00:00, 3 parts]: Terima kasih"


@pytest.mark.parametrize(
    ("event", "cause", "line"),
    [
        (CallEvent.INCOMING, None, "call from 081200000002: answer or reject?"),
        (CallEvent.RINGING, None, "call with 081200000002: ringing"),
        (CallEvent.ANSWERED, None, "call with 081200000002: answered"),
        (CallEvent.ENDED, None, "call with 081200000002 ended: no cause given"),
        (
            CallEvent.ENDED,
            CauseFrame(Cause.USER_BUSY, q850=17),
            "call with 081200000002 ended: user_busy (Q.850 17)",
        ),
    ],
)
def test_a_call(phone: Handset, event: CallEvent, cause: CauseFrame | None, line: str) -> None:
    assert told(phone, DownKind.CALL, CallDown("9", event, OTHER, cause)) == line


def test_a_dialled_call_in_the_status(phone: Handset) -> None:
    ref = phone.dial(OTHER, 0.0)
    told(phone, DownKind.RESULT, ResultDown(ref, ResultStatus.ACCEPTED, "9"))
    assert "call to 081200000002: dialling" in lines.status(phone)


def test_data_sessions(phone: Handset) -> None:
    def answer(status: DataStatus, why: str = "") -> str:
        ref = phone.switch_data(DataUpAction.OPEN, 0.0)
        return told(phone, DownKind.DATA, DataDown(ref, status, BARRED, why))

    assert answer(DataStatus.OPENED) == "data session opened"
    cause = "operator_determined_barring (RP cause 8)"
    assert answer(DataStatus.REFUSED) == f"data refused: {cause}"
    assert answer(DataStatus.REFUSED, "no") == f"data refused: {cause}; no"
    closed = DataDown("r-1", DataStatus.CLOSED, BARRED)
    assert told(phone, DownKind.DATA, closed) == f"data session closed by the network: {cause}"


def test_ussd(phone: Handset) -> None:
    def answer(status: UssdStatus, text: str, why: str = "") -> str:
        ref = phone.ask_ussd("*444#", 0.0)
        assert lines.status(phone)[-1] == "waiting for an answer: USSD *444#"
        return told(phone, DownKind.USSD, UssdDown(ref, status, text, BARRED, why))

    assert answer(UssdStatus.ENDED, "Nomor") == "USSD: Nomor"
    cause = "operator_determined_barring (RP cause 8)"
    assert answer(UssdStatus.REFUSED, "", "no") == f"USSD refused: {cause}; no"


def test_how_a_ussd_request_fared() -> None:
    told_it = UssdOutcome(source=OTHER, code="*444#", status=Status.ACCEPTED, text="Nomor")
    assert lines.ussd_outcome(told_it) == ["*444#: Nomor"]
    refused = UssdOutcome(source=OTHER, code="*1#", status=Status.REFUSED, why="no")
    assert lines.ussd_outcome(refused) == ["refused", "  no"]


def test_bars(phone: Handset) -> None:
    assert told(phone, DownKind.BARRING, BARS) == (
        "OUTGOING_BARRED: MO SMS, MO CALL barred; INCOMING_BARRED from 2018-04-15 00:00"
    )
    opened = BarringDown(BlockStage.OPEN, ())
    assert told(phone, DownKind.BARRING, opened) == "OPEN: nothing barred"


def test_contact_and_mistakes() -> None:
    assert lines.happening(ContactLost("gone")) == "radio contact lost (gone); trying again"
    assert lines.happening(ContactBack()) == "radio contact is back"
    assert lines.happening(Unreadable("bad")) == "unreadable: bad"


def test_status_of_a_phone_that_knows_nothing(phone: Handset) -> None:
    assert lines.status(phone) == [
        "081200000001 (6281200000001)",
        "the network has not told what is barred",
        "no call",
        "data session closed",
        "0 SMS received",
    ]


def test_status_with_bars(phone: Handset) -> None:
    told(phone, DownKind.BARRING, BARS)
    assert lines.status(phone)[1].startswith("OUTGOING_BARRED")
