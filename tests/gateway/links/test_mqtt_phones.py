"""A phone's coming and going is news once; its lane is open while it can be reached."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from gateway.air.frames import SmsDown
from gateway.clock import SimulatedClock
from gateway.core.decision import (
    Message,
    MessageKind,
    MessagesEnded,
    MessageState,
    Outgoing,
    Receiver,
)
from gateway.core.events import Acknowledged, Presence
from gateway.core.numbers import Msisdn
from gateway.core.origin import Body
from gateway.courier import Courier
from gateway.links import mqtt_phones
from gateway.links import outbox as outbox_module
from gateway.links.mqtt_phones import WINDOW, PhoneLane, Phones
from gateway.links.outbox import Outbox
from tests.gateway.links.air_phones import read_down

SITI = Msisdn("6281210000001")


def message(id_: int) -> Message:
    return Message(
        id=id_,
        kind=MessageKind.MT,
        source="4444",
        destination=SITI,
        text="Halo",
        receiver=Receiver.PHONE,
        state=MessageState.ENROUTE,
        accepted_at=0,
    )


class Recorder(Outbox):
    """Keeps what is put."""

    def __init__(self) -> None:
        super().__init__(0)
        self.frames: list[tuple[str, bytes]] = []

    def put(
        self, topic: str, payload: bytes, *, retain: bool = False, repeated: bool = False
    ) -> None:
        assert repeated
        assert not retain
        self.frames.append((topic, payload))

    @property
    def ids(self) -> list[int]:
        """The messages' ids, in order; the list starts anew."""
        frames, self.frames = self.frames, []
        read = [read_down(topic, payload) for topic, payload in frames]
        return [int(frame.id) for frame in read if isinstance(frame, SmsDown)]


class Parts:
    def __init__(self) -> None:
        self.outbox = Recorder()
        self.courier = Courier(SimulatedClock(0, 1.0), lambda _: None)
        self.phones = Phones(self.outbox, self.courier)
        self.phones.connection_made()

    def on(self) -> None:
        self.phones.comes(SITI)
        self.phones.decided(Presence(SITI, online=True))

    def acknowledge(self, *ids: int) -> None:
        end: list[Outgoing] = [MessagesEnded(ids, MessageState.DELIVERED, 0)]
        self.phones.acknowledged(Acknowledged(SITI, ids))
        self.courier.take(end)


@pytest.fixture
async def parts() -> Parts:
    return Parts()


async def test_coming_and_going_are_news_once(parts: Parts) -> None:
    phones = parts.phones
    assert phones.goes(SITI)
    assert not phones.goes(SITI)
    assert phones.comes(SITI)
    assert not phones.comes(SITI)
    assert phones.is_on(SITI)
    assert phones.goes(SITI)
    assert not phones.is_on(SITI)


async def test_whom_the_network_refused_is_news_again(parts: Parts) -> None:
    parts.phones.comes(SITI)
    parts.phones.refused(Presence(SITI, online=True))
    assert parts.phones.comes(SITI)


async def test_a_lane_opens_when_the_coming_is_committed(parts: Parts) -> None:
    parts.courier.take([message(1)])
    parts.phones.comes(SITI)
    parts.phones.comes_back(SITI)
    assert parts.outbox.ids == []
    parts.phones.decided(Presence(SITI, online=True))
    assert parts.outbox.ids == [1]
    parts.phones.comes_back(SITI)
    assert parts.outbox.ids == [1]


async def test_a_phone_that_left_meanwhile_gets_no_lane(parts: Parts) -> None:
    parts.courier.take([message(1)])
    parts.phones.comes(SITI)
    parts.phones.goes(SITI)
    parts.phones.decided(Presence(SITI, online=True))
    parts.phones.decided(Presence(SITI, online=False))
    assert parts.outbox.ids == []


async def test_acknowledging_makes_room(parts: Parts) -> None:
    parts.on()
    parts.courier.take([message(id_) for id_ in range(1, WINDOW + 4)])
    assert parts.outbox.ids == list(range(1, WINDOW + 1))
    parts.acknowledge(1, 2)
    assert parts.outbox.ids == [WINDOW + 1, WINDOW + 2]
    parts.phones.goes(SITI)
    parts.phones.decided(Presence(SITI, online=False))
    parts.acknowledge(3)
    assert parts.outbox.ids == []


async def test_lanes_are_closed_while_the_broker_is_away(parts: Parts) -> None:
    parts.on()
    parts.courier.take([message(1)])
    assert parts.outbox.ids == [1]
    parts.phones.connection_lost()
    parts.courier.take([message(2)])
    assert parts.outbox.ids == []
    parts.phones.connection_made()
    assert parts.outbox.ids == [1, 2]


async def test_who_came_while_the_broker_went_away_gets_its_lane_later(parts: Parts) -> None:
    parts.courier.take([message(1)])
    parts.phones.connection_lost()
    parts.on()
    assert parts.outbox.ids == []
    parts.phones.connection_made()
    assert parts.outbox.ids == [1]


async def test_a_phone_that_outlives_the_broker_is_news_once(parts: Parts) -> None:
    parts.on()
    parts.phones.connection_lost()
    parts.phones.connection_made()
    assert parts.phones.is_on(SITI)
    assert parts.phones.comes(SITI)
    assert not parts.phones.comes(SITI)


def test_nothing_is_published_again_into_a_full_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "BUSY", 2)
    outbox = Outbox(0)
    lane = PhoneLane(SITI, outbox)
    lane.carry([message(1)])
    lane.carry([message(1), message(2)])
    assert len(outbox) == 3
    lane.carry([message(1), message(2), message(3)])
    assert len(outbox) == 4


async def test_nothing_is_published_again_while_the_gateway_stops() -> None:
    outbox = Outbox(0)
    lane = PhoneLane(SITI, outbox)
    await outbox.flushed()
    lane.carry([message(1)])
    lane.carry([message(1), message(2)])
    assert len(outbox) == 2


def test_messages_that_ended_otherwise_give_their_room_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1_000.0
    monkeypatch.setattr(mqtt_phones, "monotonic", lambda: now)
    lane = PhoneLane(SITI, Recorder())
    assert lane.repeats
    lane.carry([message(id_) for id_ in range(WINDOW)])
    assert lane.free() == 0
    now += 50
    lane.carry([message(0)])
    now += 11
    assert lane.free() == WINDOW - 1


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"text": "a" * 160}, 1),
        ({"text": "a" * 161}, 2),
        # As its sender cut it, and as it wrote it.
        ({"text": "a" * 20, "parts": (3, 4, 5)}, 3),
        ({"text": "a" * 80, "body": Body(8, octets=b"\0a" * 80)}, 2),
        ({"text": "x" * 200, "body": Body(4, octets=b"x" * 140)}, 1),
    ],
)
def test_a_phone_is_told_how_many_short_messages_it_took(
    changes: dict[str, Any], parts: int
) -> None:
    outbox = Recorder()
    PhoneLane(SITI, outbox).carry([structs.replace(message(1), **changes)])
    ((topic, payload),) = outbox.frames
    down = read_down(topic, payload)
    assert isinstance(down, SmsDown)
    assert down.parts == parts
