"""The handsets' link, with real phones on a real broker and the real flow behind it."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from structlog.testing import capture_logs

from gateway.air.frames import (
    AckUp,
    BarringDown,
    CallDown,
    CallEvent,
    CallUp,
    CallUpAction,
    DataDown,
    DataStatus,
    DataUp,
    DataUpAction,
    PhoneState,
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    StateUp,
)
from gateway.core.causes import Cause
from gateway.core.events import Acknowledged, Presence
from gateway.core.ledger import Unknown
from gateway.core.subscriber import BlockStage, Status
from gateway.links.broker import EmbeddedBroker
from gateway.links.mqtt import _end_if_cancelled
from gateway.links.mqtt_phones import WINDOW
from tests.gateway.links.air_network import (
    BUDI,
    CITIZEN,
    OUTGOING_BARRED_AT,
    SITI,
    TOTAL_BARRED_AT,
    FlowDouble,
    air_network,
    make_courier,
    make_link,
    running,
)
from tests.gateway.links.air_phones import (
    DEADLINE_S,
    AirPhone,
    Place,
    RawClient,
    air_phone,
    eventually,
)
from tests.turns import turn

ON, OFF = StateUp(PhoneState.ONLINE), StateUp(PhoneState.OFFLINE)
REGISTER = f"REG {CITIZEN.nik.digits}#{CITIZEN.kk.digits}#"
ODB = Cause.OPERATOR_DETERMINED_BARRING


async def come_on(phone: AirPhone) -> None:
    """Switch a phone on and wait until the network has it."""
    await phone.send(ON, retain=True)
    await phone.got(BarringDown)


# ---- the main job


@pytest.mark.parametrize("qos", [0, 1])
async def test_a_phone_registers_and_acknowledges_the_reply(place: Place, qos: int) -> None:
    async with air_network(place, qos=qos) as net, air_phone(place, SITI, qos=qos) as phone:
        await come_on(phone)
        await phone.send(SmsUp("a1", "4444", REGISTER))
        result = await phone.got(ResultDown)
        reply = await phone.got(SmsDown)
        await phone.send(AckUp(reply.id))
        await net.committed(Acknowledged(SITI, (int(reply.id),)))
        await eventually(lambda: net.link.round_trip is not None)
        subscriber = net.store.subscriber(SITI)

    assert (result.ref, result.status) == ("a1", ResultStatus.ACCEPTED)
    assert reply.source == "4444"
    assert reply.at == "2018-02-26T00:00:00+07:00"
    assert subscriber is not None
    assert subscriber.status is Status.REGISTERED
    assert net.store.pending() == []


async def test_a_frame_repeated_with_its_ref_gets_the_earlier_answer(place: Place) -> None:
    async with air_network(place) as net, air_phone(place, SITI) as phone:
        for _ in range(3):
            await phone.send(SmsUp("a1", "4444", REGISTER))
        await phone.got(ResultDown, count=3)
        await phone.send(SmsUp("a2", "4444", REGISTER))
        other = await phone.got(ResultDown, lambda result: result.ref == "a2")
        results = phone.all_of(ResultDown)
        messages = await net.store.messages(SITI, 0, 100)

    assert len({result.id for result in results if result.ref == "a1"}) == 1
    assert other.id != results[0].id
    assert sum(message.destination == "4444" for message in messages) == 2


async def test_a_phone_that_never_says_that_it_is_on_counts_as_on(place: Place) -> None:
    async with air_network(place) as net, air_phone(place, SITI) as phone:
        await phone.send(SmsUp("a1", "4444", "INFO"))
        await phone.got(ResultDown)
        await phone.got(SmsDown)
        assert [record.event for record in net.records[:2]] == [
            Presence(SITI, online=True),
            net.records[1].event,
        ]
        await phone.send(SmsUp("a2", "4444", "INFO"))
        await phone.got(ResultDown, count=2)
        assert len(net.events(Presence)) == 1


async def test_a_message_waits_for_a_phone_that_is_off(place: Place) -> None:
    async with air_network(place) as net, air_phone(place, BUDI) as budi:
        async with air_phone(place, SITI) as siti:
            await come_on(siti)
            await siti.send(OFF, retain=True)
            await net.committed(Presence(SITI, online=False))
        await budi.send(SmsUp("b1", SITI, "Halo"))
        taken = await budi.got(ResultDown)
        assert taken.status is ResultStatus.ACCEPTED
        async with air_phone(place, SITI) as siti:
            await siti.send(ON, retain=True)
            message = await siti.got(SmsDown)
            assert (message.id, message.source, message.text) == (taken.id, BUDI, "Halo")
            await siti.send(AckUp(message.id))
            await net.committed(Acknowledged(SITI, (int(message.id),)))
        assert net.store.pending() == []


async def test_the_last_will_of_a_phone_switches_it_off(place: Place) -> None:
    topic = f"handsets/{SITI}/up/state".encode()
    async with air_network(place) as net:
        client = RawClient(place, will=(topic, b'{"state":"offline"}'))
        client.publish(topic, b'{"state":"online"}', retain=True)
        await net.committed(Presence(SITI, online=True))
        client.close()
        await net.committed(Presence(SITI, online=False))
    async with air_network(place) as net:
        await net.committed(Presence(SITI, online=False))
        assert net.events(Presence) == [Presence(SITI, online=False)]


async def test_a_state_that_is_cleared_switches_the_phone_off(place: Place) -> None:
    async with air_network(place) as net, air_phone(place, SITI) as phone:
        await come_on(phone)
        await phone.send_raw("state", b"", retain=True)
        await net.committed(Presence(SITI, online=False))


async def test_a_phone_that_connects_anew_gets_at_once_what_it_lacks(place: Place) -> None:
    async with air_network(place) as net, air_phone(place, SITI) as phone:
        await come_on(phone)
        await phone.send(SmsUp("a1", "4444", "INFO"))
        first = await phone.got(SmsDown)
        await phone.send(ON, retain=True)
        again = await phone.got(SmsDown, count=2)
        assert again == first
        assert net.events(Presence) == [Presence(SITI, online=True)]


async def test_a_phone_gets_no_more_than_it_acknowledges(place: Place) -> None:
    many = WINDOW + 4
    async with air_network(place) as net, air_phone(place, SITI) as phone:
        for number in range(many):
            await phone.send(SmsUp(f"a{number}", "4444", "INFO"))
        await phone.got(ResultDown, count=many)
        first = await phone.got(SmsDown, count=WINDOW)
        assert len({message.id for message in phone.all_of(SmsDown)}) == WINDOW
        await phone.send(AckUp(first.id))
        await net.committed(Acknowledged(SITI, (int(first.id),)))
        await eventually(
            lambda: len({message.id for message in phone.all_of(SmsDown)}) == WINDOW + 1
        )


# ---- calls, data, bars


async def test_a_call_rings_is_answered_and_ends(place: Place) -> None:
    async with air_network(place), air_phone(place, SITI) as siti, air_phone(place, BUDI) as budi:
        await come_on(siti)
        await come_on(budi)
        await siti.send(CallUp(CallUpAction.DIAL, ref="c1", to="081410000001"))
        rings = await budi.got(CallDown)
        assert (rings.event, rings.source) == (CallEvent.INCOMING, SITI)
        await budi.send(CallUp(CallUpAction.ANSWER, id=rings.id))
        await siti.got(CallDown, lambda call: call.event is CallEvent.ANSWERED)
        await siti.send(CallUp(CallUpAction.HANGUP, id=rings.id, ref="c2"))
        over = await budi.got(CallDown, lambda call: call.event is CallEvent.ENDED)
        assert over.cause is not None
        assert (over.cause.name, over.cause.q850) == (Cause.NORMAL_CLEARING, 16)
        done = await siti.got(ResultDown, lambda result: result.ref == "c2")
        assert done.id == rings.id


async def test_what_is_barred_is_refused_with_its_cause(place: Place) -> None:
    async with air_network(place, now=OUTGOING_BARRED_AT) as _, air_phone(place, SITI) as phone:
        await phone.send(SmsUp("a1", BUDI, "Halo"))
        sms = await phone.got(ResultDown)
        await phone.send(CallUp(CallUpAction.DIAL, ref="a2", to=BUDI))
        call = await phone.got(ResultDown, count=2)
        await phone.send(DataUp("a3", DataUpAction.OPEN))
        opened = await phone.got(DataDown)
        await phone.send(DataUp("a4", DataUpAction.CLOSE))
        closed = await phone.got(DataDown, count=2)
    assert sms.cause is not None
    assert (sms.status, sms.cause.name, sms.cause.rp) == (ResultStatus.REFUSED, ODB, 8)
    assert "MO SMS barred" in sms.why
    assert call.cause is not None
    assert (call.cause.name, call.cause.q850) == (ODB, 21)
    assert (opened.ref, opened.status) == ("a3", DataStatus.OPENED)
    assert (closed.ref, closed.status) == ("a4", DataStatus.CLOSED)


async def test_data_is_refused_when_everything_is_barred(place: Place) -> None:
    async with air_network(place, now=TOTAL_BARRED_AT) as _, air_phone(place, SITI) as phone:
        await phone.send(DataUp("a1", DataUpAction.OPEN))
        refused = await phone.got(DataDown)
    assert refused.status is DataStatus.REFUSED
    assert refused.cause is not None
    assert refused.cause.sm == 8


async def test_bars_are_retained_for_who_subscribes_later(place: Place) -> None:
    async with air_network(place, now=OUTGOING_BARRED_AT) as net:
        async with air_phone(place, SITI) as phone:
            await come_on(phone)
        await asyncio.wait_for(net.link.flushed(), DEADLINE_S)
        async with air_phone(place, SITI) as phone:
            bars = await phone.got(BarringDown)
    assert bars.stage is BlockStage.OUTGOING_BARRED
    assert bars.next is not None


async def test_a_number_that_the_network_does_not_know_is_told(place: Place) -> None:
    async with air_network(place, unknown=Unknown.REFUSE), air_phone(place, SITI) as phone:
        await phone.send(ON, retain=True)
        told = await phone.got(ResultDown)
        assert told.ref == ""
        assert told.cause is not None
        assert told.cause.name is Cause.UNKNOWN_SUBSCRIBER
        await phone.send(SmsUp("a1", "4444", REGISTER))
        refused = await phone.got(ResultDown, lambda result: result.ref == "a1")
        assert refused.status is ResultStatus.REFUSED


# ---- the connection


async def ask_and_see_the_broker_go(broker: EmbeddedBroker) -> None:
    async with air_phone(broker.place, SITI) as phone:
        await come_on(phone)
        await phone.send(SmsUp("a1", "4444", "INFO"))
        await phone.got(SmsDown)
        await broker.stop()
        await phone.got(ResultDown, count=99)


async def test_the_link_comes_back_after_the_broker_was_gone(broker: EmbeddedBroker) -> None:
    with capture_logs() as logs:
        async with air_network(broker.place) as net:
            with pytest.raises(ExceptionGroup):
                await ask_and_see_the_broker_go(broker)
            await eventually(lambda: not net.link.connected)
            await broker.start()
            await eventually(lambda: net.link.connected)
            async with air_phone(broker.place, SITI) as phone:
                await phone.send(ON, retain=True)
                reply = await phone.got(SmsDown)
                await phone.send(AckUp(reply.id))
                await net.committed(Acknowledged(SITI, (int(reply.id),)))
                await phone.send(SmsUp("a2", "4444", REGISTER))
                await phone.got(ResultDown, lambda result: result.ref == "a2")
    told = [line["event"] for line in logs if line["event"].startswith("mqtt: ")]
    assert told == [
        "mqtt: the broker is there",
        "mqtt: no connection to the broker; trying again until it answers",
        "mqtt: the broker is back",
    ]


async def test_the_link_waits_for_a_broker_that_starts_later(broker: EmbeddedBroker) -> None:
    await broker.stop()
    flow = FlowDouble()
    link = make_link(broker.place, flow.as_flow(), make_courier())
    with capture_logs() as logs:
        async with running(link, ready=False):
            await eventually(lambda: bool(logs))
            assert not link.ready.is_set()
            await broker.start()
            await asyncio.wait_for(link.ready.wait(), DEADLINE_S)
    assert "no connection" in logs[0]["event"]
    assert "refused" in logs[0]["why"]
    assert logs[1]["event"] == "mqtt: the broker is there"


async def test_the_link_ends_although_its_cancellation_was_lost() -> None:
    async def swallows() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        _end_if_cancelled()
        await asyncio.Event().wait()

    _end_if_cancelled()
    task = asyncio.create_task(swallows())
    await turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, DEADLINE_S)
