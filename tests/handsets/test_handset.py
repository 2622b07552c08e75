"""What a phone knows, without any I/O; the time is a number."""

import pytest

from gateway.air.frames import (
    AckUp,
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
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    UssdDown,
    UssdStatus,
    UssdUp,
    encode,
)
from gateway.air.topics import DownKind, UpKind
from gateway.core.causes import Cause
from gateway.core.numbers import Msisdn, ShortCode
from gateway.core.subscriber import BlockStage, Service
from handsets.handset import (
    Answered,
    BarringChanged,
    CallChanged,
    Complained,
    DataChanged,
    Handset,
    Happening,
    SmsReceived,
    Unreadable,
    UssdAnswered,
)

DESK = ShortCode("4444")
OTHER = Msisdn("6281200000002")
SMS = SmsDown("7", "4444", "Terima kasih", "2018-02-26T08:00:00+07:00")


@pytest.fixture
def phone() -> Handset:
    return Handset(Msisdn("6281200000001"), run="r")


def hear(phone: Handset, kind: DownKind, frame: DownFrame) -> Happening | None:
    return phone.hear(kind, encode(frame))


def sent(phone: Handset, now: float) -> list[object]:
    return [frame for _, frame in phone.due(now)[0]]


def accepted(ref: str, id_: str = "") -> ResultDown:
    return ResultDown(ref, ResultStatus.ACCEPTED, id_)


# ---- requests


def test_a_request_goes_out_at_once_and_again_after_growing_pauses(phone: Handset) -> None:
    ref = phone.send_sms(DESK, "REG", now=10.0)
    frame = SmsUp(ref, "4444", "REG")

    assert phone.due(10.0)[0] == [(UpKind.SMS, frame)]
    assert phone.next_due() == 11.0
    assert sent(phone, 10.9) == []
    assert sent(phone, 11.0) == [frame]
    assert phone.next_due() == 13.0
    for _ in range(4):
        due = phone.next_due()
        assert due is not None
        assert sent(phone, due) == [frame]
    assert phone.next_due() == 13.0 + 4 + 8 + 8 + 8


def test_silence_is_told_once(phone: Handset) -> None:
    phone.send_sms(DESK, "REG", now=0.0)
    told = [len(phone.due(now)[1]) for now in (0.0, 1.0, 3.0, 7.0, 15.0)]
    assert told == [0, 0, 1, 0, 0]


def test_an_answer_ends_the_repeating(phone: Handset) -> None:
    ref = phone.send_sms(DESK, "REG", now=0.0)
    phone.due(0.0)

    happening = hear(phone, DownKind.RESULT, accepted(ref, "6"))

    assert isinstance(happening, Answered)
    assert happening.result.id == "6"
    assert phone.next_due() is None
    assert sent(phone, 100.0) == []


def test_the_answer_to_a_repeat_tells_nothing_new(phone: Handset) -> None:
    ref = phone.send_sms(DESK, "REG", now=0.0)
    hear(phone, DownKind.RESULT, accepted(ref))
    assert hear(phone, DownKind.RESULT, accepted(ref)) is None


def test_refs_differ_among_requests_and_runs() -> None:
    msisdn = Msisdn("6281200000001")
    phone, again = Handset(msisdn, run="r"), Handset(msisdn, run="s")
    refs = {handset.send_sms(DESK, "x", 0.0) for handset in (phone, phone, again)}
    assert len(refs) == 3


def test_a_forgotten_request_is_sent_no_more(phone: Handset) -> None:
    phone.forget(phone.send_sms(DESK, "x", 0.0))
    assert sent(phone, 100.0) == []


def test_back_on_the_air_requests_go_out_at_once(phone: Handset) -> None:
    phone.send_sms(DESK, "x", 0.0)
    phone.due(0.0)
    phone.contact_back(0.5)
    assert len(sent(phone, 0.5)) == 1


def test_a_complaint_about_a_frame_without_ref_is_told(phone: Handset) -> None:
    refused = ResultDown("", ResultStatus.REFUSED, why="no such kind")
    assert hear(phone, DownKind.RESULT, refused) == Complained("no such kind")


def test_what_is_no_frame_is_told(phone: Handset) -> None:
    assert isinstance(phone.hear(DownKind.SMS, b"{"), Unreadable)


# ---- SMS


def test_an_sms_is_shown_once_and_acknowledged_each_time(phone: Handset) -> None:
    assert hear(phone, DownKind.SMS, SMS) == SmsReceived(SMS)
    assert sent(phone, 0.0) == [AckUp("7")]
    assert hear(phone, DownKind.SMS, SMS) is None
    assert sent(phone, 0.0) == [AckUp("7")]
    assert list(phone.inbox) == ["7"]


# ---- calls


def dialled(phone: Handset, id_: str = "9") -> None:
    ref = phone.dial(OTHER, 0.0)
    hear(phone, DownKind.RESULT, accepted(ref, id_))


def state_of(phone: Handset, id_: str = "9") -> CallEvent | None:
    return phone.calls[id_].state


