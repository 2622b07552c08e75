"""One-shot errands over MQTT, against a scripted network behind a real broker."""

import pytest

from gateway.air.frames import (
    CauseFrame,
    DataDown,
    DataStatus,
    DataUp,
    DataUpAction,
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
from gateway.air.topics import DownKind, UpKind
from gateway.core.causes import Cause
from gateway.core.numbers import Msisdn, ShortCode
from handsets.errands import ask_ussd, send_sms, switch_data
from handsets.outcome import Status
from handsets.place import Place
from handsets.radio import NoBroker
from tests.handsets.fake_gateway import (
    Down,
    accepted,
    desk,
    fake_gateway,
    quiet,
    reply,
)
from tests.ports import free_port

DESK = ShortCode("4444")
FRIEND = Msisdn("6281299999999")
TEXT = "REG 3201010101010001#3201010101010002#"
MASKED = "REG 3201********0001#3201********0002#"
BARRED = CauseFrame(Cause.OPERATOR_DETERMINED_BARRING, rp=8)


async def test_an_sms_is_accepted_and_replied(broker: Place, msisdn: Msisdn) -> None:
    async with fake_gateway(broker, desk) as gateway:
        outcome = await send_sms(broker, msisdn, DESK, TEXT, 5.0, wants_reply=True)
        await gateway.until(lambda: gateway.states() == ["online", "offline"])

    assert (outcome.status, outcome.id, outcome.text) == (Status.ACCEPTED, "100", MASKED)
    assert outcome.reply is not None
    assert (outcome.reply.id, outcome.reply.source) == ("101", "4444")
    assert outcome.reply.text == "Terima kasih"
    assert outcome.also_received == ()
    assert len(gateway.frames(UpKind.ACK)) == 1


async def test_refs_of_two_errands_differ(broker: Place, msisdn: Msisdn) -> None:
    async with fake_gateway(broker, desk) as gateway:
        for _ in range(2):
            await send_sms(broker, msisdn, DESK, TEXT, 5.0, wants_reply=True)
    refs = {frame.ref for frame in gateway.frames(UpKind.SMS) if isinstance(frame, SmsUp)}
    assert len(refs) == 2


async def test_what_waited_for_the_phone_is_no_reply(broker: Place, msisdn: Msisdn) -> None:
    def script(frame: UpFrame) -> list[Down]:
        if isinstance(frame, StateUp):
            return [reply("7", "4444", "old")]
        if isinstance(frame, SmsUp):
            # The reply overtakes the result; an older message comes late.
            return [
                reply("101", "4444", "new"),
                accepted(frame.ref, "100"),
                reply("8", "4444", "late"),
                reply("102", FRIEND, "hai"),
            ]
        return []

    async with fake_gateway(broker, script):
        outcome = await send_sms(broker, msisdn, DESK, TEXT, 5.0, wants_reply=True)

    assert outcome.reply is not None
    assert outcome.reply.text == "new"
    assert outcome.also_received[0].text == "old"


async def test_no_reply_is_awaited_when_none_is_wanted(broker: Place, msisdn: Msisdn) -> None:
    def script(frame: UpFrame) -> list[Down]:
        return [accepted(frame.ref)] if isinstance(frame, SmsUp) else []

    async with fake_gateway(broker, script):
        outcome = await send_sms(broker, msisdn, FRIEND, "hai", 5.0, wants_reply=False)
    assert (outcome.status, outcome.reply) == (Status.ACCEPTED, None)


async def test_a_refusal_comes_with_its_cause(broker: Place, msisdn: Msisdn) -> None:
    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, SmsUp):
            return []
        refused = ResultDown(frame.ref, ResultStatus.REFUSED, cause=BARRED, why="MO SMS barred")
        return [(DownKind.RESULT, refused)]

    async with fake_gateway(broker, script):
        outcome = await send_sms(broker, msisdn, DESK, TEXT, 5.0, wants_reply=True)
    assert outcome.status is Status.REFUSED
    assert str(outcome.cause) == "operator_determined_barring (RP cause 8)"
    assert outcome.why == "MO SMS barred"


@pytest.mark.parametrize(
    ("answers", "id_", "why"),
    [
        (False, "", "no answer from the network within 0.2 s"),
        (True, "100", "accepted, but no reply from 4444 within 0.2 s"),
    ],
)
async def test_silence_is_a_timeout_that_says_what_is_missing(
    broker: Place, msisdn: Msisdn, answers: bool, id_: str, why: str
) -> None:
    def script(frame: UpFrame) -> list[Down]:
        return [accepted(frame.ref)] if answers and isinstance(frame, SmsUp) else []

    async with fake_gateway(broker, script):
        outcome = await send_sms(broker, msisdn, DESK, TEXT, 0.2, wants_reply=True)
    assert (outcome.status, outcome.id) == (Status.TIMEOUT, id_)
    assert outcome.why.startswith(why)


