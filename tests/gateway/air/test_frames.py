"""Frames survive their JSON; what is no frame says which field and what to send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.air.frames import (
    PAYLOAD_MOST,
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
    decode_down,
    decode_up,
    encode,
)
from gateway.air.topics import DownKind, UpKind
from gateway.core.causes import Cause
from gateway.core.subscriber import BlockStage, Service

UP: list[tuple[UpKind, UpFrame, str]] = [
    (UpKind.STATE, StateUp(PhoneState.ONLINE), '{"state":"online"}'),
    (UpKind.STATE, StateUp(PhoneState.OFFLINE), '{"state":"offline"}'),
    (UpKind.SMS, SmsUp("a1", "4444", "REG"), '{"ref":"a1","to":"4444","text":"REG"}'),
    (UpKind.ACK, AckUp("123"), '{"id":"123"}'),
    (
        UpKind.CALL,
        CallUp(CallUpAction.DIAL, ref="b1", to="112"),
        '{"action":"dial","ref":"b1","to":"112"}',
    ),
    (UpKind.CALL, CallUp(CallUpAction.ANSWER, id="9"), '{"action":"answer","id":"9"}'),
    (UpKind.DATA, DataUp("c1", DataUpAction.OPEN), '{"ref":"c1","action":"open"}'),
    (UpKind.DATA, DataUp("c2", DataUpAction.CLOSE), '{"ref":"c2","action":"close"}'),
]
BARRED_SMS = CauseFrame(Cause.OPERATOR_DETERMINED_BARRING, rp=8)
DOWN: list[tuple[DownKind, DownFrame, str]] = [
    (
        DownKind.RESULT,
        ResultDown("a1", ResultStatus.REFUSED, cause=BARRED_SMS, why="barred"),
        '{"ref":"a1","status":"refused",'
        '"cause":{"name":"operator_determined_barring","rp":8},"why":"barred"}',
    ),
    (
        DownKind.SMS,
        SmsDown("123", "4444", "Halo", "2018-02-26T08:00:00+07:00"),
        '{"id":"123","from":"4444","text":"Halo","at":"2018-02-26T08:00:00+07:00"}',
    ),
    (
        DownKind.SMS,
        SmsDown("123", "4444", "Halo", "2018-02-26T08:00:00+07:00", parts=2),
        '{"id":"123","from":"4444","text":"Halo","at":"2018-02-26T08:00:00+07:00","parts":2}',
    ),
    (
        DownKind.CALL,
        CallDown("124", CallEvent.INCOMING, "628123"),
        '{"id":"124","event":"incoming","from":"628123"}',
    ),
    (DownKind.DATA, DataDown("c1", DataStatus.OPENED), '{"ref":"c1","status":"opened"}'),
    (
        DownKind.BARRING,
        BarringDown(
            BlockStage.OUTGOING_BARRED,
            (Service.MO_SMS, Service.MO_CALL),
            NextStage(BlockStage.INCOMING_BARRED, "2018-04-15T00:00:00+07:00"),
        ),
        '{"stage":"OUTGOING_BARRED","barred":["MO_SMS","MO_CALL"],'
        '"next":{"stage":"INCOMING_BARRED","at":"2018-04-15T00:00:00+07:00"}}',
    ),
]


@pytest.mark.parametrize(("kind", "frame", "written"), UP)
def test_up_frames_are_read_as_they_are_written(kind: UpKind, frame: UpFrame, written: str) -> None:
    assert encode(frame).decode() == written
    assert decode_up(kind, written.encode()) == frame


@pytest.mark.parametrize(("kind", "frame", "written"), DOWN)
def test_down_frames_are_read_as_they_are_written(
    kind: DownKind, frame: DownFrame, written: str
) -> None:
    assert encode(frame).decode() == written
    assert decode_down(kind, written.encode()) == frame


def test_unknown_fields_are_ignored() -> None:
    assert decode_up(UpKind.ACK, b'{"id":"1","new":{"a":[1]}}') == AckUp("1")
    assert decode_down(DownKind.DATA, b'{"ref":"c","status":"closed","x":1}') == DataDown(
        "c", DataStatus.CLOSED
    )


def test_a_cleared_state_counts_as_offline() -> None:
    assert decode_up(UpKind.STATE, b"") == StateUp(PhoneState.OFFLINE)


@pytest.mark.parametrize(
    ("kind", "payload", "named", "ref"),
    [
        (UpKind.SMS, b'{"ref":"a1","text":"x"}', "`to`", "a1"),
        (UpKind.SMS, b'{"ref":"a1","to":4444,"text":"x"}', "`$.to`", "a1"),
        (UpKind.SMS, b'{"ref":"","to":"4444","text":"x"}', "`$.ref`", ""),
        (UpKind.SMS, b'{"ref":"' + b"r" * 65 + b'","to":"1","text":""}', "`$.ref`", "r" * 65),
        (UpKind.SMS, b'{"ref":7,"to":"4444","text":"x"}', "`$.ref`", ""),
        (UpKind.SMS, b"REG 1#2#", "malformed", ""),
        (UpKind.SMS, b"", "truncated", ""),
        (UpKind.SMS, b'["a1"]', "`object`", ""),
        (UpKind.SMS, b'{"ref":"a1","to":"4444","text":"\xff"}', "not UTF-8", "a1"),
        (UpKind.SMS, b'{"ref":"a1","to":"1","text":"\\ud800 and so on"}', "surrogate", ""),
        (UpKind.SMS, b'{"ref":"a1","x":' + b"[" * 20_000, "nested too deep", ""),
        (UpKind.STATE, b'{"state":"asleep"}', "'asleep'", ""),
        (UpKind.ACK, b'{"id":5}', "`$.id`", ""),
        (UpKind.ACK, b'{"id":"five"}', "`$.id`", ""),
        (UpKind.CALL, b'{"ref":"b1","action":"dial"}', '"dial" needs `to`', "b1"),
        (UpKind.CALL, b'{"action":"dial","to":"112"}', '"dial" needs `ref`', ""),
        (UpKind.CALL, b'{"action":"dial"}', "`ref` and `to`", ""),
        (UpKind.CALL, b'{"ref":"b2","action":"hangup"}', '"hangup" needs `id`', "b2"),
        (UpKind.CALL, b'{"ref":"b3","action":"ring"}', "'ring'", "b3"),
        (UpKind.DATA, b'{"action":"open"}', "`ref`", ""),
        (UpKind.USSD, b'{"ref":"d1"}', "`code`", "d1"),
    ],
)
def test_a_bad_frame_says_what_is_wrong_and_what_to_send(
    kind: UpKind, payload: bytes, named: str, ref: str
) -> None:
    read = decode_up(kind, payload)
    assert isinstance(read, BadFrame)
    assert named in read.why
    assert read.why.startswith(f"up/{kind.value}: ")
    assert '; send {"' in read.why
    assert read.ref == ref
    assert read.cause is Cause.INVALID_FRAME


def test_a_frame_that_is_too_long_is_refused_with_its_reference() -> None:
    text = "x" * PAYLOAD_MOST
    read = decode_up(UpKind.SMS, encode(SmsUp("a1", "4444", text)))
    assert isinstance(read, BadFrame)
    assert f"at most {PAYLOAD_MOST}" in read.why
    assert read.ref == "a1"


def test_an_identity_that_a_bad_frame_quotes_is_masked() -> None:
    read = decode_up(UpKind.STATE, b'{"state":"3201060401139001"}')
    assert isinstance(read, BadFrame)
    assert "3201060401139001" not in read.why
    assert "3201********9001" in read.why


def test_a_down_frame_of_another_version_says_so() -> None:
    read = decode_down(DownKind.RESULT, b'{"ref":"a1","status":"maybe"}')
    assert isinstance(read, BadFrame)
    assert "another version" in read.why
    assert read.ref == "a1"


@given(st.sampled_from(UpKind), st.binary(max_size=200))
def test_no_payload_raises(kind: UpKind, payload: bytes) -> None:
    decode_up(kind, payload)
    for down in DownKind:
        decode_down(down, payload)


@given(st.text(min_size=1, max_size=64), st.text(), st.text())
def test_any_text_survives(ref: str, to: str, text: str) -> None:
    frame = SmsUp(ref, to, text)
    assert decode_up(UpKind.SMS, encode(frame)) == frame