def test_a_dialled_call_rings_is_answered_and_ends(phone: Handset) -> None:
    dialled(phone)
    call = phone.current_call()
    assert call is not None
    assert (call.other, call.outgoing, call.state) == (OTHER, True, None)

    for event in (CallEvent.RINGING, CallEvent.ANSWERED):
        happening = hear(phone, DownKind.CALL, CallDown("9", event, OTHER))
        assert isinstance(happening, CallChanged)
        assert state_of(phone) is event

    cause = CauseFrame(Cause.NORMAL_CLEARING, q850=16)
    happening = hear(phone, DownKind.CALL, CallDown("9", CallEvent.ENDED, OTHER, cause))
    assert isinstance(happening, CallChanged)
    assert happening.call.cause == cause
    assert phone.current_call() is None


def test_ringing_may_come_before_the_result(phone: Handset) -> None:
    ref = phone.dial(OTHER, 0.0)
    hear(phone, DownKind.CALL, CallDown("9", CallEvent.RINGING, OTHER))
    hear(phone, DownKind.RESULT, accepted(ref, "9"))
    assert state_of(phone) is CallEvent.RINGING


def test_a_refused_dial_makes_no_call(phone: Handset) -> None:
    ref = phone.dial(OTHER, 0.0)
    hear(phone, DownKind.RESULT, ResultDown(ref, ResultStatus.REFUSED))
    assert phone.current_call() is None


def test_an_incoming_call_is_known_as_one(phone: Handset) -> None:
    hear(phone, DownKind.CALL, CallDown("9", CallEvent.INCOMING, OTHER))
    call = phone.current_call()
    assert call is not None
    assert not call.outgoing
    ref = phone.step(CallUpAction.ANSWER, call.id, 0.0)
    assert sent(phone, 0.0) == [CallUp(CallUpAction.ANSWER, ref, id="9")]


def test_a_repeated_or_late_call_event_tells_nothing_new(phone: Handset) -> None:
    ringing = CallDown("9", CallEvent.RINGING, OTHER)
    hear(phone, DownKind.CALL, ringing)
    assert hear(phone, DownKind.CALL, ringing) is None
    hear(phone, DownKind.CALL, CallDown("9", CallEvent.ENDED, OTHER))
    assert hear(phone, DownKind.CALL, ringing) is None


# ---- data


def is_open(phone: Handset) -> bool:
    return phone.data_open


def test_a_data_session_opens_and_is_closed_by_the_network(phone: Handset) -> None:
    ref = phone.switch_data(DataUpAction.OPEN, 0.0)
    assert sent(phone, 0.0) == [DataUp(ref, DataUpAction.OPEN)]

    opened = DataDown(ref, DataStatus.OPENED)
    assert hear(phone, DownKind.DATA, opened) == DataChanged(opened, asked=True)
    assert is_open(phone)
    assert hear(phone, DownKind.DATA, opened) is None

    cause = CauseFrame(Cause.OPERATOR_DETERMINED_BARRING, sm=8)
    closed = DataDown(ref, DataStatus.CLOSED, cause)
    assert hear(phone, DownKind.DATA, closed) == DataChanged(closed, asked=False)
    assert not is_open(phone)
    assert hear(phone, DownKind.DATA, closed) is None


def test_a_refused_open_leaves_the_session_as_it_is(phone: Handset) -> None:
    ref = phone.switch_data(DataUpAction.OPEN, 0.0)
    hear(phone, DownKind.DATA, DataDown(ref, DataStatus.OPENED))
    again = phone.switch_data(DataUpAction.OPEN, 0.0)
    refused = DataDown(again, DataStatus.REFUSED)
    assert hear(phone, DownKind.DATA, refused) == DataChanged(refused, asked=True)
    assert phone.data_open


def test_lost_contact_ends_call_and_data_session(phone: Handset) -> None:
    dialled(phone)
    ref = phone.switch_data(DataUpAction.OPEN, 0.0)
    hear(phone, DownKind.DATA, DataDown(ref, DataStatus.OPENED))
    phone.contact_lost()
    assert phone.current_call() is None
    assert not phone.data_open


# ---- barring


def test_a_change_of_bars_is_told_once(phone: Handset) -> None:
    bars = BarringDown(BlockStage.OUTGOING_BARRED, (Service.MO_SMS, Service.MO_CALL))
    assert hear(phone, DownKind.BARRING, bars) == BarringChanged(bars)
    assert hear(phone, DownKind.BARRING, bars) is None
    assert phone.barring == bars


def test_a_ussd_service_answers_once(phone: Handset) -> None:
    ref = phone.ask_ussd("*444#", 0.0)
    assert sent(phone, 0.0) == [UssdUp(ref, "*444#")]
    answer = UssdDown(ref, UssdStatus.ENDED, "Nomor belum terdaftar")
    assert hear(phone, DownKind.USSD, answer) == UssdAnswered(answer)
    assert hear(phone, DownKind.USSD, answer) is None
