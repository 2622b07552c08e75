"""The connection's round trip, and what a broker refuses."""

from __future__ import annotations

import asyncio
import contextlib
from typing import cast

import aiomqtt
import pytest
from structlog.testing import capture_logs

from gateway.links import mqtt_client
from gateway.links.broker import EmbeddedBroker
from gateway.links.mqtt_client import (
    Arrived,
    Client,
    RoundTrip,
    SubscriptionRefused,
    end_if_cancelled,
)
from tests.gateway.links.air_phones import DEADLINE_S, Place, RawClient, eventually
from tests.turns import turn


class ClientDouble:
    """Brings probes back, at once or never; refuses or breaks when told."""

    def __init__(self, probe: RoundTrip, trouble: Exception | None = None) -> None:
        self._probe = probe
        self._trouble = trouble
        self.answers = True
        self.topics: list[str] = []

    async def subscribed(self, topic: str, qos: int) -> None:
        self.topics.append(topic)
        if self._trouble is not None:
            raise self._trouble

    async def unsubscribe(self, topic: str) -> None:
        self.topics.remove(topic)

    def send(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> int:
        if self.answers:
            assert self._probe.takes(Arrived(topic, payload, False))
            assert self._probe.takes(Arrived(topic, payload, False))
        return 1

    def as_client(self) -> Client:
        return cast(Client, self)


async def test_the_best_of_some_round_trips_counts() -> None:
    probe = RoundTrip(0)
    double = ClientDouble(probe)
    with capture_logs() as logs:
        await probe.measure(double.as_client())
    assert probe.done
    assert probe.seconds is not None
    assert probe.seconds < 1
    assert double.topics == []
    assert logs == []
    assert not probe.takes(Arrived("handsets/6281210000001/up/sms", b"", False))


async def test_a_slow_broker_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((0.0, 0.050, 0.0, 0.044, 0.0, 0.045))
    monkeypatch.setattr(mqtt_client, "monotonic", lambda: next(times))
    probe = RoundTrip(1)
    with capture_logs() as logs:
        await probe.measure(ClientDouble(probe).as_client())
    assert logs[0]["round_trip_ms"] == 44.0
    assert "qos = 0" in logs[0]["event"]
    assert "set_tcp_nodelay true" in logs[0]["event"]


async def test_a_probe_that_does_not_come_back_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt_client, "_PROBE_S", 0.01)
    probe = RoundTrip(0)
    double = ClientDouble(probe)
    double.answers = False
    with capture_logs() as logs:
        await probe.measure(double.as_client())
    assert probe.done
    assert probe.seconds is None
    assert "gateway/probe/#" in logs[0]["event"]
    assert logs[0]["why"] == "no probe came back"


async def test_a_probe_that_may_not_be_read_is_told_and_no_reason_to_end() -> None:
    probe = RoundTrip(0)
    with capture_logs() as logs:
        await probe.measure(ClientDouble(probe, SubscriptionRefused("no")).as_client())
    assert logs[0]["why"] == "no"


async def test_a_connection_that_breaks_is_not_the_probes_affair() -> None:
    probe = RoundTrip(0)
    with pytest.raises(aiomqtt.MqttError):
        await probe.measure(ClientDouble(probe, aiomqtt.MqttError("gone")).as_client())
    assert not probe.done


async def test_a_slow_probe_among_frames_of_phones_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = iter((0.0, 0.050) * 3)
    monkeypatch.setattr(mqtt_client, "monotonic", lambda: next(times))
    probe = RoundTrip(0)
    with capture_logs() as logs:
        assert not probe.takes(Arrived("handsets/6281210000001/up/sms", b"", False))
        await probe.measure(ClientDouble(probe).as_client())
    assert probe.seconds == 0.050
    assert logs == []


async def test_frames_of_any_topic_arrive(place: Place) -> None:
    arrived: list[Arrived] = []
    async with make(place, arrived) as client:
        await client.subscribed("handsets/+/up/#", 0)
        raw = RawClient(place)
        for topic in (b"handsets/+62/up/sms", b"handsets/1/up/#", b"handsets/1/up/\x00"):
            raw.publish(topic, b"x")
        raw.close()
        await eventually(lambda: len(arrived) == 3)
    assert arrived[0] == Arrived("handsets/+62/up/sms", b"x", False)


async def test_a_topic_that_is_no_text_is_dropped(place: Place) -> None:
    class Strange:
        """As paho gives it: reading the topic raises."""

        @property
        def topic(self) -> str:
            return b"\xff".decode()

    arrived: list[Arrived] = []
    client = make(place, arrived)
    with capture_logs() as logs:
        client._client.on_message(client._client, None, Strange())  # type: ignore[misc, arg-type]
    assert arrived == []
    assert "not UTF-8" in logs[0]["event"]


async def test_a_refused_subscription_is_an_error(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> tuple[int, ...]:
        return (0x80,)

    client = make(place, [])
    monkeypatch.setattr(client, "subscribe", refused)
    with pytest.raises(SubscriptionRefused, match="let this user read it"):
        await client.subscribed("handsets/+/up/#", 0)


async def test_a_lost_connection_is_told(broker: EmbeddedBroker) -> None:
    async with make(broker.place, []) as client:
        lost = asyncio.create_task(client.lost())
        await broker.stop()
        with pytest.raises(aiomqtt.MqttError):
            await asyncio.wait_for(lost, DEADLINE_S)


@pytest.mark.parametrize("qos", [0, 1])
async def test_what_is_sent_is_reported(place: Place, qos: int) -> None:
    sent: list[int] = []
    arrived: list[Arrived] = []
    async with make(place, arrived, sent) as client:
        await client.subscribed("t", qos)
        numbers = [client.send("t", b"x", qos=qos, retain=False) for _ in range(300)]
        await eventually(lambda: len(arrived) == 300 and len(sent) == 300)
    assert sent == numbers


async def test_a_connection_that_is_gone_takes_no_frame(place: Place) -> None:
    async with make(place, []) as client:
        pass
    with pytest.raises(aiomqtt.MqttError, match="not currently connected"):
        client.send("t", b"x", qos=0, retain=False)


async def test_a_task_ends_although_its_cancellation_was_lost() -> None:
    async def swallows() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        end_if_cancelled()
        await asyncio.Event().wait()

    end_if_cancelled()
    task = asyncio.create_task(swallows())
    await turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, DEADLINE_S)


def make(place: Place, arrived: list[Arrived], sent: list[int] | None = None) -> Client:
    reports = sent if sent is not None else []
    return Client(
        *place, username="", password="", tls=None, arrived=arrived.append, sent=reports.append
    )
