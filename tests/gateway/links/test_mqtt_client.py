"""The connection to the broker: what it brings, what it sends, how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable

import pytest

from gateway.air import packets
from gateway.air.packets import Publish
from gateway.air.session import State
from gateway.links import mqtt_client
from gateway.links.broker import EmbeddedBroker
from gateway.links.mqtt_client import BrokerLost, Client, SubscriptionRefused, hint
from tests.gateway.links.air_phones import DEADLINE_S, Place, RawClient, eventually
from tests.turns import turn

ACCEPTED = b"\x20\x02\x00\x00"
REFUSED = b"\x20\x02\x00\x05"


class Script:
    """A broker that answers what a test says, and keeps what it is sent."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer
        self.came = b""
        self.ended = asyncio.Event()
        self.writer: asyncio.StreamWriter | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer each read until the client goes."""
        self.writer = writer
        with contextlib.suppress(ConnectionError):
            while octets := await reader.read(1 << 16):
                self.came += octets
                writer.write(self._answer(octets))
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        self.ended.set()


@contextlib.asynccontextmanager
async def scripted(answer: Callable[[bytes], bytes]) -> AsyncIterator[tuple[Script, Place]]:
    """Serve a script at a port of its own."""
    script = Script(answer)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    async with server:
        yield script, server.sockets[0].getsockname()[:2]
        if script.writer is not None:
            script.writer.transport.abort()
            await asyncio.wait_for(script.ended.wait(), DEADLINE_S)


def answers(octets: bytes) -> bytes:
    """Take every client and grant every subscription."""
    if octets.startswith(b"\x10"):
        return ACCEPTED
    return b"\x90\x03" + octets[2:4] + b"\x00" if octets.startswith(b"\x82") else b""


def make(
    place: Place, arrived: list[Publish], sent: list[int] | None = None, qos: int = 0
) -> Client:
    return Client(
        *place,
        username="",
        password="",
        tls=None,
        qos=qos,
        arrived=arrived.append,
        sent=(sent if sent is not None else []).append,
    )


async def fails(client: Client) -> BrokerLost:
    """Connect in vain."""
    with pytest.raises(BrokerLost) as caught:
        async with client:
            pass
    return caught.value


# ---- on the embedded broker


async def test_frames_of_any_topic_arrive(place: Place) -> None:
    arrived: list[Publish] = []
    async with make(place, arrived) as client:
        await client.subscribed("handsets/+/up/#")
        raw = RawClient(place)
        for topic in (b"handsets/+62/up/sms", b"handsets/1/up/#", b"handsets/1/up/\x00"):
            raw.publish(topic, b"x")
        raw.close()
        await eventually(lambda: len(arrived) == 3)
    assert arrived[0] == Publish("handsets/+62/up/sms", b"x")


async def test_a_lost_connection_is_told(broker: EmbeddedBroker) -> None:
    async with make(broker.place, []) as client:
        lost = asyncio.create_task(client.lost())
        await broker.stop()
        with pytest.raises(BrokerLost):
            await asyncio.wait_for(lost, DEADLINE_S)
        with pytest.raises(BrokerLost):
            await client.subscribed("t")


@pytest.mark.parametrize("qos", [0, 1])
async def test_what_is_sent_is_reported(place: Place, qos: int) -> None:
    sent: list[int] = []
    arrived: list[Publish] = []
    async with make(place, arrived, sent, qos) as client:
        await client.subscribed("t")
        numbers = [client.send("t", b"x", qos=qos, retain=False) for _ in range(300)]
        await eventually(lambda: len(arrived) == 300 and len(sent) == 300)
    assert sent == numbers
    assert len(set(numbers)) == 300


async def test_a_subscription_that_is_ended_brings_nothing(place: Place) -> None:
    arrived: list[Publish] = []
    async with make(place, arrived) as client:
        await client.subscribed("a")
        await client.subscribed("b")
        client.unsubscribe("a")
        client.send("a", b"1", qos=0, retain=False)
        client.send("b", b"2", qos=0, retain=False)
        await eventually(lambda: bool(arrived))
    assert arrived == [Publish("b", b"2")]


async def test_a_connection_that_is_gone_takes_no_frame(place: Place) -> None:
    async with make(place, []) as client:
        pass
    with pytest.raises(BrokerLost):
        client.send("t", b"x", qos=0, retain=False)


async def test_a_broker_may_answer_before_the_task_that_connects_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = mqtt_client._connect

    async def late(client: Client, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        await connect(client, host, port, tls)
        await eventually(lambda: client._session.state is State.UP)

    monkeypatch.setattr(mqtt_client, "_connect", late)
    async with asyncio.timeout(mqtt_client._CALL_S / 2), make(place, []) as client:
        await client.subscribed("t")


# ---- brokers that do otherwise


async def test_nobody_there_is_told() -> None:
    async with scripted(answers) as (_, place):
        pass
    lost = await fails(make(place, []))
    assert "refused" in str(lost)
    assert hint(lost) == ""


async def test_a_broker_that_refuses_the_user_is_told_with_the_remedy() -> None:
    async with scripted(lambda _: REFUSED) as (_, place):
        lost = await fails(make(place, []))
    assert str(lost) == "the broker refuses the connection: this user may not connect"
    assert hint(lost) == "check [mqtt] username and password"


async def test_one_that_speaks_no_mqtt_is_told() -> None:
    async with scripted(lambda _: b"SSH-2.0-OpenSSH_9.2p1\r\n" * 4) as (_, place):
        lost = await fails(make(place, []))
    assert "a client gets no packet of kind 5" in str(lost)


async def test_one_that_speaks_no_tls_is_told_with_the_remedy() -> None:
    async with scripted(lambda _: b"\x00" * 8) as (_, place):
        client = make(place, [])
        client._tls = ssl.create_default_context()
        lost = await fails(client)
    assert "[mqtt.tls]" in hint(lost)


@pytest.mark.parametrize("silent_from", [0, 1])
async def test_a_broker_that_does_not_answer_is_given_up(
    silent_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt_client, "_CALL_S", 0.05)
    turns = iter([ACCEPTED][:silent_from])
    async with scripted(lambda _: next(turns, b"")) as (script, place):
        with pytest.raises(BrokerLost, match=r"does not answer within 0.05 s"):
            async with make(place, []) as client:
                await client.subscribed("t")
        await asyncio.wait_for(script.ended.wait(), DEADLINE_S)


async def test_a_refused_subscription_is_told() -> None:
    def refuses(octets: bytes) -> bytes:
        return answers(octets)[:-1] + b"\x80" if octets.startswith(b"\x82") else answers(octets)

    async with scripted(refuses) as (_, place), make(place, []) as client:
        with pytest.raises(SubscriptionRefused, match="let this user read it"):
            await client.subscribed("handsets/+/up/#")
        assert client.send("t", b"", qos=0, retain=False)


async def test_a_broker_that_falls_silent_is_asked_and_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mqtt_client, "_KEEPALIVE_S", 0)
    monkeypatch.setattr(mqtt_client, "_CALL_S", 0.05)
    async with scripted(answers) as (script, place), make(place, []) as client:
        with pytest.raises(BrokerLost, match="PINGREQ"):
            await asyncio.wait_for(client.lost(), DEADLINE_S)
        assert script.came.endswith(packets.PINGREQ)


async def test_a_broker_that_reads_slowly_delays_the_report() -> None:
    sent: list[int] = []
    async with scripted(answers) as (_, place), make(place, [], sent) as client:
        client.pause_writing()
        held = client.send("t", b"x", qos=0, retain=False)
        await turn()
        assert sent == []
        client.resume_writing()
        assert sent == [held]
        number = client.send("t", b"x", qos=0, retain=False)
        await turn()
        assert sent == [held, number]


async def test_more_than_the_session_keeps_is_refused() -> None:
    async with scripted(answers) as (_, place), make(place, []) as client:
        for _ in range(1000):
            client.send("t", b"", qos=1, retain=False)
        with pytest.raises(BrokerLost, match="takes nothing now"):
            client.send("t", b"", qos=1, retain=False)


async def test_a_broker_that_does_not_take_the_goodbye_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mqtt_client, "_FAREWELL_S", 0.01)
    async with scripted(answers) as (script, place), make(place, []) as client:
        transport = client._transport
        assert transport is not None
        # More than the system's buffers take, to one who reads nothing.
        assert script.writer is not None
        script.writer.transport.pause_reading()  # type: ignore[attr-defined]  # it reads too
        transport.write(b"\x00" * (1 << 25))
    assert transport.is_closing()


async def test_who_gives_up_connecting_leaves_nothing_behind() -> None:
    async with scripted(lambda _: b"") as (script, place):
        connecting = asyncio.create_task(fails(make(place, [])))
        await eventually(lambda: bool(script.came))
        connecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await connecting
        await asyncio.wait_for(script.ended.wait(), DEADLINE_S)
