"""The gateway's MQTT connection: aiomqtt with our settings, and its round trip measured."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import ssl
from collections.abc import Callable
from typing import Any

import aiomqtt
import structlog
from msgspec import Struct
from paho.mqtt.client import Client as PahoClient
from paho.mqtt.client import MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gateway.clock import monotonic

log = structlog.get_logger()

# Seconds: silence after which the broker is asked for a sign of life; what a call may take.
_KEEPALIVE_S = 15
_CALL_S = 10.0
_INFLIGHT_MOST = 100

_PROBES = 3
_PROBE_S = 2.0
_SLOW_S = 0.020


class Arrived(Struct, frozen=True, gc=False):
    """One frame as the broker gave it; `retained`: it is older than our subscription."""

    topic: str
    payload: bytes
    retained: bool


def end_if_cancelled() -> None:
    """Raise CancelledError where this task was cancelled and nobody noticed.

    Until Python 3.12 `asyncio.wait_for`, in which aiomqtt waits, loses a cancellation that comes
    together with what it waits for; and a TaskGroup loses one that comes together with an error.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


# Reason codes of a CONNACK (MQTT 5 names; paho gives them for 3.1.1 too).
_NO_ENTRY = (134, 135)


def hint(trouble: BaseException) -> str:
    """Say what to do about a broker that does not want us; "" where it is not there."""
    code = getattr(trouble.rc, "value", 0) if isinstance(trouble, aiomqtt.MqttCodeError) else 0
    if code in _NO_ENTRY:
        return "check [mqtt] username and password"
    # aiomqtt tells what the socket says in words of its own.
    if isinstance(trouble, ssl.SSLError) or isinstance(trouble.__context__, ssl.SSLError):
        return "check [mqtt.tls], and that the broker speaks TLS at this port"
    return ""


class SubscriptionRefused(aiomqtt.MqttError):
    """The broker lets this user not read a topic: its access list is to be changed."""


class Client(aiomqtt.Client):
    """A connection that calls back instead of making a task per frame.

    `arrived` gets each frame as it is read, whatever its topic: aiomqtt itself ends the connection
    at a topic with a wildcard in it, such as `handsets/+62811.../up/state`, which the embedded
    broker lets through; retained, it would end every connection after that too. `sent` gets the
    number of each frame that was written (QoS 0) or acknowledged (QoS 1).
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        username: str,
        password: str,
        tls: ssl.SSLContext | None,
        arrived: Callable[[Arrived], None],
        sent: Callable[[int], None],
    ) -> None:
        super().__init__(
            host,
            port,
            username=username or None,
            password=password or None,
            tls_context=tls,
            identifier=f"gateway-{os.getpid()}-{secrets.token_hex(4)}",
            clean_session=True,
            timeout=_CALL_S,
            keepalive=_KEEPALIVE_S,
            max_inflight_messages=_INFLIGHT_MOST,
            socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
            # The link tells itself what breaks; aiomqtt tells it as tracebacks.
            logger=logging.Logger("gateway.links.mqtt", logging.CRITICAL + 1),
        )
        self._arrived = arrived
        self._sent = sent

    def _on_message(self, client: PahoClient, userdata: Any, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            log.warning("mqtt: frame ignored, its topic is not UTF-8")
            return
        self._arrived(Arrived(topic, bytes(message.payload), message.retain))

    def _on_publish(
        self,
        client: PahoClient,
        userdata: Any,
        mid: int,
        reason_code: ReasonCode,
        properties: Properties,
    ) -> None:
        self._sent(mid)

    def send(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> int:
        """Publish without waiting; gives the number for `sent`. Raises MqttError."""
        info = self._client.publish(topic, payload, qos, retain)
        if info.rc is not MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise aiomqtt.MqttCodeError(info.rc)
        return info.mid

    async def subscribed(self, topic_filter: str, qos: int) -> None:
        """Subscribe; raises MqttError, SubscriptionRefused."""
        codes = await self.subscribe(topic_filter, qos)
        end_if_cancelled()
        if any(_refused(code) for code in codes):
            raise SubscriptionRefused(
                f"the broker refuses the subscription to {topic_filter}: let this user read it"
            )

    async def lost(self) -> None:
        """Wait until the connection breaks, then raise MqttError."""
        async for _ in self.messages:
            pass


class RoundTrip:
    """Measures how long a frame takes through the broker and back, once, at the start."""

    def __init__(self, qos: int) -> None:
        self._qos = qos
        self._topic = f"gateway/probe/{secrets.token_hex(8)}"
        self._back: asyncio.Future[None] | None = None
        self._disturbed = False
        self.done = False
        self.seconds: float | None = None

    def takes(self, frame: Arrived) -> bool:
        """Whether this frame is a probe of ours."""
        if frame.topic != self._topic:
            self._disturbed = True
            return False
        if self._back is not None and not self._back.done():
            self._back.set_result(None)
        return True

    async def measure(self, client: Client) -> None:
        """Send a few probes, keep the best; warn with the remedy when it is slow.

        Nothing is said where phones' frames came in between and held the probes up. Raises
        MqttError when the connection breaks; then it is to be done again.
        """
        try:
            async with asyncio.timeout(_PROBE_S):
                await client.subscribed(self._topic, self._qos)
                times = [await self._once(client) for _ in range(_PROBES)]
                await client.unsubscribe(self._topic)
        except (TimeoutError, SubscriptionRefused) as trouble:
            self.done = True
            log.warning(
                "mqtt: no frame of the gateway's own comes back from the broker, so phones may "
                "not reach it either; let its user read handsets/+/up/# and gateway/probe/#, and "
                "write handsets/+/down/# and gateway/probe/#",
                why=str(trouble) or "no probe came back",
            )
            return
        self.done = True
        self.seconds = min(times)
        if self.seconds > _SLOW_S and not self._disturbed:
            log.warning(
                "mqtt: the broker is slow; set [mqtt] qos = 0, or with mosquitto put "
                "set_tcp_nodelay true and max_inflight_messages 100 into its configuration",
                round_trip_ms=round(self.seconds * 1000, 1),
                qos=self._qos,
            )

    async def _once(self, client: Client) -> float:
        self._back = asyncio.get_running_loop().create_future()
        start = monotonic()
        client.send(self._topic, b"probe", qos=self._qos, retain=False)
        await self._back
        return monotonic() - start


def _refused(code: object) -> bool:
    failed = getattr(code, "is_failure", None)
    return bool(failed) if failed is not None else isinstance(code, int) and code >= 0x80
