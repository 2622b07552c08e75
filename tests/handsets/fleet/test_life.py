"""One phone living its story, without a network or a clock."""

from random import Random

import pytest

from gateway.air.frames import (
    BarringDown,
    CallDown,
    CallEvent,
    CallUp,
    CallUpAction,
    CauseFrame,
    DataDown,
    DataStatus,
    DownFrame,
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    UssdDown,
    UssdStatus,
    encode,
)
from gateway.air.topics import DownKind
from gateway.core.causes import Cause
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage
from handsets.fleet.life import Life, Switch
from handsets.fleet.result import failing_of, stories_of
from handsets.fleet.scenario import Calls, Do, Step, Story
from handsets.handset import Handset

ME = Msisdn("6281234567890")
PEER = Msisdn("6281234567891")
AT = "2018-03-01T08:00:00+07:00"
ODB = CauseFrame(Cause.OPERATOR_DETERMINED_BARRING, rp=8)


class Alone:
    """A life that a test drives; `hears` gives it a frame at the present time."""

    def __init__(self, *steps: Step, repeat: int = 1, calls: Calls = Calls.ANSWER) -> None:
        words = {"peer": str(PEER), "reg": "REG 1#2#", "me": "0812"}
        self.now = 100.0
        self.handset = Handset(ME, "run")
        story = Story("story", steps, 1.0, repeat, calls)
        self.life = Life(story, self.handset, words, Random(1))
        self.turn()

    def turn(self, *, on: bool = True) -> Switch:
        return self.life.turn(self.now, on=on)

    def hears(self, kind: DownKind, frame: DownFrame) -> None:
        happening = self.handset.hear(kind, encode(frame))
        if happening is not None:
            self.life.hear(happening)
        self.turn()

    def answered(self, *, refused: bool = False, id_: str = "5", why: str = "because") -> None:
        (ref,) = self.handset.requests
        status = ResultStatus.REFUSED if refused else ResultStatus.ACCEPTED
        cause = ODB if refused else None
        self.hears(DownKind.RESULT, ResultDown(ref, status, id_, cause, why))

    def sms(self, source: str, text: str, id_: str = "9") -> None:
        self.hears(DownKind.SMS, SmsDown(id_, source, text, AT))

    def call(self, event: CallEvent, cause: CauseFrame | None = None) -> None:
        self.hears(DownKind.CALL, CallDown("5", event, PEER, cause))

    @property
    def kept(self) -> bool:
        return self.life.over and self.life.missed is None

    @property
    def why(self) -> str:
        assert self.life.missed is not None
        return self.life.missed.why


def test_it_registers_and_reads_the_reply_that_came_before_the_result() -> None:
    alone = Alone(
        Step(Do.SMS, "4444", "{reg}", expect="accepted"),
        Step(Do.RECEIVE, sender="4444", text="(?i)selamat"),
    )
    (request,) = alone.handset.requests.values()
    assert isinstance(request.frame, SmsUp)
    assert (request.frame.to, request.frame.text) == ("4444", "REG 1#2#")
    alone.sms("4444", "Selamat")
    assert not alone.life.over
    alone.answered()
    assert alone.kept


def test_what_came_instead_is_shown() -> None:
    alone = Alone(Step(Do.RECEIVE, sender="4444", text="Selamat", within=3.0))
    alone.sms("4444", "Maaf, 3201010101010001", "1")
    alone.sms(PEER, "Selamat pagi", "2")
    assert alone.life.next_at == 103.0
    alone.now = 103.0
    alone.turn()
    assert alone.why == "no such SMS came within 3 s"
    assert alone.life.missed is not None
    first, second = alone.life.missed.near
    assert "3201010101010001" not in first
    assert second == "from 081234567891: Selamat pagi"


@pytest.mark.parametrize(
    ("expect", "cause", "refused", "why"),
    [
        ("accepted", "", True, "refused (operator_determined_barring): because"),
        ("refused", "", False, "accepted, and should have been refused"),
        ("refused", "user_busy", True, "refused by another cause (operator_determined_barring)"),
    ],
)
def test_an_answer_that_is_not_expected(expect: str, cause: str, refused: bool, why: str) -> None:
    alone = Alone(Step(Do.SMS, "{peer}", "Halo", expect=expect, cause=cause))
    alone.answered(refused=refused)
    assert why in alone.why


def test_being_barred_may_be_what_is_expected() -> None:
    step = Step(Do.SMS, "{peer}", "x", expect="refused", cause="operator_determined_barring")
    alone = Alone(step)
    alone.answered(refused=True)
    assert alone.kept


@pytest.mark.parametrize(
    ("expect", "events", "kept"),
    [
        ("ringing", [CallEvent.RINGING], True),
        ("answered", [CallEvent.RINGING, CallEvent.ANSWERED], True),
        ("answered", [CallEvent.ENDED], False),
        ("refused", [CallEvent.ENDED], True),
    ],
)
def test_a_call_is_followed_as_far_as_expected(
    expect: str, events: list[CallEvent], kept: bool
) -> None:
    alone = Alone(Step(Do.CALL, "{peer}", expect=expect))
    alone.answered()
    assert not alone.life.over
    for event in events:
        assert not alone.life.over
        alone.call(event, ODB if event is CallEvent.ENDED else None)
    assert alone.kept is kept


