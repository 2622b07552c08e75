"""How long a frame takes through the broker and back, measured at the start."""

from __future__ import annotations

import asyncio
import secrets
from typing import Protocol

import structlog

from gateway.air.packets import Publish
from gateway.clock import monotonic
from gateway.links.mqtt_client import SubscriptionRefused

log = structlog.get_logger()

_PROBES = 3
_PROBE_S = 2.0
_SLOW_S = 0.020


class Probed(Protocol):
    """The connection to the broker (mqtt_client.Client)."""

    async def subscribed(self, topic_filter: str) -> None:
        """Subscribe; raises BrokerLost, SubscriptionRefused."""

    def unsubscribe(self, topic_filter: str) -> None:
        """End a subscription."""

    def send(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> int:
        """Send a frame."""


class RoundTrip:
    """Measures how long a frame takes through the broker and back, once, at the start."""

    def __init__(self, qos: int) -> None:
        self._qos = qos
        self._topic = f"gateway/probe/{secrets.token_hex(8)}"
        self._back: asyncio.Future[None] | None = None
        self._disturbed = False
        self.done = False
        self.seconds: float | None = None

    def takes(self, frame: Publish) -> bool:
        """Whether this frame is a probe of ours."""
        if frame.topic != self._topic:
            self._disturbed = True
            return False
        if self._back is not None and not self._back.done():
            self._back.set_result(None)
        return True

    async def measure(self, client: Probed) -> None:
        """Send a few probes, keep the best; warn with the remedy when it is slow.

        Nothing is said where phones' frames came in between and held the probes up. Raises
        BrokerLost when the connection breaks; then it is to be done again.
        """
        try:
            async with asyncio.timeout(_PROBE_S):
                await client.subscribed(self._topic)
                times = [await self._once(client) for _ in range(_PROBES)]
                client.unsubscribe(self._topic)
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

    async def _once(self, client: Probed) -> float:
        self._back = asyncio.get_running_loop().create_future()
        start = monotonic()
        client.send(self._topic, b"probe", qos=self._qos, retain=False)
        await self._back
        return monotonic() - start
