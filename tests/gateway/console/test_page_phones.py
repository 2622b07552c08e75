"""A phone of the page, with nobody at the network's end."""

from __future__ import annotations

from gateway.air.frames import (
    AckUp,
    CallDown,
    CallEvent,
    CauseFrame,
    DataDown,
    DataStatus,
    ResultDown,
    ResultStatus,
    SmsDown,
    encode,
)
from gateway.air.topics import DownKind, UpKind
from gateway.console.page_phones import PagePhone, PagePhones, Told, Way
from gateway.core.causes import Cause
from gateway.core.numbers import Msisdn

from .small_gateway import SmallAir

SITI = Msisdn("6281290000001")
BARRED = CauseFrame(Cause.OPERATOR_DETERMINED_BARRING)


def on() -> tuple[SmallAir, PagePhone, list[Msisdn]]:
    air, changed = SmallAir(), list[Msisdn]()
    phone = PagePhones(air, changed.append).put(SITI, "Siti", 1)
    phone.power(True)
    return air, phone, changed


async def test_a_repeated_sms_is_shown_once_and_acknowledged_twice() -> None:
    air, phone, _ = on()
    frame = encode(SmsDown("7", "4444", "halo", "2018-02-26T08:00:00+07:00"))
    for _ in range(2):
        phone.hear(DownKind.SMS, frame)
    assert [bubble.text for bubble in phone.bubbles] == ["halo"]
    assert [frame for _, kind, frame in air.sent if kind is UpKind.ACK] == [AckUp("7")] * 2
    assert (phone.came_since(0), phone.came_since(1)) == (["halo"], [])


async def test_what_was_not_answered_ends_with_the_phone() -> None:
    _, phone, changed = on()
    asked = phone.sms("4444", "ULANG 3201014107859001#3201010203179000#")
    assert phone.bubbles[0].text == "ULANG 3201********9001#3201********9000#"
    phone.power(False)
    assert (await asked).why == "the phone was switched off"
    assert phone.bubbles[0].accepted is False
    before = len(changed)
    phone.power(False)
    assert len(changed) == before


async def test_refusals_are_told_on_the_phone() -> None:
    _, phone, _ = on()
    dialled, opened = phone.dial("112"), phone.switch_data(True)
    refs = list(phone._waiting)
    phone.hear(
        DownKind.RESULT, encode(ResultDown(refs[0], ResultStatus.REFUSED, cause=BARRED, why="no"))
    )
    phone.hear(DownKind.DATA, encode(DataDown(refs[1], DataStatus.REFUSED, BARRED)))
    assert await dialled == Told(False, "", "operator_determined_barring", "no")
    assert (await opened).accepted is False
    phone.hear(DownKind.DATA, b"{")
    assert [bubble.way for bubble in phone.bubbles] == [Way.NOTE] * 3


async def test_a_call_that_ended_stays_so_and_a_new_one_takes_its_place() -> None:
    _, phone, _ = on()
    for event in (CallEvent.INCOMING, CallEvent.ENDED, CallEvent.ANSWERED):
        phone.hear(DownKind.CALL, encode(CallDown("1", event, "6285690000002")))
    assert phone.call is not None
    assert phone.call.state is CallEvent.ENDED
    phone.hear(DownKind.CALL, encode(CallDown("2", CallEvent.INCOMING, "6285690000002")))
    assert (phone.call.id, phone.call.outgoing) == ("2", False)