async def test_no_broker(msisdn: Msisdn) -> None:
    with pytest.raises(NoBroker):
        await send_sms(Place("127.0.0.1", free_port()), msisdn, DESK, TEXT, 5.0, wants_reply=True)


# ---- data

SESSION_BARRED = CauseFrame(Cause.OPERATOR_DETERMINED_BARRING, sm=8)


async def test_a_data_session_opens(broker: Place, msisdn: Msisdn) -> None:
    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, DataUp):
            return []
        status = DataStatus.OPENED if frame.action is DataUpAction.OPEN else DataStatus.CLOSED
        return [(DownKind.DATA, DataDown(frame.ref, status))]

    async with fake_gateway(broker, script):
        for action in DataUpAction:
            outcome = await switch_data(broker, msisdn, action, 5.0)
            assert (outcome.status, outcome.action) == (Status.ACCEPTED, action.value)
            assert not outcome.closed_by_network


async def test_an_open_session_is_held_until_the_network_closes_it(
    broker: Place, msisdn: Msisdn
) -> None:
    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, DataUp):
            return []
        return [
            (DownKind.DATA, DataDown(frame.ref, DataStatus.OPENED)),
            (DownKind.DATA, DataDown(frame.ref, DataStatus.CLOSED, SESSION_BARRED)),
        ]

    async with fake_gateway(broker, script):
        outcome = await switch_data(broker, msisdn, DataUpAction.OPEN, 5.0, hold=60.0)
    assert outcome.closed_by_network
    assert outcome.cause is not None
    assert outcome.cause.sm == 8


async def test_an_open_session_is_held_as_long_as_wanted(broker: Place, msisdn: Msisdn) -> None:
    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, DataUp):
            return []
        return [(DownKind.DATA, DataDown(frame.ref, DataStatus.OPENED))]

    async with fake_gateway(broker, script):
        outcome = await switch_data(broker, msisdn, DataUpAction.OPEN, 5.0, hold=0.1)
    assert outcome.status is Status.ACCEPTED
    assert not outcome.closed_by_network


@pytest.mark.parametrize("by", [DownKind.DATA, DownKind.RESULT])
async def test_a_refused_session_comes_with_its_cause(
    broker: Place, msisdn: Msisdn, by: DownKind
) -> None:
    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, DataUp):
            return []
        if by is DownKind.DATA:
            return [(by, DataDown(frame.ref, DataStatus.REFUSED, SESSION_BARRED, "no"))]
        return [(by, ResultDown(frame.ref, ResultStatus.REFUSED, cause=SESSION_BARRED, why="no"))]

    async with fake_gateway(broker, script):
        outcome = await switch_data(broker, msisdn, DataUpAction.OPEN, 5.0)
    assert (outcome.status, outcome.why) == (Status.REFUSED, "no")
    assert outcome.cause is not None
    assert outcome.cause.sm == 8


async def test_a_silent_network_is_a_timeout(broker: Place, msisdn: Msisdn) -> None:
    async with fake_gateway(broker, quiet):
        outcome = await switch_data(broker, msisdn, DataUpAction.OPEN, 0.2)
    assert outcome.status is Status.TIMEOUT


# ---- USSD


@pytest.mark.parametrize("status", UssdStatus)
async def test_a_ussd_service_answers(broker: Place, msisdn: Msisdn, status: UssdStatus) -> None:
    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, UssdUp):
            return []
        return [
            (DownKind.SMS, SmsDown("101", "4444", "Nomor", "2018-02-26T08:00:00+07:00")),
            (DownKind.USSD, UssdDown(frame.ref, status, frame.code)),
        ]

    async with fake_gateway(broker, script):
        outcome = await ask_ussd(broker, msisdn, "*444#", 5.0)
    wanted = Status.ACCEPTED if status is UssdStatus.ENDED else Status.REFUSED
    assert (outcome.status, outcome.text) == (wanted, "*444#")


async def test_a_ussd_frame_that_is_wrong(broker: Place, msisdn: Msisdn) -> None:
    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, UssdUp):
            return []
        return [(DownKind.RESULT, ResultDown(frame.ref, ResultStatus.REFUSED, why="no"))]

    async with fake_gateway(broker, script):
        outcome = await ask_ussd(broker, msisdn, "*444#", 5.0)
    assert (outcome.status, outcome.why) == (Status.REFUSED, "no")


async def test_no_answer_to_ussd_is_a_timeout(broker: Place, msisdn: Msisdn) -> None:
    async with fake_gateway(broker, quiet):
        outcome = await ask_ussd(broker, msisdn, "*444#", 0.2)
    assert outcome.status is Status.TIMEOUT
