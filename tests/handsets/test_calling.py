"""One call over MQTT, against a scripted network behind a real broker."""

import pytest

from gateway.air.frames import (
    CallDown,
    CallEvent,
    CallUp,
    CallUpAction,
    CauseFrame,
    ResultDown,
    ResultStatus,
    UpFrame,
)
from gateway.air.topics import DownKind, UpKind
from gateway.core.causes import Cause
from gateway.core.numbers import Msisdn, ShortCode
from handsets.calling import call
from handsets.handset import Happening
from handsets.outcome import CallOutcome, Status
from handsets.place import Place
from tests.handsets.fake_gateway import Down, FakeGateway, Script, accepted, fake_gateway, quiet

CALLEE = Msisdn("6281299999999")
CLEARED = CauseFrame(Cause.NORMAL_CLEARING, q850=16)
REJECTED = CauseFrame(Cause.CALL_REJECTED, q850=21)
BARRED = CauseFrame(Cause.OPERATOR_DETERMINED_BARRING, q850=21)


def event(what: CallEvent, cause: CauseFrame | None = None) -> Down:
    return DownKind.CALL, CallDown("9", what, CALLEE, cause)


RINGING = event(CallEvent.RINGING)
ANSWERED = event(CallEvent.ANSWERED)


def network(*after_dial: Down) -> Script:
    """Accept a dialled call, tell these events, and end it when the caller hangs up."""

    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, CallUp):
            return []
        if frame.action is CallUpAction.DIAL:
            return [accepted(frame.ref, "9"), *after_dial]
        return [accepted(frame.ref, "9"), event(CallEvent.ENDED, CLEARED)]

    return script


def hung_up(gateway: FakeGateway) -> bool:
    steps = [frame.action for frame in gateway.frames(UpKind.CALL) if isinstance(frame, CallUp)]
    return steps == [CallUpAction.DIAL, CallUpAction.HANGUP]


async def dial(
    broker: Place,
    msisdn: Msisdn,
    until: CallEvent,
    patience: float = 5.0,
    hold: float | None = None,
) -> CallOutcome:
    return await call(broker, msisdn, CALLEE, patience, until=until, hold=hold)


async def test_a_call_that_rings_is_hung_up(broker: Place, msisdn: Msisdn) -> None:
    async with fake_gateway(broker, network(RINGING)) as gateway:
        outcome = await dial(broker, msisdn, CallEvent.RINGING)
    assert (outcome.status, outcome.id) == (Status.ACCEPTED, "9")
    assert outcome.events == ("ringing", "ended")
    assert str(outcome.cause) == "normal_clearing (Q.850 16)"
    assert hung_up(gateway)


async def test_a_call_is_held_once_answered(broker: Place, msisdn: Msisdn) -> None:
    async with fake_gateway(broker, network(RINGING, ANSWERED)) as gateway:
        outcome = await dial(broker, msisdn, CallEvent.ANSWERED, hold=0.1)
    assert outcome.events == ("ringing", "answered", "ended")
    assert hung_up(gateway)


async def test_an_emergency_call_is_answered_without_ringing(broker: Place, msisdn: Msisdn) -> None:
    async with fake_gateway(broker, network(ANSWERED)):
        outcome = await call(broker, msisdn, ShortCode("112"), 5.0, until=CallEvent.RINGING)
    assert outcome.events == ("answered", "ended")
    assert outcome.status is Status.ACCEPTED


async def test_a_call_is_followed_to_its_end(broker: Place, msisdn: Msisdn) -> None:
    ended = event(CallEvent.ENDED, CLEARED)
    async with fake_gateway(broker, network(RINGING, ANSWERED, ended)) as gateway:
        outcome = await dial(broker, msisdn, CallEvent.ENDED)
    assert outcome.events == ("ringing", "answered", "ended")
    assert len(gateway.frames(UpKind.CALL)) == 1


async def test_a_call_that_does_not_end_is_a_timeout_and_hung_up(
    broker: Place, msisdn: Msisdn
) -> None:
    async with fake_gateway(broker, network(RINGING)) as gateway:
        outcome = await dial(broker, msisdn, CallEvent.ENDED, 0.3)
    assert outcome.status is Status.TIMEOUT
    assert hung_up(gateway)


async def test_a_held_call_followed_to_its_end_is_ended_by_the_phone(
    broker: Place, msisdn: Msisdn
) -> None:
    async with fake_gateway(broker, network(RINGING)) as gateway:
        outcome = await dial(broker, msisdn, CallEvent.ENDED, hold=0.1)
    assert outcome.status is Status.ACCEPTED
    assert outcome.events[-1] == "ended"
    assert hung_up(gateway)


async def test_a_rejected_call_is_refused_with_the_cause(broker: Place, msisdn: Msisdn) -> None:
    ended = event(CallEvent.ENDED, REJECTED)
    async with fake_gateway(broker, network(RINGING, ended)):
        outcome = await dial(broker, msisdn, CallEvent.ANSWERED)
    assert outcome.status is Status.REFUSED
    assert str(outcome.cause) == "call_rejected (Q.850 21)"
    assert outcome.why == "the call ended before it was answered"


async def test_a_barred_call_is_refused_with_the_cause(broker: Place, msisdn: Msisdn) -> None:
    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, CallUp):
            return []
        refused = ResultDown(frame.ref, ResultStatus.REFUSED, cause=BARRED, why="MO call barred")
        return [(DownKind.RESULT, refused)]

    async with fake_gateway(broker, script):
        outcome = await dial(broker, msisdn, CallEvent.RINGING)
    assert (outcome.status, outcome.why) == (Status.REFUSED, "MO call barred")
    assert outcome.cause is not None
    assert outcome.cause.q850 == 21


async def test_a_call_that_nobody_answers_is_a_timeout_and_hung_up(
    broker: Place, msisdn: Msisdn
) -> None:
    async with fake_gateway(broker, network(RINGING)) as gateway:
        outcome = await dial(broker, msisdn, CallEvent.ANSWERED, 0.3)
    assert outcome.status is Status.TIMEOUT
    assert outcome.why == "the call was not answered within 0.3 s"
    assert hung_up(gateway)


async def test_a_silent_network_is_a_timeout(broker: Place, msisdn: Msisdn) -> None:
    async with fake_gateway(broker, quiet):
        outcome = await dial(broker, msisdn, CallEvent.RINGING, 0.2)
    assert outcome.status is Status.TIMEOUT
    assert outcome.why.startswith("no answer from the network")


@pytest.mark.parametrize("until", [CallEvent.RINGING])
async def test_its_user_sees_what_happens(broker: Place, msisdn: Msisdn, until: CallEvent) -> None:
    seen: list[Happening] = []
    async with fake_gateway(broker, network(RINGING)):
        await call(broker, msisdn, CALLEE, 5.0, until=until, watch=seen.append)
    assert len(seen) == 4  # the answers to dial and hangup, ringing, ended
