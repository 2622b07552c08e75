"""What a phone's frame means to the network, and how the network's answer reads to a phone."""

import pytest

from gateway.air.frames import (
    AckUp,
    BadFrame,
    BarringDown,
    CallDown,
    CallEvent,
    CallUp,
    CallUpAction,
    CauseFrame,
    DataDown,
    DataStatus,
    DataUp,
    DataUpAction,
    DownFrame,
    NextStage,
    PhoneState,
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    StateUp,
    UpFrame,
    UssdDown,
    UssdStatus,
    UssdUp,
)
from gateway.air.mapping import (
    UpEvent,
    answer_of,
    event_of,
    phone_of,
    refusal_of,
    signal_of,
    sms_of,
)
from gateway.air.topics import DownKind, UpKind
from gateway.core.ageing import wib_midnight
from gateway.core.causes import Cause
from gateway.core.decision import (
    NOTED,
    Accepted,
    Answer,
    BarringSignal,
    CallSignal,
    DataSignal,
    Decision,
    Denied,
    Message,
    MessageKind,
    MessageState,
    Receiver,
    Signal,
)
from gateway.core.events import (
    Acknowledged,
    CallAction,
    CallStep,
    DataClose,
    DataOpen,
    Dial,
    Esme,
    MoSms,
    Phone,
    Presence,
    SmeAddress,
    Ussd,
)
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage, Service

SITI = Msisdn("6281210000001")
BUDI = "6281410000001"
ODB = Cause.OPERATOR_DETERMINED_BARRING

UP: list[tuple[UpFrame, UpEvent]] = [
    (StateUp(PhoneState.ONLINE), Presence(SITI, online=True)),
    (StateUp(PhoneState.OFFLINE), Presence(SITI, online=False)),
    (SmsUp("a1", "4444", "REG"), MoSms(SITI, "4444", "REG", Phone("a1"))),
    (SmsUp("a2", "0814-1000-0001", "Halo"), MoSms(SITI, BUDI, "Halo", Phone("a2"))),
    (AckUp("12"), Acknowledged(SITI, (12,))),
    (CallUp(CallUpAction.DIAL, "b1", "+6281410000001"), Dial(SITI, BUDI, "b1")),
    (CallUp(CallUpAction.ANSWER, id="7"), CallStep(SITI, CallAction.ANSWER, 7)),
    (CallUp(CallUpAction.REJECT, id="7"), CallStep(SITI, CallAction.REJECT, 7)),
    (CallUp(CallUpAction.HANGUP, "b2", id="7"), CallStep(SITI, CallAction.HANGUP, 7, "b2")),
    (DataUp("c1", DataUpAction.OPEN), DataOpen(SITI, "c1")),
    (DataUp("c2", DataUpAction.CLOSE), DataClose(SITI, "c2")),
    (UssdUp("d1", "*444#"), Ussd(SITI, "*444#", "d1")),
]


@pytest.mark.parametrize(("frame", "event"), UP)
def test_a_frame_is_an_event_of_its_phone(frame: UpFrame, event: UpEvent) -> None:
    assert event_of(SITI, frame) == event
    assert phone_of(event) == SITI


@pytest.mark.parametrize(
    ("frame", "ref"),
    [
        (SmsUp("a1", "0215551234", "x"), "a1"),
        (SmsUp("a2", "", "x"), "a2"),
        (CallUp(CallUpAction.DIAL, "b1", "ibu"), "b1"),
    ],
)
def test_a_destination_that_is_no_number_is_refused(frame: UpFrame, ref: str) -> None:
    bad = event_of(SITI, frame)
    assert isinstance(bad, BadFrame)
    assert bad.ref == ref
    assert bad.cause is Cause.UNASSIGNED_NUMBER
    assert "`to`" in bad.why


def result(
    ref: str, status: ResultStatus, id_: str = "", cause: CauseFrame | None = None
) -> tuple[DownKind, DownFrame]:
    return DownKind.RESULT, ResultDown(ref, status, id_, cause, "why")


def data(
    ref: str, status: DataStatus, cause: CauseFrame | None = None
) -> tuple[DownKind, DownFrame]:
    return DownKind.DATA, DataDown(ref, status, cause, "why")


MO = MoSms(SITI, "4444", "REG", Phone("a1"))
ROLE_A = MoSms(SITI, "4444", "REG", Esme("qa", 1, SmeAddress(1, 1, ""), SmeAddress(1, 1, "")))
DIAL = Dial(SITI, BUDI, "b1")
STEP = CallStep(SITI, CallAction.HANGUP, 7, "b2")
TAKEN, REFUSED = ResultStatus.ACCEPTED, ResultStatus.REFUSED


