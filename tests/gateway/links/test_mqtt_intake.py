"""What phones send is offered together and answered, whatever is wrong with it."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from gateway.air.frames import (
    PAYLOAD_MOST,
    AckUp,
    BarringDown,
    PhoneState,
    ResultDown,
    ResultStatus,
    SmsUp,
    StateUp,
)
from gateway.air.packets import Publish
from gateway.core.causes import Cause
from gateway.core.decision import Decision, Denied
from gateway.core.events import Acknowledged, Event, MoSms, Presence
from gateway.links import mqtt_intake
from gateway.links.mqtt_phones import Phones
from gateway.links.outbox import Outbox
from tests.gateway.links.air_network import (
    BUDI,
    CITIZEN,
    SITI,
    FlowDouble,
    air_network,
    make_courier,
    make_link,
    running,
)
from tests.gateway.links.air_phones import (
    AirPhone,
    Place,
    air_phone,
    eventually,
    publish_raw,
)

ON, OFF = StateUp(PhoneState.ONLINE), StateUp(PhoneState.OFFLINE)
REGISTER = f"REG {CITIZEN.nik.digits}#{CITIZEN.kk.digits}#"
ODB = Cause.OPERATOR_DETERMINED_BARRING


async def come_on(phone: AirPhone) -> None:
    """Switch a phone on and wait until the network has it."""
    await phone.send(ON, retain=True)
    await phone.got(BarringDown)


# ---- what is wrong


@pytest.mark.parametrize(
    ("kind", "payload", "ref", "why"),
    [
        ("sms", b"REG 1#2#", "", "malformed"),
        ("sms", b'{"ref":"a1","to":"4444"}', "a1", "`text`"),
        ("sms", b'{"ref":"a1","to":"ibu","text":"x"}', "a1", "`to`"),
        ("sms", b'{"ref":"a1","to":"4444","text":"\xff"}', "a1", "UTF-8"),
        (
            "sms",
            b'{"ref":"a1","to":"4444","text":"' + b"x" * PAYLOAD_MOST + b'"}',
            "a1",
            "at most",
        ),
        ("mms", b'{"ref":"a1"}', "a1", "no such kind"),
        ("state", b'{"state":"asleep"}', "", "asleep"),
        ("call", b'{"ref":"a1","action":"dial"}', "a1", "`to`"),
    ],
)
async def test_a_wrong_frame_is_answered_and_the_next_is_taken(
    place: Place, kind: str, payload: bytes, ref: str, why: str
) -> None:
    async with air_network(place), air_phone(place, SITI) as phone:
        await phone.send_raw(kind, payload)
        refused = await phone.got(ResultDown)
        assert (refused.ref, refused.status) == (ref, ResultStatus.REFUSED)
        assert refused.cause is not None
        assert refused.cause.name in (Cause.INVALID_FRAME, Cause.UNASSIGNED_NUMBER)
        assert why in refused.why
        await phone.send(SmsUp("good", "4444", "INFO"))
        await phone.got(ResultDown, lambda result: result.ref == "good")


async def test_a_topic_that_names_no_phone_is_logged_and_dropped(place: Place) -> None:
    with capture_logs() as logs:
        async with air_network(place) as net, air_phone(place, SITI) as phone:
            for topic in ("handsets/+6281210000001/up/state", "handsets/3201060401139001/up/sms"):
                publish_raw(place, topic.encode(), b'{"state":"online"}', retain=True)
            await phone.send(SmsUp("good", "4444", "INFO"))
            await phone.got(ResultDown)
            assert net.link.connected
        async with air_network(place) as net, air_phone(place, SITI) as phone:
            await come_on(phone)
    ignored = [line["topic"] for line in logs if line["event"] == "mqtt: frame ignored"]
    # Retained, they come again with the second subscription.
    assert sorted(set(ignored)) == [
        "handsets/+6281210000001/up/state",
        "handsets/3201********9001/up/sms",
    ]
    assert len(ignored) == 4
    assert not [line for line in logs if "no connection" in line["event"]]


# ---- what the flow is offered


async def test_frames_that_wait_are_offered_together_and_acks_merged(place: Place) -> None:
    flow = FlowDouble()
    link = make_link(place, flow.as_flow(), make_courier())
    async with running(link), air_phone(place, SITI) as siti, air_phone(place, BUDI) as budi:
        flow.set_full(True)
        await siti.send(AckUp("1"))
        await siti.send(SmsUp("a1", "4444", "INFO"))
        await siti.send(AckUp("2"))
        await budi.send(AckUp("7"))
        await siti.send_raw("mms", b"")
        await eventually(lambda: link.waiting == 5)
        flow.set_full(False)
        events = await flow.events(5)
    want: list[Event] = [
        Presence(SITI, online=True),
        Presence(BUDI, online=True),
        Acknowledged(SITI, (1, 2)),
        Acknowledged(BUDI, (7,)),
    ]
    assert [event for event in events if not isinstance(event, MoSms)] == want
    assert len(flow.offered) == 1


async def test_a_coming_that_could_not_be_stored_is_offered_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt_intake, "_AGAIN_S", 0.01)
    flow = FlowDouble()
    flow.answers = [Decision(Denied(Cause.CONGESTION), "not stored")]
    link = make_link(place, flow.as_flow(), make_courier())
    async with running(link), air_phone(place, SITI) as phone:
        await phone.send(ON, retain=True)
        assert await flow.events(2) == [Presence(SITI, online=True)] * 2
        assert phone.all_of(ResultDown) == []


# ---- more than can be decided


def test_what_is_too_much_is_left_to_its_phones_to_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt_intake, "_WAITING_MOST", 2)
    outbox = Outbox(qos=0)
    flow = FlowDouble()
    phones = Phones(outbox, make_courier())
    intake = mqtt_intake.Intake(flow.as_flow(), outbox, phones)
    sms, state = f"handsets/{SITI}/up/sms", f"handsets/{SITI}/up/state"
    with capture_logs() as logs:
        for _ in range(5):
            intake.receive(Publish(sms, b"{}"))
        intake.receive(Publish(state, b""))
    assert len(intake) == 3
    assert [entry["log_level"] for entry in logs] == ["warning"]


async def test_that_all_is_read_again_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt_intake, "_WAITING_MOST", 1)
    outbox = Outbox(qos=0)
    intake = mqtt_intake.Intake(FlowDouble().as_flow(), outbox, Phones(outbox, make_courier()))
    with capture_logs() as logs:
        for _ in range(3):
            intake.receive(Publish(f"handsets/{SITI}/up/sms", b"{}"))
        reading = asyncio.create_task(intake.run(), name="intake")
        await eventually(lambda: len(logs) == 2)
        reading.cancel()
    assert logs[1]["not_taken"] == 2
