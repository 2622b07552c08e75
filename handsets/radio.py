"""One phone's MQTT connection: on the air from entry to exit, through lost connections.

The phone is announced by the retained `up/state`; its last will announces that it went.
Frames go at QoS 0: the handset repeats what is not answered.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import aiomqtt

from gateway.air.frames import PhoneState, StateUp, UpFrame, encode
from gateway.air.topics import BadTopic, UpKind, down_filter, parse_down, up_topic
from handsets.broker import START_OR_NAME, broker_at, tls_to, way_out
from handsets.handset import ContactBack, ContactLost, Handset, Happening
from handsets.place import Place

_TIMEOUT = 5.0
_FAREWELL = 2.0
_RECONNECT_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
# How long the broker waits, and half as much again, before it takes a silent phone for gone.
_KEEPALIVE = 30
_NODELAY = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)

# What breaks on the wire is told by the radio itself, in words for the phone's owner.
_SILENT = logging.Logger("handsets.radio", logging.CRITICAL + 1)

_ONLINE = StateUp(PhoneState.ONLINE)
_OFFLINE = StateUp(PhoneState.OFFLINE)


class NoBroker(Exception):
    """No MQTT broker takes the phone: show the line; start one, or name another."""


@asynccontextmanager
async def on_air(
    handset: Handset, broker: Place, tell: Callable[[Happening], None]
) -> AsyncIterator[Radio]:
    """Switch the phone on; off again at exit, announced to the network.

    `tell` is called with everything that happens. Raises NoBroker where the first connection
    fails; a later one that breaks is made again.
    """
    radio = Radio(handset, broker, tell)
    try:
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(radio.run(), name=f"radio {handset.msisdn}")
            try:
                await radio.on.wait()
                yield radio
            finally:
                radio.leave()
                running.cancel()
    except BaseExceptionGroup as group:
        raise _lone(group) from None


class Radio:
    """Carries frames between one handset and the broker; made by `on_air`."""

    def __init__(self, handset: Handset, broker: Place, tell: Callable[[Happening], None]) -> None:
        self.on = asyncio.Event()
        self._handset = handset
        self._broker = broker_at(broker)
        self._tls = tls_to(self._broker)
        self._tell = tell
        self._was_on = False
        self._leaving = False
        self._announce = True
        self._wake = asyncio.Event()
        self._state_topic = up_topic(handset.msisdn, UpKind.STATE)

    @staticmethod
    def now() -> float:
        """Give the steady seconds that the handset counts in."""
        return asyncio.get_running_loop().time()

    def wake(self) -> None:
        """The handset has something to send."""
        self._wake.set()

    def leave(self) -> None:
        """Go off the air; `run` is to be cancelled besides, for it may be waiting for a broker.

        Cancelling alone is not enough: before Python 3.12, asyncio.wait_for, by which aiomqtt
        awaits, loses a cancellation that comes together with what it awaits.
        """
        self._leaving = True
        self.wake()

    async def run(self) -> None:
        """Be on the air until told to leave; raises NoBroker if that never works."""
        failures = 0
        while True:
            try:
                async with self._client() as client:
                    failures = 0
                    await self._attend(client)
            except* aiomqtt.MqttError as trouble:
                self._lost(_first_line(_lone(trouble)))
            if self._leaving:
                return
            pause = _RECONNECT_PAUSES[min(failures, len(_RECONNECT_PAUSES) - 1)]
            failures += 1
            await asyncio.sleep(pause)

    def _client(self) -> aiomqtt.Client:
        return aiomqtt.Client(
            self._broker.host,
            self._broker.port,
            username=self._broker.username or None,
            password=self._broker.password or None,
            tls_context=self._tls,
            # Two phones may have one number for a while; one identifier would end the other's
            # connection.
            identifier=f"handset-{self._handset.msisdn}-{secrets.token_hex(4)}",
            will=aiomqtt.Will(self._state_topic, encode(_OFFLINE), retain=True),
            timeout=_TIMEOUT,
            keepalive=_KEEPALIVE,
            socket_options=_NODELAY,
            logger=_SILENT,
        )

    async def _attend(self, client: aiomqtt.Client) -> None:
        # The own state is heard too, see _hear.
        await client.subscribe([(down_filter(self._handset.msisdn), 0), (self._state_topic, 0)])
        self._announce = True
        self._handset.contact_back(self.now())
        try:
            async with asyncio.TaskGroup() as tasks:
                name = f"hear {self._handset.msisdn}"
                listening = tasks.create_task(self._listen(client), name=name)
                await self._talk(client)
                listening.cancel()
        finally:
            # Where the connection is what ended, the last will says it.
            with suppress(aiomqtt.MqttError, TimeoutError):
                await self._leave(client)

    async def _listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            self._hear(message)

    def _hear(self, message: aiomqtt.Message) -> None:
        topic = message.topic.value
        payload = message.payload if isinstance(message.payload, bytes) else b""
        if topic == self._state_topic:
            # Another phone with this number left, or the will of a connection that broke
            # earlier came late: the network must not take this phone for off.
            if not message.retain and payload == encode(_OFFLINE):
                self._announce = True
                self.wake()
            return
        parsed = parse_down(topic)
        if isinstance(parsed, BadTopic):
            return  # a kind that a newer gateway sends
        happening = self._handset.hear(parsed[1], payload)
        if happening is not None:
            self._tell(happening)
        self.wake()

    async def _talk(self, client: aiomqtt.Client) -> None:
        while not self._leaving:
            self._wake.clear()
            if self._announce:
                self._announce = False
                await self._publish(client, UpKind.STATE, _ONLINE)
                self._arrived()
            frames, silent = self._handset.due(self.now())
            for kind, frame in frames:
                await self._publish(client, kind, frame)
            for unanswered in silent:
                self._tell(unanswered)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._handset.next_due()):
                    await self._wake.wait()

    async def _leave(self, client: aiomqtt.Client) -> None:
        """Acknowledge what came last, then announce that the phone goes."""
        async with asyncio.timeout(_FAREWELL):
            for kind, frame in self._handset.due(self.now())[0]:
                await self._publish(client, kind, frame)
            await self._publish(client, UpKind.STATE, _OFFLINE)

    async def _publish(self, client: aiomqtt.Client, kind: UpKind, frame: UpFrame) -> None:
        topic = up_topic(self._handset.msisdn, kind)
        await client.publish(topic, encode(frame), retain=kind is UpKind.STATE)

    def _arrived(self) -> None:
        if self._was_on and not self.on.is_set():
            self._tell(ContactBack())
        self._was_on = True
        self.on.set()

    def _lost(self, why: str) -> None:
        if not self._was_on:
            raise NoBroker(
                f"no MQTT broker takes the phone at {self._broker} ({why}); "
                f"{way_out(why, START_OR_NAME)}"
            )
        if self.on.is_set():
            self.on.clear()
            self._handset.contact_lost()
            self._tell(ContactLost(f"the broker {self._broker} is gone"))


def _lone(group: BaseException) -> BaseException:
    """Unpack the one thing that went wrong; several stay the group that they are."""
    while isinstance(group, BaseExceptionGroup) and len(group.exceptions) == 1:
        group = group.exceptions[0]
    return group


def _first_line(trouble: BaseException) -> str:
    return str(trouble).partition("\n")[0] or type(trouble).__name__
