"""The round trip of a frame of the gateway's own, fast, slow and never."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from gateway.air.packets import Publish
from gateway.links import mqtt_probe
from gateway.links.mqtt_client import BrokerLost, SubscriptionRefused
from gateway.links.mqtt_probe import RoundTrip


class ClientDouble:
    """Brings probes back, at once or never; refuses or breaks when told."""

    def __init__(self, probe: RoundTrip, trouble: Exception | None = None) -> None:
        self._probe = probe
        self._trouble = trouble
        self.answers = True
        self.topics: list[str] = []

    async def subscribed(self, topic: str) -> None:
        self.topics.append(topic)
        if self._trouble is not None:
            raise self._trouble

    def unsubscribe(self, topic: str) -> None:
        self.topics.remove(topic)

    def send(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> int:
        if self.answers:
            assert self._probe.takes(Publish(topic, payload))
            assert self._probe.takes(Publish(topic, payload))
        return 1


async def test_the_best_of_some_round_trips_counts() -> None:
    probe = RoundTrip(0)
    double = ClientDouble(probe)
    with capture_logs() as logs:
        await probe.measure(double)
    assert probe.done
    assert probe.seconds is not None
    assert probe.seconds < 1
    assert double.topics == []
    assert logs == []
    assert not probe.takes(Publish("handsets/6281210000001/up/sms", b""))


async def test_a_slow_broker_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((0.0, 0.050, 0.0, 0.044, 0.0, 0.045))
    monkeypatch.setattr(mqtt_probe, "monotonic", lambda: next(times))
    probe = RoundTrip(1)
    with capture_logs() as logs:
        await probe.measure(ClientDouble(probe))
    assert logs[0]["round_trip_ms"] == 44.0
    assert "qos = 0" in logs[0]["event"]
    assert "set_tcp_nodelay true" in logs[0]["event"]


async def test_a_probe_that_does_not_come_back_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt_probe, "_PROBE_S", 0.01)
    probe = RoundTrip(0)
    double = ClientDouble(probe)
    double.answers = False
    with capture_logs() as logs:
        await probe.measure(double)
    assert probe.done
    assert probe.seconds is None
    assert "gateway/probe/#" in logs[0]["event"]
    assert logs[0]["why"] == "no probe came back"


async def test_a_probe_that_may_not_be_read_is_told_and_no_reason_to_end() -> None:
    probe = RoundTrip(0)
    with capture_logs() as logs:
        await probe.measure(ClientDouble(probe, SubscriptionRefused("no")))
    assert logs[0]["why"] == "no"


async def test_a_connection_that_breaks_is_not_the_probes_affair() -> None:
    probe = RoundTrip(0)
    with pytest.raises(BrokerLost):
        await probe.measure(ClientDouble(probe, BrokerLost("gone")))
    assert not probe.done


async def test_a_slow_probe_among_frames_of_phones_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = iter((0.0, 0.050) * 3)
    monkeypatch.setattr(mqtt_probe, "monotonic", lambda: next(times))
    probe = RoundTrip(0)
    with capture_logs() as logs:
        assert not probe.takes(Publish("handsets/6281210000001/up/sms", b""))
        await probe.measure(ClientDouble(probe))
    assert probe.seconds == 0.050
    assert logs == []