def test_it_hangs_up_the_call_that_runs() -> None:
    alone = Alone(Step(Do.CALL, "{peer}", expect="ringing"), Step(Do.HANG_UP))
    alone.answered()
    alone.call(CallEvent.RINGING)
    (request,) = alone.handset.requests.values()
    assert isinstance(request.frame, CallUp)
    assert (request.frame.action, request.frame.id) == (CallUpAction.HANGUP, "5")
    assert alone.kept


@pytest.mark.parametrize(
    ("calls", "actions"),
    [
        (Calls.ANSWER, [CallUpAction.ANSWER]),
        (Calls.REJECT, [CallUpAction.REJECT]),
        (Calls.RING, []),
    ],
)
def test_a_call_that_no_step_awaits_is_treated_as_the_story_says(
    calls: Calls, actions: list[CallUpAction]
) -> None:
    alone = Alone(Step(Do.WAIT, least=5.0, most=5.0), calls=calls)
    alone.call(CallEvent.INCOMING)
    alone.turn()
    frames = [request.frame for request in alone.handset.requests.values()]
    assert [frame.action for frame in frames if isinstance(frame, CallUp)] == actions


def test_a_call_that_is_awaited() -> None:
    alone = Alone(Step(Do.RING, expect="reject"))
    alone.call(CallEvent.INCOMING)
    (request,) = alone.handset.requests.values()
    assert isinstance(request.frame, CallUp)
    assert request.frame.action is CallUpAction.REJECT
    assert alone.kept


def test_no_call_comes() -> None:
    alone = Alone(Step(Do.RING, expect="answer", within=1.0))
    alone.now += 1.0
    alone.turn()
    assert alone.why == "no call came within 1 s"


def test_data_and_ussd() -> None:
    alone = Alone(
        Step(Do.DATA, text="open", expect="accepted"), Step(Do.USSD, text="*444#", expect="refused")
    )
    (ref,) = alone.handset.requests
    alone.hears(DownKind.DATA, DataDown(ref, DataStatus.OPENED))
    (ref,) = alone.handset.requests
    alone.hears(DownKind.USSD, UssdDown(ref, UssdStatus.REFUSED, cause=ODB))
    assert alone.kept


def test_the_stage_that_is_told() -> None:
    step = Step(Do.STAGE, expect="outgoing_barred", within=1.0)
    alone = Alone(step)
    alone.hears(DownKind.BARRING, BarringDown(BlockStage.OPEN, ()))
    assert not alone.life.over
    alone.now += 1.0
    alone.turn()
    assert alone.life.missed is not None
    assert alone.life.missed.near == ("the stage was open",)
    alone = Alone(step)
    alone.hears(DownKind.BARRING, BarringDown(BlockStage.OUTGOING_BARRED, ()))
    assert alone.kept


def test_it_waits_goes_off_and_comes_on() -> None:
    alone = Alone(Step(Do.WAIT, least=5.0, most=5.0), Step(Do.OFF), Step(Do.ON, within=2.0))
    assert alone.life.next_at == 105.0
    alone.now = 105.0
    assert alone.turn() is Switch.OFF
    assert alone.turn(on=False) is Switch.ON
    assert alone.turn(on=False) is Switch.STAY
    assert not alone.life.over
    alone.now = 107.0
    alone.turn(on=False)
    assert alone.why == "the phone was not on the air within 2 s"


def test_a_story_may_be_lived_again() -> None:
    alone = Alone(Step(Do.RECEIVE, text="a"), repeat=2)
    alone.sms("4444", "a", "1")
    assert not alone.life.over
    alone.sms("4444", "a", "2")
    assert alone.kept
    assert Alone().kept


def test_results_gather_alike_failures() -> None:
    lives = []
    for at in range(5):
        alone = Alone(Step(Do.SMS, "4444", "x", expect="accepted"))
        if at:
            alone.answered(refused=at < 4)
        lives.append(alone.life)
    (story,) = stories_of(["story"], lives)
    assert (story.phones, story.kept, story.missed, story.unfinished) == (5, 1, 3, 1)
    (failing,) = failing_of(lives)
    assert (failing.phones, failing.at, failing.examples) == (3, 1, (ME, ME, ME))


def test_failures_that_differ_by_the_number_only_are_alike() -> None:
    lives = []
    for number in ("6281290000001", "6285690000002"):
        alone = Alone(Step(Do.SMS, "4444", "x", expect="accepted"))
        alone.answered(refused=True, why=f"{number} is barred")
        lives.append(alone.life)
    (failing,) = failing_of(lives)
    assert failing.phones == 2
    assert "62.. is barred" in failing.why