@pytest.mark.parametrize(
    ("event", "answer", "told"),
    [
        (MO, Accepted(5), result("a1", TAKEN, "5")),
        (MO, NOTED, result("a1", TAKEN)),
        (MO, Denied(ODB), result("a1", REFUSED, cause=CauseFrame(ODB, rp=8))),
        (ROLE_A, Accepted(5), result("", TAKEN, "5")),
        (DIAL, Accepted(7), result("b1", TAKEN, "7")),
        (DIAL, Denied(ODB), result("b1", REFUSED, cause=CauseFrame(ODB, q850=21))),
        (STEP, Accepted(7), result("b2", TAKEN, "7")),
        (
            STEP,
            Denied(Cause.NO_SUCH_CALL),
            result("b2", REFUSED, "7", CauseFrame(Cause.NO_SUCH_CALL, q850=81)),
        ),
        (DataOpen(SITI, "c1"), Accepted(9), data("c1", DataStatus.OPENED)),
        (
            DataOpen(SITI, "c1"),
            Denied(ODB),
            data("c1", DataStatus.REFUSED, CauseFrame(ODB, sm=8)),
        ),
        (DataClose(SITI, "c2"), Accepted(0), data("c2", DataStatus.CLOSED)),
        (
            DataClose(SITI, "c2"),
            Denied(Cause.CONGESTION),
            data("c2", DataStatus.REFUSED, CauseFrame(Cause.CONGESTION, sm=26)),
        ),
        (
            Ussd(SITI, "*444#", "d1"),
            Accepted(0, text="Nomor"),
            (DownKind.USSD, UssdDown("d1", UssdStatus.ENDED, "Nomor", why="why")),
        ),
        (
            Ussd(SITI, "*444#", "d1"),
            NOTED,
            (DownKind.USSD, UssdDown("d1", UssdStatus.ENDED, why="why")),
        ),
        (
            Ussd(SITI, "*1#", "d1"),
            Denied(Cause.UNASSIGNED_NUMBER),
            (
                DownKind.USSD,
                UssdDown(
                    "d1",
                    UssdStatus.REFUSED,
                    cause=CauseFrame(Cause.UNASSIGNED_NUMBER, rp=1),
                    why="why",
                ),
            ),
        ),
        (Presence(SITI, online=True), NOTED, None),
        (
            Presence(SITI, online=True),
            Denied(Cause.UNKNOWN_SUBSCRIBER),
            result("", REFUSED, cause=CauseFrame(Cause.UNKNOWN_SUBSCRIBER, rp=30)),
        ),
        (Acknowledged(SITI, (1,)), NOTED, None),
    ],
)
def test_an_answer_carries_the_number_of_its_interface(
    event: UpEvent, answer: Answer, told: tuple[DownKind, DownFrame] | None
) -> None:
    assert answer_of(event, Decision(answer, "why")) == told


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (None, CauseFrame(Cause.INVALID_FRAME, rp=96)),
        (UpKind.SMS, CauseFrame(Cause.INVALID_FRAME, rp=96)),
        (UpKind.CALL, CauseFrame(Cause.INVALID_FRAME, q850=96)),
        (UpKind.DATA, CauseFrame(Cause.INVALID_FRAME, sm=96)),
    ],
)
def test_a_bad_frame_is_answered_by_a_result(kind: UpKind | None, cause: CauseFrame) -> None:
    assert refusal_of(BadFrame("why", "a1"), kind) == result("a1", REFUSED, cause=cause)


def test_a_message_reads_with_its_time_in_wib() -> None:
    message = Message(
        id=123,
        kind=MessageKind.REPLY,
        source="4444",
        destination=SITI,
        text="Halo",
        receiver=Receiver.PHONE,
        state=MessageState.ENROUTE,
        accepted_at=wib_midnight(2018, 2, 26),
    )
    assert sms_of(message, 2) == SmsDown("123", "4444", "Halo", "2018-02-26T00:00:00+07:00", 2)


@pytest.mark.parametrize(
    ("signal", "kind", "frame"),
    [
        (
            CallSignal(SITI, 7, "incoming", BUDI),
            DownKind.CALL,
            CallDown("7", CallEvent.INCOMING, BUDI),
        ),
        (
            CallSignal(SITI, 7, "ended", BUDI, Cause.NORMAL_CLEARING),
            DownKind.CALL,
            CallDown("7", CallEvent.ENDED, BUDI, CauseFrame(Cause.NORMAL_CLEARING, q850=16)),
        ),
        (
            DataSignal(SITI, "c1", ODB),
            DownKind.DATA,
            DataDown("c1", DataStatus.CLOSED, CauseFrame(ODB, sm=8)),
        ),
        (
            BarringSignal(SITI, BlockStage.OPEN, (), None, 0),
            DownKind.BARRING,
            BarringDown(BlockStage.OPEN, ()),
        ),
        (
            BarringSignal(
                SITI,
                BlockStage.OUTGOING_BARRED,
                (Service.MO_SMS,),
                BlockStage.INCOMING_BARRED,
                wib_midnight(2018, 4, 15),
            ),
            DownKind.BARRING,
            BarringDown(
                BlockStage.OUTGOING_BARRED,
                (Service.MO_SMS,),
                NextStage(BlockStage.INCOMING_BARRED, "2018-04-15T00:00:00+07:00"),
            ),
        ),
    ],
)
def test_a_signal_reads_as_its_frame(signal: Signal, kind: DownKind, frame: DownFrame) -> None:
    assert signal_of(signal) == (kind, frame)


@pytest.mark.parametrize("event", [event.value for event in CallEvent])
def test_every_call_event_of_the_core_has_its_name_on_the_air(event: str) -> None:
    kind, frame = signal_of(CallSignal(SITI, 7, event, BUDI))
    assert kind is DownKind.CALL
    assert isinstance(frame, CallDown)
    assert frame.event.value == event
